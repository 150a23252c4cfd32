package spatial

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"reflect"
	"slices"
	"testing"

	"openvru/internal/stats"
)

// chain is areas in a row, each adjoining the next; the last is an island.
func chain(n int) [][]int32 {
	lists := make([][]int32, n)
	for i := range n - 2 {
		lists[i] = append(lists[i], int32(i+1))
		lists[i+1] = append(lists[i+1], int32(i))
	}
	return lists
}

func weightsOf(t testing.TB, lists [][]int32) *Weights {
	t.Helper()
	w, err := NewWeights(lists)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func TestWeightsByHand(t *testing.T) {
	w := weightsOf(t, [][]int32{{2, 1}, {0}, {0}, {}})
	rows := w.RowStandardised()
	to, weight := rows.Row(0)
	if fmt.Sprint(to, weight) != "[1 2] [0.5 0.5]" {
		t.Errorf("row 0 is %v %v", to, weight)
	}
	if got := fmt.Sprint(rows.Lag([]float64{5, 1, 3, 7})); got != "[2 5 5 0]" {
		t.Errorf("lag %v", got)
	}
	// Binary: wij + wji is 2 for both pairs, both ways; row + column sums are 4, 2, 2, 0.
	if got := w.Sums(); got != (Sums{4, 8, 24}) {
		t.Errorf("binary sums %+v", got)
	}
	// Row-standardised: wij + wji is 1.5; row + column sums are 3, 1.5, 1.5, 0.
	if got := rows.Sums(); got != (Sums{3, 4.5, 13.5}) {
		t.Errorf("row-standardised sums %+v", got)
	}
	if !w.Symmetric() || rows.Symmetric() {
		t.Error("symmetry is wrong")
	}
	want := Summary{Areas: 4, Links: 4, Islands: 1, Parts: 2, Most: 2, Mean: 1, Symmetric: true}
	if got := w.Summary(); got != want {
		t.Errorf("summary %+v", got)
	}
	if got := w.WithSelf().Summary(); got != want {
		t.Errorf("summary with self %+v", got)
	}
	to, weight = w.WithSelf().RowStandardised().Row(0)
	if fmt.Sprint(to) != "[0 1 2]" || math.Abs(weight[0]-1.0/3) > 1e-16 {
		t.Errorf("row 0 with self %v %v", to, weight)
	}
	if w.WithSelf().WithSelf().Links() != 8 || fmt.Sprint(w.WithSelf().Islands()) != "[3]" {
		t.Error("areas are their own neighbours twice, or an island is none")
	}
}

func TestStylesHaveTheirTotals(t *testing.T) {
	w := weightsOf(t, chain(8))
	for style, total := range map[Style]float64{Binary: 12, RowStandardised: 7, GloballyScaled: 7, UnitScaled: 1, VarianceStabilising: 7} {
		if got := w.As(style).Sums().S0; math.Abs(got-total) > 1e-14 {
			t.Errorf("style %d adds up to %v, not %v", style, got, total)
		}
	}
	if w.Sums().S0 != 12 {
		t.Error("a style changed the weights it was made from")
	}
	if got := w.RowStandardised().As(Binary).Sums(); got != w.Sums() {
		t.Error("binary weights do not come back")
	}
}

func TestComponents(t *testing.T) {
	w := weightsOf(t, [][]int32{{4}, {2}, {}, {1}, {0}, {}})
	part, parts := w.Components()
	if fmt.Sprint(part) != "[0 1 1 1 0 2]" || parts != 3 {
		t.Errorf("parts %v, %d", part, parts)
	}
}

func TestWeightsThatCannotBe(t *testing.T) {
	for name, lists := range map[string][][]int32{
		"beyond": {{1}, {2}}, "negative": {{-1}, {}}, "itself": {{0}, {}}, "twice": {{1, 1}, {0}},
	} {
		if _, err := NewWeights(lists); !errors.Is(err, stats.ErrOption) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := NewWeights(nil); !errors.Is(err, stats.ErrEmpty) {
		t.Error(err)
	}
	if _, err := ReachOfAll([]float64{1}, []float64{1}); !errors.Is(err, stats.ErrTooFew) {
		t.Error(err)
	}
	nan := []float64{0, math.NaN()}
	two, three := []float64{0, 1}, []float64{0, 1, 2}
	for name, c := range map[string]struct {
		make func() (*Weights, error)
		want error
	}{
		"no points":    {func() (*Weights, error) { return KNearest(nil, nil, 1) }, stats.ErrEmpty},
		"lengths":      {func() (*Weights, error) { return KNearest(two, three, 1) }, stats.ErrLength},
		"missing":      {func() (*Weights, error) { return DistanceBand(two, nan, 1) }, stats.ErrMissing},
		"no nearest":   {func() (*Weights, error) { return KNearest(two, two, 0) }, stats.ErrOption},
		"too many":     {func() (*Weights, error) { return KNearest(two, two, 2) }, stats.ErrTooFew},
		"no band":      {func() (*Weights, error) { return DistanceBand(two, two, 0) }, stats.ErrOption},
		"NaN band":     {func() (*Weights, error) { return DistanceBand(two, two, math.NaN()) }, stats.ErrOption},
		"far":          {func() (*Weights, error) { return KNearest([]float64{0, 2e9}, two, 1) }, stats.ErrOption},
		"far north":    {func() (*Weights, error) { return DistanceBand(two, []float64{0, -2e9}, 1) }, stats.ErrOption},
		"no power":     {func() (*Weights, error) { return weightsOf(t, chain(3)).InverseDistance(three, three, 0) }, stats.ErrOption},
		"other points": {func() (*Weights, error) { return weightsOf(t, chain(3)).InverseDistance(two, two, 1) }, stats.ErrLength},
		"no weight": {func() (*Weights, error) {
			return weightsOf(t, chain(3)).InverseDistance([]float64{0, 1e9, 0}, three, 6)
		}, stats.ErrOption},
		"points missing": {func() (*Weights, error) { return weightsOf(t, chain(2)).InverseDistance(two, nan, 1) }, stats.ErrMissing},
		"one spot": {func() (*Weights, error) {
			return weightsOf(t, chain(3)).InverseDistance(make([]float64, 3), make([]float64, 3), 1)
		}, stats.ErrOption},
		"self": {func() (*Weights, error) { return weightsOf(t, chain(3)).WithSelf().InverseDistance(three, three, 1) }, stats.ErrOption},
	} {
		if _, err := c.make(); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// scattered is points with clusters, points on one spot and points in line.
func scattered(n int, seed uint64) (x, y []float64) {
	r := stats.NewRand(seed, 0)
	for i := range n {
		switch i % 4 {
		case 0:
			x, y = append(x, float64(r.Below(10))), append(y, float64(r.Below(10)))
		case 1:
			x, y = append(x, 5), append(y, 10*r.Float64())
		case 2:
			x, y = append(x, 3+r.Normal()/10), append(y, 4+r.Normal()/10)
		default:
			x, y = append(x, 100*r.Float64()), append(y, 100*r.Float64())
		}
	}
	return x, y
}

// Every point is compared with every other, which needs no tree.
func TestNearbyFindsWhatIsNear(t *testing.T) {
	for _, n := range []int{1, 2, 8, 9, 17, 100, 257} {
		x, y := scattered(n, uint64(n))
		for _, k := range []int{1, 3, 7} {
			if k >= n {
				continue
			}
			w, err := KNearest(x, y, k)
			if err != nil {
				t.Fatal(err)
			}
			for i := range n {
				want := others(x, y, i)[:k]
				slices.Sort(want)
				if got, _ := w.Row(i); !slices.Equal(got, want) {
					t.Fatalf("%d points: the %d nearest to %d are %v, not %v", n, k, i, got, want)
				}
			}
		}
		for _, reach := range []float64{0.1, 1, 2, 500} {
			w, err := DistanceBand(x, y, reach)
			if err != nil {
				t.Fatal(err)
			}
			for i := range n {
				want := others(x, y, i)
				want = slices.DeleteFunc(want, func(j int32) bool { return square(x[i]-x[j], y[i]-y[j]) > reach*reach })
				slices.Sort(want)
				if got, _ := w.Row(i); !slices.Equal(got, want) {
					t.Fatalf("%d points: within %v of %d are %v, not %v", n, reach, i, got, want)
				}
			}
			if !w.Symmetric() {
				t.Errorf("within %v is not mutual", reach)
			}
		}
	}
}

// others are all other points, nearest first, then by number.
func others(x, y []float64, i int) []int32 {
	var list []int32
	for j := range x {
		if j != i {
			list = append(list, int32(j))
		}
	}
	slices.SortStableFunc(list, func(a, b int32) int {
		return cmp.Compare(square(x[i]-x[a], y[i]-y[a]), square(x[i]-x[b], y[i]-y[b]))
	})
	return list
}

func TestReachOfAllLeavesNoIsland(t *testing.T) {
	for seed := range uint64(50) {
		x, y := scattered(60, seed)
		reach, err := ReachOfAll(x, y)
		if err != nil {
			t.Fatal(err)
		}
		whole, _ := DistanceBand(x, y, reach)
		short, _ := DistanceBand(x, y, reach*(1-1e-12))
		if len(whole.Islands()) != 0 || len(short.Islands()) == 0 {
			t.Errorf("at %v metres %d islands, just below it %d", reach, len(whole.Islands()), len(short.Islands()))
		}
	}
}

func TestInverseDistanceByHand(t *testing.T) {
	w := weightsOf(t, [][]int32{{1, 2}, {0}, {0}})
	d, err := w.InverseDistance([]float64{0, 3, 0}, []float64{0, 4, 2}, 2)
	if err != nil {
		t.Fatal(err)
	}
	if _, weight := d.Row(0); math.Abs(weight[0]-1.0/25) > 1e-16 || weight[1] != 0.25 {
		t.Errorf("weights %v", weight)
	}
}

// Minutes of travel: the weights go with the neighbours they were given for,
// whatever the order, and a neighbour of weight 0 is none.
func TestWeightsOfOnesOwn(t *testing.T) {
	lists, values := [][]int32{{3, 1, 2}, {0}, {3}, {}}, [][]float64{{0.3, 0.1, 0}, {5}, {0}, {}}
	w := must(NewWeightsOf(lists, values))
	for i, want := range []string{"[1 3] [0.1 0.3]", "[0] [5]", "[] []", "[] []"} {
		if to, weight := w.Row(i); fmt.Sprint(to, weight) != want {
			t.Errorf("row %d is %v %v, not %s", i, to, weight, want)
		}
	}
	if fmt.Sprint(lists, values) != "[[3 1 2] [0] [3] []] [[0.3 0.1 0] [5] [0] []]" {
		t.Error("the lists were changed")
	}
	if got := fmt.Sprint(w.Islands(), w.Links(), w.Lag([]float64{1, 2, 3, 4})); got != "[2 3] 3 [1.4 5 0 0]" {
		t.Errorf("islands, links and lag: %s", got)
	}
	near := patchwork(50)
	one := make([][]float64, len(near))
	for i, list := range near {
		one[i] = slices.Repeat([]float64{1}, len(list))
	}
	if !reflect.DeepEqual(must(NewWeightsOf(near, one)), weightsOf(t, near)) {
		t.Error("weights of 1 are not those of NewWeights")
	}
	x, y := scattered(50, 3)
	far := must(weightsOf(t, near).InverseDistance(x, y, 1))
	for i, list := range near {
		for k, j := range list {
			one[i][k] = 1 / math.Sqrt(square(x[i]-x[j], y[i]-y[j]))
		}
	}
	if !reflect.DeepEqual(must(NewWeightsOf(near, one)), far) {
		t.Error("weights of inverse distance are not those of InverseDistance")
	}
}

func TestWeightsOfOnesOwnThatCannotBe(t *testing.T) {
	two := [][]int32{{1}, {0}}
	for name, c := range map[string]struct {
		lists  [][]int32
		values [][]float64
		want   error
	}{
		"empty":       {nil, nil, stats.ErrEmpty},
		"areas":       {two, [][]float64{{1}}, stats.ErrLength},
		"few":         {two, [][]float64{{1}, {}}, stats.ErrLength},
		"many":        {two, [][]float64{{1}, {1, 1}}, stats.ErrLength},
		"missing":     {two, [][]float64{{1}, {math.NaN()}}, stats.ErrMissing},
		"infinite":    {two, [][]float64{{1}, {math.Inf(1)}}, stats.ErrMissing},
		"negative":    {two, [][]float64{{1}, {-1}}, stats.ErrNegative},
		"tiny":        {two, [][]float64{{1}, {1e-51}}, stats.ErrOption},
		"huge":        {two, [][]float64{{1}, {2e50}}, stats.ErrOption},
		"itself":      {[][]int32{{0}, {}}, [][]float64{{1}, {}}, stats.ErrOption},
		"zero itself": {[][]int32{{0}, {}}, [][]float64{{0}, {}}, stats.ErrOption},
		"beyond":      {[][]int32{{2}, {}}, [][]float64{{1}, {}}, stats.ErrOption},
		"twice":       {[][]int32{{1, 1}, {}}, [][]float64{{1, 2}, {}}, stats.ErrOption},
	} {
		if _, err := NewWeightsOf(c.lists, c.values); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// More neighbours than memory is likely to hold are refused before they fill it.
func TestTooManyNeighbours(t *testing.T) {
	x, y := make([]float64, 1<<15), make([]float64, 1<<15)
	if _, err := KNearest(x, y, 1<<12+1); !errors.Is(err, stats.ErrOption) {
		t.Error(err)
	}
	list := make([]int32, 1<<15)
	lists := make([][]int32, 1<<14)
	for i := range lists {
		lists[i] = list
	}
	if _, err := NewWeights(lists); !errors.Is(err, stats.ErrOption) {
		t.Error(err)
	}
}
