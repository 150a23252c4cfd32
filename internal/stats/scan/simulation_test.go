package scan

import (
	"math"
	"slices"
	"testing"

	"openvru/internal/stats"
)

// Drawn cases are as many as there are, lie where some are expected, and by the
// permutation model keep the total of each place and of each time.
func TestDrawnCasesKeepTheirTotals(t *testing.T) {
	d := small(7, 400, 3)
	for _, permute := range []bool{false, true} {
		o, err := Options{WholeTime: true}.complete(7)
		if err != nil {
			t.Fatal(err)
		}
		p, err := newProblem(d, o, permute)
		if err != nil {
			t.Fatal(err)
		}
		differ := false
		for r := range 5 {
			_, upTo := drawn(p, r)
			if len(upTo) != 7 || stats.Sum(upTo[6]) != stats.Sum(d.Cases) {
				t.Fatalf("%d columns, %v cases", len(upTo), stats.Sum(upTo[6]))
			}
			for period := range 7 {
				time := 0.0
				for i := range d.X {
					n := upTo[period][i]
					if period > 0 {
						n -= upTo[period-1][i]
					}
					time += n - d.Cases[i*7+period]
					differ = differ || n != d.Cases[i*7+period]
					if !permute && n > 0 && d.Expected[i*7+period] == 0 {
						t.Fatalf("%v cases where none is expected", n)
					}
				}
				if permute && time != 0 {
					t.Fatalf("period %d is off by %v", period, time)
				}
			}
			for i := range d.X {
				if place := stats.Sum(d.Cases[i*7 : (i+1)*7]); permute && upTo[6][i] != place {
					t.Fatalf("place %d has %v cases, not %v", i, upTo[6][i], place)
				}
			}
		}
		if !differ {
			t.Error("the cases were not drawn anew")
		}
	}
}

// Counts drawn are in proportion to what is expected, one by one (10 a place)
// or a place at a time (100 a place): chi-squared over places, which has a mean
// of 29 and a standard deviation of 7.6 for 30 of them, and the variance of the
// first count.
func TestDrawnCasesAreInProportion(t *testing.T) {
	for _, cases := range []int{300, 3_000} {
		d := town(30, 1, cases, 5)
		o, err := Options{}.complete(1)
		if err != nil {
			t.Fatal(err)
		}
		p, err := newProblem(d, o, false)
		if err != nil {
			t.Fatal(err)
		}
		if s := p.newSweep(); (len(s.draw.share) > 0) != (cases == 3_000) {
			t.Fatal("both ways to draw should be tried")
		}
		const times = 400
		chi, spread := 0.0, 0.0
		first := d.Expected[0] / stats.Sum(d.Expected)
		for r := range times {
			_, counts := drawn(p, r)
			if stats.Sum(counts[0]) != float64(cases) {
				t.Fatalf("%v cases", stats.Sum(counts[0]))
			}
			for i, e := range d.Expected {
				want := e / stats.Sum(d.Expected) * float64(cases)
				chi += square(counts[0][i]-want) / want / times
			}
			spread += square(counts[0][0]-first*float64(cases)) / (float64(cases) * first * (1 - first)) / times
		}
		if z := (chi - 29) / (7.6 / math.Sqrt(times)); math.Abs(z) > 4 {
			t.Errorf("%d: chi-squared %.2f on average, not 29", cases, chi)
		}
		if z := (spread - 1) / math.Sqrt(2.0/times); math.Abs(z) > 4 {
			t.Errorf("%d: variance %.2f of what it should be", cases, spread)
		}
	}
}

// Where no place is more at risk p is uniform: of 200 sets of cases, as many
// below each limit as it says, within four standard errors. The Gumbel value
// agrees with the rank.
func TestPIsUniformWhenThereIsNoCluster(t *testing.T) {
	type scan struct {
		name    string
		periods int
		permute bool
		o       Options
	}
	for _, s := range []scan{
		{"spatial", 1, false, Options{}},
		{"prospective", 8, false, Options{Prospective: true}},
		{"permutation", 8, true, Options{}},
	} {
		const sets = 200
		below, d := map[float64]int{}, town(40, s.periods, 300, 9)
		r := stats.NewRand(4, 4)
		for i := range sets {
			d.Cases = draw(&r, d.Expected, 300)
			s.o.Seed, s.o.Replications, s.o.MaxClusters = uint64(i), 99, 1
			got, err := scanOf(s.permute)(d, s.o)
			if err != nil || len(got.Clusters) != 1 {
				t.Fatal(err, got.Clusters)
			}
			c := got.Clusters[0]
			for _, limit := range []float64{0.05, 0.2, 0.5} {
				if c.P <= limit+1e-9 {
					below[limit]++
				}
			}
			if math.Abs(c.P-c.PGumbel) > 0.2 {
				t.Errorf("%s: p %v, by Gumbel %v", s.name, c.P, c.PGumbel)
			}
		}
		for limit, n := range below {
			if z := (float64(n) - sets*limit) / math.Sqrt(sets*limit*(1-limit)); math.Abs(z) > 4 {
				t.Errorf("%s: %d of %d below %v", s.name, n, sets, limit)
			}
		}
	}
}

// A planted cluster is found: places within 5 km of the middle have three times
// the rate in the last three of twelve months.
func TestPlantedClusterIsFound(t *testing.T) {
	d := town(200, 12, 0, 6)
	r := stats.NewRand(1, 1)
	risk := slices.Clone(d.Expected)
	var planted []int
	for i := range d.X {
		if math.Hypot(d.X[i]-20_000, d.Y[i]-20_000) < 5_000 {
			planted = append(planted, i)
			for t := 9; t < 12; t++ {
				risk[i*12+t] *= 3
			}
		}
	}
	d.Cases = draw(&r, risk, 4_000)
	for _, permute := range []bool{false, true} {
		for _, prospective := range []bool{false, true} {
			got, err := scanOf(permute)(d, Options{Prospective: prospective})
			if err != nil {
				t.Fatal(err)
			}
			c := got.Clusters[0]
			in := 0
			for _, p := range c.Places {
				if slices.Contains(planted, p) {
					in++
				}
			}
			if c.First != 9 || c.Last != 11 || float64(in) < 0.8*float64(len(planted)) ||
				float64(in) < 0.8*float64(len(c.Places)) || c.P != 0.001 || c.PGumbel > 1e-6 {
				t.Errorf("%v %v: %d planted, %d of them among %d; %+v", permute, prospective, len(planted), in, len(c.Places), c)
			}
			if prospective != (c.Recurrence == 1_000) || !prospective && !math.IsNaN(c.Recurrence) {
				t.Errorf("recurrence %v", c.Recurrence)
			}
		}
	}
}
