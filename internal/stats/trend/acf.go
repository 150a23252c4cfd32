package trend

import (
	"openvru/internal/stats"
	"openvru/internal/stats/dist"
)

// Autocorrelation returns how much values that many steps apart go together, for
// lags 0 (which is 1) to most: covariances divided by n, as R's acf. A constant
// series is stats.ErrConstant, most outside 0 to n − 1 stats.ErrOption.
func Autocorrelation(x []float64, most int) ([]float64, error) {
	if err := checkValues(x); err != nil {
		return nil, err
	}
	if most < 0 || most >= len(x) {
		return nil, stats.ErrOption
	}
	d := make([]float64, len(x))
	level := mean(x)
	for i, v := range x {
		d[i] = v - level
	}
	variance := dot(d, d)
	if variance == 0 || constant(x, nil) {
		return nil, stats.ErrConstant
	}
	out := make([]float64, most+1)
	for l := range out {
		out[l] = dot(d[l:], d[:len(d)-l]) / variance
	}
	return out, nil
}

// LjungBox tests whether the autocorrelations up to a lag are all zero (Ljung and
// Box 1978): n (n + 2) Σ r²/(n − l), chi-squared on lags less the number of
// autocorrelation parameters that were fitted. Errors are those of
// Autocorrelation; a lag under 1, or as many parameters, is stats.ErrOption.
func LjungBox(x []float64, lags, fitted int) (Test, error) {
	if lags < 1 || fitted < 0 || fitted >= lags {
		return Test{}, stats.ErrOption
	}
	r, err := Autocorrelation(x, lags)
	if err != nil {
		return Test{}, err
	}
	n := float64(len(x))
	t := Test{DF: float64(lags - fitted)}
	for l := 1; l <= lags; l++ {
		t.Statistic += r[l] * r[l] / (n - float64(l))
	}
	t.Statistic *= n * (n + 2)
	t.P = dist.ChiSquaredTail(t.Statistic, t.DF)
	return t, nil
}
