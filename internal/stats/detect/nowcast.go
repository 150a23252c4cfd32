package detect

import (
	"fmt"
	"math"
	"slices"

	"openvru/internal/stats"
)

// NowcastOptions sets a nowcast. The zero value uses all of the triangle.
type NowcastOptions struct {
	// Recent is how many of the latest time points tell about each delay, so that
	// the estimate follows reporting that becomes faster or slower; default all.
	Recent int
	// Confidence of the intervals; default 0.95.
	Confidence float64
	// Draws is the number of simulated totals, 10 to 1,000,000; default 2,000.
	Draws int
	// Seed is that of the random numbers.
	Seed uint64
}

// NowcastPoint is what a time point will come to once all is reported.
type NowcastPoint struct {
	Reported float64 // cases known by now
	Share    float64 // the share of all cases that is known by now
	ShareSE  float64 // its standard error
	Estimate float64 // Reported / Share
	// Median and Interval are of the total, given the cases known by now and how
	// sure the share is.
	Median   float64
	Interval stats.Interval
}

// Nowcast is the completeness of the latest time points.
type Nowcast struct {
	Points []NowcastPoint // of each time point of the triangle, oldest first
	// ByDelay is the share of cases known after a delay of 0, 1, … time points.
	ByDelay []float64
	// Dispersion is that of counts by time point and delay, one for Poisson.
	Dispersion float64
}

// Completeness estimates, from a reporting triangle, which share of the cases of
// each recent time point is known by now, and what the totals will be
// (docs/methods/late-reporting.md). triangle[t][d] is the number of cases of time
// point t that were reported d time points later; cells that lie ahead (t + d
// past the last row) are not read. All cases are taken to be known after the
// last delay. The rows are as long as each other.
//
// It returns stats.ErrEmpty, stats.ErrLength, stats.ErrMissing or
// stats.ErrNegative for the cells that are read, stats.ErrTooFew when there are
// fewer time points than delays, so that a delay was never seen, or when no case
// was reported at all, and stats.ErrOption.
func Completeness(triangle [][]float64, o NowcastOptions) (Nowcast, error) {
	if len(triangle) == 0 || len(triangle[0]) == 0 {
		return Nowcast{}, stats.ErrEmpty
	}
	whole(&o.Recent, len(triangle))
	standard(&o.Confidence, 0.95)
	whole(&o.Draws, 2000)
	if o.Recent < 1 || o.Draws < 10 || o.Draws > 1_000_000 || !(o.Confidence > 0 && o.Confidence < 1) {
		return Nowcast{}, fmt.Errorf("a nowcast has a time point or more and 10 to 1,000,000 draws; confidence is between 0 and 1: %w", stats.ErrOption)
	}
	l, err := newLadder(triangle, o.Recent)
	if err != nil {
		return Nowcast{}, err
	}
	n := Nowcast{ByDelay: l.shares(l.hazard), Dispersion: l.dispersion(triangle)}
	n.Points = l.points(n, &o)
	return n, nil
}

// Reported is the share reported of each time point of a series that ends where
// the triangle does: 1 for those before it. It is what FlexibleOptions.Reported
// takes.
func (n Nowcast) Reported(length int) []float64 {
	out := make([]float64, max(0, length))
	for i := range out {
		out[i] = 1
		if at := i - length + len(n.Points); at >= 0 {
			out[i] = n.Points[at].Share
		}
	}
	return out
}

// ReportedSE is the standard errors of Reported.
func (n Nowcast) ReportedSE(length int) []float64 {
	out := make([]float64, max(0, length))
	for i := range out {
		if at := i - length + len(n.Points); at >= 0 {
			out[i] = n.Points[at].ShareSE
		}
	}
	return out
}

// ladder is the reporting delays read backwards: among cases known after delay
// d, the share hazard[d] that came just then. Read that way the newest time
// points, of which only short delays are known, tell all they can (Lawless 1994;
// the chain ladder of insurers).
type ladder struct {
	rows, delays int
	known        []float64 // cases known by now of each time point
	came, upTo   []float64 // for each delay, cases that came then and up to then
	hazard       []float64
}

func newLadder(triangle [][]float64, recent int) (*ladder, error) {
	l := &ladder{rows: len(triangle), delays: len(triangle[0]), known: make([]float64, len(triangle))}
	l.came, l.upTo, l.hazard = make([]float64, l.delays), make([]float64, l.delays), make([]float64, l.delays)
	if l.rows < l.delays {
		return nil, stats.ErrTooFew
	}
	total := 0.0
	for t, row := range triangle {
		if len(row) != l.delays {
			return nil, stats.ErrLength
		}
		seen := row[:min(l.delays, l.rows-t)]
		if err := stats.Counts(seen); err != nil {
			return nil, err
		}
		if err := checkCounts(seen); err != nil {
			return nil, err
		}
		for d, v := range seen {
			l.known[t] += v
			if t >= l.rows-d-recent {
				l.came[d] += v
				l.upTo[d] += l.known[t]
			}
		}
		total += l.known[t]
	}
	if total == 0 {
		return nil, fmt.Errorf("no case was reported: %w", stats.ErrTooFew)
	}
	for d := range l.hazard {
		if l.upTo[d] > 0 {
			l.hazard[d] = l.came[d] / l.upTo[d]
		}
	}
	return l, nil
}

// shares turns hazards into the share known after each delay.
func (l *ladder) shares(hazard []float64) []float64 {
	out := make([]float64, l.delays)
	share := 1.0
	for d := l.delays - 1; d >= 0; d-- {
		out[d] = share
		share *= 1 - hazard[d]
	}
	return out
}

// dispersion is Pearson's chi-squared of the cells over its degrees of freedom,
// where a cell's expected count is the time point's total by the share of the
// delay; never below one. Time points without a case, and delays that none came
// at, are fitted exactly and say nothing.
func (l *ladder) dispersion(triangle [][]float64) float64 {
	by, chi, cells, parameters := l.shares(l.hazard), 0.0, 0, -1
	for d := range by {
		if by[d]*l.hazard[d] > 0 {
			parameters++
		}
	}
	for t, row := range triangle {
		age := min(l.delays-1, l.rows-1-t)
		if l.known[t] == 0 || by[age] == 0 {
			continue
		}
		parameters++
		for d := range age + 1 {
			if expected := l.known[t] / by[age] * by[d] * l.hazard[d]; expected > 0 {
				chi += (row[d] - expected) * (row[d] - expected) / expected
				cells++
			}
		}
	}
	if cells <= parameters {
		return 1
	}
	return max(1, chi/float64(cells-parameters))
}

// points estimates all totals. Each draw takes a delay distribution from its
// uncertainty, and for each time point the cases still to come.
func (l *ladder) points(n Nowcast, o *NowcastOptions) []NowcastPoint {
	out := make([]NowcastPoint, l.rows)
	draws := l.draw(n.Dispersion, o)
	stats.Parallel(l.rows, func(_, t int) {
		age := min(l.delays-1, l.rows-1-t)
		p := NowcastPoint{Reported: l.known[t], Share: n.ByDelay[age], Estimate: l.known[t]}
		p.Median, p.Interval = l.known[t], stats.Interval{Low: l.known[t], High: l.known[t]}
		if age < l.delays-1 {
			l.predict(&p, n.Dispersion, o, draws, t)
		}
		out[t] = p
	})
	return out
}

// draw takes delay distributions at random: each hazard is beta with the cases
// it rests on, fewer by as much as counts vary more than Poisson ones, and half
// a case more on either side (Jeffreys).
func (l *ladder) draw(dispersion float64, o *NowcastOptions) [][]float64 {
	out := make([][]float64, o.Draws)
	stats.Parallel(o.Draws, func(_, i int) {
		r := stats.NewRand(o.Seed, uint64(i))
		hazard := make([]float64, l.delays)
		for d := 1; d < l.delays; d++ {
			a := r.Gamma(l.came[d]/dispersion + 0.5)
			b := r.Gamma((l.upTo[d]-l.came[d])/dispersion + 0.5)
			hazard[d] = a / (a + b)
		}
		out[i] = l.shares(hazard)
	})
	return out
}

// predict sets estimate and interval of a time point that is not complete. Given
// its cases so far and the share, the cases to come are negative binomial
// (binomial reporting under Jeffreys' prior for the mean), their variance
// multiplied by the dispersion.
func (l *ladder) predict(p *NowcastPoint, dispersion float64, o *NowcastOptions, draws [][]float64, t int) {
	age := l.rows - 1 - t
	r := stats.NewRand(o.Seed, uint64(o.Draws+t))
	totals := make([]float64, len(draws))
	mean, squares := 0.0, 0.0
	for i, by := range draws {
		share := max(by[age], 1e-9)
		mean += share / float64(len(draws))
		squares += share * share / float64(len(draws))
		rest := (p.Reported + 0.5) * (1 - share) / share
		size := rest / (dispersion/share - 1)
		totals[i] = p.Reported
		if rest > 0 {
			totals[i] += r.NegBin(min(rest, 1e12), size)
		}
	}
	slices.Sort(totals)
	tail := (1 - o.Confidence) / 2
	p.ShareSE = math.Sqrt(max(0, squares-mean*mean))
	p.Estimate = p.Reported / p.Share
	if p.Share == 0 {
		p.Estimate = math.NaN()
	}
	at := func(q float64) float64 { return totals[min(len(totals)-1, int(q*float64(len(totals))))] }
	p.Median = at(0.5)
	p.Interval = stats.Interval{Low: at(tail), High: at(1 - tail)}
}
