package effect

import (
	"testing"

	"openvru/internal/stats"
)

// boroughs is 33 places over 120 months, eight of them treated from month 72.
func boroughs() (Panel, []int) {
	r := stats.NewRand(1, 0)
	start := make([]int, 33)
	for i := range start {
		if start[i] = -1; i%4 == 0 && i > 0 {
			start[i] = 72
		}
	}
	return counts(&r, 33, 120, start, -0.2), start
}

// lsoas is 4,994 places over 36 months; a third start at one of six times.
func lsoas() (Panel, []int) {
	r := stats.NewRand(1, 0)
	start := make([]int, 4994)
	for i := range start {
		start[i] = []int{-1, -1, 12 + i%6*3}[i%3]
	}
	return counts(&r, 4994, 36, start, -0.2), start
}

func BenchmarkLinear(b *testing.B) {
	p, start := boroughs()
	x := Treated(start, 120)
	for b.Loop() {
		if _, err := Linear(p, x); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkLinearLSOAs(b *testing.B) {
	p, start := lsoas()
	x := Treated(start, 36)
	for b.Loop() {
		if _, err := Linear(p, x); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkPoisson(b *testing.B) {
	p, start := boroughs()
	x := Treated(start, 120)
	for b.Loop() {
		if _, err := Poisson(p, nil, x); err != nil {
			b.Fatal(err)
		}
	}
}

// 9,999 draws, the p-value and the interval.
func BenchmarkWild(b *testing.B) {
	p, start := boroughs()
	x := Treated(start, 120)
	for b.Loop() {
		if _, err := Wild(p, x, nil, WildOptions{}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkRandomise(b *testing.B) {
	p, start := boroughs()
	for b.Loop() {
		if _, err := Randomise(p, start, RandomiseOptions{}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkEventStudy(b *testing.B) {
	p, start := boroughs()
	for b.Loop() {
		if _, err := EventStudy(p, start, EventOptions{Before: 12, After: 12}); err != nil {
			b.Fatal(err)
		}
	}
}

// One treated borough, 72 months before, all 32 placebos.
func BenchmarkPlacebosInSpace(b *testing.B) {
	p, _ := boroughs()
	for b.Loop() {
		if _, err := PlacebosInSpace(p, 0, 72, SyntheticOptions{}); err != nil {
			b.Fatal(err)
		}
	}
}

// One treated LSOA against all others, 30 months before.
func BenchmarkSyntheticLSOAs(b *testing.B) {
	p, _ := lsoas()
	for b.Loop() {
		if _, err := Synthetic(p, 0, 30, SyntheticOptions{}); err != nil {
			b.Fatal(err)
		}
	}
}

// All group-times, aggregates, and 999 draws for the bands.
func BenchmarkStaggered(b *testing.B) {
	p, start := lsoas()
	for b.Loop() {
		if _, err := Staggered(p, start, StaggeredOptions{}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkDecompose(b *testing.B) {
	p, start := lsoas()
	for b.Loop() {
		if _, err := Decompose(p, start); err != nil {
			b.Fatal(err)
		}
	}
}
