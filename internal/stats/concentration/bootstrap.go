package concentration

import (
	"fmt"
	"math"
	"slices"

	"openvru/internal/stats"
	"openvru/internal/stats/dist"
)

// Options are how measures are simulated. The zero value is half of the total,
// 95%, and 999 replications.
type Options struct {
	Share        float64 // for Holding
	Confidence   float64
	Replications int
	Seed         uint64
}

func (o Options) orDefault() (Options, error) {
	if o.Share == 0 {
		o.Share = 0.5
	}
	if o.Confidence == 0 {
		o.Confidence = 0.95
	}
	if o.Replications == 0 {
		o.Replications = 999
	}
	if !(o.Confidence > 0 && o.Confidence < 1) || o.Replications < 1 {
		return o, fmt.Errorf("confidence or replications: %w", stats.ErrOption)
	}
	return o, nil
}

// Intervals are one for each measure.
type Intervals struct{ Gini, Unbiased, Generalised, Holding stats.Interval }

// Bootstrap returns intervals for the measures, taking the places as a sample of
// places like them: places are drawn again, each with its count, and of the
// results the quantiles are kept that correct for bias and skewness (BCa; Efron
// 1987). Draws without any event are drawn anew. Errors are those of Of.
func Bootstrap(counts []float64, o Options) (Intervals, error) {
	o, err := o.orDefault()
	if err != nil {
		return Intervals{}, err
	}
	if err := check(counts, o.Share); err != nil {
		return Intervals{}, err
	}
	t := count(counts)
	out := make([]Measures, o.Replications)
	type scratch struct{ places, times []int32 }
	own := make([]scratch, stats.Workers())
	stats.Parallel(o.Replications, func(worker, k int) {
		room := &own[worker]
		if room.places == nil {
			*room = scratch{make([]int32, len(counts)), make([]int32, len(t.values))}
		}
		r := stats.NewRand(o.Seed, uint64(k))
		for again := true; again; {
			again = t.draw(room.places, room.times, &r)
		}
		out[k] = measure(t.values, room.times, o.Share)
	})
	self, without := measure(t.values, t.times, o.Share), t.without(o.Share)
	return intervals(func(pick func(Measures) float64) stats.Interval {
		sorted := pickSorted(out, pick)
		bias, a := biasOf(pick(self), sorted), t.acceleration(without, pick)
		return stats.Interval{
			Low:  quantile(sorted, corrected((1-o.Confidence)/2, bias, a)),
			High: quantile(sorted, corrected((1+o.Confidence)/2, bias, a)),
		}
	}), nil
}

// corrected is the quantile to take in the place of p.
func corrected(p, bias, a float64) float64 {
	z := bias + dist.NormalQuantile(p)
	if a*z >= 1 { // as far as the draws go
		return (1 + math.Copysign(1, z)) / 2
	}
	return dist.NormalCDF(bias + z/(1-a*z))
}

// biasOf is how many of the draws lie below the measure itself, half of those
// alike, as a normal quantile.
func biasOf(self float64, sorted []float64) float64 {
	below, n := 0.0, float64(len(sorted))
	for _, v := range sorted {
		switch {
		case v < self:
			below++
		case v == self:
			below += 0.5
		}
	}
	return dist.NormalQuantile(max(0.5, min(below, n-0.5)) / n)
}

// acceleration is a sixth of the skewness of the measures without one place. It
// leaves out those that have no measure, nothing being left.
func (t tally) acceleration(without []Measures, pick func(Measures) float64) float64 {
	mean, n := 0.0, 0.0
	for i, m := range without {
		if v, many := pick(m), float64(t.times[i]); many > 0 && !math.IsNaN(v) {
			mean, n = mean+many*v, n+many
		}
	}
	mean /= n
	squares, cubes := 0.0, 0.0
	for i, m := range without {
		if d, many := mean-pick(m), float64(t.times[i]); many > 0 && !math.IsNaN(d) {
			squares, cubes = squares+many*d*d, cubes+many*d*d*d
		}
	}
	if !(squares > 0) {
		return 0
	}
	return cubes / (6 * math.Pow(squares, 1.5))
}

// draw draws the places again, as many as there are, and reports whether they
// have nothing at all.
func (t tally) draw(places, times []int32, r *stats.Rand) (nothing bool) {
	clear(places)
	clear(times)
	throw(len(places), places, r)
	for i, many := range places {
		times[t.of[i]] += many
	}
	return t.values[0] == 0 && int(times[0]) == len(places)
}

// middle is the intervals that leave out an equal part of all at either end.
func middle(all []Measures, confidence float64) Intervals {
	return intervals(func(pick func(Measures) float64) stats.Interval {
		sorted := pickSorted(all, pick)
		return stats.Interval{Low: quantile(sorted, (1-confidence)/2), High: quantile(sorted, (1+confidence)/2)}
	})
}

func intervals(of func(pick func(Measures) float64) stats.Interval) Intervals {
	return Intervals{
		Gini:        of(func(m Measures) float64 { return m.Gini }),
		Unbiased:    of(func(m Measures) float64 { return m.Unbiased }),
		Generalised: of(func(m Measures) float64 { return m.Generalised }),
		Holding:     of(func(m Measures) float64 { return m.Holding }),
	}
}

func pickSorted(all []Measures, pick func(Measures) float64) []float64 {
	v := make([]float64, len(all))
	for i, m := range all {
		v[i] = pick(m)
	}
	slices.Sort(v)
	return v
}

// quantile of sorted values, straight between them (type 7 of Hyndman and Fan
// 1996).
func quantile(sorted []float64, p float64) float64 {
	at := p * float64(len(sorted)-1)
	k := min(int(at), len(sorted)-2)
	if k < 0 {
		return sorted[0]
	}
	return sorted[k] + (at-float64(k))*(sorted[k+1]-sorted[k])
}
