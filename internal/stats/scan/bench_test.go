package scan

import (
	"testing"

	"openvru/internal/stats"
)

// town is a map of places with uneven populations, and cases in proportion.
func town(places, periods, cases int, seed uint64) Data {
	r := stats.NewRand(seed, 0)
	d := Data{Periods: periods}
	for range places {
		// Half of the places crowd about the middle, as in a city.
		x, y := 40_000*r.Float64(), 40_000*r.Float64()
		if r.Float64() < 0.5 {
			x, y = 20_000+6_000*r.Normal(), 20_000+6_000*r.Normal()
		}
		d.X, d.Y = append(d.X, x), append(d.Y, y)
		people := 1_000 + 1_200*r.Float64()
		for range periods {
			d.Expected = append(d.Expected, people)
		}
	}
	d.Cases = draw(&r, d.Expected, cases)
	return d
}

// draw puts cases into cells in proportion to what is expected.
func draw(r *stats.Rand, expected []float64, n int) []float64 {
	out, left := make([]float64, len(expected)), stats.Sum(expected)
	for i, e := range expected {
		k := r.Binomial(n, min(e/left, 1))
		if i == len(expected)-1 {
			k = n
		}
		out[i] = float64(k)
		n, left = n-k, left-e
	}
	return out
}

// london is a map of London's size: 4,994 places of 1,000 to 2,200 people.
func london(periods, cases int) Data { return town(4_994, periods, cases, 1) }

// BenchmarkSpatial is what a bare loop in C over ready lists of circles does in
// about four times the processor's time (scan.c of the peers: counts held
// against a table as here, but one replication at a time). The limit is the sum
// itself: 2.5 billion additions to circles, twelve to sixteen at a time.
func BenchmarkSpatial(b *testing.B) {
	d := london(1, 20_000)
	for b.Loop() {
		if _, err := Poisson(d, Options{MaxShare: 0.1}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkProspective(b *testing.B) {
	d := london(24, 20_000)
	for b.Loop() {
		if _, err := Poisson(d, Options{MaxShare: 0.1, Prospective: true}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkPermutation(b *testing.B) {
	d := london(24, 20_000)
	for b.Loop() {
		if _, err := Permutation(d, Options{MaxShare: 0.1, Prospective: true}); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkRetrospective scans 33 boroughs over ten years for clusters that
// begin and end in any month. A loop in C takes two to three times as long: with
// so few places in a circle the limit is not the sum over places but the
// comparison, one for each of 2.9 million cylinders and sixteen replications.
func BenchmarkRetrospective(b *testing.B) {
	d := town(33, 120, 20_000, 1)
	for b.Loop() {
		if _, err := Poisson(d, Options{}); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkManyCases is BenchmarkSpatial with a year's violence: 220,000 cases.
func BenchmarkManyCases(b *testing.B) {
	d := london(1, 220_000)
	for b.Loop() {
		if _, err := Poisson(d, Options{MaxShare: 0.1}); err != nil {
			b.Fatal(err)
		}
	}
}
