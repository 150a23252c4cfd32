// Package intaketest helps to test what reads files: a small map with the real
// boroughs of London, writers of files in their publishers' forms, and the
// reading of a file without anything around it.
package intaketest

import (
	"fmt"

	"openvru/internal/ids"
	"openvru/internal/places"
)

// Boroughs are the names of London's boroughs, the City first, in the order of
// their codes.
var Boroughs = []string{
	"City of London", "Barking and Dagenham", "Barnet", "Bexley", "Brent", "Bromley", "Camden", "Croydon", "Ealing",
	"Enfield", "Greenwich", "Hackney", "Hammersmith and Fulham", "Haringey", "Harrow", "Havering", "Hillingdon",
	"Hounslow", "Islington", "Kensington and Chelsea", "Kingston upon Thames", "Lambeth", "Lewisham", "Merton", "Newham",
	"Redbridge", "Richmond upon Thames", "Southwark", "Sutton", "Tower Hamlets", "Waltham Forest", "Wandsworth", "Westminster",
}

// Wards2018 and Wards2022 are the sets of wards of the map.
const (
	Wards2018 ids.Level = "ward-2018"
	Wards2022 ids.Level = "ward-2022"
)

// BoroughCode returns the code of a borough by its place in Boroughs.
func BoroughCode(i int) string { return fmt.Sprintf("E090000%02d", i+1) }

// WardCode returns the code of one of a borough's two wards, 0 or 1. Boroughs
// with an even number kept their wards in 2022; the others have new codes.
func WardCode(set ids.Level, borough, n int) string {
	if set == Wards2022 && borough%2 == 1 {
		return fmt.Sprintf("E0501%02d%d0", borough, n)
	}
	return fmt.Sprintf("E0500%02d%d0", borough, n)
}

// London returns the map: the boroughs, two wards in each by both sets, the
// two police areas and the region. It has no boundaries.
func London() *places.Atlas {
	var m places.Map
	add := func(p ids.Place, name string, above ...ids.Place) {
		m.Places = append(m.Places, places.Place{Place: p, Name: name})
		for _, a := range above {
			m.Links = append(m.Links, places.Link{Child: p, Parent: a})
		}
	}
	add(places.London, "London")
	add(places.MetropolitanArea, "Metropolitan Police")
	add(places.CityOfLondonArea, "London, City of")
	for i, name := range Boroughs {
		force := places.MetropolitanArea
		if i == 0 {
			force = places.CityOfLondonArea
		}
		borough := ids.Place{Level: places.Borough, Code: BoroughCode(i)}
		add(borough, name, force, places.London)
		for _, set := range []ids.Level{Wards2018, Wards2022} {
			for n := range 2 {
				add(ids.Place{Level: set, Code: WardCode(set, i, n)}, fmt.Sprintf("%s %s", name, []string{"North", "South"}[n]), borough)
			}
		}
	}
	a, err := places.NewAtlas(m)
	if err != nil {
		panic(err) // the map contradicts itself: a fault of this file
	}
	return a
}
