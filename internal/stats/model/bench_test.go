package model

import (
	"fmt"
	"testing"
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
