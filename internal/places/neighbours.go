package places

import (
	"openvru/internal/geo"
	"openvru/internal/ids"
)

// Contiguity says what makes two places neighbours.
type Contiguity int

const (
	// Queen neighbours share at least a point of their boundaries.
	Queen Contiguity = iota
	// Rook neighbours share a length of boundary.
	Rook
)

// Neighbours returns the places of the same level that border p, in order of
// code; none for an island.
func (a *Atlas) Neighbours(p ids.Place, kind Contiguity) []ids.Place {
	r, ok := a.Ref(p)
	if !ok {
		return nil
	}
	lists := a.NeighbourLists(p.Level, kind)
	if lists == nil {
		return nil
	}
	out := make([]ids.Place, len(lists[r]))
	for i, n := range lists[r] {
		out[i] = a.Place(p.Level, Ref(n)).Place
	}
	return out
}

// NeighbourLists returns the neighbours of every place of a level by dense
// number, islands as empty lists: what spatial statistics are given. Nil when
// the level has no boundaries. The caller must not change it.
func (a *Atlas) NeighbourLists(l ids.Level, kind Contiguity) [][]int32 {
	y := a.layers[l]
	if y == nil || y.shapes == nil {
		return nil
	}
	n, contiguity := &y.queen, geo.Queen
	if kind == Rook {
		n, contiguity = &y.rook, geo.Rook
	}
	n.once.Do(func() { n.of = geo.Neighbours(y.shapes, contiguity) })
	return n.of
}
