package spatial

import (
	"math"
	"runtime"
	"slices"
	"testing"

	"openvru/internal/stats"
)

// tiny is a map of seven areas: unequal numbers of neighbours, one link that is
// not mutual, an island. Every way to deal out its values can be listed.
func tiny(t testing.TB) (*Weights, []float64, []float64) {
	w := weightsOf(t, [][]int32{{1, 2, 3}, {0, 2}, {0, 1, 3, 4}, {0, 2}, {2, 5, 0}, {4}, {}})
	return w, []float64{4, 1, 2.5, 2.5, 7, 0, 3}, []float64{1, 3, 3, 0, 2, 8, 5}
}

// orders calls do with every order of the values from place k on.
func orders(values []float64, k int, do func()) {
	if k == len(values) {
		do()
		return
	}
	for j := k; j < len(values); j++ {
		values[k], values[j] = values[j], values[k]
		orders(values, k+1, do)
		values[k], values[j] = values[j], values[k]
	}
}

// exact is a statistic over all ways to deal out the values.
type exact struct{ mean, variance, least, most, folded float64 }

func exactly(seen float64, all []float64) exact {
	var e exact
	n := float64(len(all))
	for _, v := range all {
		e.mean += v / n
	}
	for _, v := range all {
		e.variance += (v - e.mean) * (v - e.mean) / n
		if v <= seen+1e-9 {
			e.least += 1 / n
		}
		if v >= seen-1e-9 {
			e.most += 1 / n
		}
	}
	e.folded = min(e.least, e.most)
	return e
}

// closeTo reports p-values farther from the exact ones than 4.5 of their
// Monte-Carlo errors and the 1 that counts the map itself in.
func closeTo(t *testing.T, what string, got, want float64, permutations int) {
	t.Helper()
	n := float64(permutations)
	if math.Abs(got-want) > 4.5*math.Sqrt(want*(1-want)/n)+1/n {
		t.Errorf("%s is %v, exactly %v", what, got, want)
	}
}

func TestGlobalAgainstEveryPermutation(t *testing.T) {
	w, x, y := tiny(t)
	const reps = 99_999
	o := Options{Permutations: reps, Seed: 5}
	for name, of := range map[string]func(x []float64, o Options) Global{
		"Moran":     func(x []float64, o Options) Global { return must(Moran(w.RowStandardised(), x, o)) },
		"binary":    func(x []float64, o Options) Global { return must(Moran(w, x, o)) },
		"Geary":     func(x []float64, o Options) Global { return must(Geary(w.RowStandardised(), x, o)) },
		"General":   func(x []float64, o Options) Global { return must(GeneralG(w, x, o)) },
		"bivariate": func(x []float64, o Options) Global { return must(BivariateMoran(w.RowStandardised(), y, x, o)) },
	} {
		got := of(x, o)
		var all []float64
		dealt := slices.Clone(x)
		orders(dealt, 0, func() { all = append(all, of(dealt, Options{}).Value) })
		want := exactly(got.Value, all)
		if len(all) != 5040 {
			t.Fatalf("%d orders", len(all))
		}
		if math.Abs(got.Randomisation.Expected-want.mean) > 1e-12 || math.Abs(got.Randomisation.Variance-want.variance) > 1e-12 {
			t.Errorf("%s: theory expects %v and variance %v, exactly %v and %v", name,
				got.Randomisation.Expected, got.Randomisation.Variance, want.mean, want.variance)
		}
		closeTo(t, name+" greater", got.Permuted.P.Greater, want.most, reps)
		closeTo(t, name+" less", got.Permuted.P.Less, want.least, reps)
		sd := math.Sqrt(want.variance)
		if off := math.Abs(got.Permuted.Mean-want.mean) / sd; off > 4.5/math.Sqrt(reps) {
			t.Errorf("%s: permuted mean %v, exactly %v", name, got.Permuted.Mean, want.mean)
		}
		// The fourth moment of so small a map is below five times the variance squared.
		if off := math.Abs(got.Permuted.SD/sd - 1); off > 4.5/math.Sqrt(reps) {
			t.Errorf("%s: permuted SD %v, exactly %v", name, got.Permuted.SD, sd)
		}
		if z := (got.Value - got.Permuted.Mean) / got.Permuted.SD; math.Abs(z-got.Permuted.Z) > 1e-9 {
			t.Errorf("%s: Z %v, not %v", name, got.Permuted.Z, z)
		}
	}
}

// Each area's own value stays and those of the other six are dealt out in all
// 720 orders.
func TestLocalAgainstEveryPermutation(t *testing.T) {
	w, x, y := tiny(t)
	localAgainstEvery(t, w, x, y)
	// Tenths tie in sums that differ in the last digit: 0.1 + 0.2 and 0.3.
	localAgainstEvery(t, w, []float64{0.7, 0.1, 0.2, 0, 0.3, 0.4, 0.6}, y)
}

func localAgainstEvery(t *testing.T, w *Weights, x, y []float64) {
	const reps = 49_999
	o := Options{Permutations: reps, Seed: 6}
	apart := must(w.InverseDistance([]float64{0, 1, 3, 2, 5, 9, 7}, []float64{0, 4, 1, 1, 2, 2, 9}, 1))
	for name, of := range map[string]func(x []float64, o Options) *Local{
		"Moran":     func(x []float64, o Options) *Local { return must(LocalMoran(w.RowStandardised(), x, o)) },
		"unequal":   func(x []float64, o Options) *Local { return must(LocalMoran(apart, x, o)) },
		"bivariate": func(x []float64, o Options) *Local { return must(LocalBivariate(w, y, x, o)) },
		"Gi":        func(x []float64, o Options) *Local { return must(LocalG(w, x, o)) },
		"Gi*":       func(x []float64, o Options) *Local { return must(LocalG(w.WithSelf().RowStandardised(), x, o)) },
	} {
		got := of(x, o)
		for i := range x {
			if w.island(i) {
				if p := got.Permuted; !math.IsNaN(got.Value[i] + got.Z[i] + got.P[i] + p.Directed[i] + p.TwoSided[i] + p.Z[i] + p.SD[i]) {
					t.Errorf("%s: the island has a statistic", name)
				}
				continue
			}
			dealt := slices.Clone(x)
			dealt[0], dealt[i] = dealt[i], dealt[0]
			var all []float64
			orders(dealt, 1, func() {
				dealt[0], dealt[i] = dealt[i], dealt[0]
				all = append(all, of(dealt, Options{}).Value[i])
				dealt[0], dealt[i] = dealt[i], dealt[0]
			})
			want := exactly(got.Value[i], all)
			if name != "Gi*" && (math.Abs(got.Expected[i]-want.mean) > 1e-12 || math.Abs(got.Variance[i]-want.variance) > 1e-12) {
				t.Errorf("%s %d: theory expects %v and variance %v, exactly %v and %v", name, i,
					got.Expected[i], got.Variance[i], want.mean, want.variance)
			}
			closeTo(t, name+" folded", got.Permuted.Directed[i], want.folded, reps)
			sd := math.Sqrt(want.variance)
			if off := math.Abs(got.Permuted.Mean[i] - want.mean); off > 4.5*sd/math.Sqrt(reps) {
				t.Errorf("%s %d: permuted mean %v, exactly %v", name, i, got.Permuted.Mean[i], want.mean)
			}
			if off := math.Abs(got.Permuted.SD[i]/sd - 1); off > 4.5/math.Sqrt(reps) {
				t.Errorf("%s %d: permuted SD %v, exactly %v", name, i, got.Permuted.SD[i], sd)
			}
			if z := (got.Value[i] - got.Permuted.Mean[i]) / got.Permuted.SD[i]; math.Abs(z-got.Permuted.Z[i]) > 1e-9 {
				t.Errorf("%s %d: Z %v, not %v", name, i, got.Permuted.Z[i], z)
			}
		}
	}
}

// Over all ways to deal out all values, local Moran has the moments that Total
// asks for.
func TestTotalMomentsAgainstEveryPermutation(t *testing.T) {
	w, x, _ := tiny(t)
	w = w.RowStandardised()
	got := must(LocalMoran(w, x, Options{Total: true}))
	all := make([][]float64, len(x))
	dealt := slices.Clone(x)
	orders(dealt, 0, func() {
		for i, v := range must(LocalMoran(w, dealt, Options{})).Value {
			all[i] = append(all[i], v)
		}
	})
	for i := range x {
		if want := exactly(0, all[i]); !w.island(i) &&
			(math.Abs(got.Expected[i]-want.mean) > 1e-12 || math.Abs(got.Variance[i]-want.variance) > 1e-12) {
			t.Errorf("area %d: %v and %v, exactly %v and %v", i, got.Expected[i], got.Variance[i], want.mean, want.variance)
		}
	}
}

// The fast loops pass over draws that repeat; every choice of k among n must
// still be as likely as any other. The eight values are powers of two, so that
// a sum says which were chosen.
func TestChoicesAreFair(t *testing.T) {
	const n = 8
	v := &field{1, 2, 4, 8, 16, 32, 64, 128}
	for k := 1; k <= unrolled; k++ {
		chosen, total := map[float64]float64{}, 0.0
		var draws [drawsAtOnce]uint16
		var sums [drawsAtOnce]float64
		r := stats.NewRand(9, uint64(k))
		for range 400 {
			got := draw(&r, n, draws[:])
			for _, s := range sums[:sumDraws(k, draws[:got], v, sums[:])] {
				chosen[s]++
				total++
			}
		}
		cells := binomial(n, k)
		if len(chosen) != int(cells) {
			t.Fatalf("%d of %d: %d choices, not %v", k, n, len(chosen), cells)
		}
		chi := 0.0
		for _, c := range chosen {
			chi += (c - total/cells) * (c - total/cells) / (total / cells)
		}
		if z := (chi - cells + 1) / math.Sqrt(2*cells); z > 5 {
			t.Errorf("%d of %d: chi-squared %.1f for %v choices", k, n, chi, cells)
		}
	}
}

// Draws are fair however many share a word of random bits.
func TestDrawsAreFair(t *testing.T) {
	for _, n := range []uint64{1, 2, 5, 100, fourAWord - 1, fourAWord, fourAWord + 1, 60_000, fieldLen} {
		var draws [drawsAtOnce]uint16
		r := stats.NewRand(10, n)
		cells := min(n, 100)
		count, total := make([]float64, cells), 0.0
		for range 200 {
			for _, d := range draws[:draw(&r, n, draws[:])] {
				if uint64(d) >= n {
					t.Fatalf("%d is not below %d", d, n)
				}
				count[uint64(d)*cells/n]++
				total++
			}
		}
		if total < 200*(drawsAtOnce-3) {
			t.Errorf("only %v draws", total)
		}
		chi := 0.0
		for cell, c := range count {
			// Draws d with d·cells/n rounded down to the cell.
			width := (uint64(cell+1)*n+cells-1)/cells - (uint64(cell)*n+cells-1)/cells
			want := total * float64(width) / float64(n)
			chi += (c - want) * (c - want) / want
		}
		if z := (chi - float64(cells) + 1) / math.Sqrt(2*float64(cells)); z > 5 {
			t.Errorf("below %d: chi-squared %.1f in %d cells", n, chi, cells)
		}
	}
}

// All 120 orders of five values are as likely as each other.
func TestShuffleIsFair(t *testing.T) {
	for _, n := range []int{2, 3, 4, 5} {
		seen, r := map[[5]float64]float64{}, stats.NewRand(11, uint64(n))
		const total = 60_000
		for range total {
			order := [5]float64{0, 1, 2, 3, 4}
			shuffle(&r, order[:n])
			seen[order]++
		}
		cells, chi := math.Gamma(float64(n)+1), 0.0
		if len(seen) != int(cells) {
			t.Fatalf("%d orders of %d", len(seen), n)
		}
		for _, c := range seen {
			chi += (c - total/cells) * (c - total/cells) / (total / cells)
		}
		if z := (chi - cells + 1) / math.Sqrt(2*cells); z > 5 {
			t.Errorf("orders of %d: chi-squared %.1f", n, chi)
		}
	}
	long := make([]float64, 1000)
	for i := range long {
		long[i] = float64(i)
	}
	r := stats.NewRand(12, 0)
	shuffle(&r, long)
	slices.Sort(long)
	for i, v := range long {
		if v != float64(i) {
			t.Fatal("a shuffle lost a value")
		}
	}
}

// Numbers too large for three of them a word are drawn one by one.
func TestWideDraws(t *testing.T) {
	list := make([]uint32, drawsAtOnce)
	for _, n := range []uint32{1, 70_000, threeAWord, threeAWord + 1, 3_000_000_000} {
		r, sum, count := stats.NewRand(13, uint64(n)), 0.0, 0.0
		for range 200 {
			for _, d := range list[:drawWide(&r, n, list)] {
				if d >= n {
					t.Fatalf("%d is not below %d", d, n)
				}
				sum, count = sum+float64(d), count+1
			}
		}
		spread := math.Sqrt((float64(n)*float64(n) - 1) / 12 / count)
		if off := math.Abs(sum/count - float64(n-1)/2); off > 5*spread || count < 200*(drawsAtOnce-3) {
			t.Errorf("below %d: mean %v of %v draws", n, sum/count, count)
		}
	}
	long := make([]float64, 1<<21+1)
	for i := range long {
		long[i] = float64(i)
	}
	r := stats.NewRand(14, 0)
	shuffle(&r, long)
	if slices.IsSorted(long) {
		t.Error("a long list is not shuffled")
	}
}

// The marks of what is taken begin again when their numbers run out.
func TestMarksBeginAgain(t *testing.T) {
	w, x, _ := tiny(t)
	o, d := Options{Permutations: 50, Seed: 1}, newDealer(x, 4)
	worn := hand{dealer: d, taken: make([]uint32, len(x)), wide: make([]uint32, drawsAtOnce), round: math.MaxUint32 - 1}
	for i := range worn.taken {
		worn.taken[i] = 1 // of a round long ago, that comes again
	}
	fresh := hand{dealer: d}
	// Area 1 has too few neighbours and too few others for the other ways to deal.
	if got, want := worn.deal(w, 1, o), fresh.deal(w, 1, o); got != want || worn.round > 50 {
		t.Errorf("%+v, not %+v", got, want)
	}
}

func TestMemoryDoesNotGrowWithPermutations(t *testing.T) {
	w := weightsOf(t, patchwork(700))
	x := rates(w, 4)
	used := func(permutations int) float64 {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		must(LocalMoran(w, x, Options{Permutations: permutations}))
		runtime.ReadMemStats(&after)
		return float64(after.TotalAlloc - before.TotalAlloc)
	}
	used(9)
	if few, many := used(9), used(4999); many > few+100_000 || many > 50<<20 {
		t.Errorf("9 permutations take %v bytes, 4,999 take %v", few, many)
	}
}

func binomial(n, k int) float64 {
	b := 1.0
	for i := range k {
		b = b * float64(n-i) / float64(i+1)
	}
	return math.Round(b)
}
