package shrink

import (
	"fmt"

	"openvru/internal/stats"
)

// Smoothed is the result of Global and Local, one value a place.
type Smoothed struct {
	Raw    []float64 // count over exposure; NaN where the exposure is zero
	Rate   []float64 // the empirical Bayes estimate
	Mean   []float64 // the mean rate the place was drawn towards
	Spread []float64 // estimated variance of true rates about it; 0 draws all the way
	Weight []float64 // share of the place's own rate in the estimate, 0 to 1
}

func newSmoothed(n int) Smoothed {
	all := make([]float64, 5*n)
	return Smoothed{all[:n:n], all[n : 2*n : 2*n], all[2*n : 3*n : 3*n], all[3*n : 4*n : 4*n], all[4*n:]}
}

// set works out one place from its raw rate (0/0 is NaN) and the mean and spread
// of those it is held against.
func (s Smoothed) set(i int, n, mean, spread float64) {
	s.Mean[i], s.Spread[i] = mean, spread
	if n == 0 { // nothing is known of the place itself
		s.Rate[i] = mean
		return
	}
	if spread > 0 {
		s.Weight[i] = spread * n / (spread*n + mean)
	}
	s.Rate[i] = mean + s.Weight[i]*(s.Raw[i]-mean)
}

// Global returns the rates drawn towards the mean of all places (Marshall
// 1991, "Mapping disease and mortality rates using empirical Bayes estimators",
// Applied Statistics 40:283–294): the variance of true rates is the weighted
// variance of the raw ones less what Poisson counts would show anyway.
//
// When that comes out negative, places differ by no more than chance would have
// it: the variance is taken as zero and every place has the mean rate. A place
// without exposure has the mean rate too and does not count otherwise; a single
// place keeps its rate. Errors: ErrEmpty, ErrLength, ErrMissing, ErrNegative,
// ErrRange, ErrNoPopulation (of all, or of a place with events).
func Global(counts, exposure []float64) (Smoothed, error) {
	events, persons, err := check(counts, exposure)
	if err != nil {
		return Smoothed{}, err
	}
	out := newSmoothed(len(counts))
	mean, squares, places := events/persons, 0.0, 0.0
	for i, n := range exposure {
		raw := counts[i] / n
		if out.Raw[i] = raw; n > 0 {
			d := raw - mean
			squares += n * d * d
			places++
		}
	}
	spread := max(0, squares/persons-mean*places/persons)
	for i, n := range exposure {
		out.set(i, n, mean, spread)
	}
	return out, nil
}

// Centre says from which mean a neighbour's rate is measured in Local.
type Centre int

const (
	// Shared measures all rates of a neighbourhood from the mean of that
	// neighbourhood, as Marshall's formula says and GeoDa does.
	Shared Centre = iota
	// Own measures each neighbour's rate from the mean of that neighbour's own
	// neighbourhood, as spdep's EBlocal does unless told otherwise.
	Own
)

// Local returns the rates drawn towards the mean of the place's neighbourhood:
// itself and its neighbours (Marshall 1991, section 5). neighbours lists for
// each place the numbers of the others that adjoin it.
//
// The variance of each neighbourhood is taken as zero when it comes out
// negative. An island is a neighbourhood of one and keeps its rate. A
// neighbourhood without exposure has the mean rate of all places. Errors are
// those of Global, ErrLength also for neighbours, and ErrOption for a neighbour
// that is no place or for an unknown centre.
func Local(counts, exposure []float64, neighbours [][]int32, centre Centre) (Smoothed, error) {
	events, persons, err := check(counts, exposure)
	if err != nil {
		return Smoothed{}, err
	}
	if err := checkNeighbours(neighbours, len(counts)); err != nil {
		return Smoothed{}, err
	}
	if centre != Shared && centre != Own {
		return Smoothed{}, stats.ErrOption
	}
	out := newSmoothed(len(counts))
	l := local{counts: counts, exposure: exposure, mean: out.Mean, all: events / persons}
	l.total = make([]float64, len(counts))
	for i, list := range neighbours {
		l.setMean(i, list)
	}
	for i, list := range neighbours {
		out.Raw[i] = counts[i] / exposure[i]
		out.set(i, exposure[i], l.mean[i], l.spread(i, list, centre))
	}
	return out, nil
}

func checkNeighbours(neighbours [][]int32, n int) error {
	if len(neighbours) != n {
		return stats.ErrLength
	}
	for i, list := range neighbours {
		for _, j := range list {
			if j < 0 || int(j) >= n || int(j) == i {
				return fmt.Errorf("place %d has neighbour %d of %d: %w", i, j, n, stats.ErrOption)
			}
		}
	}
	return nil
}

// local is what the neighbourhoods of Local have in common.
type local struct {
	counts, exposure []float64
	total, mean      []float64 // exposure and mean rate of each neighbourhood
	all              float64   // the mean rate of all places
}

func (l *local) setMean(i int, list []int32) {
	y, n := l.counts[i], l.exposure[i]
	for _, j := range list {
		y += l.counts[j]
		n += l.exposure[j]
	}
	if l.total[i] = n; n == 0 {
		l.mean[i] = l.all
		return
	}
	l.mean[i] = y / n
}

func (l *local) spread(i int, list []int32, centre Centre) float64 {
	if l.total[i] == 0 {
		return 0
	}
	squares, places := 0.0, 0.0
	add := func(j int) {
		n := l.exposure[j]
		if n == 0 {
			return
		}
		mean := l.mean[i]
		if centre == Own {
			mean = l.mean[j]
		}
		d := l.counts[j]/n - mean
		squares += n * d * d
		places++
	}
	add(i)
	for _, j := range list {
		add(int(j))
	}
	return max(0, (squares-l.mean[i]*places)/l.total[i])
}
