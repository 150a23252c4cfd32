package demo

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"time"
)

// dashboardSeries is one series of the monthly dashboard files.
type dashboardSeries struct {
	kind, subtype string
	total         yearTotal
}

// dashboardFiles are the two dashboard files with measures that the wide
// monthly files do not have.
var dashboardFiles = map[string][]dashboardSeries{
	"Other": {
		{"Domestic Abuse", "Domestic Abuse Incidents", domesticIncidents},
		{"Domestic Abuse", "Domestic Abuse", domesticOffences},
		{"Domestic Abuse", "Domestic Abuse Violence with Injury", domesticWithInjury},
		{"Gun Crime", "Gun Crime", gunCrime},
		{"Gun Crime", "Lethal Barrel Discharge", lethalBarrel},
	},
	"Knife": {
		{"Knife Crime", "Knife Crime", knifeCrime},
		{"Knife Crime", "Knife Crime With Injury", knifeWithInjury},
		{"Knife Crime", "Knife Crime Injury Victims 1-24", knifeVictims},
		{"Knife Crime", "Knife Crime Injury Victims 1-24 Non DA", knifeVictimsNotDA},
	},
}

// writeDashboard writes one of the dashboard files in its long form.
func writeDashboard(w *writer, c *city, rng *rand.Rand, which string) string {
	header := []string{"Month_Year", "Area Type", "Borough_SNT", "Area name", "Area code", "Crime Type", "Crime Subtype", "Measure", "Financial Year", "FY_FYIndex", "Count", "Refresh Date"}
	return w.csv("M1045_MonthlyCrimeDashboard_"+which+"CrimeData.csv", header, func(put func(...string)) {
		for _, s := range dashboardFiles[which] {
			weights := boroughRisk()
			weights[0] = 0
			for i := range weights {
				weights[i] *= 0.85 + 0.3*rng.Float64()
			}
			for m := newMonth(2019, 1); m <= newMonth(2020, 12); m++ {
				for i, n := range scatter(s.total.month(m), weights, rng) {
					if i > 0 {
						put(s.row(m, boroughs[i], n)...)
					}
				}
			}
		}
	})
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
