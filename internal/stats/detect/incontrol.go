package detect

import (
	"fmt"
	"math"

	"openvru/internal/stats"
	"openvru/internal/stats/model"
)

// SeasonOptions sets the model of counts while nothing unusual goes on. The zero
// value is a negative binomial with one yearly wave, for months.
type SeasonOptions struct {
	// Period is the number of time points in a year; default 12.
	Period float64
	// Waves is the number of harmonics of the season, up to half the period;
	// default 1; None for 0.
	Waves int
	// Trend has the logarithm of the mean change with time.
	Trend bool
	// Size is that of the negative binomial, if it is known; +Inf is Poisson.
	// Zero has it estimated.
	Size float64
}

// FitInControl fits a regression of counts on season and trend to the first
// counts of a series, its training part, and returns the in-control distribution
// of length time points from its beginning on: those of training and those to be
// charted. Missing counts are left out. It returns stats.ErrTooFew with fewer
// counts than parameters and one, and otherwise what model.Fit does; for counts
// that are all zero that is stats.ErrNoFit.
func FitInControl(training []float64, length int, o SeasonOptions) (InControl, error) {
	standard(&o.Period, 12)
	whole(&o.Waves, 1)
	switch {
	case length < len(training):
		return InControl{}, fmt.Errorf("the length is that of the training part or more: %w", stats.ErrOption)
	case !(o.Period > 0) || o.Waves < 0 || o.Waves > 0 && !(2*float64(o.Waves) <= o.Period && o.Period <= mostHistory):
		return InControl{}, fmt.Errorf("a wave has two time points or more; a year has 100,000 at most: %w", stats.ErrOption)
	}
	if err := checkCounts(training); err != nil {
		return InControl{}, err
	}
	var y, time []float64
	for t, v := range training {
		if !math.IsNaN(v) {
			y, time = append(y, v), append(time, float64(t))
		}
	}
	fit, err := model.Fit(o.design(time), y, model.Options{Family: model.NegativeBinomial, Theta: o.Size})
	if err != nil {
		return InControl{}, err
	}
	if fit.DF < 1 {
		return InControl{}, stats.ErrTooFew
	}
	all := make([]float64, length)
	for t := range all {
		all[t] = float64(t)
	}
	p, err := fit.Predict(o.design(all), model.PredictOptions{})
	if err != nil {
		return InControl{}, err
	}
	return InControl{Mean: p.Mean, Size: fit.Theta}, nil
}

// design is the columns of the regression at some time points.
func (o *SeasonOptions) design(time []float64) *model.Design {
	d := model.NewDesign(len(time)).Intercept()
	if o.Trend {
		d.Add("trend", time)
	}
	if o.Waves > 0 {
		d.Harmonics("season", time, o.Period, o.Waves)
	}
	return d
}
