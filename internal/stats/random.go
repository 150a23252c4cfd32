package stats

import (
	"math"
	"math/bits"
	"math/rand/v2"
)

// Rand is a fast generator of random numbers (wyrand, from wyhash by Wang Yi,
// 2020): one multiplication a number, small enough to be compiled into the loop
// that uses it. It is for simulation, never for secrets. Different streams of
// one seed are independent for every practical purpose.
type Rand struct{ state uint64 }

// NewRand returns the stream of that number under the seed.
func NewRand(seed, stream uint64) Rand {
	return Rand{scatter(scatter(seed) + stream)}
}

// scatter turns neighbouring numbers into far-off ones (the finaliser of
// SplitMix64; Steele, Lea and Flood 2014).
func scatter(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// Uint64 returns 64 random bits. Rand is a rand.Source.
func (r *Rand) Uint64() uint64 {
	r.state += 0xa0761d6478bd642f
	hi, lo := bits.Mul64(r.state, r.state^0xe7037ed1a0b428db)
	return hi ^ lo
}

// Float64 returns a number from 0 up to, not including, 1.
func (r *Rand) Float64() float64 { return float64(r.Uint64()>>11) * 0x1p-53 }

// Below returns a whole number from 0 to n−1, each exactly as likely as the
// others (Lemire 2019). n must be more than zero.
func (r *Rand) Below(n uint32) uint32 {
	m := (r.Uint64() >> 32) * uint64(n)
	if uint32(m) < n {
		m = r.fair(n, m)
	}
	return uint32(m >> 32)
}

// fair draws again until the number is not among those that would make some
// results likelier; it is apart so that Below is compiled into its caller.
func (r *Rand) fair(n uint32, m uint64) uint64 {
	for floor := -n % n; uint32(m) < floor; {
		m = (r.Uint64() >> 32) * uint64(n)
	}
	return m
}

// Shuffle puts the values in random order.
func (r *Rand) Shuffle(values []float64) {
	for i := len(values) - 1; i > 0; i-- {
		j := r.Below(uint32(i + 1))
		values[i], values[j] = values[j], values[i]
	}
}

// Normal returns a standard normal number.
func (r *Rand) Normal() float64 { return rand.New(r).NormFloat64() }

// Exponential returns an exponential number of mean 1.
func (r *Rand) Exponential() float64 { return rand.New(r).ExpFloat64() }

// Gamma returns a gamma number of that shape and scale 1 (Marsaglia and Tsang
// 2000); shape must be more than zero.
func (r *Rand) Gamma(shape float64) float64 {
	if shape < 1 {
		return r.Gamma(shape+1) * math.Pow(1-r.Float64(), 1/shape)
	}
	normal := rand.New(r)
	d := shape - 1.0/3
	c := 1 / math.Sqrt(9*d)
	for {
		x := normal.NormFloat64()
		v := 1 + c*x
		if v <= 0 {
			continue
		}
		v = v * v * v
		u := 1 - r.Float64()
		// The first condition implies the second and spares its logarithms.
		if u < 1-0.0331*x*x*x*x || math.Log(u) < x*x/2+d*(1-v+math.Log(v)) {
			return d * v
		}
	}
}

// NegBin returns a negative binomial count with that mean and size (variance
// mean + mean²/size); an infinite size is Poisson.
func (r *Rand) NegBin(mean, size float64) float64 {
	if mean <= 0 {
		return 0
	}
	if math.IsInf(size, 1) {
		return r.Poisson(mean)
	}
	return r.Poisson(mean * r.Gamma(size) / size)
}

// Poisson returns a Poisson count; the mean must not be negative.
func (r *Rand) Poisson(mean float64) float64 {
	if mean >= 10 {
		return r.poissonLarge(mean)
	}
	end, product := math.Exp(-mean), 1.0
	for k := 0.0; ; k++ {
		product *= 1 - r.Float64()
		if product <= end {
			return k
		}
	}
}

// poissonLarge is the transformed rejection of Hörmann (1993), PTRS, for means
// of ten and more.
func (r *Rand) poissonLarge(mean float64) float64 {
	b := 0.931 + 2.53*math.Sqrt(mean)
	a := -0.059 + 0.02483*b
	invAlpha := 1.1239 + 1.1328/(b-3.4)
	ready := 0.9277 - 3.6224/(b-2)
	log := math.Log(mean)
	for {
		u, v := r.Float64()-0.5, 1-r.Float64()
		us := 0.5 - math.Abs(u)
		k := math.Floor((2*a/us+b)*u + mean + 0.43)
		if us >= 0.07 && v <= ready {
			return k
		}
		if k < 0 || us < 0.013 && v > us {
			continue
		}
		lg, _ := math.Lgamma(k + 1)
		if math.Log(v*invAlpha/(a/(us*us)+b)) <= k*log-mean-lg {
			return k
		}
	}
}

// Binomial returns how many of n trials, each with chance p, succeed.
func (r *Rand) Binomial(n int, p float64) int {
	if p > 0.5 {
		return n - r.Binomial(n, 1-p)
	}
	if p <= 0 || n <= 0 {
		return 0
	}
	if float64(n)*p >= 10 {
		return r.binomialLarge(n, p)
	}
	// The waits between successes are geometric.
	k, at, log := 0, 0, math.Log1p(-p)
	for {
		wait := math.Floor(math.Log(1-r.Float64())/log) + 1
		if wait > float64(n-at) {
			return k
		}
		at += int(wait)
		k++
	}
}

// binomialLarge is the transformed rejection of Hörmann (1993), BTRS, for n·p
// of ten and more.
func (r *Rand) binomialLarge(n int, p float64) int {
	size := float64(n)
	spread := math.Sqrt(size * p * (1 - p))
	b := 1.15 + 2.53*spread
	a := -0.0873 + 0.0248*b + 0.01*p
	c := size*p + 0.5
	alpha := (2.83 + 5.1/b) * spread
	ready := 0.92 - 4.2/b
	odds := math.Log(p / (1 - p))
	mode := math.Floor((size + 1) * p)
	lm, _ := math.Lgamma(mode + 1)
	lr, _ := math.Lgamma(size - mode + 1)
	for {
		u, v := r.Float64()-0.5, 1-r.Float64()
		us := 0.5 - math.Abs(u)
		k := math.Floor((2*a/us+b)*u + c)
		if us >= 0.07 && v <= ready {
			return int(k)
		}
		if k < 0 || k > size {
			continue
		}
		lk, _ := math.Lgamma(k + 1)
		ln, _ := math.Lgamma(size - k + 1)
		if math.Log(v*alpha/(a/(us*us)+b)) <= lm+lr-lk-ln+(k-mode)*odds {
			return int(k)
		}
	}
}
