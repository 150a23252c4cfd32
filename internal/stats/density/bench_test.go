package density

import (
	"testing"

	"openvru/internal/stats"
)

// london is a grid of 500 by 500 cells of 120 m with events in clusters, so many.
func london(n int) (Events, Grid) {
	r := stats.NewRand(1, 0)
	e := Events{X: make([]float64, n), Y: make([]float64, n)}
	for i := range n {
		for {
			c := stats.NewRand(2, uint64(r.Below(2000)))
			e.X[i], e.Y[i] = 60000*c.Float64()+600*r.Normal(), 60000*c.Float64()+600*r.Normal()
			if e.X[i] >= 0 && e.X[i] < 60000 && e.Y[i] >= 0 && e.Y[i] < 60000 {
				break
			}
		}
	}
	return e, Grid{Cell: 120, Columns: 500, Rows: 500}
}

// The limit of the exact Gaussian is a bare C loop compiled for wide registers,
// which this compiler does not use: it takes three quarters of our processor time.
// Packages that add exact kernels, or smooth by Fourier transform, take many times
// as long.
func BenchmarkDensity(b *testing.B) {
	e, g := london(100_000)
	for _, c := range []struct {
		name string
		o    Options
	}{
		{"gaussian", Options{Bandwidth: 300}},
		{"gaussian event edge", Options{Bandwidth: 300, Edge: EventEdge}},
		{"gaussian uniform edge", Options{Bandwidth: 300, Edge: UniformEdge}},
		{"gaussian binned", Options{Bandwidth: 300, Edge: UniformEdge, Binned: true}},
		{"quartic", Options{Kernel: Quartic, Bandwidth: 300}},
		{"quartic 848 uniform edge", Options{Kernel: Quartic, Bandwidth: 848, Edge: UniformEdge}},
		{"quartic 848 uniform edge binned", Options{Kernel: Quartic, Bandwidth: 848, Edge: UniformEdge, Binned: true}},
	} {
		b.Run(c.name, func(b *testing.B) {
			for b.Loop() {
				if _, err := Over(e, g, c.o); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// 2,000 events, about 20 bandwidths, on spatstat's usual 128 by 128 cells; all
// events are looked at.
func BenchmarkLikelihood(b *testing.B) {
	e, _ := london(2000)
	g := Grid{Cell: 60000.0 / 128, Columns: 128, Rows: 128}
	for name, edge := range map[string]Edge{"event edge": EventEdge, "uniform edge": UniformEdge} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if _, err := Likelihood(e, g, Options{Edge: edge}, Search{Low: 500, High: 5000}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
