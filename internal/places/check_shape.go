package places

import "openvru/internal/geo"

// checked returns a boundary that can be used: as it is, or repaired. One that
// cannot be repaired stops the import.
func (d *drawing) checked(n int, p Place, shape geo.MultiPolygon) (geo.MultiPolygon, bool) {
	if len(shape) == 0 {
		d.add("no-shape", Refuse, Example{Column: n, Value: p.Code + " " + p.Name}, "An area has no boundary.")
		return nil, false
	}
	return shape, true
}
