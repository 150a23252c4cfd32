package model

import (
	"errors"
	"math"
	"testing"

	"openvru/internal/stats"
)

// town makes places on a grid of cells of 100 m and features of three kinds.
func town(seed uint64, side, features int) (x, y []float64, kinds [3]*Points) {
	r := stats.NewRand(seed, 0)
	for i := range side {
		for j := range side {
			x, y = append(x, 530_050+100*float64(i)), append(y, 180_050+100*float64(j))
		}
	}
	extent := 100 * float64(side)
	for k := range kinds {
		var fx, fy []float64
		for range features {
			fx, fy = append(fx, 530_000+extent*r.Float64()), append(fy, 180_000+extent*r.Float64())
		}
		kinds[k], _ = NewPoints(fx, fy)
	}
	return x, y, kinds
}

func TestMeasuresToPointsAreThoseOfAllPairs(t *testing.T) {
	r := stats.NewRand(12, 0)
	for _, shape := range []struct {
		n          int
		wide, tall float64
	}{{1, 0, 0}, {7, 1000, 0}, {200, 1000, 300}, {500, 50, 9000}, {40, 0, 0}} {
		px, py := make([]float64, shape.n), make([]float64, shape.n)
		for i := range px {
			px[i], py[i] = 530_000+shape.wide*r.Float64(), 180_000+shape.tall*r.Float64()
		}
		p, err := NewPoints(px, py)
		if err != nil || p.Len() != shape.n {
			t.Fatal(err)
		}
		var x, y []float64
		for range 300 { // a third of them off the points' extent
			x, y = append(x, 529_500+(shape.wide+1000)*r.Float64()), append(y, 179_500+(shape.tall+1000)*r.Float64())
		}
		x, y = append(x, px[0], 1e7), append(y, py[0], -1e7)
		const radius = 250
		nearest, err1 := p.Nearest(x, y)
		count, err2 := p.Count(x, y, radius)
		density, err3 := p.Density(x, y, radius)
		if err1 != nil || err2 != nil || err3 != nil {
			t.Fatal(err1, err2, err3)
		}
		for i := range x {
			least, n, sum := math.Inf(1), 0.0, 0.0
			for j := range px {
				d := math.Hypot(px[j]-x[i], py[j]-y[i])
				least = min(least, d)
				if d <= radius {
					n++
					sum += 3 / (math.Pi * radius * radius) * math.Pow(1-d*d/radius/radius, 2)
				}
			}
			same(t, "nearest", []float64{nearest[i] + 1}, []float64{least + 1}, 1e-12)
			same(t, "count", []float64{count[i] + 1}, []float64{n + 1}, 0)
			same(t, "density", []float64{density[i] + 1e-9}, []float64{sum + 1e-9}, 1e-9)
		}
	}
}

// The kernel of one point adds up to one over the plane.
func TestDensityAddsUpToOne(t *testing.T) {
	p, err := NewPoints([]float64{0}, []float64{0})
	if err != nil {
		t.Fatal(err)
	}
	var x, y []float64
	for i := -50; i <= 50; i++ {
		for j := -50; j <= 50; j++ {
			x, y = append(x, float64(i)*10), append(y, float64(j)*10)
		}
	}
	density, err := p.Density(x, y, 400)
	if err != nil {
		t.Fatal(err)
	}
	sum := 0.0
	for _, v := range density {
		sum += v * 100
	}
	same(t, "volume", []float64{sum}, []float64{1}, 1e-4)
}

// Of three kinds of feature one raises harm within 200 m threefold and one does
// nothing; the third raises it where it is dense.
func TestRiskTerrainFindsWhatWasPlanted(t *testing.T) {
	x, y, kinds := town(2, 50, 60)
	factors := []RiskFactor{
		{"bus stops", kinds[0], []float64{100, 200, 400}, []float64{200, 400}},
		{"schools", kinds[1], []float64{100, 200, 400}, []float64{200, 400}},
		{"bars", kinds[2], []float64{100, 200, 400}, []float64{200, 400}},
	}
	d, list, err := Influences(x, y, factors)
	if err != nil {
		t.Fatal(err)
	}
	if len(list) != len(d.columns) || len(list) < 12 {
		t.Fatalf("%d influences for %d columns", len(list), len(d.columns))
	}
	for j, i := range list {
		sum := 0.0
		for _, v := range d.columns[j] {
			sum += v
		}
		if int(sum) != i.Places || d.names[j] != i.Name {
			t.Errorf("%+v beside column %q of %v", i, d.names[j], sum)
		}
	}
	for _, theta := range []float64{math.Inf(1), 0.8} {
		r := stats.NewRand(3, uint64(theta*10))
		harm := make([]float64, len(x))
		near, dense := d.Column("bus stops within 200 m"), d.Column("bars dense within 400 m")
		for i := range harm {
			harm[i] = r.NegBin(0.3*math.Pow(3, near[i])*math.Pow(2.5, dense[i]), theta)
		}
		m, err := RiskTerrain(d, list, harm, TerrainOptions{Folds: Folds{Number: 5, Seed: 1}})
		if err != nil {
			t.Fatal(err)
		}
		if len(m.Risks) != 2 || m.Risks[0].Name != "bus stops within 200 m" || m.Risks[1].Name != "bars dense within 400 m" {
			t.Fatalf("theta %v: found %+v", theta, m.Risks)
		}
		if !m.Risks[0].Range.Has(3) || !m.Risks[1].Range.Has(2.5) || math.Abs(math.Log(m.Risks[0].Value/3)) > 0.3 {
			t.Errorf("theta %v: relative risks %+v", theta, m.Risks)
		}
		if negative := m.Fit.asked == NegativeBinomial; negative != (theta < 10) {
			t.Errorf("theta %v: family %v", theta, m.Fit.asked)
		}
		top, least := 0.0, math.Inf(1)
		for _, v := range m.Score {
			top, least = max(top, v), min(least, v)
		}
		same(t, "scores", []float64{least, top}, []float64{1, m.Risks[0].Value * m.Risks[1].Value}, 1e-9)
	}
}

// Harm that has nothing to do with the features gives a model without them.
func TestRiskTerrainFindsNothingInNothing(t *testing.T) {
	x, y, kinds := town(4, 30, 40)
	d, list, err := Influences(x, y, []RiskFactor{{"a", kinds[0], []float64{150, 300}, []float64{300}}, {"b", kinds[1], []float64{150, 300}, nil}})
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for set := range 20 {
		r := stats.NewRand(6, uint64(set))
		harm := make([]float64, len(x))
		for i := range harm {
			harm[i] = r.Poisson(0.5)
		}
		m, err := RiskTerrain(d, list, harm, TerrainOptions{Folds: Folds{Number: 4, Seed: uint64(set)}})
		if err != nil {
			t.Fatal(err)
		}
		if len(m.Risks) > 0 {
			found++
		}
		if m.Fit == nil || len(m.Score) != len(x) {
			t.Fatal("no model")
		}
	}
	// BIC with 900 places lets an influence in at a chance of about 1% each.
	if found > 3 {
		t.Errorf("influences found in %d of 20 sets of pure chance", found)
	}
}

func TestTerrainRefuses(t *testing.T) {
	if _, err := NewPoints(nil, nil); !errors.Is(err, stats.ErrEmpty) {
		t.Error(err)
	}
	if _, err := NewPoints([]float64{1}, nil); !errors.Is(err, stats.ErrLength) {
		t.Error(err)
	}
	if _, err := NewPoints([]float64{math.NaN()}, []float64{1}); !errors.Is(err, stats.ErrMissing) {
		t.Error(err)
	}
	if _, err := NewPoints([]float64{1e12}, []float64{1}); !errors.Is(err, stats.ErrOption) {
		t.Error(err)
	}
	p, err := NewPoints([]float64{0, 10}, []float64{0, 10})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.Density([]float64{1}, []float64{1}, 0); !errors.Is(err, stats.ErrOption) {
		t.Error(err)
	}
	if _, err := p.Nearest([]float64{1}, nil); !errors.Is(err, stats.ErrLength) {
		t.Error(err)
	}
	if _, err := p.Count([]float64{math.Inf(1)}, []float64{0}, 5); !errors.Is(err, stats.ErrMissing) {
		t.Error(err)
	}
	x, y := []float64{0, 1}, []float64{0, 1}
	if _, _, err := Influences(x, y, nil); !errors.Is(err, stats.ErrEmpty) {
		t.Error(err)
	}
	if _, _, err := Influences(x, y, []RiskFactor{{"all near", p, []float64{1e6}, nil}}); !errors.Is(err, stats.ErrConstant) {
		t.Error(err)
	}
	if _, _, err := Influences(x, y, []RiskFactor{{"no radius", p, []float64{0}, nil}}); !errors.Is(err, stats.ErrOption) {
		t.Error(err)
	}
	if _, err := RiskTerrain(NewDesign(2).Add("a", x), nil, x, TerrainOptions{}); !errors.Is(err, stats.ErrLength) {
		t.Error(err)
	}
}
