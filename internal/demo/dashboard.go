package demo

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"time"
)

// dashboardSeries is one series of the monthly dashboard files. One that lies
// within another is never more than it in any borough and month: an injured
// victim outside domestic abuse is an injured victim.
type dashboardSeries struct {
	kind, subtype string
	total         yearTotal
	within        string // subtype of a series before it; "" for none
}

// dashboardFiles are the two dashboard files with measures that the wide
// monthly files do not have.
var dashboardFiles = map[string][]dashboardSeries{
	"Other": {
		{"Domestic Abuse", "Domestic Abuse Incidents", domesticIncidents, ""},
		{"Domestic Abuse", "Domestic Abuse", domesticOffences, ""},
		{"Domestic Abuse", "Domestic Abuse Violence with Injury", domesticWithInjury, "Domestic Abuse"},
		{"Gun Crime", "Gun Crime", gunCrime, ""},
		{"Gun Crime", "Lethal Barrel Discharge", lethalBarrel, "Gun Crime"},
	},
	"Knife": {
		{"Knife Crime", "Knife Crime", knifeCrime, ""},
		{"Knife Crime", "Knife Crime With Injury", knifeWithInjury, "Knife Crime"},
		{"Knife Crime", "Knife Crime Injury Victims 1-24", knifeVictims, ""},
		{"Knife Crime", "Knife Crime Injury Victims 1-24 Non DA", knifeVictimsNotDA, "Knife Crime Injury Victims 1-24"},
	},
}

// writeDashboard writes one of the dashboard files in its long form.
func writeDashboard(w *writer, c *city, rng *rand.Rand, which string) string {
	header := []string{"Month_Year", "Area Type", "Borough_SNT", "Area name", "Area code", "Crime Type", "Crime Subtype", "Measure", "Financial Year", "FY_FYIndex", "Count", "Refresh Date"}
	return w.csv("M1045_MonthlyCrimeDashboard_"+which+"CrimeData.csv", header, func(put func(...string)) {
		counts := map[string][][]int{}
		for _, s := range dashboardFiles[which] {
			counts[s.subtype] = s.spread(counts[s.within], rng)
			for k, row := range counts[s.subtype] {
				for i, n := range row {
					if i > 0 {
						put(s.row(newMonth(2019, 1)+month(k), boroughs[i], n)...)
					}
				}
			}
		}
	})
}

// spread drops the series' monthly totals on the boroughs, inside the counts
// of the series it lies within, if any.
func (s dashboardSeries) spread(within [][]int, rng *rand.Rand) [][]int {
	weights := boroughRisk()
	weights[0] = 0
	for i := range weights {
		weights[i] *= 0.85 + 0.3*rng.Float64()
	}
	var out [][]int
	for k := range 24 {
		total := s.total.month(newMonth(2019, 1) + month(k))
		if within == nil {
			out = append(out, scatter(total, weights, rng))
		} else {
			out = append(out, scatterWithin(total, within[k], rng))
		}
	}
	return out
}

func (s dashboardSeries) row(m month, b borough, n int) []string {
	first := time.Date(m.year(), time.Month(m.of()), 1, 0, 0, 0, 0, time.UTC)
	start := m.year()
	if m.of() < 4 {
		start--
	}
	index := (m.of()+8)%12 + 1
	return []string{first.Format("02/01/2006"), "Borough", b.name, b.name, b.code, s.kind, s.subtype, "Offences",
		fmt.Sprintf("%d-%02d", start, (start+1)%100), fmt.Sprintf("%d-%02d_%02d", start, (start+1)%100, index), strconv.Itoa(n), "06/01/2021"}
}
