package demo

import (
	"fmt"
	"math"
	"math/rand/v2"
)

// lsoa is one invented small area.
type lsoa struct {
	code, name string
	shape      triangle
	ward       int     // index into city.wards
	borough    int     // index into boroughs
	people     int     // mid-2019
	deprived   float64 // 0 least to 1 most
	risk       float64 // share of its borough's violence, before chance
	snaps      []snap  // the points that incidents are put on
}

// snap is an anonymous point: a street name and where it is.
type snap struct {
	street   string
	lon, lat string
	share    float64 // running share of the area's incidents, ends at 1
}

// ward is one invented ward.
type ward struct {
	code, name string
	borough    int
	lsoas      []int
}

// city is the invented London.
type city struct {
	wards []ward
	lsoas []lsoa
	// The lsoas of 2021: mostly the same, some cut in two.
	lsoas21 []lsoa21
}

// lsoa21 is an area of the 2021 set and the 2011 area it came from.
type lsoa21 struct {
	code, name string
	from       int // index into city.lsoas
	change     string
	shape      triangle
}

func newCity(seed uint64) *city {
	rng := stream(seed, 1)
	c := &city{}
	for i, b := range boroughs {
		c.addBorough(i, b, rng)
	}
	c.setRisk(rng)
	c.splitFor2021(rng)
	return c
}

// addBorough cuts a borough into small areas and groups them into wards: three
// to a sector, the inner rows together.
func (c *city) addBorough(i int, b borough, rng *rand.Rand) {
	n := latticeOf(b)
	var current [2]int
	for k, t := range lattice(b, n, rng) {
		group := [2]int{t.sector, max(1, t.row-2)}
		if n == 1 {
			group = [2]int{t.sector / 3, 1}
		}
		if k == 0 || group != current {
			current = group
			c.wards = append(c.wards, ward{
				code:    fmt.Sprintf("E05%06d", 900001+len(c.wards)),
				name:    wardName(len(c.wards)),
				borough: i,
			})
		}
		w := len(c.wards) - 1
		c.wards[w].lsoas = append(c.wards[w].lsoas, len(c.lsoas))
		c.lsoas = append(c.lsoas, lsoa{
			code:    fmt.Sprintf("E01%06d", 900001+len(c.lsoas)),
			name:    fmt.Sprintf("%s %03d%c", b.name, k/5+1, 'A'+rune(k%5)),
			shape:   t,
			ward:    w,
			borough: i,
		})
	}
	c.peoplePlaces(b, rng)
}

// peoplePlaces shares a borough's people among its newest areas, unevenly.
func (c *city) peoplePlaces(b borough, rng *rand.Rand) {
	n := 6 * latticeOf(b) * latticeOf(b)
	own := c.lsoas[len(c.lsoas)-n:]
	weights := make([]float64, n)
	for i := range own {
		weights[i] = 0.7 + 0.6*rng.Float64()
	}
	for i, v := range share(b.people*1000, weights) {
		own[i].people = v
	}
}

// setRisk makes deprivation vary smoothly between wards and roughly within
// them, and violence concentrate: in deprived areas, and far more in a few
// town centres, as real violence does.
func (c *city) setRisk(rng *rand.Rand) {
	wardLevel := make([]float64, len(c.wards))
	for i := range wardLevel {
		wardLevel[i] = rng.NormFloat64()
	}
	centre := map[int]bool{}
	for w := range c.wards {
		if rng.Float64() < 0.12 {
			centre[c.wards[w].lsoas[rng.IntN(len(c.wards[w].lsoas))]] = true
		}
	}
	for i := range c.lsoas {
		a := &c.lsoas[i]
		z := 1.1*(boroughs[a.borough].risk-1)*2 + 0.8*wardLevel[a.ward] + 0.5*rng.NormFloat64()
		a.deprived = 1 / (1 + math.Exp(-z))
		a.risk = float64(a.people) * math.Exp(0.9*z+0.45*rng.NormFloat64())
		if centre[i] {
			a.risk *= 6 + 10*rng.Float64()
		}
		a.snaps = makeSnaps(a.shape, rng)
	}
}

// makeSnaps puts a dozen points on an area, a few of them busy.
func makeSnaps(t triangle, rng *rand.Rand) []snap {
	out := make([]snap, 8+rng.IntN(9))
	total := 0.0
	for i := range out {
		lon, lat := t.inside(rng.Float64(), rng.Float64()).lonLat()
		total += 1 / math.Pow(float64(i+1), 1.1)
		out[i] = snap{"On or near " + streetName(rng), fmt.Sprintf("%.6f", lon), fmt.Sprintf("%.6f", lat), total}
	}
	for i := range out {
		out[i].share /= total
	}
	return out
}

// splitFor2021 makes the 2021 set: three areas in a hundred have grown too
// populous and are cut in two.
func (c *city) splitFor2021(rng *rand.Rand) {
	next := 950001
	fresh := func() string { next++; return fmt.Sprintf("E01%06d", next-1) }
	for i, a := range c.lsoas {
		if rng.Float64() >= 0.03 {
			c.lsoas21 = append(c.lsoas21, lsoa21{a.code, a.name, i, "U", a.shape})
			continue
		}
		p := a.shape.corners
		mid := point{(p[1].x + p[2].x) / 2, (p[1].y + p[2].y) / 2}
		for half, shape := range []triangle{{corners: [3]point{p[0], p[1], mid}}, {corners: [3]point{p[0], mid, p[2]}}} {
			name := fmt.Sprintf("%s%c", a.name[:len(a.name)-1], 'F'+rune(2*(i%5)+half))
			c.lsoas21 = append(c.lsoas21, lsoa21{fresh(), name, i, "S", shape.clockwise()})
		}
	}
}

// boroughRisk is each borough's weight for violence: people times risk.
func boroughRisk() []float64 {
	out := make([]float64, len(boroughs))
	for i, b := range boroughs {
		out[i] = float64(b.people) * b.risk
	}
	return out
}
