package model

import (
	"math"
	"testing"

	"openvru/internal/stats"
)

// One feature in the middle of a row of nine places 100 m apart: those no
// farther than the radius are near, the edge included; dense is where the kernel
// is two standard deviations above its mean, by hand.
func TestInfluencesByHand(t *testing.T) {
	x, y := make([]float64, 9), make([]float64, 9)
	for i := range x {
		x[i] = 100 * float64(i)
	}
	p, err := NewPoints([]float64{400}, []float64{0})
	if err != nil {
		t.Fatal(err)
	}
	d, list, err := Influences(x, y, []RiskFactor{{"bar", p, []float64{100, 250}, []float64{150}}})
	if err != nil {
		t.Fatal(err)
	}
	// The kernel is (1 − 4/9)² = 0.309 of its top at 100 m: mean 0.180, standard
	// deviation 0.318 over nine places, so the middle alone (1) is above 0.815.
	want := map[string][]float64{
		"bar within 100 m":       {0, 0, 0, 1, 1, 1, 0, 0, 0},
		"bar within 250 m":       {0, 0, 1, 1, 1, 1, 1, 0, 0},
		"bar dense within 150 m": {0, 0, 0, 0, 1, 0, 0, 0, 0},
	}
	for _, i := range list {
		for k, v := range d.Column(i.Name) {
			if v != want[i.Name][k] {
				t.Errorf("%s: %v, want %v", i.Name, d.Column(i.Name), want[i.Name])
				break
			}
		}
	}
	if len(list) != 3 {
		t.Errorf("%+v", list)
	}
	// With two places off the middle just above the mean and a standard deviation,
	// they are not dense.
	twin, err := NewPoints([]float64{400, 400, 200}, []float64{0, 0, 0})
	if err != nil {
		t.Fatal(err)
	}
	d, _, err = Influences(x, y, []RiskFactor{{"bar", twin, nil, []float64{50}}})
	if err != nil {
		t.Fatal(err)
	}
	// Densities 1 and 2 of nine: mean 1/3, standard deviation 0.667, limit 1.667.
	if c := d.Column("bar dense within 50 m"); c[4] != 1 || c[2] != 0 {
		t.Errorf("dense at %v", c)
	}
}

// harmful are 2,000 places with three influences of two factors, and counts.
func harmful(up [3]float64) (*Design, []Influence, []float64) {
	r := stats.NewRand(14, 0)
	const n = 2000
	var columns [3][]float64
	for j := range columns {
		columns[j] = make([]float64, n)
		for i := range n {
			columns[j][i] = b2f(r.Float64() < 0.3)
		}
	}
	y := make([]float64, n)
	for i := range y {
		mean := 1.0
		for j, c := range columns {
			mean *= math.Pow(up[j], c[i])
		}
		y[i] = r.Poisson(mean)
	}
	d := NewDesign(n).Add("a1", columns[0]).Add("a2", columns[1]).Add("b", columns[2])
	return d, []Influence{{Factor: 0, Name: "a1"}, {Factor: 0, Name: "a2"}, {Factor: 1, Name: "b"}}, y
}

// Of a factor only the stronger of two influences stays, though both act, and
// the criterion is that of the page.
func TestOneInfluenceOfEachFactor(t *testing.T) {
	d, list, y := harmful([3]float64{3, 2, 1.5})
	m, err := RiskTerrain(d, list, y, TerrainOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if len(m.Screened) != 3 || len(m.Risks) != 2 || m.Risks[0].Name != "a1" || m.Risks[1].Name != "b" {
		t.Fatalf("screened %v, in the model %+v", m.Screened, m.Risks)
	}
	f := m.Fit
	parameters := 3.0
	if f.estimated {
		parameters++
	}
	same(t, "BIC", []float64{m.BIC}, []float64{parameters*math.Log(2000) - 2*f.LogLikelihood}, 1e-12)
}

// An influence under which harm falls stays out unless it is asked for, also
// where it would only enter a step.
func TestProtectiveInfluences(t *testing.T) {
	d, list, y := harmful([3]float64{3, 1, 0.4})
	for _, protective := range []bool{false, true} {
		o := TerrainOptions{Protective: protective}
		m, err := RiskTerrain(d, list, y, o)
		if err != nil {
			t.Fatal(err)
		}
		found := false
		for _, k := range m.Risks {
			found = found || k.Name == "b" && k.Value < 0.6
		}
		s := steps{d: d, list: list, y: y, o: o, family: Poisson}
		_, bic, err := s.try([]int{2})
		if err != nil || found != protective || math.IsInf(bic, 1) == protective {
			t.Errorf("protective %v: %+v, criterion %v: %v", protective, m.Risks, bic, err)
		}
	}
}

// A step back: what entered first gives way when two others say it better.
func TestStepsGoBack(t *testing.T) {
	r := stats.NewRand(15, 0)
	const n = 6000
	a, b, both, y := make([]float64, n), make([]float64, n), make([]float64, n), make([]float64, n)
	for i := range n {
		a[i], b[i] = b2f(r.Float64() < 0.2), b2f(r.Float64() < 0.2)
		both[i] = max(a[i], b[i])
		if r.Float64() < 0.03 {
			both[i] = 1 - both[i]
		}
		y[i] = r.Poisson(math.Exp(0.9*a[i] + 0.9*b[i]))
	}
	d := NewDesign(n).Add("a", a).Add("b", b).Add("both", both)
	s := steps{d: d, list: []Influence{{Factor: 0}, {Factor: 1}, {Factor: 2}}, y: y, family: Poisson, o: TerrainOptions{Protective: true}}
	if _, first, err := s.try([]int{2}); err != nil {
		t.Fatal(err)
	} else if _, other, err := s.try([]int{0}); err != nil || other < first {
		t.Fatal("the mixture does not enter first: ", first, other, err)
	}
	if err := s.run([]int{0, 1, 2}); err != nil || len(s.in) != 2 || s.in[0]+s.in[1] != 1 {
		t.Errorf("in the model %v: %v", s.in, err)
	}
}
