package scan

import (
	"encoding/binary"
	"errors"
	"math"
	"reflect"
	"slices"
	"testing"

	"openvru/internal/stats"
)

// with returns a sound small set of data, changed.
func with(change func(d *Data)) Data {
	d := Data{
		X: []float64{0, 1, 5}, Y: []float64{0, 1, 2}, Periods: 2,
		Cases: []float64{3, 0, 1, 2, 0, 1}, Expected: []float64{1, 1, 2, 2, 1, 3},
	}
	change(&d)
	return d
}

func TestBadInputHasAName(t *testing.T) {
	nan := math.NaN()
	for i, c := range []struct {
		d                    Data
		poisson, permutation error
	}{
		{with(func(*Data) {}), nil, nil},
		{Data{}, stats.ErrEmpty, stats.ErrEmpty},
		{with(func(d *Data) { d.Y = d.Y[:2] }), stats.ErrLength, stats.ErrLength},
		{with(func(d *Data) { d.Cases = d.Cases[:3] }), stats.ErrLength, stats.ErrLength},
		{with(func(d *Data) { d.Expected = nil }), stats.ErrLength, nil},
		{with(func(d *Data) { d.Population = []float64{1} }), stats.ErrLength, stats.ErrLength},
		{with(func(d *Data) { d.X[1] = nan }), stats.ErrMissing, stats.ErrMissing},
		{with(func(d *Data) { d.Cases[1] = nan }), stats.ErrMissing, stats.ErrMissing},
		{with(func(d *Data) { d.Expected[1] = math.Inf(1) }), stats.ErrMissing, nil},
		{with(func(d *Data) { d.Cases[1] = -1 }), stats.ErrNegative, stats.ErrNegative},
		{with(func(d *Data) { d.Expected[1] = -1 }), stats.ErrNegative, nil},
		{with(func(d *Data) { d.Population = []float64{1, -1, 1} }), stats.ErrNegative, stats.ErrNegative},
		{with(func(d *Data) { d.Population = []float64{0, 0, 0} }), stats.ErrNoPopulation, stats.ErrNoPopulation},
		{with(func(d *Data) { d.Cases[1] = 0.5 }), ErrPart, ErrPart},
		{with(func(d *Data) { d.Cases[1] = 1e10 }), stats.ErrOption, stats.ErrOption},
		{with(func(d *Data) { d.Expected[0] = 0 }), ErrImpossible, nil},
		{with(func(d *Data) { clear(d.Expected); clear(d.Cases) }), stats.ErrNoPopulation, nil},
		{with(func(d *Data) { d.Expected[0] = math.MaxFloat64; d.Expected[1] = math.MaxFloat64 }), stats.ErrMissing, nil},
		{with(func(d *Data) { d.Population = []float64{1, math.MaxFloat64, math.MaxFloat64} }), stats.ErrMissing, stats.ErrMissing},
		{with(func(d *Data) { d.Expected[0], d.Expected[1] = 1e-300, 1e300 }), ErrImpossible, nil},
		{with(func(d *Data) { d.Expected[4], d.Expected[5] = 1e20, 1 }), ErrImpossible, nil},
		{with(func(d *Data) { d.Periods = -1 }), stats.ErrLength, stats.ErrLength},
		{with(func(d *Data) { d.Periods = 1 << 62; d.Cases, d.Expected = nil, nil }), stats.ErrLength, stats.ErrLength},
		{with(func(d *Data) { d.X[0] = 1e151 }), ErrPosition, ErrPosition},
		{with(func(d *Data) { d.Y[0] = -91; d.LonLat = true }), ErrPosition, ErrPosition},
		{with(func(d *Data) { d.X[2] = 361; d.LonLat = true }), ErrPosition, ErrPosition},
		{with(func(d *Data) { d.X[2], d.Y[2] = -360, 90; d.LonLat = true }), nil, nil},
		{with(func(d *Data) { d.X[2], d.Y[2] = 1e150, -1e150 }), nil, nil},
		{with(func(d *Data) { d.Cases[0] = 1<<26 + 1 }), nil, stats.ErrOption},
		{with(func(d *Data) { d.Periods = 1; d.Cases = d.Cases[:3]; d.Expected = d.Expected[:3] }), nil, stats.ErrTooFew},
	} {
		if _, err := Poisson(c.d, Options{}); !errors.Is(err, c.poisson) {
			t.Errorf("%d: %v, not %v", i, err, c.poisson)
		}
		if _, err := Permutation(c.d, Options{}); !errors.Is(err, c.permutation) {
			t.Errorf("%d by permutation: %v, not %v", i, err, c.permutation)
		}
	}
}

func TestBadOptionsHaveAName(t *testing.T) {
	for i, o := range []Options{
		{MaxShare: -0.1}, {MaxShare: 1.1}, {MaxShare: math.NaN()}, {MaxRadius: -1}, {MaxRadius: math.NaN()},
		{Rates: 3}, {Rates: -1}, {Overlap: 2}, {MinCases: -1}, {MaxClusters: -1}, {StopAfter: -1},
		{MaxPeriods: 3}, {Replications: 10_000_001}, {MinPeriods: -1}, {MinPeriods: 2, MaxPeriods: 1}, {EarlierAnalyses: 2}, {EarlierAnalyses: -1},
	} {
		if _, err := Poisson(with(func(*Data) {}), o); !errors.Is(err, stats.ErrOption) {
			t.Errorf("%d: %v", i, err)
		}
	}
}

// Where there is nothing to find there are no clusters and no error.
func TestNothingToFind(t *testing.T) {
	for name, d := range map[string]Data{
		"no cases":    with(func(d *Data) { clear(d.Cases) }),
		"one place":   {X: []float64{1}, Y: []float64{1}, Cases: []float64{5}, Expected: []float64{9}},
		"all alike":   {X: []float64{0, 1, 2}, Y: []float64{0, 0, 0}, Cases: []float64{4, 4, 4}, Expected: []float64{1, 1, 1}},
		"one point":   {X: []float64{1, 1, 1}, Y: []float64{2, 2, 2}, Cases: []float64{4, 0, 4}, Expected: []float64{1, 1, 1}},
		"one big one": {X: []float64{0, 1}, Y: []float64{0, 0}, Cases: []float64{9, 0}, Expected: []float64{9, 1}},
	} {
		got, err := Poisson(d, Options{Rates: Both, MaxShare: 0.4})
		if err != nil || len(got.Clusters) > 0 && name != "no cases" && name != "one big one" || got.Cases != stats.Sum(d.Cases) {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
}

// Where there are exactly as many cases as expected, rounding is no cluster.
func TestRoundingIsNoCluster(t *testing.T) {
	r := stats.NewRand(2, 2)
	for range 50 {
		var d Data
		for range 30 {
			people := 1 + float64(r.Below(50))
			d.X, d.Y = append(d.X, r.Float64()), append(d.Y, r.Float64())
			d.Cases, d.Expected = append(d.Cases, people), append(d.Expected, people/1e4)
		}
		got, err := Poisson(d, Options{Rates: Both, MaxShare: 1})
		if err != nil || len(got.Clusters) > 0 {
			t.Fatal(err, got.Clusters)
		}
	}
	d := small(7, 400, 3)
	for i := range d.Cases { // each place has its share of every period
		d.Cases[i] = float64(1+i/7) * float64(2+i%7)
	}
	if got, err := Permutation(d, Options{Rates: Both, WholeTime: true}); err != nil || len(got.Clusters) > 0 {
		t.Fatal(err, got.Clusters)
	}
}

// The unit of what is expected does not matter, be it ever so small or large.
func TestUnitsOfAnySize(t *testing.T) {
	d := with(func(*Data) {})
	want, err := Poisson(d, Options{Replications: 19})
	if err != nil {
		t.Fatal(err)
	}
	for _, unit := range []float64{0x1p-1070, 0x1p1020} {
		m := with(func(d *Data) {
			for i := range d.Expected {
				d.Expected[i] *= unit
			}
		})
		if got, err := Poisson(m, Options{Replications: 19}); err != nil || !same(want, got) {
			t.Errorf("times %v: %v\n%+v\n%+v", unit, err, want, got)
		}
	}
}

// The caller's lists are not written to.
func TestInputIsLeftAlone(t *testing.T) {
	for _, permute := range []bool{false, true} {
		d, before := small(7, 150, 3), small(7, 150, 3)
		d.Population, before.Population = slices.Clone(d.Expected[:30]), slices.Clone(d.Expected[:30])
		if _, err := scanOf(permute)(d, Options{Replications: 9}); err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(d, before) {
			t.Error("the input was changed")
		}
	}
}

// Places without population belong to circles and change nothing else; places
// at one point come in together.
func TestPlacesWithoutPopulation(t *testing.T) {
	d := Data{X: []float64{0, 1, 2, 30, 31}, Y: make([]float64, 5), Cases: []float64{9, 0, 5, 1, 1}, Expected: []float64{1, 0, 1, 4, 4}}
	got, err := Poisson(d, Options{})
	if err != nil || len(got.Clusters) == 0 || len(got.Clusters[0].Places) != 3 {
		t.Fatal(err, got.Clusters)
	}
	d.X[2] = 0 // at the point of the first
	if got, err = Poisson(d, Options{MaxShare: 0.19}); err != nil {
		t.Fatal(err)
	}
	for _, c := range got.Clusters {
		for _, p := range c.Places {
			if p == 0 || p == 2 {
				t.Errorf("%+v: the two at one point are more than 0.19", c)
			}
		}
	}
}

func TestNoReplications(t *testing.T) {
	got, err := Poisson(with(func(*Data) {}), Options{Replications: -1})
	if err != nil || len(got.Maxima) > 0 || len(got.Clusters) == 0 || !math.IsNaN(got.Clusters[0].P) || !math.IsNaN(got.Clusters[0].PGumbel) {
		t.Errorf("%+v, %v", got, err)
	}
}

// Any input gives clusters whose figures are numbers, or a named error.
func FuzzScan(f *testing.F) {
	f.Add([]byte("seeds of two places and more, any will do: 0123456789abcdef"), uint8(3), uint8(0), false)
	f.Add(make([]byte, 200), uint8(1), uint8(7), true)
	f.Fuzz(func(t *testing.T, data []byte, periods, kind uint8, permute bool) {
		d := Data{Periods: int(periods%5) + 1, LonLat: kind&1 != 0}
		cell := 2 * d.Periods
		for len(data) >= 16+cell && len(d.X) < 12 {
			d.X = append(d.X, math.Float64frombits(binary.LittleEndian.Uint64(data)))
			d.Y = append(d.Y, float64(int8(data[9])))
			for t := range d.Periods {
				d.Cases = append(d.Cases, float64(data[16+2*t]%9))
				d.Expected = append(d.Expected, float64(data[17+2*t]))
			}
			data = data[16+cell:]
		}
		o := Options{Replications: 5, Rates: Rates(kind >> 1 & 3), Prospective: kind&8 != 0, WholeTime: kind&16 != 0, MaxShare: float64(kind>>5) / 7}
		got, err := scanOf(permute)(d, o)
		if err != nil {
			return
		}
		for _, c := range got.Clusters {
			if !(c.LLR > 0) || math.IsInf(c.LLR, 0) || !(c.Expected > 0) || math.IsNaN(c.P) || len(c.Places) == 0 || math.IsNaN(c.Radius) {
				t.Errorf("%+v", c)
			}
		}
	})
}
