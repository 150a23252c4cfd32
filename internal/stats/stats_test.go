package stats

import (
	"errors"
	"math"
	"sync/atomic"
	"testing"
)

// Samplers are held against the mean and variance that define them: with so
// many draws a standardised error past five would come once in a million.
func TestSamplersHaveTheirMeanAndVariance(t *testing.T) {
	const draws = 200_000
	for _, c := range []struct {
		name           string
		mean, variance float64
		draw           func(r *Rand) float64
	}{
		{"uniform", 0.5, 1.0 / 12, (*Rand).Float64},
		{"below 7", 3, 4, func(r *Rand) float64 { return float64(r.Below(7)) }},
		{"normal", 0, 1, (*Rand).Normal},
		{"exponential", 1, 1, (*Rand).Exponential},
		{"gamma 0.3", 0.3, 0.3, func(r *Rand) float64 { return r.Gamma(0.3) }},
		{"gamma 4", 4, 4, func(r *Rand) float64 { return r.Gamma(4) }},
		{"Poisson 0.2", 0.2, 0.2, func(r *Rand) float64 { return r.Poisson(0.2) }},
		{"Poisson 9.9", 9.9, 9.9, func(r *Rand) float64 { return r.Poisson(9.9) }},
		{"Poisson 10.1", 10.1, 10.1, func(r *Rand) float64 { return r.Poisson(10.1) }},
		{"Poisson 4000", 4000, 4000, func(r *Rand) float64 { return r.Poisson(4000) }},
		{"negative binomial", 5, 5 + 25/2.0, func(r *Rand) float64 { return r.NegBin(5, 2) }},
		{"binomial few", 3, 3 * 0.9, func(r *Rand) float64 { return float64(r.Binomial(30, 0.1)) }},
		{"binomial many", 300, 210, func(r *Rand) float64 { return float64(r.Binomial(1000, 0.3)) }},
		{"binomial likely", 900, 90, func(r *Rand) float64 { return float64(r.Binomial(1000, 0.9)) }},
	} {
		r := NewRand(11, 0)
		sum, squares, fourth := 0.0, 0.0, 0.0
		for range draws {
			d := c.draw(&r) - c.mean
			sum, squares, fourth = sum+d, squares+d*d, fourth+d*d*d*d
		}
		if z := sum / math.Sqrt(draws*c.variance); math.Abs(z) > 5 {
			t.Errorf("%s: mean off by %.1f standard errors", c.name, z)
		}
		spread := math.Sqrt((fourth/draws - c.variance*c.variance) / draws)
		if z := (squares/draws - c.variance) / spread; math.Abs(z) > 5 {
			t.Errorf("%s: variance off by %.1f standard errors", c.name, z)
		}
	}
}

// The share of each value must be its probability (chi-squared over the values
// that are expected often enough).
func TestDiscreteSamplersHaveTheirProbabilities(t *testing.T) {
	const draws = 400_000
	for _, mean := range []float64{3, 30} {
		r := NewRand(3, uint64(mean))
		seen := map[float64]float64{}
		for range draws {
			seen[r.Poisson(mean)]++
		}
		chi, cells := 0.0, 0.0
		for k := range 200 {
			lg, _ := math.Lgamma(float64(k) + 1)
			want := draws * math.Exp(float64(k)*math.Log(mean)-mean-lg)
			if want >= 10 {
				d := seen[float64(k)] - want
				chi, cells = chi+d*d/want, cells+1
			}
		}
		if z := (chi - cells) / math.Sqrt(2*cells); z > 5 {
			t.Errorf("mean %v: chi-squared %.1f of %v cells", mean, chi, cells)
		}
	}
}

// A range of three quarters of all 32-bit numbers shows a generator that does not
// draw again: every third number would then come half of the time.
func TestBelowIsFair(t *testing.T) {
	const draws = 60_000
	r := NewRand(8, 0)
	thirds := 0.0
	for range draws {
		if r.Below(3<<30)%3 == 0 {
			thirds++
		}
	}
	if z := (thirds - draws/3) / math.Sqrt(draws*2/9.0); math.Abs(z) > 5 {
		t.Errorf("every third number is off by %.1f standard errors", z)
	}
	orders := map[[4]float64]float64{}
	for range draws {
		v := [4]float64{1, 2, 3, 4}
		r.Shuffle(v[:])
		orders[v]++
	}
	for order, n := range orders {
		if z := (n - draws/24) / math.Sqrt(draws/24*23/24.0); math.Abs(z) > 5 || len(orders) != 24 {
			t.Errorf("order %v of %d is off by %.1f standard errors", order, len(orders), z)
		}
	}
}

func TestTheObservedIsOneOfTheReplications(t *testing.T) {
	if MonteCarlo(0, 99) != 0.01 || MonteCarlo(49, 999) != 0.05 || MonteCarlo(99, 99) != 1 {
		t.Error(MonteCarlo(0, 99), MonteCarlo(49, 999), MonteCarlo(99, 99))
	}
}

func TestStreamsAreTheirOwn(t *testing.T) {
	a, b, again := NewRand(1, 0), NewRand(1, 1), NewRand(1, 0)
	same := 0
	for range 1000 {
		x := a.Uint64()
		if x == b.Uint64() {
			same++
		}
		if x != again.Uint64() {
			t.Fatal("a stream is not repeatable")
		}
	}
	if same > 0 {
		t.Errorf("two streams share %d of 1000 numbers", same)
	}
}

func TestParallelDoesEachPieceOnce(t *testing.T) {
	for _, n := range []int{0, 1, 2, 1000} {
		done := make([]atomic.Int32, n)
		Parallel(n, func(worker, piece int) {
			if worker >= Workers() {
				t.Errorf("worker %d of %d", worker, Workers())
			}
			done[piece].Add(1)
		})
		for i := range done {
			if done[i].Load() != 1 {
				t.Errorf("piece %d of %d was done %d times", i, n, done[i].Load())
			}
		}
	}
}

// The worked example of Benjamini and Hochberg (1995), section 3: fifteen
// p-values of which the first four are discoveries at 0.05.
func TestAdjustIsBenjaminiAndHochbergs(t *testing.T) {
	p := []float64{0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1}
	found := 0
	for i, q := range Adjust(p) {
		if q <= 0.05 {
			found++
		}
		if q < p[i] {
			t.Errorf("adjusted %v below %v", q, p[i])
		}
	}
	if found != 4 {
		t.Errorf("%d discoveries, not the 4 of the paper", found)
	}
	with := Adjust(append([]float64{math.NaN()}, p...))
	if !math.IsNaN(with[0]) || with[1] != Adjust(p)[0] {
		t.Error("a missing value counts")
	}
	if got := AdjustAny([]float64{0.01, 0.02}); math.Abs(got[0]-0.03) > 1e-15 || math.Abs(got[1]-0.03) > 1e-15 {
		t.Errorf("Benjamini and Yekutieli: %v", got)
	}
}

func TestFalseDiscoveriesStayBelowTheirShare(t *testing.T) {
	r := NewRand(5, 0)
	share := 0.0
	const trials = 2000
	for range trials {
		p := make([]float64, 100)
		for i := range p {
			if p[i] = r.Float64(); i < 20 {
				p[i] *= 0.002 // true effects
			}
		}
		found, wrong := 0.0, 0.0
		for i, q := range Adjust(p) {
			if q <= 0.1 {
				if found++; i >= 20 {
					wrong++
				}
			}
		}
		share += wrong / max(found, 1)
	}
	// The expected share is exactly 0.1 × 80/100 for independent tests.
	if share /= trials; math.Abs(share-0.08) > 0.006 {
		t.Errorf("false discoveries are %v of all, not 0.08", share)
	}
}

func TestWhatCannotBeACount(t *testing.T) {
	if err := Counts([]float64{1, 0.5}, nil); err != nil {
		t.Error(err)
	}
	if err := Counts([]float64{1}, []float64{-1}); !errors.Is(err, ErrNegative) {
		t.Error(err)
	}
	for _, v := range []float64{math.NaN(), math.Inf(1)} {
		if err := Counts([]float64{v}); !errors.Is(err, ErrMissing) {
			t.Error(err)
		}
	}
}
