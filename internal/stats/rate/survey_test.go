package rate

import (
	"encoding/csv"
	"errors"
	"fmt"
	"math"
	"os"
	"strconv"
	"testing"

	"pgregory.net/rapid"

	"openvru/internal/stats"
)

// table reads a file of comma-separated values with a heading; what is not a
// number is NaN.
func table(t testing.TB, path string) (names [][]string, columns map[string][]float64) {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil || len(rows) < 2 {
		t.Fatal(path, err)
	}
	columns = map[string][]float64{}
	for j, name := range rows[0] {
		for _, row := range rows[1:] {
			v, err := strconv.ParseFloat(row[j], 64)
			if err != nil {
				v = math.NaN()
			}
			columns[name] = append(columns[name], v)
		}
	}
	return rows[1:], columns
}

func whole(values []float64) []int {
	out := make([]int, len(values))
	for i, v := range values {
		out[i] = int(v)
	}
	return out
}

// designs are the same people as drawn in the ways of testdata/survey.R.
func designs(c map[string][]float64) (y, yes map[string]Sample) {
	weights, strata, clusters := c["w"], whole(c["stratum"]), whole(c["cluster"])
	y = map[string]Sample{
		"simple": {}, "weighted": {Weights: weights}, "stratified": {Weights: weights, Strata: strata},
		"clustered": {Weights: weights, Clusters: clusters}, "both": {Weights: weights, Strata: strata, Clusters: clusters},
	}
	single := Sample{CentreSingle: true}
	var answers, shares []float64
	for i, v := range c["y"] {
		if strata[i] != 4 || clusters[i] == 1 {
			answers, shares = append(answers, v), append(shares, c["yes"][i])
			single.Weights = append(single.Weights, weights[i])
			single.Strata, single.Clusters = append(single.Strata, strata[i]), append(single.Clusters, clusters[i])
		}
	}
	yes = map[string]Sample{}
	for name, s := range y {
		s.Values = c["y"]
		y[name] = s
		s.Values = c["yes"]
		yes[name] = s
	}
	single.Values = answers
	y["single"] = single
	single.Values = shares
	yes["single"] = single
	return y, yes
}

func TestSurveysAreThoseOfR(t *testing.T) {
	_, people := table(t, "testdata/survey.csv")
	means, shares := designs(people)
	rows, want := table(t, "testdata/survey-results.csv")
	for k, row := range rows {
		y, yes := means[row[0]], shares[row[0]]
		if want["domain"][k] == 1 {
			domain := make([]bool, len(y.Values))
			for i, d := range people["domain"] {
				domain[i] = d == 1
			}
			y.Domain, yes.Domain = domain, domain
		}
		mean, err := SurveyMean(y, 0.95)
		if err != nil {
			t.Fatal(err)
		}
		share, err := SurveyShare(yes, 0.95)
		if err != nil {
			t.Fatal(err)
		}
		for name, got := range map[string]float64{
			"df": mean.Degrees, "mean": mean.Value, "se": mean.SE, "deff": mean.DesignEffect,
			"low": mean.Interval.Low, "high": mean.Interval.High,
			"share": share.Value, "share_se": share.SE, "share_deff": share.DesignEffect,
			"share_low": share.Interval.Low, "share_high": share.Interval.High,
		} {
			near(t, fmt.Sprintf("%s (domain %v): %s", row[0], row[1], name), got, want[name][k], 1e-12)
		}
	}
}

// By hand: 1, 2, 3 and 6 from two schools, weighted alike: the mean is 3, the
// totals of influence (−3/4 and 3/4) vary with 2 × (9/16 + 9/16) = 9/4.
func TestSurveyByHand(t *testing.T) {
	s := Sample{Values: []float64{1, 2, 3, 6}, Clusters: []int{1, 1, 2, 2}}
	got, err := SurveyMean(s, 0.95)
	if err != nil || got.Value != 3 || got.SE != 1.5 || got.Degrees != 1 || got.Kish != 1 || got.N != 4 {
		t.Errorf("%+v %v", got, err)
	}
	// 14/4 is the variance with n, 14/12 that of the mean with n − 1.
	near(t, "design effect", got.DesignEffect, 2.25/(14.0/12), 1e-14)
	s = Sample{Values: []float64{0, 1, 1}, Weights: []float64{1, 2, 3}}
	got, _ = SurveyShare(s, 0.95)
	near(t, "share", got.Value, 5.0/6, 1e-15)
	near(t, "Kish", got.Kish, 3*14.0/36, 1e-15)
}

func TestSurveyDoesNotMindOrderOrScale(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := stats.NewRand(rapid.Uint64().Draw(t, "seed"), 0)
		n := rapid.IntRange(8, 60).Draw(t, "people")
		s, back := Sample{}, Sample{}
		for i := range n {
			s.Values, s.Weights = append(s.Values, r.Normal()), append(s.Weights, r.Float64()+0.1)
			s.Strata, s.Clusters = append(s.Strata, i%2), append(s.Clusters, int(r.Below(3)))
		}
		s.Clusters[0], s.Clusters[2], s.Clusters[1], s.Clusters[3] = 0, 1, 0, 1
		for i := n - 1; i >= 0; i-- {
			back.Values, back.Weights = append(back.Values, 10*s.Values[i]+7), append(back.Weights, 3*s.Weights[i])
			back.Strata, back.Clusters = append(back.Strata, -s.Strata[i]), append(back.Clusters, 5-s.Clusters[i])
		}
		a, err := SurveyMean(s, 0.9)
		b, err2 := SurveyMean(back, 0.9)
		if err != nil || err2 != nil {
			t.Fatal(err, err2)
		}
		if relative(10*a.SE, b.SE) > 1e-9 || math.Abs(10*a.Value+7-b.Value) > 1e-9 || relative(a.DesignEffect, b.DesignEffect) > 1e-9 {
			t.Errorf("%+v and %+v", a, b)
		}
	})
}

func TestSurveyRefuses(t *testing.T) {
	two := []float64{1, 2}
	for want, s := range map[error]Sample{
		stats.ErrEmpty:        {},
		stats.ErrLength:       {Values: two, Weights: []float64{1}},
		stats.ErrMissing:      {Values: []float64{1, math.NaN()}},
		stats.ErrNegative:     {Values: two, Weights: []float64{1, -1}},
		stats.ErrNoPopulation: {Values: two, Weights: []float64{0, 0}},
		stats.ErrTooFew:       {Values: two, Strata: []int{1, 2}},
	} {
		if _, err := SurveyMean(s, 0.95); !errors.Is(err, want) {
			t.Errorf("%v, want %v", err, want)
		}
	}
	if _, err := SurveyMean(Sample{Values: two}, 1); !errors.Is(err, stats.ErrOption) {
		t.Error(err)
	}
	if _, err := SurveyMean(Sample{Values: two[:1]}, 0.95); !errors.Is(err, stats.ErrTooFew) {
		t.Error(err)
	}
	if _, err := SurveyMean(Sample{Values: two, Strata: []int{1, 2}, CentreSingle: true}, 0.95); !errors.Is(err, stats.ErrTooFew) {
		t.Error(err)
	}
	if _, err := SurveyShare(Sample{Values: two}, 0.95); !errors.Is(err, stats.ErrOption) {
		t.Error(err)
	}
	// All alike: a share of 1 is not sure, and says so.
	s, err := SurveyShare(Sample{Values: []float64{1, 1, 1, 1}}, 0.95)
	if err != nil || s.Value != 1 || s.Interval.High != 1 {
		t.Fatal(s, err)
	}
	near(t, "low of four of four", s.Interval.Low, math.Pow(0.025, 0.25), 1e-12)
	// Weights of 1, 2 and 3 leave 6²/14 of three.
	s, err = SurveyShare(Sample{Values: []float64{1, 1, 1}, Weights: []float64{1e-200, 2e-200, 3e-200}}, 0.95)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "low of three of three", s.Interval.Low, math.Pow(0.025, 14.0/36), 1e-12)
}

// Of samples drawn by cluster from a population whose share is known, about 95%
// of the intervals hold it.
func TestSurveyCoverage(t *testing.T) {
	const trials, clusters, each = 1500, 30, 8
	r := stats.NewRand(20, 0)
	held, means := 0, 0
	for range trials {
		s, m := Sample{}, Sample{}
		for c := range clusters {
			chance := 0.3 + 0.3*(r.Float64()-0.5)
			shift := r.Normal()
			for range each {
				s.Values = append(s.Values, float64(r.Binomial(1, chance)))
				m.Values = append(m.Values, shift+2*r.Normal())
				s.Clusters = append(s.Clusters, c)
			}
		}
		m.Clusters = s.Clusters
		share, err := SurveyShare(s, 0.95)
		if err != nil {
			t.Fatal(err)
		}
		mean, err := SurveyMean(m, 0.95)
		if err != nil {
			t.Fatal(err)
		}
		if share.Interval.Has(0.3) {
			held++
		}
		if mean.Interval.Has(0) {
			means++
		}
	}
	t.Logf("nominal 95%%: shares %.1f%%, means %.1f%%", 100*float64(held)/trials, 100*float64(means)/trials)
	// Four Monte-Carlo standard errors are 2.3%.
	if share := float64(held) / trials; share < 0.927 || share > 0.985 {
		t.Errorf("shares: %v of the intervals hold", share)
	}
	if share := float64(means) / trials; share < 0.927 || share > 0.973 {
		t.Errorf("means: %v of the intervals hold", share)
	}
}

func BenchmarkSurveyShare(b *testing.B) {
	r := stats.NewRand(1, 0)
	s := Sample{}
	for range 100_000 {
		s.Values, s.Weights = append(s.Values, float64(r.Below(2))), append(s.Weights, r.Float64()+0.2)
		s.Strata, s.Clusters = append(s.Strata, int(r.Below(33))), append(s.Clusters, int(r.Below(40)))
	}
	for b.Loop() {
		if _, err := SurveyShare(s, 0.95); err != nil {
			b.Fatal(err)
		}
	}
}

func FuzzSurvey(f *testing.F) {
	f.Add(1.0, 0.0, 1.0, 2.0, uint8(3))
	f.Add(0.0, 0.0, 1e-300, 1e300, uint8(7))
	f.Fuzz(func(t *testing.T, a, b, w, x float64, how uint8) {
		s := Sample{Values: []float64{a, b, a, b, a, a}, Weights: []float64{w, x, 1, w, x, 1}, CentreSingle: how&1 > 0}
		if how&2 > 0 {
			s.Strata = []int{1, 1, 2, 2, int(how), 2}
		}
		if how&4 > 0 {
			s.Clusters = []int{1, 2, 1, 2, 3, 3}
		}
		if how&8 > 0 {
			s.Domain = []bool{true, false, true, true, false, how&16 > 0}
		}
		for _, estimate := range []func(Sample, float64) (Survey, error){SurveyMean, SurveyShare} {
			e, err := estimate(s, 0.95)
			if err == nil && (math.IsNaN(e.Value) || !(e.Interval.Low <= e.Interval.High)) {
				t.Errorf("%+v: %+v", s, e)
			}
		}
	})
}
