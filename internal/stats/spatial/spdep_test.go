package spatial

import (
	"math"
	"path/filepath"
	"slices"
	"testing"
)

// set is one of the data sets of testdata and its weights of each kind.
type set struct {
	name                               string
	x, y, east, north, events, persons []float64
	weights                            map[string]*Weights
	lists                              map[string][][]int32
}

func readSet(t *testing.T, name string) set {
	t.Helper()
	s := readSheet(t, filepath.Join("testdata", name+".csv"))
	out := set{
		name: name, x: s.numbers(t, "x"), y: s.numbers(t, "y"), east: s.numbers(t, "east"), north: s.numbers(t, "north"),
		events: s.numbers(t, "events"), persons: s.numbers(t, "population"), lists: map[string][][]int32{},
	}
	links := readSheet(t, filepath.Join("testdata", "links.csv"))
	from, to := links.numbers(t, "i"), links.numbers(t, "j")
	for k, kind := range links.columns["kind"] {
		if links.columns["set"][k] == name {
			if out.lists[kind] == nil {
				out.lists[kind] = make([][]int32, s.rows)
			}
			out.lists[kind][int(from[k])-1] = append(out.lists[kind][int(from[k])-1], int32(to[k])-1)
		}
	}
	given := weightsOf(t, out.lists["given"])
	apart, err := given.InverseDistance(out.east, out.north, 1)
	if err != nil {
		t.Fatal(err)
	}
	out.weights = map[string]*Weights{
		"W": given.RowStandardised(), "B": given, "C": given.As(GloballyScaled), "U": given.As(UnitScaled),
		"S": given.As(VarianceStabilising), "four": weightsOf(t, out.lists["four"]).RowStandardised(),
		"band": weightsOf(t, out.lists["band"]).RowStandardised(), "apart": apart.RowStandardised(),
	}
	return out
}

func bothSets(t *testing.T, test func(t *testing.T, s set)) {
	for _, name := range []string{"columbus", "sids"} {
		t.Run(name, func(t *testing.T) { test(t, readSet(t, name)) })
	}
}

// must returns the value of a call that must not fail.
func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func TestDistanceWeightsAsInR(t *testing.T) {
	bands := map[string]float64{"columbus": 700, "sids": 40000}
	bothSets(t, func(t *testing.T, s set) {
		for kind, w := range map[string]*Weights{
			"four": must(KNearest(s.east, s.north, 4)), "band": must(DistanceBand(s.east, s.north, bands[s.name])),
		} {
			for i, want := range s.lists[kind] {
				if got, _ := w.Row(i); !slices.Equal(got, want) {
					t.Errorf("%s: area %d has %v, not %v", kind, i, got, want)
				}
			}
			t.Logf("%s: %+v", kind, w.Summary())
		}
	})
}

func TestGlobalAsInR(t *testing.T) {
	want := readSheet(t, filepath.Join("testdata", "global.csv"))
	numbers := want.numbers(t, "value")
	bothSets(t, func(t *testing.T, s set) {
		got := map[string]float64{}
		for name, w := range s.weights {
			note := func(statistic string, g Global, test *Test) {
				p := name + " " + statistic
				got[p], got[p+" E"], got[p+" Var"] = g.Value, test.Expected, test.Variance
				got[p+" z"], got[p+" p"] = test.Z, test.P.TwoSided
			}
			i, c, g := must(Moran(w, s.x, Options{})), must(Geary(w, s.x, Options{})), must(GeneralG(w, s.x, Options{}))
			note("I randomisation", i, &i.Randomisation)
			note("I normality", i, i.Normality)
			note("C randomisation", c, &c.Randomisation)
			note("C normality", c, c.Normality)
			note("G randomisation", g, &g.Randomisation)
			sums := w.Sums()
			got[name+" S0"], got[name+" S1"], got[name+" S2"] = sums.S0, sums.S1, sums.S2
			// R divides by n, not by the sum of weights.
			got[name+" bivariate"] = must(BivariateMoran(w, s.x, s.y, Options{})).Value * sums.S0 / float64(w.Len())
			if s.name == "sids" {
				got[name+" rates"] = must(MoranRates(w, s.events, s.persons, Options{})).Value
			}
		}
		seen := 0
		for k, value := range numbers {
			if want.columns["set"][k] == s.name {
				key := want.columns["weights"][k] + " " + want.columns["statistic"][k]
				v, ok := got[key]
				if !ok {
					t.Fatalf("no %s", key)
				}
				near(t, key, v, value)
				seen++
			}
		}
		t.Logf("%d values", seen)
	})
}

func TestLocalAsInR(t *testing.T) {
	bothSets(t, func(t *testing.T, s set) {
		want := readSheet(t, filepath.Join("testdata", s.name+"_local.csv"))
		column := func(name string) []float64 { return want.numbers(t, name) }
		islands := column("island")
		n := len(s.x)
		for from := 0; from < want.rows; from += n {
			name := want.columns["weights"][from]
			w := s.weights[name]
			l := must(LocalMoran(w, s.x, Options{}))
			total := must(LocalMoran(w, s.x, Options{Total: true}))
			g := must(LocalG(w, s.x, Options{}))
			both := must(LocalBivariate(w, s.x, s.y, Options{}))
			quadrants := make([]float64, n)
			for i, q := range l.Quadrant {
				quadrants[i] = map[Label]float64{LowLow: 1, HighLow: 2, LowHigh: 3, HighHigh: 4}[q]
			}
			for i := range both.Value { // R takes standard deviations over n − 1
				both.Value[i] *= float64(n-1) / float64(n)
			}
			check := map[string][]float64{
				"I": l.Value, "E": l.Expected, "Var": l.Variance, "z": l.Z, "p": l.P,
				"totalE": total.Expected, "totalVar": total.Variance, "quadrant": quadrants,
				"G": g.Value, "GE": g.Expected, "GVar": g.Variance, "Gz": g.Z,
			}
			if name != "band" {
				check["both"] = both.Value
			}
			if name == "W" || name == "B" || name == "four" {
				lists := s.lists["given"]
				if name == "four" {
					lists = s.lists["four"]
				}
				ws := weightsOf(t, lists).WithSelf()
				if name != "B" {
					ws = ws.RowStandardised()
				}
				star := must(LocalG(ws, s.x, Options{}))
				check["star"], check["starE"], check["starVar"], check["starz"] = star.Value, star.Expected, star.Variance, star.Z
			}
			for key, got := range check {
				values := column(key)
				for i := range n {
					if islands[from+i] == 1 {
						if !math.IsNaN(l.Value[i]) || l.Quadrant[i] != NoNeighbours {
							t.Errorf("%s: island %d has a statistic", name, i)
						}
						continue
					}
					near(t, name+" "+key, got[i], values[from+i])
				}
			}
		}
	})
}

// Two simulations of 9,999 are compared, each with its Monte-Carlo error: of 154
// p-values one should be 4.5 of them apart once in a thousand times.
func TestPermutationAsInR(t *testing.T) {
	want := readSheet(t, filepath.Join("testdata", "permuted.csv"))
	theirs := want.numbers(t, "p")
	bothSets(t, func(t *testing.T, s set) {
		o := Options{Permutations: 9999, Seed: 3}
		w := s.weights["W"]
		l := must(LocalMoran(w, s.x, o))
		i, c := must(Moran(w, s.x, o)), must(Geary(w, s.x, o))
		got := map[string]float64{"I": i.Permuted.P.Greater, "C": c.Permuted.P.Less}
		if s.name == "sids" {
			got["rates"] = must(MoranRates(w, s.events, s.persons, o)).Permuted.P.Greater
		}
		at, worst := 0, 0.0
		for k, p := range theirs {
			if want.columns["set"][k] != s.name {
				continue
			}
			mine, ok := got[want.columns["statistic"][k]]
			if !ok {
				mine = l.Permuted.Directed[at]
				at++
			}
			off := math.Abs(mine-p) / math.Sqrt(2*p*(1-p)/9999)
			if worst = max(worst, off); off > 4.5 {
				t.Errorf("%s %d: p is %v, in R %v: %.1f errors", want.columns["statistic"][k], at, mine, p, off)
			}
		}
		t.Logf("%d areas, at most %.1f errors apart", at, worst)
	})
}
