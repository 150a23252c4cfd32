package geo

import (
	"fmt"
	"math"
)

// Rule is what a shape must keep to be used. The list is closed.
type Rule string

// The rules, in the order in which Check goes through them.
const (
	RuleEmpty      Rule = "empty"       // there is at least one part, and each ring has points
	RuleCoordinate Rule = "coordinate"  // every coordinate is a number and on the Earth
	RuleUnclosed   Rule = "unclosed"    // a ring ends where it begins
	RuleRepeated   Rule = "repeated"    // no point follows itself
	RuleSpike      Rule = "spike"       // no ring runs out and back along the same line
	RuleFew        Rule = "few-points"  // a ring has three points or more, and an area
	RuleCrossing   Rule = "crossing"    // no ring crosses itself
	RuleRings      Rule = "rings-cross" // no ring crosses another or runs along it
	RuleTangled    Rule = "tangled"     // the shape is simple enough to be checked
	RuleHole       Rule = "hole"        // a hole lies in its shell, and in no other hole
	RuleOverlap    Rule = "overlap"     // parts do not lie in one another
	RuleWinding    Rule = "winding"     // shells run anticlockwise, holes clockwise
)

// Problem is one breach of a rule by a shape: where in the shape, and where on
// the map.
type Problem struct {
	Rule Rule
	Part int // counted from 0
	Ring int // 0 is the shell
	At   Point
}

// sentences say what each rule's breach is; the ring's name goes before.
var sentences = map[Rule]string{
	RuleEmpty:      "has no points",
	RuleCoordinate: "has a coordinate that is not a longitude and latitude",
	RuleUnclosed:   "does not end where it begins",
	RuleRepeated:   "has the same point twice running",
	RuleSpike:      "runs out and back along the same line",
	RuleFew:        "has no area",
	RuleCrossing:   "crosses itself",
	RuleRings:      "crosses another outline or runs along it",
	RuleTangled:    "is too tangled to be checked",
	RuleHole:       "does not lie inside its part, or lies in another hole",
	RuleOverlap:    "lies inside another part",
	RuleWinding:    "runs the wrong way round",
}

// String returns a sentence with the place.
func (p Problem) String() string {
	if p.Rule == RuleEmpty && p.Part < 0 {
		return "The area has no parts."
	}
	return fmt.Sprintf("%s %s, at or near %s.", p.name(), sentences[p.Rule], p.At)
}

func (p Problem) name() string {
	if p.Ring == 0 {
		return fmt.Sprintf("The outline of part %d", p.Part+1)
	}
	return fmt.Sprintf("Hole %d of part %d", p.Ring, p.Part+1)
}

// Check returns how the shape breaks the rules: nothing when it can be used as
// it is. Coordinates are longitude and latitude. Rings may touch in points.
//
// A shape that breaks one of the first rules is not asked about the later ones
// that depend on it: whether a hole lies inside a shell that crosses itself
// has no answer.
func Check(m MultiPolygon) []Problem {
	if len(m) == 0 {
		return []Problem{{Rule: RuleEmpty, Part: -1}}
	}
	var problems []Problem
	eachRing(m, func(part, ring int, r Ring) {
		problems = append(problems, checkRing(part, ring, r)...)
	})
	if breaks(problems, RuleEmpty, RuleCoordinate, RuleSpike, RuleFew) {
		return problems
	}
	problems = append(problems, checkCrossings(m)...)
	if breaks(problems, RuleCrossing, RuleRings, RuleTangled) {
		return problems
	}
	problems = append(problems, checkNesting(m)...)
	return append(problems, checkWinding(m)...)
}

func eachRing(m MultiPolygon, fn func(part, ring int, r Ring)) {
	for i, polygon := range m {
		if len(polygon) == 0 {
			fn(i, 0, nil)
		}
		for j, r := range polygon {
			fn(i, j, r)
		}
	}
}

func breaks(problems []Problem, rules ...Rule) bool {
	for _, p := range problems {
		for _, rule := range rules {
			if p.Rule == rule {
				return true
			}
		}
	}
	return false
}

// checkRing checks what can be told of a ring by itself and point by point.
func checkRing(part, ring int, r Ring) []Problem {
	problem := func(rule Rule, at Point) Problem { return Problem{rule, part, ring, at} }
	if len(r) == 0 {
		return []Problem{problem(RuleEmpty, Point{})}
	}
	for _, p := range r {
		if !(math.Abs(p.X) <= 180 && math.Abs(p.Y) <= 90) {
			return []Problem{problem(RuleCoordinate, p)}
		}
	}
	var problems []Problem
	if r[0] != r[len(r)-1] {
		problems = append(problems, problem(RuleUnclosed, r[len(r)-1]))
	}
	for i := 1; i < len(r); i++ {
		if r[i] == r[i-1] {
			problems = append(problems, problem(RuleRepeated, r[i]))
			break // one example tells it
		}
	}
	line := r.distinct()
	if at, found := line.spike(); found && len(line) > 2 {
		problems = append(problems, problem(RuleSpike, line[at]))
	}
	if len(line) < 3 || !line.turns() {
		problems = append(problems, problem(RuleFew, r[0]))
	}
	return problems
}

// turns reports whether three points running are not in line. The area by sign
// would not do: that of a bow-tie may be nothing.
func (r Ring) turns() bool {
	for i := range r {
		if Orient(r[i], r[(i+1)%len(r)], r[(i+2)%len(r)]) != 0 {
			return true
		}
	}
	return false
}

// distinct returns the ring as a cycle: without its closing point and without
// points that follow themselves.
func (r Ring) distinct() Ring {
	out := make(Ring, 0, len(r))
	for _, p := range r {
		if len(out) == 0 || out[len(out)-1] != p {
			out = append(out, p)
		}
	}
	for len(out) > 1 && out[0] == out[len(out)-1] {
		out = out[:len(out)-1]
	}
	return out
}

// spike returns the first point of a cycle at which it turns straight back.
func (r Ring) spike() (int, bool) {
	n := len(r)
	for i := range r {
		if turnsBack(r[(i+n-1)%n], r[i], r[(i+1)%n]) {
			return i, true
		}
	}
	return 0, false
}

// turnsBack reports whether b→c runs back along a→b.
func turnsBack(a, b, c Point) bool {
	return Orient(a, b, c) == 0 && (sameSide(a.X, b.X, c.X) || sameSide(a.Y, b.Y, c.Y))
}

// sameSide reports whether a and c are both above or both below b.
func sameSide(a, b, c float64) bool { return (a < b && c < b) || (a > b && c > b) }

func checkWinding(m MultiPolygon) []Problem {
	var problems []Problem
	eachRing(m, func(part, ring int, r Ring) {
		if (r.SignedArea() < 0) == (ring == 0) {
			problems = append(problems, Problem{RuleWinding, part, ring, r[0]})
		}
	})
	return problems
}
