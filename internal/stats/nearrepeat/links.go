package nearrepeat

import (
	"fmt"
	"math"

	"openvru/internal/stats"
)

// Zone is how close two events must be to be linked: no further apart than
// Space metres and Time days, both included.
type Zone struct {
	Space, Time float64
	Metric      Metric
}

// Links says for each event which others it is linked to.
type Links struct {
	// Before, Same and After count the linked events that came earlier, at the
	// same time, and later. An event with After above zero is an originator, one
	// with Before above zero a near repeat (or a repeat); it can be both.
	Before, Same, After []int
	// Chain is the number of the chain that holds the event: events linked
	// directly or by way of others. Chains are numbered from 0 in the order of
	// their first event as given; −1 is an event with no link.
	Chain []int
	// Sizes is the number of events in each chain.
	Sizes []int
}

// Link finds the links of a zone. No events are ErrEmpty; a single one has no
// links. NaN is ErrMissing, a zone below zero or not finite ErrOption.
func Link(e Events, z Zone) (Links, error) {
	if err := e.check(1); err != nil {
		return Links{}, err
	}
	if !(z.Space >= 0) || !(z.Time >= 0) || math.IsInf(z.Space+z.Time, 1) || z.Metric < Euclidean || z.Metric > Manhattan {
		return Links{}, fmt.Errorf("the zone of a link: %w", stats.ErrOption)
	}
	n := len(e.X)
	l := Links{Before: make([]int, n), Same: make([]int, n), After: make([]int, n)}
	root := make(forest, n)
	for i := range root {
		root[i] = int32(i)
	}
	ix := newIndex(e, z.Space)
	ix.each(z.Metric, z.Space, func(a, b int32, _ float64) bool {
		i, j := ix.order[a], ix.order[b]
		if e.Time[j] < e.Time[i] {
			i, j = j, i
		}
		if e.Time[j]-e.Time[i] <= z.Time {
			l.add(i, j, e.Time[i] == e.Time[j])
			root.join(i, j)
		}
		return true
	})
	l.number(root)
	return l, nil
}

// add keeps that i was before j, or at the same time.
func (l *Links) add(i, j int32, same bool) {
	if same {
		l.Same[i]++
		l.Same[j]++
		return
	}
	l.After[i]++
	l.Before[j]++
}

// number gives chains their numbers.
func (l *Links) number(root forest) {
	l.Chain = make([]int, len(root))
	chain := make([]int, len(root)) // 1 + the number of the chain with that root
	for i := range root {
		if l.Chain[i] = -1; l.Before[i]+l.Same[i]+l.After[i] == 0 {
			continue
		}
		r := root.find(int32(i))
		if chain[r] == 0 {
			l.Sizes = append(l.Sizes, 0)
			chain[r] = len(l.Sizes)
		}
		l.Chain[i] = chain[r] - 1
		l.Sizes[l.Chain[i]]++
	}
}

// forest finds which events hang together (union by the lower number, with
// paths halved).
type forest []int32

func (f forest) find(i int32) int32 {
	for f[i] != i {
		f[i] = f[f[i]]
		i = f[i]
	}
	return i
}

func (f forest) join(i, j int32) {
	if a, b := f.find(i), f.find(j); a < b {
		f[b] = a
	} else {
		f[a] = b
	}
}
