package places

import "openvru/internal/geo"

// checked returns a boundary that can be used: as it is or, where it breaks a
// rule, repaired, which is reported. One that cannot be repaired stops the
// import: no point is ever placed by a boundary that contradicts itself.
func (d *drawing) checked(n int, p Place, shape geo.MultiPolygon) (geo.MultiPolygon, bool) {
	at := Example{Column: n, Value: p.Code + " " + p.Name}
	if len(shape) == 0 {
		d.add("no-shape", Refuse, at, "An area has no boundary.")
		return nil, false
	}
	found := geo.Check(shape)
	if len(found) == 0 {
		return shape, true
	}
	repaired, err := geo.Repair(shape)
	if err != nil {
		at.Value += ": " + found[0].String()
		d.add("bad-shape", Refuse, at, "A boundary contradicts itself and cannot be repaired.")
		return nil, false
	}
	if !onlyWinding(found) {
		at.Value += ": " + found[0].String()
		d.add("repaired-shape", Warn, at, "A boundary was repaired; its area is as before but for specks.")
		return repaired, true
	}
	d.add("winding", Note, Example{}, "An outline runs the wrong way round, which changes nothing; it was turned.")
	return repaired, true
}

// onlyWinding reports whether all that is wrong is the direction of outlines.
func onlyWinding(found []geo.Problem) bool {
	for _, p := range found {
		if p.Rule != geo.RuleWinding {
			return false
		}
	}
	return true
}
