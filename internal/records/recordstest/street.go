package recordstest

import (
	"bufio"
	"encoding/hex"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"

	"openvru/internal/period"
	"openvru/internal/places"
)

// StreetFile writes street crime in the form of data.police.uk that resembles
// the real thing in all that reading it costs: map points that repeat, rows of
// a month sorted by LSOA, codes of 2011 and of 2021, anti-social behaviour
// without an id, one row in fifty without a place, now and then an id that
// repeats, real lengths of every word. The same seed writes the same file.
type StreetFile struct {
	Atlas  *places.Atlas
	Rows   int
	Months period.Range
	Seed   uint64

	spots []spot
	rng   *rand.Rand
}

// spot is a map point.
type spot struct {
	old, new, name string // LSOA codes of 2011 and 2021, and the LSOA's name
	lon, lat       float64
	street         string
}

// spotsPerLSOA is about how many map points an LSOA of London has.
const spotsPerLSOA = 12

// StreetHeader is the first line of a street file.
const StreetHeader = "Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name,Crime type,Last outcome category,Context\n"

// kinds are crime types with how often each is met among a thousand rows of
// London.
var kinds = []struct {
	name  string
	often int
}{
	{"Anti-social behaviour", 230}, {"Bicycle theft", 18}, {"Burglary", 55}, {"Criminal damage and arson", 47}, {"Drugs", 38}, {"Other crime", 10},
	{"Other theft", 105}, {"Possession of weapons", 6}, {"Public order", 46}, {"Robbery", 30}, {"Shoplifting", 40}, {"Theft from the person", 50},
	{"Vehicle crime", 110}, {"Violence and sexual offences", 215},
}

var outcomes = []string{
	"Investigation complete; no suspect identified", "Investigation complete; no suspect identified", "Investigation complete; no suspect identified",
	"Status update unavailable", "Status update unavailable", "Unable to prosecute suspect", "Awaiting court outcome", "Under investigation",
	"Local resolution", "Offender given a caution", "Court result unavailable", "Further investigation is not in the public interest",
}

var streets = []string{
	"Supermarket", "Parking Area", "Sports/Recreation Area", "Petrol Station", "Station Road", "High Street", "Church Lane", "Albert Road",
	"Victoria Road", "Queens Avenue", "Nightclub", "Further/Higher Educational Building", "Pedestrian Subway", "Mill Hill Broadway (station)",
}

// WriteTo writes the file.
func (f *StreetFile) WriteTo(w io.Writer) (int64, error) {
	f.rng = rand.New(rand.NewPCG(f.Seed, 20))
	f.makeSpots()
	out := &counted{w: bufio.NewWriterSize(w, 1<<20)}
	io.WriteString(out, StreetHeader)
	months := f.Months.Months()
	for i, m := range months {
		f.month(out, m, f.Rows*(i+1)/len(months)-f.Rows*i/len(months))
	}
	if err := out.w.Flush(); err != nil {
		return out.n, err
	}
	return out.n, out.err
}

type counted struct {
	w   *bufio.Writer
	n   int64
	err error
}

// Write writes and counts.
func (c *counted) Write(p []byte) (int, error) {
	n, err := c.w.Write(p)
	c.n += int64(n)
	if c.err == nil {
		c.err = err
	}
	return n, err
}

// makeSpots puts map points into every LSOA.
func (f *StreetFile) makeSpots() {
	vintages := f.Atlas.Vintages("lsoa") // newest first
	newest, oldest := vintages[0], vintages[len(vintages)-1]
	for _, p := range f.Atlas.All(newest) {
		box, ok := f.Atlas.Bounds(p.Place)
		for n := 0; ok && n < spotsPerLSOA; n++ {
			lon, lat := box.MinX+f.rng.Float64()*(box.MaxX-box.MinX), box.MinY+f.rng.Float64()*(box.MaxY-box.MinY)
			at := f.Atlas.Locate(newest, lon, lat)
			if at == places.None {
				continue
			}
			s := spot{lon: lon, lat: lat, street: "On or near " + f.street()}
			q := f.Atlas.Place(newest, at)
			s.new, s.name, s.old = q.Code, q.Name, q.Code
			if old := f.Atlas.Locate(oldest, lon, lat); old != places.None {
				s.old = f.Atlas.Place(oldest, old).Code
			}
			f.spots = append(f.spots, s)
		}
	}
	slices.SortStableFunc(f.spots, func(a, b spot) int {
		switch {
		case a.name < b.name:
			return -1
		case a.name > b.name:
			return 1
		}
		return 0
	})
}

// street makes up a street's name: a few that every town has, most its own.
func (f *StreetFile) street() string {
	if f.rng.IntN(4) == 0 {
		return streets[f.rng.IntN(len(streets))]
	}
	const vowels, others = "aeiou", "bcdfghlmnprstw"
	b := []byte{}
	for range 2 + f.rng.IntN(2) {
		b = append(b, others[f.rng.IntN(len(others))], vowels[f.rng.IntN(len(vowels))], others[f.rng.IntN(len(others))])
	}
	b[0] -= 'a' - 'A'
	return string(b) + []string{" Road", " Street", " Avenue", " Close", " Gardens"}[f.rng.IntN(5)]
}

// month writes a month's rows in the order of their LSOAs, those without a
// place last, as the publisher does.
func (f *StreetFile) month(w io.Writer, m period.Month, rows int) {
	nowhere := rows / 50
	at := make([]int, rows-nowhere)
	for i := range at {
		// Half of all crime is in a tenth of all places.
		at[i] = f.rng.IntN(len(f.spots))
		if f.rng.IntN(2) == 0 {
			at[i] = at[i] / 10 * 10
		}
	}
	slices.Sort(at)
	var line []byte
	var last [32]byte
	for i := range rows {
		line = f.row(line[:0], m, at, i, &last)
		w.Write(line)
	}
}

func (f *StreetFile) row(line []byte, m period.Month, at []int, i int, last *[32]byte) []byte {
	kind := f.kind()
	if kind != 0 {
		if f.rng.IntN(5000) != 0 { // otherwise the id of the row before, again
			for j := 0; j < 32; j += 8 {
				v := f.rng.Uint64()
				for k := range 8 {
					last[j+k] = byte(v >> (8 * k))
				}
			}
		}
		line = hex.AppendEncode(line, last[:])
	}
	line = append(line, ',')
	line = append(line, m.String()...)
	line = append(line, ",Metropolitan Police Service,Metropolitan Police Service,"...)
	if i >= len(at) {
		line = append(line, ",,No Location,,,"...)
	} else {
		s := &f.spots[at[i]]
		code := s.new
		if m < period.NewMonth(2022, 3) || m < period.NewMonth(2023, 6) && at[i]%2 == 0 {
			code = s.old
		}
		line = fmt.Appendf(line, "%.6f,%.6f,%s,%s,%s,", s.lon, s.lat, s.street, code, s.name)
	}
	line = append(append(line, kinds[kind].name...), ',')
	if kind != 0 {
		line = append(line, outcomes[f.rng.IntN(len(outcomes))]...)
	}
	return append(line, ",\n"...)
}

func (f *StreetFile) kind() int {
	n := f.rng.IntN(1000)
	for i, k := range kinds {
		if n -= k.often; n < 0 {
			return i
		}
	}
	return len(kinds) - 1
}
