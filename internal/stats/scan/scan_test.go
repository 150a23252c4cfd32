package scan

import (
	"errors"
	"fmt"
	"math"
	"runtime"
	"slices"
	"testing"

	"openvru/internal/stats"
)

// settings are scans of every kind.
func settings() []Options {
	var out []Options
	for _, rates := range []Rates{High, Low, Both} {
		for _, o := range []Options{
			{},
			{MaxShare: 0.2, MinCases: 1},
			{MaxRadius: 1_500, Overlap: CentresApart},
			{MaxShare: 1, MaxPeriods: 1},
			{Prospective: true, MaxPeriods: 3},
			{Prospective: true, EarlierAnalyses: 2, MinPeriods: 2},
			{WholeTime: true},
			{WholeTime: true, Prospective: true, MaxPeriods: 2},
		} {
			o.Rates, o.Seed, o.Replications = rates, uint64(len(out)), 20
			out = append(out, o)
		}
	}
	return out
}

// each calls a test for every kind of scan of some maps, with the options
// completed.
func each(t *testing.T, test func(t *testing.T, d Data, o Options, permute bool)) {
	for _, periods := range []int{1, 7} {
		for i, o := range settings() {
			o, err := o.complete(periods)
			if err != nil {
				continue // not with one period
			}
			for _, permute := range []bool{false, true} {
				if permute && periods == 1 {
					continue
				}
				name := fmt.Sprintf("%d/%d/%v", periods, i, permute)
				t.Run(name, func(t *testing.T) { test(t, small(periods, 150, uint64(i)), o, permute) })
			}
		}
	}
}

func scanOf(permute bool) func(Data, Options) (Result, error) {
	if permute {
		return Permutation
	}
	return Poisson
}

func near(a, b, tolerance float64) bool {
	return a == b || math.Abs(a-b) <= tolerance*max(math.Abs(a), math.Abs(b))
}

func TestClustersAreThoseOfAllSets(t *testing.T) {
	each(t, func(t *testing.T, d Data, o Options, permute bool) {
		got, err := scanOf(permute)(d, o)
		if err != nil {
			t.Fatal(err)
		}
		all := brute(d, o, permute, d.Cases, bruteWindows(d.Periods, o, 0))
		want := bruteSecondary(all, o)
		if len(got.Clusters) == 0 || len(got.Clusters) != len(want) {
			t.Fatalf("%d clusters, not %d", len(got.Clusters), len(want))
		}
		for i, c := range got.Clusters {
			if !near(c.LLR, want[i].llr, 1e-9) {
				t.Fatalf("cluster %d: %v, not %v", i, c.LLR, want[i].llr)
			}
			checkListed(t, d, all, c)
		}
	})
}

// checkListed wants a cluster to be one of all, with the figures it has there.
func checkListed(t *testing.T, d Data, all []bruteCluster, c Cluster) {
	t.Helper()
	set := slices.Sorted(slices.Values(c.Places))
	for _, b := range all {
		if b.centre != c.Centre || b.first != c.First || b.last != c.Last || len(set) != len(b.places) ||
			!slices.Equal(set, slices.Sorted(slices.Values(b.places))) {
			continue
		}
		n := sum(d.Cases)
		risk := c.Cases / c.Expected / ((n - c.Cases) / (n - c.Expected))
		if b.c != c.Cases || !near(b.e, c.Expected, 1e-9) || !near(b.radius, c.Radius, 1e-9) ||
			!near(c.Ratio, c.Cases/c.Expected, 1e-15) ||
			!math.IsNaN(c.RelativeRisk) && !near(c.RelativeRisk, risk, 1e-12) {
			t.Fatalf("%+v is not %+v", c, b)
		}
		return
	}
	t.Fatalf("no such circle: %+v", c)
}

func TestReplicationsAreScannedAsTheCasesAre(t *testing.T) {
	each(t, func(t *testing.T, d Data, o Options, permute bool) {
		got, err := scanOf(permute)(d, o)
		if err != nil {
			t.Fatal(err)
		}
		for r := range 20 {
			want, err := bruteReplication(d, o, permute, r)
			if err != nil {
				t.Fatal(err)
			}
			if !near(got.Maxima[r], want, 1e-9) {
				t.Fatalf("replication %d: %v, not %v", r, got.Maxima[r], want)
			}
		}
	})
}

var _ = errors.Is
var _ = runtime.GOMAXPROCS
var _ = stats.ErrEmpty
