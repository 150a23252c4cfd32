package places

import (
	"slices"

	"openvru/internal/geo"
)

// insidePoint returns a point inside an area, away from its edges: the centre
// of gravity where that is inside, and otherwise the middle of the widest
// stretch of the area at half its height.
func insidePoint(m geo.MultiPolygon) geo.Point {
	if c := m.Centroid(); m.Contains(c) {
		return c
	}
	middle := m.Bounds().Centre()
	var crossings []float64
	m.Rings(func(r geo.Ring) {
		for i, b := range r {
			a := r[(i+len(r)-1)%len(r)]
			if (a.Y <= middle.Y) != (b.Y <= middle.Y) {
				crossings = append(crossings, a.X+(b.X-a.X)*(middle.Y-a.Y)/(b.Y-a.Y))
			}
		}
	})
	slices.Sort(crossings)
	widest := 0.0
	for i := 0; i+1 < len(crossings); i += 2 {
		if w := crossings[i+1] - crossings[i]; w > widest {
			widest, middle.X = w, (crossings[i]+crossings[i+1])/2
		}
	}
	return middle
}
