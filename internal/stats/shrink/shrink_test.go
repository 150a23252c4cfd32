package shrink

import (
	"encoding/csv"
	"errors"
	"math"
	"os"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"openvru/internal/stats"
)

// near fails unless got is within a relative tolerance of want (absolute below 1e-300).
func near(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tolerance*max(math.Abs(want), 1e-300)) {
		t.Errorf("%s = %.15g, want %.15g", what, got, want)
	}
}

// table reads a file of values into columns by name.
func table(t testing.TB, path string) map[string][]string {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	out := map[string][]string{}
	for _, row := range rows[1:] {
		for j, name := range rows[0] {
			out[name] = append(out[name], row[j])
		}
	}
	return out
}

func numbers(t testing.TB, words []string) []float64 {
	t.Helper()
	out := make([]float64, len(words))
	for i, w := range words {
		v, err := strconv.ParseFloat(w, 64)
		if err != nil {
			t.Fatal(err)
		}
		out[i] = v
	}
	return out
}

// carolina is 100 counties: deaths, births and neighbours, two islands among them.
func carolina(t testing.TB) (counts, exposure []float64, neighbours [][]int32, columns map[string][]string) {
	columns = table(t, "testdata/nc_sids.csv")
	for _, list := range columns["neighbours"] {
		var to []int32
		for _, w := range strings.Fields(list) {
			j, err := strconv.Atoi(w)
			if err != nil {
				t.Fatal(err)
			}
			to = append(to, int32(j))
		}
		neighbours = append(neighbours, to)
	}
	return numbers(t, columns["count"]), numbers(t, columns["exposure"]), neighbours, columns
}

// The reference is R's spdep: EBest, EBlocal in both its definitions, probmap.
func TestMarshallIsSpdeps(t *testing.T) {
	counts, births, neighbours, columns := carolina(t)
	global, err := Global(counts, births)
	if err != nil {
		t.Fatal(err)
	}
	shared, err := Local(counts, births, neighbours, Shared)
	if err != nil {
		t.Fatal(err)
	}
	own, err := Local(counts, births, neighbours, Own)
	if err != nil {
		t.Fatal(err)
	}
	chances, err := Map(counts, births)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		column string
		got    []float64
	}{
		{"raw", global.Raw}, {"raw", own.Raw}, {"raw", chances.Raw},
		{"global", global.Rate}, {"shared", shared.Rate}, {"own", own.Rate},
		{"expected", chances.Expected}, {"below", chances.Below}, {"above", chances.Above},
	} {
		for i, want := range numbers(t, columns[c.column]) {
			if math.IsNaN(want) { // nothing happened in the neighbourhood: spdep divides by zero
				want = 0
			}
			near(t, c.column, c.got[i], want, 1e-12)
		}
	}
	for i, want := range numbers(t, columns["relative"]) {
		near(t, "relative", 100*chances.Relative[i], want, 1e-12)
	}
}

// The same against the results computed elsewhere with other neighbours.
func TestMarshallIsTheReferenceResults(t *testing.T) {
	folder := os.Getenv("OPENVRU_REALDATA")
	if folder == "" {
		t.Skip("OPENVRU_REALDATA is not set, so the files of reference results cannot be compared")
	}
	folder += "/spatial-stats/reference-results/"
	global, local := table(t, folder+"nc_sids_EBest_global.csv"), table(t, folder+"nc_sids_EBlocal.csv")
	counts, births := numbers(t, global["n"]), numbers(t, global["x"])
	links := table(t, folder+"nc_sids_neighbours.csv")
	neighbours := make([][]int32, len(counts))
	to := numbers(t, links["j"])
	for k, i := range numbers(t, links["i"]) {
		neighbours[int(i)-1] = append(neighbours[int(i)-1], int32(to[k])-1)
	}
	g, err := Global(counts, births)
	if err != nil {
		t.Fatal(err)
	}
	l, err := Local(counts, births, neighbours, Own)
	if err != nil {
		t.Fatal(err)
	}
	m, err := Map(counts, births)
	if err != nil {
		t.Fatal(err)
	}
	eb, ebl := numbers(t, global["EBest"]), numbers(t, local["EBlocal"])
	pm := table(t, folder+"nc_sids_probmap.csv")
	expected, relative, chance := numbers(t, pm["expCount"]), numbers(t, pm["relRisk"]), numbers(t, pm["pmap"])
	for i := range counts {
		near(t, "EBest", g.Rate[i], eb[i], 1e-12)
		near(t, "EBlocal", l.Rate[i], ebl[i], 1e-12)
		near(t, "expCount", m.Expected[i], expected[i], 1e-12)
		near(t, "relRisk", 100*m.Relative[i], relative[i], 1e-12)
		near(t, "pmap", m.Below[i], chance[i], 1e-12)
	}
}

// Three places by hand: rates 0, 2, 4 of 1 person each. Mean 2, variance 8/3,
// less Poisson's 2: 2/3. Weight (2/3)/(2/3 + 2) = 1/4.
func TestMarshallByHand(t *testing.T) {
	g, err := Global([]float64{0, 2, 4}, []float64{1, 1, 1})
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []float64{1.5, 2, 2.5} {
		near(t, "rate", g.Rate[i], want, 1e-15)
		near(t, "weight", g.Weight[i], 0.25, 1e-14)
		near(t, "spread", g.Spread[i], 2.0/3, 1e-14)
	}
	// When everybody is everybody's neighbour, local is global.
	l, err := Local([]float64{0, 2, 4}, []float64{1, 1, 1}, [][]int32{{1, 2}, {0, 2}, {0, 1}}, Shared)
	if err != nil {
		t.Fatal(err)
	}
	for i := range g.Rate {
		near(t, "local", l.Rate[i], g.Rate[i], 1e-15)
	}
}

// Choynowski by hand: of 6 events three places of one size expect 2 each.
func TestMapByHand(t *testing.T) {
	m, err := Map([]float64{0, 1, 5, 0}, []float64{10, 10, 10, 0})
	if err != nil {
		t.Fatal(err)
	}
	near(t, "none or fewer", m.Below[0], math.Exp(-2), 1e-15)
	near(t, "none or more", m.Above[0], 1, 0)
	near(t, "one or fewer", m.Below[1], 3*math.Exp(-2), 1e-14)
	near(t, "one or more", m.Above[1], 1-math.Exp(-2), 1e-14)
	near(t, "five or more", m.Above[2], 1-7*math.Exp(-2), 1e-13)
	if !math.IsNaN(m.Raw[3]) || m.Below[3] != 1 || m.Above[3] != 1 {
		t.Error("a place without people has chances of its own")
	}
}

func TestSmoothedRatesLieBetween(t *testing.T) {
	counts, births, neighbours, _ := carolina(t)
	global, _ := Global(counts, births)
	local, _ := Local(counts, births, neighbours, Shared)
	for _, s := range []Smoothed{global, local} {
		for i, rate := range s.Rate {
			low, high := min(s.Raw[i], s.Mean[i]), max(s.Raw[i], s.Mean[i])
			if rate < low*(1-1e-12) || rate > high*(1+1e-12) {
				t.Errorf("place %d: %v is not between its own rate %v and the mean %v", i, rate, s.Raw[i], s.Mean[i])
			}
		}
	}
}

func TestScalingAndOrderOfPlaces(t *testing.T) {
	counts, births, neighbours, _ := carolina(t)
	n := len(counts)
	turnedCounts, turnedBirths, turned := make([]float64, n), make([]float64, n), make([][]int32, n)
	for i := range counts {
		turnedCounts[n-1-i], turnedBirths[n-1-i] = counts[i], births[i]/1000
		for _, j := range neighbours[i] {
			turned[n-1-i] = append(turned[n-1-i], int32(n-1)-j)
		}
	}
	for _, centre := range []Centre{Shared, Own} {
		a, _ := Local(counts, births, neighbours, centre)
		b, _ := Local(turnedCounts, turnedBirths, turned, centre)
		for i := range a.Rate {
			near(t, "turned round, per thousand", b.Rate[n-1-i], 1000*a.Rate[i], 1e-9)
		}
	}
	a, _ := FitGamma(counts, births, Integrated)
	b, _ := FitGamma(turnedCounts, turnedBirths, Integrated)
	ra, rb := a.Rates(), b.Rates()
	for i := range ra {
		near(t, "gamma, turned round", rb[n-1-i], 1000*ra[i], 1e-7)
	}
}

func TestDegenerateMaps(t *testing.T) {
	for _, c := range []struct {
		name             string
		counts, exposure []float64
		want             []float64
	}{
		{"one place", []float64{3}, []float64{10}, []float64{0.3}},
		{"nothing happened", []float64{0, 0}, []float64{10, 20}, []float64{0, 0}},
		{"all alike", []float64{1, 2}, []float64{10, 20}, []float64{0.1, 0.1}},
		{"less varied than chance", []float64{9, 11}, []float64{10, 10}, []float64{1, 1}},
		{"nobody lives in one", []float64{2, 0, 8}, []float64{1, 0, 1}, []float64{5 - 3*4.0/9, 5, 5 + 3*4.0/9}},
	} {
		g, err := Global(c.counts, c.exposure)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		for i := range c.want {
			near(t, c.name, g.Rate[i], c.want[i], 1e-14)
		}
	}
	islands, err := Local([]float64{1, 4, 0}, []float64{10, 10, 0}, [][]int32{nil, nil, nil}, Shared)
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []float64{0.1, 0.4, 0.25} { // the last is nowhere: the mean of all
		near(t, "island", islands.Rate[i], want, 1e-15)
	}
}

func TestNamedErrors(t *testing.T) {
	nan := math.NaN()
	for _, c := range []struct {
		counts, exposure []float64
		want             error
	}{
		{nil, nil, stats.ErrEmpty},
		{[]float64{1}, nil, stats.ErrLength},
		{[]float64{nan}, []float64{1}, stats.ErrMissing},
		{[]float64{1}, []float64{math.Inf(1)}, stats.ErrMissing},
		{[]float64{-1}, []float64{1}, stats.ErrNegative},
		{[]float64{0, 0}, []float64{0, 0}, stats.ErrNoPopulation},
		{[]float64{1, 1}, []float64{0, 5}, stats.ErrNoPopulation},
		{[]float64{1, 1e61}, []float64{2, 5}, stats.ErrRange},
		{[]float64{1, 1}, []float64{2, 5e-324}, stats.ErrRange},
	} {
		_, global := Global(c.counts, c.exposure)
		_, local := Local(c.counts, c.exposure, make([][]int32, len(c.counts)), Own)
		_, chances := Map(c.counts, c.exposure)
		_, gamma := FitGamma(c.counts, c.exposure, Likelihood)
		_, given := WithPrior(c.counts, c.exposure, Prior{1, 1})
		for k, err := range []error{global, local, chances, gamma, given} {
			if !errors.Is(err, c.want) {
				t.Errorf("%v, %v: method %d says %v, not %v", c.counts, c.exposure, k, err, c.want)
			}
		}
	}
	two, ones := []float64{0, 3}, []float64{1, 1}
	for _, c := range []struct {
		err, want error
	}{
		{second(Local(two, ones, [][]int32{{1}}, Own)), stats.ErrLength},
		{second(Local(two, ones, [][]int32{{2}, nil}, Own)), stats.ErrOption},
		{second(Local(two, ones, [][]int32{{0}, nil}, Own)), stats.ErrOption},
		{second(Local(two, ones, [][]int32{{1}, {0}}, 7)), stats.ErrOption},
		{second(FitGamma([]float64{0, 0}, ones, Integrated)), stats.ErrConstant},
		{second(FitGamma([]float64{3}, []float64{1}, Integrated)), stats.ErrTooFew},
		{second(FitGamma([]float64{3, 0}, []float64{1, 0}, Integrated)), stats.ErrTooFew},
		{second(FitGamma(two, ones, 9)), stats.ErrOption},
		{second(WithPrior(two, ones, Prior{0, 1})), stats.ErrOption},
		{second(WithPrior(two, ones, Prior{1, -1})), stats.ErrOption},
		{second(WithPrior(two, ones, Prior{math.Inf(1), 1})), stats.ErrOption},
	} {
		if !errors.Is(c.err, c.want) {
			t.Errorf("%v, not %v", c.err, c.want)
		}
	}
}

func second[T any](_ T, err error) error { return err }

func TestCoresDoNotMatter(t *testing.T) {
	counts, births, _, _ := carolina(t)
	g, err := FitGamma(counts, births, Integrated)
	if err != nil {
		t.Fatal(err)
	}
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	one, _ := g.Intervals(0.95)
	oneAbove := g.Above(0.002)
	runtime.GOMAXPROCS(4)
	four, _ := g.Intervals(0.95)
	fourAbove := g.Above(0.002)
	for i := range one {
		if one[i] != four[i] || oneAbove[i] != fourAbove[i] {
			t.Fatalf("place %d differs with the number of cores", i)
		}
	}
}
