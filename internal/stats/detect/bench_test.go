package detect

import (
	"math"
	"testing"

	"openvru/internal/stats"
)

// made is so many seasonal, overdispersed series of so many time points, means
// from 1 to 30.
func made(count, length int, period float64) ([][]float64, []InControl) {
	series, in := make([][]float64, count), make([]InControl, count)
	for s := range series {
		r := stats.NewRand(1, uint64(s))
		mean := math.Exp(3.4 * r.Float64())
		series[s], in[s] = make([]float64, length), InControl{Mean: make([]float64, length), Size: 5}
		for t := range length {
			in[s].Mean[t] = mean * math.Exp(0.3*math.Sin(2*math.Pi*float64(t)/period))
			series[s][t] = r.NegBin(in[s].Mean[t], 5)
		}
	}
	return series, in
}

// 200 monthly series of 120, the last 12 months of each: 2,400 evaluations.
func BenchmarkFarringtonMonthly200x120(b *testing.B) {
	series, _ := made(200, 120, 12)
	o := FlexibleOptions{From: 108}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := FlexibleAll(series, o); err != nil {
			b.Fatal(err)
		}
	}
}

// 200 weekly series of 520, the last 4 weeks of each: 800 evaluations.
func BenchmarkFarringtonWeekly200x520(b *testing.B) {
	series, _ := made(200, 520, 52)
	o := FlexibleOptions{Period: 52, From: 516}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := FlexibleAll(series, o); err != nil {
			b.Fatal(err)
		}
	}
}

// 5,000 monthly series of 120, the last 12 months of each: 60,000 evaluations.
func BenchmarkFarringtonMonthly5000x120(b *testing.B) {
	series, _ := made(5000, 120, 12)
	o := FlexibleOptions{From: 108}
	for b.Loop() {
		if _, err := FlexibleAll(series, o); err != nil {
			b.Fatal(err)
		}
	}
}

// 200 monthly series of 120, the last 12 months of each, by the original method.
func BenchmarkFarringtonClassic200x120(b *testing.B) {
	series, _ := made(200, 120, 12)
	for b.Loop() {
		if _, err := ClassicAll(series, ClassicOptions{From: 108}); err != nil {
			b.Fatal(err)
		}
	}
}

func benchmarkEARS(b *testing.B, rule Rule) {
	series, _ := made(5000, 120, 12)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := EARSAll(series, EARSOptions{Rule: rule}); err != nil {
			b.Fatal(err)
		}
	}
}

// Every time point of 5,000 series of 120.
func BenchmarkEARSC1(b *testing.B) { benchmarkEARS(b, C1) }
func BenchmarkEARSC2(b *testing.B) { benchmarkEARS(b, C2) }
func BenchmarkEARSC3(b *testing.B) { benchmarkEARS(b, C3) }

func BenchmarkCUSUM5000x120(b *testing.B) {
	series, in := made(5000, 120, 12)
	for b.Loop() {
		if _, err := CUSUMAll(series, in, CUSUMOptions{}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkGLRNegBin5000x120(b *testing.B) {
	series, in := made(5000, 120, 12)
	for b.Loop() {
		if _, err := GLRAll(series, in, GLROptions{}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkGLRPoisson5000x120(b *testing.B) {
	series, in := made(5000, 120, 12)
	for i := range in {
		in[i].Size = 0
	}
	for b.Loop() {
		if _, err := GLRAll(series, in, GLROptions{}); err != nil {
			b.Fatal(err)
		}
	}
}
