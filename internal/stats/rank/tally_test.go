package rank

import (
	"runtime"
	"slices"
	"testing"

	"openvru/internal/stats"
)

// Ranks taken in block by block against all of them sorted, for every kind of
// tail: one draw to many, levels that keep nearly nothing and nearly everything,
// few places (so many equal ranks) and more than a group of them.
func TestRanksAreThoseOfAllDrawsSorted(t *testing.T) {
	r := stats.NewRand(21, 0)
	for _, draws := range []int{1, 2, 3, 31, 64, 500, 3000} {
		for _, level := range []float64{0.01, 0.5, 0.95, 0.999} {
			n := 1 + int(r.Below(150))
			rows := make(Samples, draws)
			for d := range rows {
				rows[d] = make([]float64, n)
				for i := range rows[d] {
					rows[d][i] = float64(i)/20 + float64(r.Below(12))
				}
			}
			got, err := Of(rows, Options{Level: level})
			if err != nil {
				t.Fatal(err)
			}
			out := min(int(float64(draws)*(1-level)/2), (draws-1)/2)
			all := make([][]float64, n)
			for _, row := range rows {
				for i, place := range Places(row, false) {
					all[i] = append(all[i], place)
				}
			}
			for i, places := range all {
				near(t, "expected rank", got.Expected[i], stats.Sum(places)/float64(draws), 1e-9)
				slices.Sort(places)
				if want := (stats.Interval{Low: places[out], High: places[draws-1-out]}); got.Interval[i] != want {
					t.Fatalf("%d draws, level %v, place %d: %v, not %v", draws, level, i, got.Interval[i], want)
				}
			}
		}
	}
}

// The memory is that of some hundred draws and of the tails, not of all draws:
// these would take 40 MB.
func TestRanksOfManyPlacesNeedLittleMemory(t *testing.T) {
	g := london()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	if _, err := Of(g, Options{Draws: 2000}); err != nil {
		t.Fatal(err)
	}
	runtime.ReadMemStats(&after)
	if bytes := after.TotalAlloc - before.TotalAlloc; bytes > 20<<20 {
		t.Errorf("%d bytes", bytes)
	}
}
