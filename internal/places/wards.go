package places

import (
	"fmt"

	"openvru/internal/ids"
	"openvru/internal/period"
)

// BestWardLevel returns the set of wards that has most of the codes, and how
// many it has: the newest set among equals. "" and 0 when no set has any.
func (a *Atlas) BestWardLevel(codes []string) (ids.Level, int) {
	var best ids.Level
	most := 0
	for _, l := range a.Vintages("ward") {
		n := 0
		for _, code := range codes {
			if a.ref(l, code) != None {
				n++
			}
		}
		if n > most {
			best, most = l, n
		}
	}
	return best, most
}

// WardSetOf returns the level of the wards in force in a month: London's sets
// change with its borough elections, every fourth May. A supplier's file whose
// codes no known set has is registered under the set of its first month.
func WardSetOf(m period.Month) ids.Level {
	const election, every = 2018, 4
	year := m.Year()
	if m.Of() < 5 {
		year--
	}
	behind := (year - election) % every
	if behind < 0 {
		behind += every
	}
	return ids.Level(fmt.Sprintf("ward-%d", year-behind))
}
