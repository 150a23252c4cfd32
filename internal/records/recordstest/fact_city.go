package recordstest

import (
	"fmt"
	"math/rand/v2"

	"openvru/internal/ids"
	"openvru/internal/period"
	"openvru/internal/places"
	"openvru/internal/records"
)

// StreetCategories are the keys of street crime, as police-uk declares them.
var StreetCategories = []string{
	"anti-social-behaviour", "bicycle-theft", "burglary", "criminal-damage-and-arson", "drugs", "other-crime", "other-theft",
	"possession-of-weapons", "public-order", "robbery", "shoplifting", "theft-from-the-person", "vehicle-crime", "violence-and-sexual-offences",
}

// StreetLevels are the levels street crime is counted at.
var StreetLevels = []ids.Level{LSOA1, LSOA2, Ward, records.LevelBorough}

// BigCity is an invented London of its real size, with flat hierarchies, for
// tests of speed: 4,835 and 4,994 LSOAs, 630 wards, 33 boroughs. It is a
// records.Gazetteer.
type BigCity struct{ codes map[ids.Level][]string }

// NewBigCity returns the city.
func NewBigCity() BigCity {
	c := BigCity{map[ids.Level][]string{}}
	for level, n := range map[ids.Level]int{LSOA1: 4835, LSOA2: 4994, Ward: 630, records.LevelBorough: 33} {
		prefix := map[ids.Level]string{LSOA1: "E010", LSOA2: "E010", Ward: "E050", records.LevelBorough: "E090"}[level]
		for i := range n {
			c.codes[level] = append(c.codes[level], fmt.Sprintf("%s%05d", prefix, i+1))
		}
	}
	return c
}

// Len returns how many places a level has.
func (c BigCity) Len(l ids.Level) int { return len(c.codes[l]) }

// Place returns a place by its number.
func (c BigCity) Place(l ids.Level, r places.Ref) places.Place {
	return places.Place{Place: ids.Place{Level: l, Code: c.codes[l][r]}, Name: string(l) + " " + c.codes[l][r]}
}

// UpRef returns the larger place that holds a smaller one.
func (c BigCity) UpRef(from ids.Level, r places.Ref, to ids.Level) places.Ref {
	return places.Ref(int(r) * len(c.codes[to]) / len(c.codes[from]))
}

// Batches makes n rows of street crime over some months, a month after another
// as the files are, always the same.
func (c BigCity) Batches(n int, months period.Range) []*records.Batch {
	rng := rand.New(rand.NewPCG(1, uint64(months.From)))
	var out []*records.Batch
	for from := 0; from < n; from += 1 << 14 {
		b := &records.Batch{At: make([][]places.Ref, len(StreetLevels))}
		for i := from; i < min(n, from+1<<14); i++ {
			b.Add(records.Row{Month: months.From + period.Month(i*months.Len()/n), Category: uint16(rng.IntN(14)), Count: 1})
			lsoa := places.Ref(rng.IntN(len(c.codes[LSOA1])))
			for l, level := range StreetLevels {
				b.At[l] = append(b.At[l], c.UpRef(LSOA1, lsoa, level))
			}
		}
		out = append(out, b)
	}
	return out
}

// Spec is how the city's street crime is counted.
func (c BigCity) Spec() records.FactSpec {
	return records.FactSpec{Source: records.PoliceUK, Categories: StreetCategories, Levels: StreetLevels, WholeForce: true}
}

// CityFacts counts n rows of street crime of the city over ten months of 2019.
func CityFacts(n int) records.EditionFacts {
	return NewBigCity().Facts(n, period.Range{From: period.NewMonth(2019, 1), To: period.NewMonth(2019, 10)})
}

// Facts counts n rows over some months.
func (c BigCity) Facts(n int, months period.Range) records.EditionFacts {
	builder := records.NewFactBuilder(c, c.Spec())
	for _, rows := range c.Batches(n, months) {
		builder.AddBatch(rows)
	}
	facts, err := builder.Build([]string{Met})
	if err != nil {
		panic(err)
	}
	return facts
}

// Atlas is the city as an atlas, in London and the Metropolitan Police area,
// with a population of 1,800 an LSOA in 2020 and no boundaries.
func (c BigCity) Atlas() *places.Atlas {
	var m places.Map
	link := func(child, parent ids.Place) {
		m.Links = append(m.Links, places.Link{Child: child, Parent: parent})
	}
	force := ids.Place{Level: records.LevelForce, Code: Met}
	m.Places = append(m.Places, places.Place{Place: places.London, Name: "London"}, places.Place{Place: force, Name: "Metropolitan Police"})
	link(force, places.London)
	for _, l := range StreetLevels {
		for r := range c.Len(l) {
			p := c.Place(l, places.Ref(r))
			m.Places = append(m.Places, p)
			if l == records.LevelBorough {
				link(p.Place, force)
				link(p.Place, places.London)
				continue
			}
			link(p.Place, c.Place(records.LevelBorough, c.UpRef(l, places.Ref(r), records.LevelBorough)).Place)
			if l != Ward {
				link(p.Place, c.Place(Ward, c.UpRef(l, places.Ref(r), Ward)).Place)
				m.Populations = append(m.Populations, places.Population{Place: p.Place, Year: 2020, Group: places.Everybody, Persons: 1800, Source: "test"})
			}
		}
	}
	atlas, err := places.NewAtlas(m)
	if err != nil {
		panic(err)
	}
	return atlas
}
