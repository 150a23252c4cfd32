package model

import (
	"fmt"
	"testing"

	"openvru/internal/stats"
	"openvru/internal/stats/spatial"
)

func BenchmarkGLM(b *testing.B) {
	for _, n := range []int{120, 5_000, 100_000} {
		d, y, _ := counts(1, n, 10, 2)
		for _, c := range []struct {
			name   string
			family Family
		}{{"poisson", Poisson}, {"negbin", NegativeBinomial}} {
			b.Run(fmt.Sprintf("%s/%dx10", c.name, n), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					mustFit(b, d, y, Options{Family: c.family})
				}
			})
		}
	}
}

func BenchmarkRobust(b *testing.B) {
	d, y, _ := counts(1, 100_000, 10, 2)
	f := mustFit(b, d, y, Options{Family: Poisson})
	groups := make([]int, len(y))
	for i := range groups {
		groups[i] = i % 5_000
	}
	for name, run := range map[string]func() error{
		"HC3":     func() error { _, err := f.Robust(HC3); return err },
		"cluster": func() error { _, err := f.Clustered(Clusters{Of: groups}); return err },
		"hac":     func() error { _, _, err := f.NeweyWest(HAC{Lag: RuleLag}); return err },
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if err := run(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkElasticNet(b *testing.B) {
	for _, c := range [][2]int{{4_994, 60}, {100_000, 30}} {
		d, y := risk(1, c[0], c[1])
		b.Run(fmt.Sprintf("path/%dx%d", c[0], c[1]), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := ElasticNet(d, y, NetOptions{}); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run(fmt.Sprintf("cv10/%dx%d", c[0], c[1]), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := CrossValidate(d, y, NetOptions{}, Folds{}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkRiskTerrain(b *testing.B) {
	x, y, kinds := town(1, 71, 400) // 5,041 cells
	near, dense := []float64{100, 200, 300, 400}, []float64{100, 200, 300, 400}
	factors := []RiskFactor{{"a", kinds[0], near, dense}, {"b", kinds[1], near, dense}, {"c", kinds[2], near, dense}}
	d, list, err := Influences(x, y, factors)
	if err != nil {
		b.Fatal(err)
	}
	r := stats.NewRand(1, 0)
	harm := make([]float64, len(x))
	for i := range harm {
		harm[i] = r.NegBin(0.4*(1+2*d.columns[1][i]), 2)
	}
	b.Run("influences", func(b *testing.B) {
		for b.Loop() {
			if _, _, err := Influences(x, y, factors); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("model", func(b *testing.B) {
		for b.Loop() {
			if _, err := RiskTerrain(d, list, harm, TerrainOptions{}); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func BenchmarkNearestPoint(b *testing.B) {
	r := stats.NewRand(1, 0)
	x, y := make([]float64, 100_000), make([]float64, 100_000)
	for i := range x {
		x[i], y[i] = 50_000*r.Float64(), 40_000*r.Float64()
	}
	p, err := NewPoints(x[:20_000], y[:20_000])
	if err != nil {
		b.Fatal(err)
	}
	b.Run("nearest/100000of20000", func(b *testing.B) {
		for b.Loop() {
			if _, err := p.Nearest(x, y); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("density500m/100000of20000", func(b *testing.B) {
		for b.Loop() {
			if _, err := p.Density(x, y, 500); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func BenchmarkResidualMoran(b *testing.B) {
	const side = 71
	lists := make([][]int32, side*side)
	for i := range lists {
		for _, step := range [][2]int{{1, 0}, {0, 1}, {-1, 0}, {0, -1}, {1, 1}, {-1, -1}} {
			r, c := i/side+step[0], i%side+step[1]
			if r >= 0 && c >= 0 && r < side && c < side {
				lists[i] = append(lists[i], int32(r*side+c))
			}
		}
	}
	w, err := spatial.NewWeights(lists)
	if err != nil {
		b.Fatal(err)
	}
	d, y, _ := counts(1, side*side, 10, 2)
	f := mustFit(b, d, y, Options{Family: Poisson})
	for name, o := range map[string]MoranOptions{"analytic": {}, "999": {Permutations: 999}} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if _, err := f.Moran(w, o); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
