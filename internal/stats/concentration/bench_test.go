package concentration

import (
	"testing"

	"openvru/internal/stats"
)

// london is two years of some 100,000 events each in 4,994 areas.
func london() (one, two []float64) {
	r := stats.NewRand(1, 0)
	one, two = make([]float64, 4994), make([]float64, 4994)
	for i := range one {
		risk := 20 * r.Gamma(1.5) / 1.5
		one[i], two[i] = r.Poisson(risk), r.Poisson(risk)
	}
	return one, two
}

func benchmark(b *testing.B, work func() error) {
	b.Helper()
	for b.Loop() {
		if err := work(); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkGini(b *testing.B) {
	one, _ := london()
	benchmark(b, func() error { _, err := Of(one, 0.5); return err })
}

func BenchmarkBootstrap(b *testing.B) {
	one, _ := london()
	benchmark(b, func() error { _, err := Bootstrap(one, Options{}); return err })
}

func BenchmarkByChance(b *testing.B) {
	one, _ := london()
	benchmark(b, func() error { _, err := ByChance(one, nil, Options{}); return err })
}

func BenchmarkPoissonGamma(b *testing.B) {
	one, _ := london()
	benchmark(b, func() error { _, err := FitPoissonGamma(one, 0.5); return err })
}

func BenchmarkAndresen(b *testing.B) {
	one, two := london()
	benchmark(b, func() error { _, err := Andresen(one, two, Resampling{}); return err })
}

func BenchmarkProportions(b *testing.B) {
	one, two := london()
	benchmark(b, func() error { _, err := Proportions(one, two, Fisher, 0.05); return err })
}

func BenchmarkAccuracy(b *testing.B) {
	one, two := london()
	area := make([]float64, len(one))
	for i := range area {
		area[i] = 1
	}
	benchmark(b, func() error {
		hot, err := Hottest(one, area, 0.05)
		if err != nil {
			return err
		}
		_, err = Forecast{Hot: hot, Area: area, After: two, Before: one}.Accuracy()
		return err
	})
}
