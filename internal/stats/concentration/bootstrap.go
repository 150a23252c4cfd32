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

// Bootstrap returns intervals for the measures. What they are intervals of is the
// measure of the process that the places come from: places are taken as a sample
// of very many like them, each with a risk and a count of its own, so an interval
// allows for other events and for other places. Places are drawn again, each with
// its count; how far each draw lies off, in standard errors of its own (by the
// jackknife), says how far off the places themselves may be (bootstrap-t; Efron
// 1981). Ends are kept from 0 to 1. Where the places or most draws have no
// standard error, as when one place has everything, the interval is that of the
// quantiles of the draws, corrected for bias and skewness (BCa; Efron 1987). Draws
// without any event are drawn anew. Errors are those of Of.
func Bootstrap(counts []float64, o Options) (Intervals, error) {
	o, err := o.orDefault()
	if err != nil {
		return Intervals{}, err
	}
	if err := check(counts, o.Share); err != nil {
		return Intervals{}, err
	}
	t := count(counts)
	b := resampled{confidence: o.Confidence, draws: make([]Measures, o.Replications), errors: make([]four, o.Replications)}
	own := make([]scratch, stats.Workers())
	stats.Parallel(o.Replications, func(worker, k int) {
		room := &own[worker]
		if room.places == nil {
			room.places = make([]int32, len(counts))
			room.drawn = tally{values: t.values, times: make([]int32, len(t.values))}
		}
		r := stats.NewRand(o.Seed, uint64(k))
		for again := true; again; {
			again = t.draw(room.places, room.drawn.times, &r)
		}
		b.draws[k] = measure(t.values, room.drawn.times, o.Share)
		b.errors[k], _ = room.drawn.jackknife(o.Share, &room.leftOut)
	})
	b.self = measure(t.values, t.times, o.Share)
	b.deviation, b.skew = t.jackknife(o.Share, new(leftOut))
	return intervals(b.interval), nil
}

// scratch is room for one draw.
type scratch struct {
	places []int32
	drawn  tally
	leftOut
}

// four is a figure for each measure, in the order of list.
type four [4]float64

func (m Measures) list() four { return four{m.Gini, m.Unbiased, m.Generalised, m.Holding} }

// intervals puts an interval for each measure, by its number in the list, in
// place.
func intervals(of func(measure int) stats.Interval) Intervals {
	return Intervals{Gini: of(0), Unbiased: of(1), Generalised: of(2), Holding: of(3)}
}

// resampled is what a bootstrap finds: the measures of the places and of each
// draw, and their standard errors.
type resampled struct {
	confidence      float64
	self            Measures
	deviation, skew four
	draws           []Measures
	errors          []four
}

// nothing is as good as no standard error: measures go from 0 to 1.
const nothing = 1e-9

// interval is that of one measure.
func (b resampled) interval(which int) stats.Interval {
	self, deviation := b.self.list()[which], b.deviation[which]
	truth := self
	if which == 1 { // of the draws, the places are all there are
		truth = b.self.Gini
	}
	off := make([]float64, 0, len(b.draws)) // in standard errors of the draw
	for k, m := range b.draws {
		if e := b.errors[k][which]; e > nothing {
			off = append(off, (m.list()[which]-truth)/e)
		}
	}
	if !(deviation > nothing) || 2*len(off) < len(b.draws) {
		return b.skewed(which)
	}
	slices.Sort(off)
	end := func(p float64) float64 { return max(0, min(1, self-deviation*stats.Quantile(off, p))) }
	return stats.Interval{Low: end((1 + b.confidence) / 2), High: end((1 - b.confidence) / 2)}
}

// skewed is the interval by the quantiles of the draws.
func (b resampled) skewed(which int) stats.Interval {
	sorted := sortedOf(b.draws, which)
	bias, a := biasOf(b.self.list()[which], sorted), b.skew[which]
	return stats.Interval{
		Low:  stats.Quantile(sorted, corrected((1-b.confidence)/2, bias, a)),
		High: stats.Quantile(sorted, corrected((1+b.confidence)/2, bias, a)),
	}
}

// corrected is the quantile to take in the place of p.
func corrected(p, bias, a float64) float64 {
	z := bias + dist.NormalQuantile(p)
	if math.IsInf(z, 0) || a*z >= 1 { // as far as the draws go
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

// jackknife returns the standard error of each measure (Efron and Stein 1981) and
// a sixth of its skewness, from what is left without one place. It leaves out
// places without which there is no measure, nothing being left.
func (t tally) jackknife(share float64, room *leftOut) (deviation, skew four) {
	without := t.without(share, room)
	var n, mean, squares, cubes four
	for i, m := range without {
		many := float64(t.times[i])
		for k, v := range m.list() {
			if many > 0 && !math.IsNaN(v) {
				mean[k], n[k] = mean[k]+many*v, n[k]+many
			}
		}
	}
	for i, m := range without {
		many := float64(t.times[i])
		for k, v := range m.list() {
			if d := mean[k]/n[k] - v; many > 0 && !math.IsNaN(d) {
				squares[k], cubes[k] = squares[k]+many*d*d, cubes[k]+many*d*d*d
			}
		}
	}
	for k, s := range squares {
		if s > 0 {
			deviation[k], skew[k] = math.Sqrt(s*(n[k]-1)/n[k]), cubes[k]/(6*math.Pow(s, 1.5))
		}
	}
	return deviation, skew
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
	return intervals(func(which int) stats.Interval {
		sorted := sortedOf(all, which)
		return stats.Interval{Low: stats.Quantile(sorted, (1-confidence)/2), High: stats.Quantile(sorted, (1+confidence)/2)}
	})
}

func sortedOf(all []Measures, which int) []float64 {
	v := make([]float64, len(all))
	for i, m := range all {
		v[i] = m.list()[which]
	}
	slices.Sort(v)
	return v
}
