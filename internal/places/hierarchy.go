package places

import (
	"slices"

	"openvru/internal/ids"
)

// Up returns the place of another level that p lies in, following links as far
// as need be. A place lies in itself.
func (a *Atlas) Up(p ids.Place, to ids.Level) (ids.Place, bool) {
	r, ok := a.Ref(p)
	if !ok {
		return ids.Place{}, false
	}
	u := a.UpRef(p.Level, r, to)
	if u == None {
		return ids.Place{}, false
	}
	return a.Place(to, u).Place, true
}

// UpRef is Up by dense number: an array look-up. None when nothing says.
func (a *Atlas) UpRef(from ids.Level, r Ref, to ids.Level) Ref {
	if from == to {
		return r
	}
	y := a.layers[from]
	if y == nil || r < 0 {
		return None
	}
	refs := y.up[to].refs
	if refs == nil {
		return None
	}
	return refs[r]
}

// UpTable returns UpRef for every place of a level at once, for loops over
// many rows; nil when no place of the level lies in one of the other. The
// caller must not change it.
func (a *Atlas) UpTable(from, to ids.Level) []Ref {
	if y := a.layers[from]; y != nil {
		return y.up[to].refs
	}
	return nil
}

// UpEstimated reports whether the link that Up follows is estimated: the place
// lies only mostly in the other, or nobody published that it does.
func (a *Atlas) UpEstimated(p ids.Place, to ids.Level) bool {
	r, ok := a.Ref(p)
	if !ok || p.Level == to {
		return false
	}
	e := a.layers[p.Level].up[to].estimated
	return e != nil && e[r]
}

// Down returns the places of a smaller level that lie in p, in order of code.
func (a *Atlas) Down(p ids.Place, to ids.Level) []ids.Place {
	refs := a.DownRefs(p, to)
	out := make([]ids.Place, len(refs))
	for i, r := range refs {
		out[i] = a.Place(to, r).Place
	}
	return out
}

// DownRefs is Down by dense number.
func (a *Atlas) DownRefs(p ids.Place, to ids.Level) []Ref {
	at, ok := a.Ref(p)
	if !ok {
		return nil
	}
	if p.Level == to {
		return []Ref{at}
	}
	var out []Ref
	for r, u := range a.UpTable(to, p.Level) {
		if u == at {
			out = append(out, Ref(r))
		}
	}
	return out
}

// climb works out, for every level, all the levels its places can be followed
// up to. Where there are several ways the shortest published one wins, place
// by place.
func (a *Atlas) climb() {
	done := make(map[ids.Level]bool)
	for i := len(a.order) - 1; i >= 0; i-- {
		a.climbFrom(a.order[i], done)
	}
}

func (a *Atlas) climbFrom(l ids.Level, done map[ids.Level]bool) {
	if done[l] {
		return
	}
	done[l] = true
	y := a.layers[l]
	y.up = make(map[ids.Level]parents, len(y.direct))
	steps := sortedLevels(y.direct)
	for _, step := range steps {
		y.add(step, y.direct[step])
	}
	for _, step := range steps {
		a.climbFrom(step, done)
		next := a.layers[step]
		for _, to := range sortedLevels(next.up) {
			if to != l {
				y.add(to, compose(y.direct[step], next.up[to]))
			}
		}
	}
}

// add fills in the parents that are not known yet, and puts a published link
// in the place of an estimated one.
func (y *layer) add(to ids.Level, p parents) {
	have, ok := y.up[to]
	if !ok {
		y.up[to] = parents{slices.Clone(p.refs), slices.Clone(p.estimated)}
		return
	}
	for i, r := range p.refs {
		if r != None && (have.refs[i] == None || have.estimated[i] && !p.estimated[i]) {
			have.refs[i], have.estimated[i] = r, p.estimated[i]
		}
	}
}

// compose follows two links, one after the other.
func compose(first, second parents) parents {
	out := parents{make([]Ref, len(first.refs)), make([]bool, len(first.refs))}
	for i, mid := range first.refs {
		out.refs[i] = None
		if mid != None {
			out.refs[i] = second.refs[mid]
			out.estimated[i] = first.estimated[i] || second.estimated[mid]
		}
	}
	return out
}

func sortedLevels(m map[ids.Level]parents) []ids.Level {
	out := make([]ids.Level, 0, len(m))
	for l := range m {
		out = append(out, l)
	}
	slices.SortFunc(out, CompareLevels)
	return out
}
