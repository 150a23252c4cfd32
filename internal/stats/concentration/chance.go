package concentration

import (
	"fmt"
	"math"
	"slices"

	"openvru/internal/stats"
)

// Chance is how concentrated as many events would be if each fell on a place by
// chance alone.
type Chance struct {
	Mean     Measures  // of the replications
	Interval Intervals // the middle of the replications
	// P is the chance of a Gini as high as the observed one or higher.
	P float64
}

// ByChance throws as many events as were counted at the places, over and over,
// each at a place with a chance in proportion to its risk (its people, its
// length, its area); no risks are the same for all. It shows how much of a
// concentration there must be for want of events: with one event for two places,
// half of them cannot be elsewhere than at a quarter of the places. Counts that
// are not whole are ErrOption, a risk for fewer or more places ErrLength, no risk
// at all ErrNoPopulation; the rest is as for Of.
func ByChance(counts, risk []float64, o Options) (Chance, error) {
	o, err := o.orDefault()
	if err != nil {
		return Chance{}, err
	}
	observed, err := Of(counts, o.Share)
	if err != nil {
		return Chance{}, err
	}
	if err := whole(counts); err != nil {
		return Chance{}, err
	}
	if observed.Total > math.MaxInt32 {
		return Chance{}, fmt.Errorf("too many events to throw: %w", stats.ErrOption)
	}
	thrower, err := newThrower(len(counts), risk)
	if err != nil {
		return Chance{}, err
	}
	all := make([]Measures, o.Replications)
	own := make([]trial, stats.Workers())
	stats.Parallel(o.Replications, func(worker, k int) {
		r := stats.NewRand(o.Seed, uint64(k))
		all[k] = own[worker].measure(thrower, int(observed.Total), &r, o.Share)
	})
	c := Chance{Interval: middle(all, o.Confidence)}
	atLeast := 0
	for _, m := range all {
		c.Mean.Gini += m.Gini / float64(len(all))
		c.Mean.Unbiased += m.Unbiased / float64(len(all))
		c.Mean.Generalised += m.Generalised / float64(len(all))
		c.Mean.Holding += m.Holding / float64(len(all))
		if m.Gini >= observed.Gini {
			atLeast++
		}
	}
	c.P = stats.MonteCarlo(atLeast, len(all))
	return c, nil
}

func whole(counts []float64) error {
	for _, v := range counts {
		if v != math.Trunc(v) {
			return fmt.Errorf("this is for counts of events, which are whole: %w", stats.ErrOption)
		}
	}
	return nil
}

// thrower picks places by their risk: column i gives place i with chance
// own[i] and another one otherwise (Walker 1977; Vose 1991). With no risks all
// places are alike.
//
// Where there are many more events than places, share[i], the chance of place i
// for an event that fell on none before it, gives all that fall on it at once.
type thrower struct {
	places int
	own    []float64
	other  []int32
	share  []float64
}

func newThrower(places int, risk []float64) (thrower, error) {
	t := thrower{places: places, share: make([]float64, places)}
	if risk == nil {
		for i := range t.share {
			t.share[i] = 1 / float64(places-i)
		}
		return t, nil
	}
	if len(risk) != places {
		return t, stats.ErrLength
	}
	if err := stats.Counts(risk); err != nil {
		return t, err
	}
	total := 0.0
	for _, v := range risk {
		total += v
	}
	if !(total > 0) || math.IsInf(total, 1) {
		return t, stats.ErrNoPopulation
	}
	rest := 0.0
	for i := places - 1; i >= 0; i-- {
		if rest += risk[i]; risk[i] > 0 {
			t.share[i] = risk[i] / rest // one for the last with any
		}
	}
	t.own, t.other = make([]float64, places), make([]int32, places)
	var poor, rich []int32
	for i, v := range risk {
		t.own[i], t.other[i] = v/total*float64(places), int32(i)
		if t.own[i] < 1 {
			poor = append(poor, int32(i))
		} else {
			rich = append(rich, int32(i))
		}
	}
	for len(poor) > 0 && len(rich) > 0 {
		p, r := poor[len(poor)-1], rich[len(rich)-1]
		poor = poor[:len(poor)-1]
		t.other[p] = r
		if t.own[r] -= 1 - t.own[p]; t.own[r] < 1 {
			rich = rich[:len(rich)-1]
			poor = append(poor, r)
		}
	}
	return t, nil
}

// trial is room for one replication.
type trial struct {
	counts, places []int32 // counts by place; places by count
	values, sorted []float64
	ones           []int32
}

func (t *trial) measure(from thrower, events int, r *stats.Rand, share float64) Measures {
	if t.counts == nil {
		t.counts = make([]int32, from.places)
	}
	clear(t.counts)
	from.throw(events, t.counts, r)
	most := 0
	for _, c := range t.counts {
		most = max(most, int(c))
	}
	if most > 4*from.places+1000 {
		return t.measureSorted(share)
	}
	t.values = upTo(t.values, most+1)
	if len(t.places) < len(t.values) {
		t.places = make([]int32, 2*len(t.values))
	}
	clear(t.places)
	for _, c := range t.counts {
		t.places[c]++
	}
	return measure(t.values[:most+1], t.places[:most+1], share)
}

// measureSorted is for counts so high that there are far fewer places than
// numbers up to them.
func (t *trial) measureSorted(share float64) Measures {
	if t.sorted == nil {
		t.sorted, t.ones = make([]float64, len(t.counts)), make([]int32, len(t.counts))
		for i := range t.ones {
			t.ones[i] = 1
		}
	}
	for i, c := range t.counts {
		t.sorted[i] = float64(c)
	}
	slices.Sort(t.sorted)
	return measure(t.sorted, t.ones, share)
}

// oneByOne is how many events a place are thrown singly: more are drawn by place,
// which takes as long however many they are.
const oneByOne = 30

func (t thrower) throw(events int, counts []int32, r *stats.Rand) {
	if events > oneByOne*t.places {
		for i, p := range t.share {
			n := r.Binomial(events, p)
			counts[i] = int32(n)
			events -= n
		}
		return
	}
	if t.own == nil {
		throw(events, counts, r)
		return
	}
	n := uint32(t.places)
	for range events {
		i := r.Below(n)
		if r.Float64() >= t.own[i] {
			i = uint32(t.other[i])
		}
		counts[i]++
	}
}
