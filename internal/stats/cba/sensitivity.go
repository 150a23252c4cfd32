package cba

import (
	"cmp"
	"math"
	"slices"

	"openvru/internal/errs"
	"openvru/internal/stats"
)

// Shape is how an uncertain number is spread.
type Shape int

// An uncertain number is anything from Low to High alike (Uniform); likeliest at
// Base and falling off in straight lines (Triangular) or smoothly (PERT); normal
// around Base with 95% of it from Low to High; or positive with a normal
// logarithm, Base its median and 95% of it from Low to High.
const (
	Triangular Shape = iota
	Uniform
	PERT
	Normal
	LogNormal
)

// Input is an uncertain number that an appraisal rests on.
type Input struct {
	Name            string
	Low, Base, High float64
	Shape           Shape
}

func (in Input) check() error {
	if err := stats.Finite([]float64{in.Low, in.Base, in.High}); err != nil {
		return err
	}
	if !(in.Low <= in.Base && in.Base <= in.High) || in.Shape < Triangular || in.Shape > LogNormal ||
		in.Shape == LogNormal && in.Low <= 0 {
		return errs.New(errs.Invalid, "%q is not from low over base to high: %w", in.Name, stats.ErrOption)
	}
	return nil
}

// Model works out a figure, the net present value say, from a number for each
// input. Simulate calls it from several goroutines at once; it must not keep or
// change the list.
type Model func(values []float64) (float64, error)

// Bar is one bar of a tornado: the figure with one input at its ends, the others
// at their base.
type Bar struct {
	Input     int // its number among the inputs
	Low, High float64
}

// Swing is how far the figure moves.
func (b Bar) Swing() float64 { return math.Abs(b.High - b.Low) }

// Tornado returns the figure at the base of all inputs and the bars, the widest
// first (those alike in the order of the inputs). Errors: ErrEmpty, ErrMissing,
// ErrOption for an input out of order, and those of the model.
func Tornado(inputs []Input, model Model) (base float64, bars []Bar, err error) {
	values, err := bases(inputs)
	if err != nil {
		return 0, nil, err
	}
	if base, err = model(values); err != nil {
		return 0, nil, err
	}
	for i, in := range inputs {
		bar := Bar{Input: i}
		for _, end := range []struct {
			at   float64
			into *float64
		}{{in.Low, &bar.Low}, {in.High, &bar.High}} {
			values[i] = end.at
			if *end.into, err = model(values); err != nil {
				return 0, nil, err
			}
		}
		values[i] = in.Base
		bars = append(bars, bar)
	}
	slices.SortStableFunc(bars, func(a, b Bar) int { return cmp.Compare(b.Swing(), a.Swing()) })
	return base, bars, nil
}

func bases(inputs []Input) ([]float64, error) {
	if len(inputs) == 0 {
		return nil, stats.ErrEmpty
	}
	values := make([]float64, len(inputs))
	for i, in := range inputs {
		if err := in.check(); err != nil {
			return nil, err
		}
		values[i] = in.Base
	}
	return values, nil
}

// SimulationOptions are the options of Simulate. The zero value is ten thousand
// draws and the middle 95%.
type SimulationOptions struct {
	Draws      int
	Confidence float64
	Seed       uint64
	Threshold  float64 // Above is the share of draws over this
}

// Simulation is how a figure spreads when all its inputs vary at once.
type Simulation struct {
	Mean, Median float64
	Interval     stats.Interval // that holds the middle of the draws
	Above        float64        // the share of draws over the threshold: how likely, say, the net present value is positive
	// Rank is for each input how closely the figure goes with it (Spearman's
	// correlation); 0 for an input that does not vary.
	Rank []float64
}

// Simulate draws all inputs at random, each by itself, and works the figure out
// each time. Errors: ErrEmpty, ErrMissing, ErrOption, and the first of the
// model's in the order of the draws.
func Simulate(inputs []Input, model Model, o SimulationOptions) (Simulation, error) {
	if o.Draws == 0 {
		o.Draws = 10_000
	}
	if o.Confidence == 0 {
		o.Confidence = 0.95
	}
	if _, err := bases(inputs); err != nil {
		return Simulation{}, err
	}
	if o.Draws < 100 || o.Draws > 10_000_000 || !(o.Confidence > 0 && o.Confidence < 1) || math.IsNaN(o.Threshold) {
		return Simulation{}, stats.ErrOption
	}
	figures, drawn, err := draw(inputs, model, o)
	if err != nil {
		return Simulation{}, err
	}
	return summarise(figures, drawn, o), nil
}

// draw returns the figure of each draw, and for each input its values.
func draw(inputs []Input, model Model, o SimulationOptions) (figures []float64, drawn [][]float64, err error) {
	const piece = 500 // draws that share a stream
	figures = make([]float64, o.Draws)
	for range inputs {
		drawn = append(drawn, make([]float64, o.Draws))
	}
	pieces := (o.Draws + piece - 1) / piece
	failed := make([]error, pieces)
	stats.Parallel(pieces, func(_, p int) {
		rand := stats.NewRand(o.Seed, uint64(p))
		values := make([]float64, len(inputs))
		for k := p * piece; k < min(o.Draws, (p+1)*piece); k++ {
			for i, in := range inputs {
				values[i] = in.draw(&rand)
				drawn[i][k] = values[i]
			}
			if figures[k], failed[p] = model(values); failed[p] != nil {
				return
			}
		}
	})
	for _, err := range failed {
		if err != nil {
			return nil, nil, err
		}
	}
	return figures, drawn, stats.Finite(figures)
}

// draw draws the input at random.
func (in Input) draw(rand *stats.Rand) float64 {
	const half = 1.959963984540054 // standard deviations either side that hold 95%
	width := in.High - in.Low
	switch {
	case width == 0:
		return in.Base
	case in.Shape == Uniform:
		return in.Low + width*rand.Float64()
	case in.Shape == PERT: // a beta number whose mode is the base (Malcolm and others 1959)
		a := rand.Gamma(1 + 4*(in.Base-in.Low)/width)
		b := rand.Gamma(1 + 4*(in.High-in.Base)/width)
		return in.Low + width*a/(a+b)
	case in.Shape == Normal:
		return in.Base + width/(2*half)*rand.Normal()
	case in.Shape == LogNormal:
		return in.Base * math.Exp(math.Log(in.High/in.Low)/(2*half)*rand.Normal())
	}
	u, at := rand.Float64(), (in.Base-in.Low)/width
	if u < at {
		return in.Low + width*math.Sqrt(u*at)
	}
	return in.High - width*math.Sqrt((1-u)*(1-at))
}

func summarise(figures []float64, drawn [][]float64, o SimulationOptions) Simulation {
	var s Simulation
	n := float64(len(figures))
	for _, v := range figures {
		s.Mean += v / n
		if v > o.Threshold {
			s.Above += 1 / n
		}
	}
	of := ranks(figures)
	s.Rank = make([]float64, len(drawn))
	stats.Parallel(len(drawn), func(_, i int) { s.Rank[i] = correlation(of, ranks(drawn[i])) })
	values := slices.Clone(figures)
	s.Median = stats.Quantile(values, 0.5)
	s.Interval = stats.Middle(values, o.Confidence)
	return s
}

func correlation(a, b []float64) float64 {
	mean := float64(len(a)-1) / 2 // of all ranks
	var cross, aa, bb float64
	for i, v := range a {
		cross += (v - mean) * (b[i] - mean)
		aa += (v - mean) * (v - mean)
		bb += (b[i] - mean) * (b[i] - mean)
	}
	if aa == 0 || bb == 0 {
		return 0
	}
	return cross / math.Sqrt(aa*bb)
}
