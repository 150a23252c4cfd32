package dist

import "math"

// PoissonPMF returns the probability of k events where mean are expected.
// Between whole numbers it is the smooth continuation.
func PoissonPMF(k, mean float64) float64 {
	switch {
	case math.IsNaN(k) || !(mean >= 0):
		return math.NaN()
	case k < 0:
		return 0
	}
	return poisson(k, mean)
}

// PoissonLogPMF returns the logarithm of PoissonPMF.
func PoissonLogPMF(k, mean float64) float64 {
	switch {
	case math.IsNaN(k) || !(mean >= 0):
		return math.NaN()
	case k < 0:
		return math.Inf(-1)
	}
	return logPoisson(k, mean)
}

// PoissonCDF returns the probability of k events or fewer where mean are
// expected.
func PoissonCDF(k, mean float64) float64 {
	if k < 0 {
		return 0
	}
	_, above := gammaTails(math.Floor(k)+1, mean)
	return above
}

// PoissonTail returns the probability of more than k events where mean are
// expected.
func PoissonTail(k, mean float64) float64 {
	if k < 0 {
		return 1
	}
	below, _ := gammaTails(math.Floor(k)+1, mean)
	return below
}

// PoissonSides returns the probability of k events or fewer where mean are
// expected, and of k or more, for little more than the price of one.
func PoissonSides(k, mean float64) (few, many float64) {
	if k < 0 {
		return 0, 1
	}
	k = math.Floor(k)
	above, few, next := gammaAll(k+1, mean) // next is the probability of k+1
	if mean <= 0 {
		return few, PoissonTail(k-1, mean)
	}
	if next == 0 {
		return few, min(1, above+poisson(k, mean))
	}
	return few, min(1, above+next*(k+1)/mean)
}

// PoissonQuantile returns the smallest count that is not exceeded with
// probability p or more.
func PoissonQuantile(p, mean float64) float64 { return poissonCount(mean).quantile(p, rest(p)) }

// PoissonTailQuantile returns the smallest count that is exceeded with
// probability p or less.
func PoissonTailQuantile(p, mean float64) float64 { return poissonCount(mean).quantile(1-p, p) }

// BinomialPMF returns the probability that k of n trials succeed, each with
// chance p. Between whole numbers, of k and of n, it is the smooth continuation.
func BinomialPMF(k, n, p float64) float64 {
	switch {
	case math.IsNaN(k) || math.IsInf(n, 1) || !(n >= 0 && p >= 0 && p <= 1):
		return math.NaN()
	case k < 0 || k > n:
		return 0
	}
	return binomial(k, n-k, p, 1-p)
}

// BinomialLogPMF returns the logarithm of BinomialPMF.
func BinomialLogPMF(k, n, p float64) float64 {
	switch {
	case math.IsNaN(k) || math.IsInf(n, 1) || !(n >= 0 && p >= 0 && p <= 1):
		return math.NaN()
	case k < 0 || k > n:
		return math.Inf(-1)
	}
	return logBinomial(k, n-k, p, 1-p)
}

// BinomialCDF returns the probability that k or fewer of n trials succeed, each
// with chance p.
func BinomialCDF(k, n, p float64) float64 {
	switch {
	case k < 0:
		return 0
	case k >= n:
		return 1
	}
	k = math.Floor(k)
	_, above := betaTails(k+1, n-k, p, 1-p)
	return above
}

// BinomialTail returns the probability that more than k of n trials succeed,
// each with chance p.
func BinomialTail(k, n, p float64) float64 {
	switch {
	case k < 0:
		return 1
	case k >= n:
		return 0
	}
	k = math.Floor(k)
	below, _ := betaTails(k+1, n-k, p, 1-p)
	return below
}

// BinomialQuantile returns the smallest number of successes that is not
// exceeded with probability p or more, in n trials each with that chance.
func BinomialQuantile(p, n, chance float64) float64 {
	return binomialCount(n, chance).quantile(p, rest(p))
}

// BinomialTailQuantile returns the smallest number of successes that is
// exceeded with probability p or less, in n trials each with that chance.
func BinomialTailQuantile(p, n, chance float64) float64 {
	return binomialCount(n, chance).quantile(1-p, p)
}

// NegBinPMF returns the probability of k events for a negative binomial count
// of that mean and size: variance mean + mean²/size. An infinite size is
// Poisson. Between whole numbers it is the smooth continuation.
func NegBinPMF(k, mean, size float64) float64 {
	switch {
	case math.IsNaN(k) || !(mean >= 0 && size > 0):
		return math.NaN()
	case k < 0:
		return 0
	case math.IsInf(size, 1):
		return poisson(k, mean)
	case k == 0:
		return math.Exp(-size * math.Log1p(mean/size))
	}
	return size / (size + k) * binomial(size, k, size/(size+mean), mean/(size+mean))
}

// NegBinLogPMF returns the logarithm of NegBinPMF.
func NegBinLogPMF(k, mean, size float64) float64 {
	switch {
	case math.IsNaN(k) || !(mean >= 0 && size > 0):
		return math.NaN()
	case k < 0:
		return math.Inf(-1)
	case math.IsInf(size, 1):
		return logPoisson(k, mean)
	case k == 0:
		return -size * math.Log1p(mean/size)
	}
	return logBinomial(size, k, size/(size+mean), mean/(size+mean)) - math.Log1p(k/size)
}

// NegBinCDF returns the probability of k events or fewer for a negative
// binomial count of that mean and size.
func NegBinCDF(k, mean, size float64) float64 {
	below, _ := negBinTails(k, mean, size)
	return below
}

// NegBinTail returns the probability of more than k events for a negative
// binomial count of that mean and size.
func NegBinTail(k, mean, size float64) float64 {
	_, above := negBinTails(k, mean, size)
	return above
}

func negBinTails(k, mean, size float64) (below, above float64) {
	switch {
	case math.IsNaN(k) || !(mean >= 0 && size > 0):
		return math.NaN(), math.NaN()
	case k < 0:
		return 0, 1
	case math.IsInf(size, 1):
		return PoissonCDF(k, mean), PoissonTail(k, mean)
	}
	return betaTails(size, math.Floor(k)+1, size/(size+mean), mean/(size+mean))
}

// NegBinQuantile returns the smallest count that is not exceeded with
// probability p or more, for a negative binomial count of that mean and size.
func NegBinQuantile(p, mean, size float64) float64 {
	return negBinCount(mean, size).quantile(p, rest(p))
}

// NegBinTailQuantile returns the smallest count that is exceeded with
// probability p or less, for a negative binomial count of that mean and size.
func NegBinTailQuantile(p, mean, size float64) float64 {
	return negBinCount(mean, size).quantile(1-p, p)
}
