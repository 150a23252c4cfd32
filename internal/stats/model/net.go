package model

import (
	"math"

	"openvru/internal/stats"
)

// NetOptions say how an elastic net is fitted. The zero value is the lasso over
// a hundred penalties.
type NetOptions struct {
	// Offset and Weights are as in Options.
	Offset, Weights []float64
	// Ridge is the share of the penalty on squares, 0 (the lasso) to 1 (ridge); it
	// is one less the alpha of glmnet.
	Ridge float64
	// Penalties are the λ to fit at, falling. When there are none they are Steps of them (0 is
	// 100) from the least that leaves no column in, evenly spaced on the log scale
	// down to Least of it (0 is 0.0001, or 0.01 with fewer rows than columns). The
	// path then ends early once less penalty explains no more.
	Penalties []float64
	Steps     int
	Least     float64
	// Raw penalises coefficients as they are; otherwise a column counts as if
	// divided by its standard deviation. Coefficients are always per unit of the
	// columns given.
	Raw bool
}

// Net is an elastic-net fit at each of a list of penalties, which fall.
type Net struct {
	// Names are the names of the design's columns. The intercept is fitted in any
	// case and never penalised; a column of the design that is constant gets zero.
	Names []string
	// Penalties are the λ, and Intercepts and Coefficients the estimates at each.
	Penalties    []float64
	Intercepts   []float64
	Coefficients [][]float64
	// NullDeviance is that of the intercept and offset alone; Deviance is at each λ.
	NullDeviance float64
	Deviance     []float64
}

// Chosen returns the names of the columns whose coefficient at that penalty (by
// its number) is not zero.
func (n *Net) Chosen(step int) []string {
	var out []string
	for j, b := range n.Coefficients[step] {
		if b != 0 {
			out = append(out, n.Names[j])
		}
	}
	return out
}

// ElasticNet fits counts by a Poisson model on the log link that maximises
//
//	1/Σw · Σ wᵢ (yᵢηᵢ − exp ηᵢ)  −  λ Σ sⱼ ((1−r) |βⱼ| + r sⱼ βⱼ² / 2)
//
// with r the share of ridge and s the standard deviations of the columns (Zou
// and Hastie 2005; Friedman, Hastie and Tibshirani 2010), at each of a falling
// list of λ. Estimates are right to about 1e-7 of their standard error.
//
// Errors are those of Fit; ErrOption for options outside their range or
// penalties that do not fall; ErrConstant when every column is constant over the
// rows that have weight, so that there is nothing to choose from. Counts that are
// all alike give coefficients of no more than rounding.
func ElasticNet(d *Design, y []float64, o NetOptions) (*Net, error) {
	p, err := newNet(d, y, o)
	if err != nil {
		return nil, err
	}
	if peak(p.size) == 0 {
		return nil, stats.ErrConstant
	}
	return p.path(d, o, nil)
}

// newNet checks and lays out the problem.
func newNet(d *Design, y []float64, o NetOptions) (*net, error) {
	if !(o.Ridge >= 0 && o.Ridge <= 1) || o.Steps < 0 || !(o.Least >= 0 && o.Least < 1) {
		return nil, stats.ErrOption
	}
	for i, v := range o.Penalties {
		if !(v >= 0) || math.IsInf(v, 1) || i > 0 && !(v < o.Penalties[i-1]) {
			return nil, stats.ErrOption
		}
	}
	plain := Options{Family: Poisson, Offset: o.Offset, Weights: o.Weights}
	if err := plain.check(d, y); err != nil {
		return nil, err
	}
	return layNet(d, y, o)
}

// layNet keeps the columns that vary and puts the constant last.
func layNet(d *Design, y []float64, o NetOptions) (*net, error) {
	n := len(y)
	p := &net{y: y, offset: o.Offset, weight: make([]float64, n), ridge: o.Ridge, raw: o.Raw, settled: netSettled}
	for i := range n {
		p.weight[i] = at(o.Weights, i, 1)
	}
	for j, x := range d.columns {
		if !constant(x) {
			p.columns = append(p.columns, x)
			p.of = append(p.of, j)
		}
	}
	if len(p.of) == 0 {
		return nil, stats.ErrConstant
	}
	ones := make([]float64, n)
	for i := range ones {
		ones[i] = 1
	}
	p.columns = append(p.columns, ones)
	return p, p.begin()
}

// path fits at each penalty, the last fit being the start of the next. With
// penalties given they are all fitted.
func (p *net) path(d *Design, o NetOptions, penalties []float64) (*Net, error) {
	whole := penalties != nil || len(o.Penalties) > 0
	if penalties == nil {
		if penalties = o.Penalties; len(penalties) == 0 {
			penalties = p.penalties(o)
		}
	}
	out := &Net{Names: d.Names(), NullDeviance: p.nullDeviance}
	for k, lambda := range penalties {
		if err := p.fit(lambda); err != nil {
			return nil, err
		}
		out.Penalties = append(out.Penalties, lambda)
		out.Intercepts = append(out.Intercepts, p.beta[len(p.of)])
		all := make([]float64, len(d.columns))
		for j, at := range p.of {
			all[at] = p.beta[j]
		}
		out.Coefficients = append(out.Coefficients, all)
		out.Deviance = append(out.Deviance, p.deviance())
		if !whole && flat(out, k) {
			break
		}
	}
	return out, nil
}

// flat reports whether the path has come to where less penalty explains no
// more: under 1e-5 of what is explained, or all but a thousandth is.
func flat(n *Net, k int) bool {
	explained := n.NullDeviance - n.Deviance[k]
	return explained > 0.999*n.NullDeviance || k >= 5 && n.Deviance[k-1]-n.Deviance[k] < 1e-5*explained
}

// penalties lays out the λ of a path.
func (p *net) penalties(o NetOptions) []float64 {
	steps, least := o.Steps, o.Least
	if steps == 0 {
		steps = 100
	}
	if least == 0 {
		if least = 1e-4; len(p.y) < len(p.of) {
			least = 1e-2
		}
	}
	first := 0.0
	for j := range p.of {
		if p.size[j] > 0 {
			first = max(first, math.Abs(p.slope[j])/p.size[j])
		}
	}
	first /= max(1-p.ridge, 1e-3)
	out := make([]float64, steps)
	for k := range out {
		out[k] = first * math.Pow(least, float64(k)/float64(max(steps-1, 1)))
	}
	return out
}
