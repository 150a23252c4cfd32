package detect

import (
	"fmt"
	"math"
	"slices"

	"openvru/internal/stats"
)

// Simulation says how run lengths of a chart are simulated.
type Simulation struct {
	// InControl is the distribution of counts: its means are one round, of a year
	// say, repeated for as long as a run lasts. Runs start at each of them in turn.
	InControl InControl
	// Change multiplies the means of the counts drawn but not those of the chart:
	// for run lengths when something is going on. Default 1.
	Change float64
	// Runs is how many runs are simulated, 2 to 1,000,000; default 1,000.
	Runs int
	// Longest is the number of time points after which a run is cut short, up to
	// 1,000,000; default 10,000. Threshold has limits of its own.
	Longest int
	// Seed is that of the random numbers.
	Seed uint64
}

func (s Simulation) fill() (Simulation, error) {
	standard(&s.Change, 1)
	whole(&s.Runs, 1000)
	whole(&s.Longest, 10_000)
	switch {
	case len(s.InControl.Mean) == 0:
		return s, stats.ErrEmpty
	case !(s.Change >= 0 && s.Change <= 1e6):
		return s, fmt.Errorf("the change is a factor of at most 1e6: %w", stats.ErrOption)
	case s.Runs < 2 || s.Runs > 1_000_000 || s.Longest < 1 || s.Longest > 1_000_000:
		return s, fmt.Errorf("there are 2 to 1,000,000 runs of 1 to 1,000,000 time points: %w", stats.ErrOption)
	}
	return s, s.InControl.checkMean()
}

// RunLength is how many time points a chart runs until it raises an alarm.
type RunLength struct {
	Mean, SE float64 // the average over the runs and its standard error
	Cut      int     // runs cut short, which count as that long
}

// Threshold is the threshold of a chart with a wanted average run length.
type Threshold struct {
	H         float64
	RunLength RunLength // at H, over the runs that it was chosen with
}

// RunLength simulates how long the chart runs until an alarm. It returns
// stats.ErrOption, stats.ErrEmpty, stats.ErrMissing or stats.ErrNegative.
func (o CUSUMOptions) RunLength(s Simulation) (RunLength, error) {
	o, err := o.fill()
	if err != nil {
		return RunLength{}, err
	}
	return runLength(s, o.H, o.stepper)
}

// RunLength simulates how long the chart runs until an alarm. Runs over 10,000
// time points need o.Longest; errors are those of CUSUMOptions.RunLength.
func (o GLROptions) RunLength(s Simulation) (RunLength, error) {
	o, err := o.fill()
	if err != nil {
		return RunLength{}, err
	}
	if err := o.bearable(float64(s.Longest)); err != nil {
		return RunLength{}, err
	}
	return runLength(s, o.H, o.stepper)
}

// Threshold finds the threshold with which the chart runs for so many time
// points (1 to 100,000) on average until its first false alarm, by simulation; o.H
// and s.Longest do not matter. Errors are those of CUSUMOptions.RunLength.
func (o CUSUMOptions) Threshold(s Simulation, wanted float64) (Threshold, error) {
	o, err := o.fill()
	if err != nil {
		return Threshold{}, err
	}
	return threshold(s, wanted, o.stepper)
}

// Threshold finds the threshold of a wanted average run length, as that of
// CUSUMOptions does. Set o.Longest for run lengths over a few hundred: otherwise
// the time it takes grows with their square, and those over 1,600 are refused
// (stats.ErrOption).
func (o GLROptions) Threshold(s Simulation, wanted float64) (Threshold, error) {
	o, err := o.fill()
	if err != nil {
		return Threshold{}, err
	}
	if err := o.bearable(runsFor * wanted); err != nil {
		return Threshold{}, err
	}
	return threshold(s, wanted, o.stepper)
}

// bearable refuses runs so long that looking back to their beginning would take
// hours and gigabytes.
func (o GLROptions) bearable(points float64) error {
	const bearable = 10_000
	if points > bearable && o.Longest > bearable {
		return fmt.Errorf("runs this long need a limit to how far back a change may lie, of 10,000 or less: %w", stats.ErrOption)
	}
	return nil
}

// step takes the next count and returns the statistic.
type step func(y, mean float64) float64

// stepper is a chart made ready for a run of up to so many time points.
func (o CUSUMOptions) stepper(size float64) func(longest int) step {
	theta := math.Log(o.Ratio)
	return func(int) step {
		sum := 0.0
		return func(y, mean float64) float64 {
			sum = max(0, sum+o.deviation(y, mean, size, theta))
			return sum
		}
	}
}

func (o GLROptions) stepper(size float64) func(longest int) step {
	g := &glr{GLROptions: o}
	return func(longest int) step {
		g.begin(longest, size)
		return func(y, mean float64) float64 {
			g.add(y, mean)
			value, _, _ := g.statistic()
			return value
		}
	}
}

// record is a time point at which the statistic was higher than ever before in
// its run. The first alarm at any threshold is at a record.
type record struct {
	at    int
	value float64
}

// simulate runs the chart without alarms: each run until the statistic reaches
// the cap or so many time points are over. It returns the records of each.
func simulate(s *Simulation, stream uint64, runs, longest int, cap float64, chart func(float64) func(int) step) [][]record {
	size := s.InControl.size()
	charts := make([]func(int) step, stats.Workers())
	for i := range charts {
		charts[i] = chart(size)
	}
	out := make([][]record, runs)
	stats.Parallel(runs, func(worker, run int) {
		next, r := charts[worker](longest), stats.NewRand(s.Seed, stream+uint64(run))
		top := math.Inf(-1)
		for t := range longest {
			mean := s.InControl.Mean[(run+t)%len(s.InControl.Mean)]
			if v := next(r.NegBin(mean*s.Change, size), mean); v > top {
				top = v
				out[run] = append(out[run], record{t + 1, v})
			}
			if top >= cap {
				return
			}
		}
	})
	return out
}

func runLength(s Simulation, h float64, chart func(float64) func(int) step) (RunLength, error) {
	s, err := s.fill()
	if err != nil {
		return RunLength{}, err
	}
	runs := simulate(&s, 0, s.Runs, s.Longest, h, chart)
	return average(runs, h, float64(s.Longest)), nil
}

// average is the run length at a threshold; a run without alarm counts as cut.
func average(runs [][]record, h, cut float64) RunLength {
	var l RunLength
	sum, squares := 0.0, 0.0
	for _, records := range runs {
		length := cut
		i, _ := slices.BinarySearchFunc(records, h, func(r record, h float64) int {
			if r.value < h {
				return -1
			}
			return 1
		})
		if i < len(records) {
			length = float64(records[i].at)
		} else {
			l.Cut++
		}
		sum, squares = sum+length, squares+length*length
	}
	n := float64(len(runs))
	l.Mean = sum / n
	l.SE = math.Sqrt(max(0, squares/n-l.Mean*l.Mean) / (n - 1))
	return l
}

// runsFor is for how many times the wanted average a run is followed: run lengths
// are about exponential, and one that lasts this long is taken to last one
// average longer.
const runsFor = 6

// threshold simulates a few runs for a first idea, so that the others can stop
// soon after what will be the threshold.
func threshold(s Simulation, wanted float64, chart func(float64) func(int) step) (Threshold, error) {
	s, err := s.fill()
	if err != nil {
		return Threshold{}, err
	}
	if !(wanted >= 1 && wanted <= 1e5) {
		return Threshold{}, fmt.Errorf("a run length is between 1 and 100,000: %w", stats.ErrOption)
	}
	longest := int(runsFor*wanted) + 10
	cut := float64(longest) + wanted
	few := simulate(&s, 1<<32, min(s.Runs, 60), longest, math.Inf(1), chart)
	for limit := 1.25*pick(few, wanted, cut).H + 0.5; ; limit *= 2 {
		runs := simulate(&s, 0, s.Runs, longest, limit, chart)
		if t := pick(runs, wanted, cut); t.H < limit {
			return t, nil
		}
	}
}

// pick is the least threshold with an average run length of what is wanted or
// more: halfway to the next value that makes a difference.
func pick(runs [][]record, wanted, cut float64) Threshold {
	var values []float64
	for _, records := range runs {
		for _, r := range records {
			values = append(values, r.value)
		}
	}
	slices.Sort(values)
	values = slices.Compact(values)
	above := func(i int) float64 {
		if i+1 == len(values) {
			return math.Nextafter(values[i], math.Inf(1))
		}
		return values[i] + (values[i+1]-values[i])/2
	}
	low, high := 0, len(values)-1
	for low < high {
		if middle := (low + high) / 2; average(runs, above(middle), cut).Mean >= wanted {
			high = middle
		} else {
			low = middle + 1
		}
	}
	return Threshold{H: above(low), RunLength: average(runs, above(low), cut)}
}
