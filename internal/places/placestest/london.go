// Package placestest is a small London for tests: four boroughs on squares,
// with everything the real one has that can go wrong. It also has an in-memory
// Store and the suite that every Store passes.
package placestest

import (
	"fmt"

	"openvru/internal/geo"
	"openvru/internal/ids"
	"openvru/internal/places"
)

// The levels of the sample.
const (
	LSOA2011 ids.Level = "lsoa-2011"
	LSOA2021 ids.Level = "lsoa-2021"
	Ward2018 ids.Level = "ward-2018"
	Ward2025 ids.Level = "ward-2025"
)

// The sample's south-west corner and the side of a borough, in degrees.
const (
	West  = -0.20
	South = 51.50
	Side  = 0.02
)

// London returns the sample as an atlas. Its boroughs, 0.02 degrees a side:
//
//	Camden      Hackney      (north)
//	Westminster (gap)  City of London
//
// Each borough has a west and an east ward of 2018, each of those a south and a
// north LSOA of 2011. In 2021 Camden's first LSOA was split in two and the two
// of Hackney's west ward were merged. Westminster's wards were redrawn by 2025
// as a south and a north one. The City borders nobody. Every LSOA of 2011 has
// 1,000 people in 2019, plus 10 for its place in the list, and 20 more in 2020.
func London() *places.Atlas {
	a, err := places.NewAtlas(Map())
	if err != nil {
		panic(err) // the sample contradicts itself: a fault of this file
	}
	return a
}

// Map returns what London is made of, for tests that change something first.
func Map() places.Map {
	b := &builder{}
	b.add(places.London, "London")
	b.add(places.MetropolitanArea, "Metropolitan Police")
	b.add(places.CityOfLondonArea, "London, City of")
	for i, s := range boroughs {
		b.borough(i, s)
	}
	return b.Map
}

// sample is one borough: its column and row on the sheet, in sides.
type sample struct {
	code, name  string
	column, row float64
	area        ids.Place
}

var boroughs = []sample{
	{"E09000001", "City of London", 2.5, 0, places.CityOfLondonArea},
	{"E09000007", "Camden", 0, 1, places.MetropolitanArea},
	{"E09000012", "Hackney", 1, 1, places.MetropolitanArea},
	{"E09000033", "Westminster", 0, 0, places.MetropolitanArea},
}

type builder struct{ places.Map }

func (b *builder) add(p ids.Place, name string) {
	b.Places = append(b.Places, places.Place{Place: p, Name: name})
}

func (b *builder) link(child, parent ids.Place) {
	b.Links = append(b.Links, places.Link{Child: child, Parent: parent})
}

// shape gives a place a rectangle, in quarters of its borough's side.
func (b *builder) shape(p ids.Place, s sample, x0, y0, x1, y1 float64) {
	quarter := Side / 4
	at := func(x, y float64) geo.Point {
		return geo.Point{X: West + s.column*Side + x*quarter, Y: South + s.row*Side + y*quarter}
	}
	ring := geo.Ring{at(x0, y0), at(x1, y0), at(x1, y1), at(x0, y1), at(x0, y0)}
	b.Shapes = append(b.Shapes, places.Shape{Place: p, Boundary: geo.MultiPolygon{{ring}}})
}

func (b *builder) borough(i int, s sample) {
	p := ids.Place{Level: places.Borough, Code: s.code}
	b.add(p, s.name)
	b.link(p, s.area)
	b.link(p, places.London)
	b.shape(p, s, 0, 0, 4, 4)
	for half := range 2 {
		b.wards(i, half, s, p)
		for end := range 2 {
			b.lsoas(i, half, end, s, p)
		}
	}
}

// wards adds the west (0) or east (1) ward of 2018 and its namesake of 2025,
// which in Westminster is the south or north half instead.
func (b *builder) wards(i, half int, s sample, borough ids.Place) {
	x := float64(2 * half)
	old := Ward(i, half)
	name := s.name + [...]string{" West", " East"}[half]
	b.add(old, name)
	b.link(old, borough)
	b.shape(old, s, x, 0, x+2, 4)
	redrawn := s.name == "Westminster"
	now := ids.Place{Level: Ward2025, Code: old.Code}
	if redrawn {
		now.Code = fmt.Sprintf("E0509%d%d00", i, half)
		name = s.name + [...]string{" South", " North"}[half]
	}
	b.add(now, name)
	b.link(now, borough)
	if redrawn {
		b.shape(now, s, 0, x, 4, x+2)
	} else {
		b.shape(now, s, x, 0, x+2, 4)
	}
}

// Ward returns the west (0) or east (1) ward of 2018 of the i-th borough: the
// City, Camden, Hackney, Westminster.
func Ward(i, half int) ids.Place {
	return ids.Place{Level: Ward2018, Code: fmt.Sprintf("E0500%d%d00", i, half)}
}

// LSOA returns an LSOA of 2011: of the i-th borough, in its west (0) or east
// (1) ward, at the south (0) or north (1) end.
func LSOA(i, half, end int) ids.Place {
	return ids.Place{Level: LSOA2011, Code: fmt.Sprintf("E0100%d%d%d0", i, half, end)}
}

func (b *builder) lsoas(i, half, end int, s sample, borough ids.Place) {
	x, y := float64(2*half), float64(2*end)
	old := LSOA(i, half, end)
	name := fmt.Sprintf("%s 001%c", s.name, 'A'+rune(2*half+end))
	b.add(old, name)
	b.link(old, borough)
	b.link(old, Ward(i, half))
	b.link(old, ward2025(i, half, end))
	b.shape(old, s, x, y, x+2, y+2)
	b.people(old, float64(1000+10*(4*i+2*half+end)))
	switch {
	case s.name == "Camden" && half == 0 && end == 0:
		b.split(old, name, s, x, y)
	case s.name == "Hackney" && half == 0:
		b.merge(old, end, s)
	default:
		b.redo(ids.Place{Level: LSOA2021, Code: old.Code}, old, name)
		b.shape(ids.Place{Level: LSOA2021, Code: old.Code}, s, x, y, x+2, y+2)
	}
}

func ward2025(i, half, end int) ids.Place {
	if boroughs[i].name == "Westminster" {
		return ids.Place{Level: Ward2025, Code: fmt.Sprintf("E0509%d%d00", i, end)}
	}
	return ids.Place{Level: Ward2025, Code: Ward(i, half).Code}
}

func (b *builder) people(p ids.Place, n float64) {
	for year, more := range map[int]float64{2019: 0, 2020: 20} {
		for group, part := range map[places.Group]float64{places.Everybody: 1, "persons/16-29": 0.2} {
			b.Populations = append(b.Populations, places.Population{
				Place: p, Year: year, Group: group, Persons: part * (n + more), Source: "invented mid-year estimates",
			})
		}
	}
}

// redo adds an LSOA of 2021 that took the place of one of 2011, or a part.
func (b *builder) redo(now, old ids.Place, name string) {
	b.add(now, name)
	b.pair(now, old)
	for _, link := range b.Links {
		if link.Child == old {
			b.link(now, link.Parent)
		}
	}
}

func (b *builder) pair(now, old ids.Place) {
	b.Pairs = append(b.Pairs, places.Pair{From: old, To: now})
}

// split puts two LSOAs in the place of one: a quarter of it and the rest.
func (b *builder) split(old ids.Place, name string, s sample, x, y float64) {
	for n, ends := range [][2]float64{{0, 0.5}, {0.5, 2}} {
		now := ids.Place{Level: LSOA2021, Code: fmt.Sprintf("E0103900%d", n)}
		b.redo(now, old, name+string(rune('1'+n)))
		b.shape(now, s, x+ends[0], y, x+ends[1], y+2)
	}
}

// merge puts one LSOA in the place of two.
func (b *builder) merge(old ids.Place, end int, s sample) {
	now := ids.Place{Level: LSOA2021, Code: "E01039100"}
	if end == 0 {
		b.redo(now, old, s.name+" 001F")
		b.shape(now, s, 0, 0, 2, 4)
		return
	}
	b.pair(now, old)
}
