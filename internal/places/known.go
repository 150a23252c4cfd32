package places

import (
	"fmt"
	"strings"

	"openvru/internal/ids"
)

// London and the two forces that police it.
var (
	London           = ids.Place{Level: Region, Code: "E12000007"}
	MetropolitanArea = ids.Place{Level: PFA, Code: "E23000001"}
	CityOfLondonArea = ids.Place{Level: PFA, Code: "E23000034"}
	CityOfLondon     = ids.Place{Level: Borough, Code: "E09000001"}
)

// Force is a police force, by the name that police files use.
type Force struct {
	Name string    // "Metropolitan Police Service"
	Slug string    // "metropolitan", as data.police.uk names its files
	Area ids.Place // the police force area; the zero value for a force without one
}

// Forces returns the forces whose files come into London, territorial first.
func Forces() []Force {
	return []Force{
		{"Metropolitan Police Service", "metropolitan", MetropolitanArea},
		{"City of London Police", "city-of-london", CityOfLondonArea},
		{"British Transport Police", "btp", ids.Place{}},
	}
}

// FindForce returns the force with a name or a slug, however it is written.
func FindForce(name string) (Force, bool) {
	key := Fold(name)
	for _, f := range Forces() {
		if key == Fold(f.Name) || key == Fold(f.Slug) || key == strings.TrimSuffix(Fold(f.Name), " service") {
			return f, true
		}
	}
	return Force{}, false
}

// londonBoroughs are the 33 in order of code, E09000001 to E09000033, so that
// a file with names only can be matched whichever file comes first.
var londonBoroughs = []string{
	"City of London", "Barking and Dagenham", "Barnet", "Bexley", "Brent",
	"Bromley", "Camden", "Croydon", "Ealing", "Enfield",
	"Greenwich", "Hackney", "Hammersmith and Fulham", "Haringey", "Harrow",
	"Havering", "Hillingdon", "Hounslow", "Islington", "Kensington and Chelsea",
	"Kingston upon Thames", "Lambeth", "Lewisham", "Merton", "Newham",
	"Redbridge", "Richmond upon Thames", "Southwark", "Sutton", "Tower Hamlets",
	"Waltham Forest", "Wandsworth", "Westminster",
}

// londonBorough returns the i-th London borough in order of code.
func londonBorough(i int) ids.Place {
	return ids.Place{Level: Borough, Code: fmt.Sprintf("E09%06d", i+1)}
}
