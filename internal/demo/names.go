package demo

import "math/rand/v2"

// The parts of invented names: trees, waters and crafts, so that no street of
// the real city is meant.
var (
	trees  = []string{"Alder", "Ash", "Aspen", "Beech", "Birch", "Blackthorn", "Cedar", "Cherry", "Elder", "Elm", "Fir", "Hawthorn", "Hazel", "Holly", "Hornbeam", "Juniper", "Larch", "Laurel", "Lime", "Maple", "Medlar", "Oak", "Osier", "Pear", "Pine", "Plane", "Poplar", "Quince", "Rowan", "Spindle", "Sycamore", "Walnut", "Willow", "Yew"}
	crafts = []string{"Baker", "Chandler", "Cooper", "Cutler", "Dyer", "Fuller", "Glover", "Mason", "Potter", "Sadler", "Shipwright", "Tanner", "Thatcher", "Turner", "Weaver", "Wheelwright"}
	waters = []string{"Brook", "Conduit", "Ferry", "Fleet", "Ford", "Lock", "Mill", "Pond", "Quay", "Spring", "Weir", "Well"}
	ways   = []string{"Avenue", "Close", "Gardens", "Green", "Grove", "Lane", "Mews", "Place", "Road", "Row", "Street", "Terrace", "Walk", "Way", "Yard"}
	spots  = []string{"Nightclub", "Parking Area", "Pedestrian Subway", "Petrol Station", "Shopping Area", "Sports/Recreation Area", "Supermarket"}
	ends   = []string{"End", "Fields", "Green", "Heath", "Hill", "Park", "Vale"}
)

// streetName is an invented street, or one of the kinds of place that snap
// points are also named after.
func streetName(rng *rand.Rand) string {
	if rng.IntN(12) == 0 {
		return spots[rng.IntN(len(spots))]
	}
	first := trees[rng.IntN(len(trees))]
	switch rng.IntN(3) {
	case 0:
		first = crafts[rng.IntN(len(crafts))] + "s"
	case 1:
		first += " " + waters[rng.IntN(len(waters))]
	}
	return first + " " + ways[rng.IntN(len(ways))]
}

// wardName is the i-th ward's name; no two are alike.
func wardName(i int) string {
	firsts := len(trees) + len(crafts)
	k := i % firsts
	name := trees[min(k, len(trees)-1)]
	if k >= len(trees) {
		name = crafts[k-len(trees)] + "s"
	}
	round := i / firsts
	if round == 0 {
		return name + " Town"
	}
	if round <= len(ends) {
		return name + " " + ends[round-1]
	}
	return name + " " + waters[(round-len(ends)-1)%len(waters)]
}
