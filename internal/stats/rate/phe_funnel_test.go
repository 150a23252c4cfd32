package rate

import (
	"fmt"
	"math"
	"testing"
)

// The tables of funnel limits: at each number of events, the yearly population
// at which it just is at a limit, and the rate. They were found there by a search
// that stops within about one part in three million, or a ten-millionth of an
// event where less is expected than that.
func TestFunnelLimitsArePHEs(t *testing.T) {
	for _, name := range []string{"testdata_funnel_rate_outputs.csv", "testdata_funnel_rate_outputs_2.csv", "testdata_funnel_rate_outputs_3.csv"} {
		_, c := table(t, phe(t, name))
		cells := 0
		for k, events := range c["Events"] {
			baseline := c["baseline"][k]
			for side, level := range map[string]float64{"2s": Confidence95, "3s": Confidence998} {
				edges := Exact(events, level) // the means at whose upper and lower limits the count is
				for end, mean := range map[string]float64{"lower": edges.High, "upper": edges.Low} {
					tolerance := max(4e-7, 2e-7/mean) // the steps of the search
					cells += same(t, fmt.Sprintf("%s: %v events, population at the %s %s", name, events, end, side),
						mean/baseline*100_000/3, c[end+"_"+side+"_population_1_year"][k], tolerance)
					cells += same(t, fmt.Sprintf("%s: %v events, the %s %s", name, events, end, side),
						events/mean*baseline, c[end+"_"+side+"_limit"][k], tolerance)
					// and what FunnelLimits draws at that population is the count again
					limits := FunnelLimits(mean, level)
					if end == "upper" {
						near(t, "count at the upper limit", limits.High, events, 1e-11)
					} else {
						near(t, "count at the lower limit", limits.Low, events, 1e-11)
					}
				}
			}
		}
		if cells != 100*8 {
			t.Errorf("%s: compared %d cells", name, cells)
		}
	}
}

func TestFunnelPointsArePHEs(t *testing.T) {
	_, c := table(t, phe(t, "testdata_funnel_rate_input_funnels.csv"))
	var exposures []float64
	cells := 0
	for k, events := range c["ev"] {
		n := Derived(events, c["rate"][k], 100_000)
		exposures = append(exposures, n)
		cells += same(t, "rate drawn", c["rate"][k], c["rate_chart"][k], 0)
		cells += same(t, "crude rate drawn", c["rate"][k], c["rate_chart_crude"][k], 0)
		cells += same(t, "rate drawn with its own population", c["rate"][k], c["rate_chart_crude_with_denom"][k], 0)
		cells += same(t, "derived, crude", n/3, c["denominator_derived_crude"][k], 1e-9)
		cells += same(t, "derived, three years", n/3, c["denominator_derived"][k], 1e-9)
		if math.IsNaN(c["denominator_derived"][k]) {
			n = c["pop"][k] // in the table a place without a standardised rate
		}
		near(t, "derived, five years", n/5, c["denominator_derived_crude_with_denom"][k], 1e-9)
	}
	if cells != 5*50-2 { // one place has no standardised rate
		t.Errorf("compared %d cells", cells)
	}
	f, err := NewFunnel(c["ev"], exposures)
	if err != nil {
		t.Fatal(err)
	}
	_, limits := table(t, phe(t, "testdata_funnel_rate_outputs.csv"))
	near(t, "baseline", f.Baseline*100_000, limits["baseline"][0], 1e-8)
}

// Each of forty areas is called significant, or not, as in the table: for crude
// and directly standardised rates, with and without an area of no events.
func TestFunnelStandingsArePHEs(t *testing.T) {
	rows, c := table(t, phe(t, "testdata_funnel_rate_dsr_inputs.csv"))
	words := map[string]Standing{
		"Low (0.001)": FarBelow, "Low (0.025)": Below, "Not significant": Within, "High (0.025)": Above, "High (0.001)": FarAbove,
	}
	last := len(rows) - 1 // the area of no events
	derived := make([]float64, len(rows))
	for k := range rows {
		near(t, "crude rate", c["count"][k]/c["pop"][k]*100_000, c["rate_crude_per_100000"][k], 1e-9)
		near(t, "crude percentage", c["count"][k]/c["pop"][k]*100, c["rate_crude_per_100"][k], 1e-8)
	}
	for k := range derived[:last] {
		derived[k] = Derived(c["count"][k], c["rate_dsr"][k], 100_000)
	}
	cells := 0
	for column, how := range map[int]struct {
		n     []float64
		areas int
	}{
		5: {derived, last}, 6: {derived, last}, 7: {derived, last}, 8: {derived, last},
		9: {c["pop"], last + 1}, 10: {c["pop"], last + 1}, 11: {c["pop"], last}, 12: {c["pop"], last},
	} {
		f, err := NewFunnel(c["count"][:how.areas], how.n[:how.areas])
		if err != nil {
			t.Fatal(err)
		}
		for k, row := range rows[:how.areas] {
			want, known := words[row[column]]
			if got := f.StandRate(c["count"][k], how.n[k]); !known || got != want {
				t.Errorf("column %d, row %d: %v, want %s", column, k+2, got, row[column])
			}
			cells++
		}
	}
	if cells != 8*last+2 {
		t.Errorf("compared %d cells", cells)
	}
}
