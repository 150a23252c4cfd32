package geo

import (
	"slices"
	"strings"

	"openvru/internal/errs"
)

// Repair returns the shape with every problem mended that can be mended in
// only one way: rings are closed and turned the right way round, repeated
// points and spikes taken out, rings without area dropped, and a ring that
// crosses itself is parted at the crossings. Everything else is refused with a
// sentence: a shape that Repair returns has passed Check.
func Repair(m MultiPolygon) (MultiPolygon, error) {
	if bad := Check(m); breaks(bad, RuleCoordinate, RuleTangled, RuleRings) {
		return nil, cannotRepair(bad)
	}
	var out MultiPolygon
	for i, polygon := range m {
		cleaned := clean(polygon)
		if len(cleaned) > 0 && cleaned[0] == nil {
			return nil, cannotRepair([]Problem{{RuleHole, i, 1, cleaned[1][0]}})
		}
		if len(cleaned) > 0 {
			out = append(out, cleaned)
		}
	}
	if len(out) == 0 {
		return nil, errs.New(errs.Invalid, "The area has nothing left of it when lines without area are taken out.").
			WithHint(repairHint)
	}
	out, err := part(out)
	if err != nil {
		return nil, err
	}
	out = wind(out)
	if left := Check(out); len(left) > 0 {
		return nil, cannotRepair(left)
	}
	return out, nil
}

const repairHint = "Mend the boundary where it was drawn, or take the area from its publisher again."

func cannotRepair(problems []Problem) error {
	var told []string
	for _, p := range problems[:min(len(problems), 3)] {
		told = append(told, p.String())
	}
	return errs.New(errs.Invalid, "%s It cannot be mended without guessing.", strings.Join(told, " ")).WithHint(repairHint)
}

// clean returns the polygon with its rings cleaned and without those that have
// no area. A shell without area that has holes with one leaves nil in its
// place.
func clean(polygon Polygon) Polygon {
	var out Polygon
	for i, ring := range polygon {
		ring = ring.cleaned()
		if ring != nil && i > 0 && len(out) == 0 {
			out = append(out, nil)
		}
		if ring != nil {
			out = append(out, ring)
		}
	}
	return out
}

// cleaned returns the ring closed, without repeated points and without spikes,
// or nil when no area is left. Taking a spike out may
// make another, so it goes on until there is none.
func (r Ring) cleaned() Ring {
	cycle := r.distinct()
	for len(cycle) > 2 {
		at, found := cycle.spike()
		if !found {
			break
		}
		cycle = slices.Delete(cycle, at, at+1).distinct()
	}
	if len(cycle) < 3 || !cycle.turns() {
		return nil
	}
	return append(cycle, cycle[0])
}

// wind returns the shape with its rings turned the right way round.
func wind(m MultiPolygon) MultiPolygon {
	out := make(MultiPolygon, len(m))
	for i, polygon := range m {
		for j, ring := range polygon {
			if (ring.SignedArea() < 0) == (j == 0) {
				ring = slices.Clone(ring)
				slices.Reverse(ring)
			}
			out[i] = append(out[i], ring)
		}
	}
	return out
}

// part returns the shape with rings that cross themselves parted.
func part(m MultiPolygon) (MultiPolygon, error) {
	crossed := map[[2]int]Problem{}
	for _, p := range checkCrossings(m) {
		if p.Rule != RuleCrossing {
			return nil, cannotRepair([]Problem{p})
		}
		crossed[[2]int{p.Part, p.Ring}] = p
	}
	if len(crossed) == 0 {
		return m, nil
	}
	var out MultiPolygon
	for i, polygon := range m {
		var shells, holes []Ring
		for j, ring := range polygon {
			rings := []Ring{ring}
			if problem, bad := crossed[[2]int{i, j}]; bad {
				var ok bool
				if rings, ok = uncross(ring); !ok {
					return nil, cannotRepair([]Problem{problem})
				}
			}
			if j == 0 {
				var inner []Ring
				shells, inner = splitByTurn(rings)
				holes = append(holes, inner...)
			} else {
				holes = append(holes, rings...)
			}
		}
		out = append(out, deal(shells, holes)...)
	}
	return out, nil
}

// splitByTurn tells the shells that came of a shell from the holes. A shell
// that was whole stays one, whichever way round it runs.
func splitByTurn(rings []Ring) (shells, holes []Ring) {
	if len(rings) == 1 {
		return rings, nil
	}
	for _, ring := range rings {
		if ring.SignedArea() < 0 {
			holes = append(holes, ring)
		} else {
			shells = append(shells, ring)
		}
	}
	return shells, holes
}

// deal gives each hole to the shell that it lies in, or to the first when it
// lies in none, for Check to find.
func deal(shells, holes []Ring) []Polygon {
	out := make([]Polygon, len(shells))
	for i, shell := range shells {
		out[i] = Polygon{shell}
	}
	for _, hole := range holes {
		at := slices.IndexFunc(shells, func(shell Ring) bool { return within(hole, Polygon{shell}) })
		at = max(at, 0)
		out[at] = append(out[at], hole)
	}
	return out
}
