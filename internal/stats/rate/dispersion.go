package rate

import (
	"math"
	"slices"

	"openvru/internal/stats"
	"openvru/internal/stats/dist"
)

// DispersionOf returns how many times as much as chance alone (Poisson) the
// counts vary around the middle: the mean of (count − expected)²/expected, the
// tenth of the places farthest out on either side drawn in to where they begin
// so that a few outliers do not hide themselves, over what that would be of
// normal numbers (Spiegelhalter 2005, who leaves out the last step). Below
// 1 + 2√(2/places) it may well be chance, and 1 is returned. Expected counts
// under about one make it rough. Errors: those of NewFunnel, and ErrTooFew for
// fewer than ten places.
func (f Funnel) DispersionOf(counts, exposures []float64) (float64, error) {
	if _, err := NewFunnel(counts, exposures); err != nil {
		return 0, err
	}
	if len(counts) < 10 {
		return 0, stats.ErrTooFew
	}
	if f.Baseline == 0 {
		return 1, nil
	}
	const tail = 0.1
	z := make([]float64, len(counts))
	for i, n := range exposures {
		expected := f.Baseline * n
		z[i] = (counts[i] - expected) / math.Sqrt(expected)
	}
	ends := stats.Middle(slices.Clone(z), 1-2*tail)
	sum := 0.0
	for _, v := range z {
		v = min(max(v, ends.Low), ends.High)
		sum += v * v
	}
	// of normal numbers drawn in likewise
	q := -dist.NormalQuantile(tail)
	normal := 1 - 2*tail - 2*q*dist.NormalPDF(q) + 2*tail*q*q
	places := float64(len(z))
	phi := sum / places / normal
	if !(phi > 1+2*math.Sqrt(2/places)) {
		return 1, nil
	}
	return phi, nil
}
