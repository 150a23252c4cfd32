package model

import (
	"math"

	"openvru/internal/stats"
	"openvru/internal/stats/dist"
	"openvru/internal/stats/lin"
)

// Term is one coefficient and what is known about it.
type Term struct {
	Name         string
	Estimate, SE float64
	// Statistic is the estimate divided by its standard error, and P the two-sided
	// chance of one as far from zero if the coefficient were zero.
	Statistic, P float64
	Interval     stats.Interval
}

// Terms returns the coefficients with Wald intervals of that confidence (0.95).
// The covariance is one of the fit's, Covariance or a robust one. Statistics are
// taken as normal where the dispersion is known, as Student's t on the residual
// degrees of freedom where it is estimated. An aliased column is all NaN, as is
// the test of an estimate of zero when the model leaves nothing over. On the
// log link exp of the estimate and of the interval is a ratio of rates, on the
// logit link one of odds.
func (f *Fitted) Terms(covariance lin.Matrix, confidence float64) ([]Term, error) {
	q, err := f.quantile(covariance, confidence)
	if err != nil {
		return nil, err
	}
	out := make([]Term, len(f.Coefficients))
	for j, b := range f.Coefficients {
		se := math.Sqrt(covariance.Data[j*covariance.Cols+j])
		t := b / se
		out[j] = Term{
			Name: f.Names[j], Estimate: b, SE: se, Statistic: t, P: f.twoSided(t),
			Interval: stats.Interval{Low: b - q*se, High: b + q*se},
		}
	}
	return out, nil
}

// quantile checks a covariance and a confidence and returns how many standard
// errors the confidence is to each side; NaN with no degrees of freedom.
func (f *Fitted) quantile(covariance lin.Matrix, confidence float64) (float64, error) {
	k := len(f.Coefficients)
	if covariance.Rows != k || covariance.Cols != k || len(covariance.Data) != k*k {
		return 0, stats.ErrLength
	}
	if !(confidence > 0 && confidence < 1) {
		return 0, stats.ErrOption
	}
	p := 1 - (1-confidence)/2
	switch {
	case !f.problem.family.spread():
		return dist.NormalQuantile(p), nil
	case f.DF == 0:
		return math.NaN(), nil
	}
	return dist.StudentQuantile(p, float64(f.DF)), nil
}

func (f *Fitted) twoSided(t float64) float64 {
	switch {
	case math.IsNaN(t):
		return t
	case !f.problem.family.spread():
		return 2 * dist.NormalTail(math.Abs(t))
	case f.DF == 0:
		return math.NaN()
	}
	return 2 * dist.StudentTail(math.Abs(t), float64(f.DF))
}

// PredictOptions say how a prediction is made.
type PredictOptions struct {
	// Offset is that of the rows predicted; none when nil.
	Offset []float64
	// Covariance is that of the coefficients; the model-based one when it has no
	// rows.
	Covariance lin.Matrix
	// Confidence is that of the intervals; 0 is 0.95.
	Confidence float64
}

// Prediction is what a model expects of rows.
type Prediction struct {
	// Linear is the linear predictor, offset included, and SE its standard error.
	Linear, SE []float64
	// Mean is the expected outcome and MeanSE its standard error by the delta method.
	Mean, MeanSE []float64
	// Interval holds the mean, not a new outcome, at the confidence asked for: on
	// the scale of the outcome, from the ends on the scale of the link.
	Interval []stats.Interval
}

// Predict returns what the model expects of the rows of another design, whose
// columns must be those of the fit by name and in order (stats.ErrOption).
func (f *Fitted) Predict(d *Design, o PredictOptions) (Prediction, error) {
	if err := f.checkPredict(d, o); err != nil {
		return Prediction{}, err
	}
	if o.Covariance.Rows == 0 {
		o.Covariance = f.Covariance()
	}
	if o.Confidence == 0 {
		o.Confidence = 0.95
	}
	q, err := f.quantile(o.Covariance, o.Confidence)
	if err != nil {
		return Prediction{}, err
	}
	n := d.rows
	out := Prediction{
		Linear: make([]float64, n), SE: make([]float64, n), Mean: make([]float64, n),
		MeanSE: make([]float64, n), Interval: make([]stats.Interval, n),
	}
	link, row := f.problem.link, make([]float64, len(f.kept))
	for i := range n {
		eta := at(o.Offset, i, 0)
		for j, at := range f.kept {
			row[j] = d.columns[at][i]
			eta += f.Coefficients[at] * row[j]
		}
		se := math.Sqrt(max(0, f.quadratic(o.Covariance, row)))
		out.Linear[i], out.SE[i] = eta, se
		link.means(out.Linear[i:i+1], out.Mean[i:i+1], out.MeanSE[i:i+1])
		out.MeanSE[i] *= se
		out.Interval[i] = stats.Interval{Low: link.inverse(eta - q*se), High: link.inverse(eta + q*se)}
	}
	return out, nil
}

func (f *Fitted) checkPredict(d *Design, o PredictOptions) error {
	if d.err != nil {
		return d.err
	}
	if len(d.names) != len(f.Names) {
		return stats.ErrLength
	}
	for j, name := range f.Names {
		if d.names[j] != name {
			return stats.ErrOption
		}
	}
	if o.Offset != nil && len(o.Offset) != d.rows {
		return stats.ErrLength
	}
	if err := stats.Finite(o.Offset); err != nil {
		return err
	}
	return stats.Finite(d.columns...)
}

// quadratic is xᵀVx over the columns kept.
func (f *Fitted) quadratic(v lin.Matrix, x []float64) float64 {
	sum := 0.0
	for i, a := range f.kept {
		for j, b := range f.kept {
			sum += x[i] * x[j] * v.Data[a*v.Cols+b]
		}
	}
	return sum
}
