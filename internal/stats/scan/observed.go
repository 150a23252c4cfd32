package scan

import (
	"cmp"
	"container/heap"
	"math"

	"openvru/internal/stats"
)

// candidate is the best cluster about one centre.
type candidate struct {
	centre      int
	size        int // places
	squared     float64
	window      window
	cases, want float64
	value       float64
}

// better reports whether a is to be named before b. Of equal likelihood it is
// the one of fewer places, then the narrower, then the first along the curve
// that numbers the places; likelihoods within some 1e-10 are
// equal, because one set of places summed in two orders must not differ.
func better(a, b candidate) bool {
	return cmp.Or(
		cmp.Compare(level(b.value), level(a.value)),
		cmp.Compare(a.size, b.size),
		cmp.Compare(a.squared, b.squared),
		cmp.Compare(a.centre, b.centre),
		cmp.Compare(a.window.first, b.window.first),
	) < 0
}

// level numbers the values that count as equal.
func level(value float64) float64 { return math.Round(math.Log1p(value) * 1e10) }

// observer is the scratch space of one goroutine.
type observer struct {
	circles     circles
	cases, want []float64 // summed over the circle, up to each period
}

func (p *problem) observer() *observer {
	return &observer{
		circles: circles{bound: math.Inf(1)},
		cases:   make([]float64, p.periods+1),
		want:    make([]float64, p.periods+1),
	}
}

// best returns the most likely cluster about a centre that holds no blocked
// place; its value is zero if there is none.
func (p *problem) best(s *observer, centre int, blocked []bool) candidate {
	s.circles.build(p, centre)
	clear(s.cases)
	clear(s.want)
	rule := p.rule()
	out := candidate{centre: centre}
	for k, place := range s.circles.members {
		if blocked[place] {
			break
		}
		row := int(place) * (p.periods + 1)
		for t := range s.cases {
			s.cases[t] += p.cases[row+t]
			s.want[t] += p.expected[row+t]
		}
		if !s.circles.whole[k] {
			continue
		}
		for _, w := range p.windows {
			c, e := s.cases[w.end]-s.cases[w.first], s.want[w.end]-s.want[w.first]
			if rule.most(c, e) < out.value-slack(out.value) { // a tie is decided by better
				continue
			}
			next := candidate{
				centre: centre, size: k + 1, squared: s.circles.squared[k], window: w,
				cases: c, want: e, value: rule.value(c, e),
			}
			if next.value > 0 && (out.value == 0 || better(next, out)) {
				out = next
			}
		}
	}
	return out
}

// queue has the best candidate first.
type queue struct{ list []candidate }

func (q *queue) Len() int           { return len(q.list) }
func (q *queue) Less(i, j int) bool { return better(q.list[i], q.list[j]) }
func (q *queue) Swap(i, j int)      { q.list[i], q.list[j] = q.list[j], q.list[i] }
func (q *queue) Push(x any)         { q.list = append(q.list, x.(candidate)) }
func (q *queue) Pop() any {
	last := q.list[len(q.list)-1]
	q.list = q.list[:len(q.list)-1]
	return last
}

// clusters returns the most likely cluster, then again and again the most
// likely of those that do not overlap the ones before. A centre's best is worked
// out anew only when it comes to the front and overlaps: what is left of it can
// only be less.
func (p *problem) clusters() []Cluster {
	q := &queue{list: p.bestOfAll()}
	heap.Init(q)
	var out []Cluster
	blocked, barred := make([]bool, p.places), make([]bool, p.places)
	s := p.observer()
	for q.Len() > 0 && len(out) < p.options.MaxClusters {
		next := heap.Pop(q).(candidate)
		if barred[next.centre] {
			continue
		}
		again := p.best(s, next.centre, blocked)
		if again != next {
			if again.value > 0 {
				heap.Push(q, again)
			}
			continue
		}
		members := s.circles.members[:next.size]
		out = append(out, p.describe(next, members))
		p.block(members, next.centre, blocked, barred)
	}
	return out
}

// block notes which places may not be in further circles, and which may not be
// the centre of one.
func (p *problem) block(members []int32, centre int, blocked, barred []bool) {
	for _, place := range members {
		barred[place] = true
		blocked[place] = blocked[place] || p.options.Overlap == Apart
	}
	blocked[centre] = true
}

// bestOfAll returns the best cluster about each centre that has any.
func (p *problem) bestOfAll() []candidate {
	all := make([]candidate, p.places)
	scratch := make([]*observer, stats.Workers())
	none := make([]bool, p.places)
	stats.Parallel(blocks(p.places), func(worker, piece int) {
		if scratch[worker] == nil {
			scratch[worker] = p.observer()
		}
		for i := piece * blockSize; i < min((piece+1)*blockSize, p.places); i++ {
			all[i] = p.best(scratch[worker], i, none)
		}
	})
	out := all[:0]
	for _, c := range all {
		if c.value > 0 {
			out = append(out, c)
		}
	}
	return out
}

func (p *problem) describe(c candidate, members []int32) Cluster {
	out := Cluster{
		Centre: int(p.caller[c.centre]), Places: make([]int, len(members)),
		Radius: p.metres(c.squared),
		First:  c.window.first, Last: c.window.end - 1,
		Cases: c.cases, Expected: c.want,
		Ratio: c.cases / c.want, LLR: c.value,
		RelativeRisk: math.NaN(),
	}
	for i, place := range members {
		out.Places[i] = int(p.caller[place])
	}
	if !p.permute {
		out.RelativeRisk = out.Ratio / ((p.total - c.cases) / (p.total - c.want))
	}
	return out
}
