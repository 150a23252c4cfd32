package places

import (
	"sync"

	"openvru/internal/geo"
	"openvru/internal/ids"
)

// finder is what a layer makes of its boundaries when first asked.
type finder struct {
	indexOnce sync.Once
	index     *geo.Index
	queen     neighbourhood
	rook      neighbourhood
}

type neighbourhood struct {
	once sync.Once
	of   [][]int32
}

// Locate returns the place of a level that holds a point, by an exact polygon
// test; None when none does or the level has no boundaries.
func (a *Atlas) Locate(l ids.Level, lon, lat float64) Ref {
	x := a.pointIndex(l)
	if x == nil {
		return None
	}
	return Ref(x.Locate(geo.Point{X: lon, Y: lat}))
}

// LocateMany is Locate for many points: out[i] is the place of (lon[i],
// lat[i]). The slices must be of one length. It uses the caller's goroutine.
func (a *Atlas) LocateMany(l ids.Level, lon, lat []float64, out []Ref) {
	x := a.pointIndex(l)
	if x == nil {
		for i := range out {
			out[i] = None
		}
		return
	}
	var found [1024]int32
	for len(lon) > 0 {
		n := min(len(lon), len(found))
		x.LocateMany(lon[:n], lat[:n], found[:n])
		for i, f := range found[:n] {
			out[i] = Ref(f)
		}
		lon, lat, out = lon[n:], lat[n:], out[n:]
	}
}

// pointIndex returns the level's index, made the first time; nil when the
// level has no boundaries. Whatever boundaries there are answer, even when
// some places have none.
func (a *Atlas) pointIndex(l ids.Level) *geo.Index {
	y := a.layers[l]
	if y == nil || y.shapes == nil {
		return nil
	}
	y.indexOnce.Do(func() { y.index = geo.NewIndex(y.shapes) })
	return y.index
}
