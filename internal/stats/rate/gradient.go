package rate

import (
	"math"

	"openvru/internal/errs"
	"openvru/internal/stats"
)

// CountGroup is one group of people in the order of advantage, with its events.
type CountGroup struct{ Count, Population float64 }

// Gradient is how a rate of events runs from the one end of advantage to the
// other when it rises or falls by the same factor for every step.
type Gradient struct {
	Relative Estimate // last over first: exp of the slope
	Slope    Estimate // the rate at the end of the last group less that at the start of the first
	First    float64  // the rate at the start of the first
	// Dispersion is Pearson's chi-squared over its degrees of freedom: how much
	// more the groups vary than Poisson counts around the line would. The
	// intervals are widened by its root where it is over one.
	Dispersion float64
}

// PoissonIndex returns the relative and slope index of inequality by Poisson
// regression with a logarithmic link of the counts on the middle of the share of
// the population that each group takes up (Moreno-Betancur and others 2015).
// Unlike the line of SlopeIndex it gives groups the say that their counts
// warrant and no negative rates. Errors: ErrTooFew for fewer than three groups,
// ErrMissing, ErrNegative, ErrNoPopulation for a group without people,
// ErrConstant if all counts are zero, ErrNoFit if the estimates do not settle
// (only an end group has events), ErrOption.
func PoissonIndex(groups []CountGroup, confidence float64) (Gradient, error) {
	x, err := checkCounts(groups, confidence)
	if err != nil {
		return Gradient{}, err
	}
	f, err := fitGradient(groups, x)
	if err != nil {
		return Gradient{}, err
	}
	g := Gradient{Dispersion: f.pearson / float64(len(groups)-2), First: math.Exp(f.a)}
	z := deviate(confidence) * math.Sqrt(max(1, g.Dispersion))
	half := z * math.Sqrt(f.vbb)
	g.Relative = Estimate{math.Exp(f.b), Interval{Low: math.Exp(f.b - half), High: math.Exp(f.b + half)}}
	// The slope exp(a+b) − exp(a) by the delta method.
	last, first := math.Exp(f.a+f.b), math.Exp(f.a)
	da := last - first
	half = z * math.Sqrt(max(0, da*da*f.vaa+2*da*last*f.vab+last*last*f.vbb))
	g.Slope = Estimate{da, Interval{Low: da - half, High: da + half}}
	return g, held(g.Relative.Value, g.Relative.Interval.Low, g.Relative.Interval.High, half, g.Dispersion)
}

func checkCounts(groups []CountGroup, confidence float64) ([]float64, error) {
	if len(groups) < 3 {
		return nil, stats.ErrTooFew
	}
	people, events := 0.0, 0.0
	for i, g := range groups {
		if err := stats.Counts([]float64{g.Count, g.Population}); err != nil {
			return nil, err
		}
		if g.Population == 0 {
			return nil, errs.New(errs.Invalid, "Group %d has no population: %w", i+1, stats.ErrNoPopulation)
		}
		people += g.Population
		events += g.Count
	}
	if events == 0 {
		return nil, stats.ErrConstant
	}
	x, before := make([]float64, len(groups)), 0.0
	for i, g := range groups {
		x[i] = (before + g.Population/2) / people
		before += g.Population
	}
	return x, options(1, confidence)
}

// gradientFit is the line a + b x of a logarithmic rate, and its covariance.
type gradientFit struct{ a, b, vaa, vab, vbb, pearson float64 }

// fitGradient finds the line by Newton's rule, halving steps that do not climb.
func fitGradient(groups []CountGroup, x []float64) (gradientFit, error) {
	var f gradientFit
	events, people := 0.0, 0.0
	for _, g := range groups {
		events += g.Count
		people += g.Population
	}
	f.a = math.Log(events / people)
	best := f.likelihood(groups, x)
	for range 100 {
		var ua, ub, iaa, iab, ibb float64
		f.pearson = 0
		for i, g := range groups {
			mean := g.Population * math.Exp(f.a+f.b*x[i])
			d := g.Count - mean
			ua, ub = ua+d, ub+d*x[i]
			iaa, iab, ibb = iaa+mean, iab+mean*x[i], ibb+mean*x[i]*x[i]
			f.pearson += d * d / mean
		}
		det := iaa*ibb - iab*iab
		f.vaa, f.vab, f.vbb = ibb/det, -iab/det, iaa/det
		da, db := f.vaa*ua+f.vab*ub, f.vab*ua+f.vbb*ub
		if math.IsNaN(da+db) || math.IsInf(da+db, 0) || math.Abs(f.b) > 40 {
			return f, stats.ErrNoFit
		}
		if math.Abs(da)+math.Abs(db) < 1e-12*(1+math.Abs(f.a)+math.Abs(f.b)) {
			return f, nil
		}
		next, share := f, 1.0
		for ; share > 1e-10; share /= 2 {
			next.a, next.b = f.a+share*da, f.b+share*db
			if l := next.likelihood(groups, x); l >= best-1e-12*math.Abs(best) {
				best = l
				break
			}
		}
		f = next
	}
	return f, stats.ErrNoFit
}

func (f gradientFit) likelihood(groups []CountGroup, x []float64) float64 {
	sum := 0.0
	for i, g := range groups {
		eta := f.a + f.b*x[i]
		sum += g.Count*eta - g.Population*math.Exp(eta)
	}
	return sum
}
