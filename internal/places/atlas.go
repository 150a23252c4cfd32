package places

import (
	"slices"
	"strings"
	"sync"

	"openvru/internal/ids"
)

// Atlas is an immutable picture of every place at one moment, held in memory
// for intake and pages: safe for use by many goroutines. What is costly and
// not always asked for (the point index, neighbours) is made at first use.
type Atlas struct {
	order  []ids.Level // smaller places first
	layers map[ids.Level]*layer
	counts []tally
	pairs  []Pair

	vectors     sync.Map // vectorKey → *vector
	conversions sync.Map // [2]ids.Level → *Conversion
}

// layer is the places of one level, in order of code: a place's Ref is its
// position.
type layer struct {
	level  ids.Level
	codes  []string
	names  []string
	years  []string // of the files that name each, separated by spaces
	refs   map[string]Ref
	direct map[ids.Level]parents // as linked
	up     map[ids.Level]parents // as followed: every level that can be reached
	shaped
	finder

	namesOnce sync.Once
	byName    map[string]Ref
}

// parents is, for each place of a level, the place of another level it lies
// in, and whether that is estimated.
type parents struct {
	refs      []Ref
	estimated []bool
}

// Levels returns the levels that have places, smaller places first and, of one
// kind, newer vintages first.
func (a *Atlas) Levels() []ids.Level { return slices.Clone(a.order) }

// Len returns how many places a level has, 0 for a level that is not there.
func (a *Atlas) Len(l ids.Level) int {
	if y := a.layers[l]; y != nil {
		return len(y.codes)
	}
	return 0
}

// Ref returns a place's dense number within its level.
func (a *Atlas) Ref(p ids.Place) (Ref, bool) {
	if y := a.layers[p.Level]; y != nil {
		if r, ok := y.refs[p.Code]; ok {
			return r, true
		}
	}
	return None, false
}

// Place returns the place a dense number names. It panics when the number is
// not of the level, as an array does.
func (a *Atlas) Place(l ids.Level, r Ref) Place {
	y := a.layers[l]
	return Place{ids.Place{Level: l, Code: y.codes[r]}, y.names[r]}
}

// Get returns a place with its name.
func (a *Atlas) Get(p ids.Place) (Place, bool) {
	r, ok := a.Ref(p)
	if !ok {
		return Place{}, false
	}
	return a.Place(p.Level, r), true
}

// All returns every place of a level in order of code.
func (a *Atlas) All(l ids.Level) []Place {
	out := make([]Place, a.Len(l))
	for r := range out {
		out[r] = a.Place(l, Ref(r))
	}
	return out
}

// FindCode returns the place of every level that has the code, smaller places
// first and the newest vintage first.
func (a *Atlas) FindCode(code string) []Place {
	var out []Place
	for _, l := range a.order {
		if p, ok := a.Get(ids.Place{Level: l, Code: code}); ok {
			out = append(out, p)
		}
	}
	return out
}

// Vintages returns the levels of one kind ("ward"), newest first.
func (a *Atlas) Vintages(kind string) []ids.Level {
	var out []ids.Level
	for _, l := range a.order {
		if l.Type() == kind {
			out = append(out, l)
		}
	}
	return out
}

// NamedFor returns the years of the sets in whose files a place is named, in
// order. A borough's code names one boundary for good, so its level has no
// vintage; this says which vintages it was met in.
func (a *Atlas) NamedFor(p ids.Place) []string {
	r, ok := a.Ref(p)
	if !ok {
		return nil
	}
	return strings.Fields(a.layers[p.Level].years[r])
}

// ref is Ref without the second answer: None when the place is not there.
func (a *Atlas) ref(l ids.Level, code string) Ref {
	r, _ := a.Ref(ids.Place{Level: l, Code: code})
	return r
}
