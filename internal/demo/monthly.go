package demo

import (
	"fmt"
	"math/rand/v2"
	"strconv"
)

// category is a pair of headings of the police's monthly files with its London
// totals.
type category struct {
	major, minor string
	total        yearTotal
}

// Robbery is split into its two published parts.
var robberyBusiness = robbery.scaled(0.075)

// monthlyCategories are the headings of the monthly files before 2024. The
// totals of violence and robbery are the report's; the others are invented.
var monthlyCategories = []category{
	{"Arson and Criminal Damage", "Arson", yearTotal{2_450, 2_060, flatShape}},
	{"Arson and Criminal Damage", "Criminal Damage", yearTotal{53_900, 48_300, homeShape}},
	{"Burglary", "Burglary - Business and Community", yearTotal{20_400, 16_100, streetShape}},
	{"Burglary", "Burglary - Residential", yearTotal{60_900, 45_200, streetShape}},
	{"Drug Offences", "Drug Trafficking", yearTotal{4_300, 6_100, flatShape}},
	{"Drug Offences", "Possession of Drugs", yearTotal{41_200, 52_800, flatShape}},
	{"Possession of Weapons", "Possession of Article with Blade or Point", yearTotal{4_100, 3_700, flatShape}},
	{"Possession of Weapons", "Possession of Other Weapon", yearTotal{2_300, 2_250, flatShape}},
	{"Public Order Offences", "Public Fear Alarm or Distress", yearTotal{38_700, 39_500, homeShape}},
	{"Robbery", "Robbery of Business Property", robberyBusiness},
	{"Robbery", "Robbery of Personal Property", robbery.less(robberyBusiness)},
	{"Sexual Offences", "Other Sexual Offences", yearTotal{12_300, 10_600, injuryShape}},
	{"Sexual Offences", "Rape", yearTotal{7_900, 7_300, homeShape}},
	{"Theft", "Theft from Person", yearTotal{62_000, 26_700, streetShape}},
	{"Vehicle Offences", "Theft from a Motor Vehicle", yearTotal{80_300, 67_900, streetShape}},
	{"Violence Against the Person", "Homicide", homicideOffences},
	{"Violence Against the Person", "Violence with Injury", violenceWithInjury},
	{"Violence Against the Person", "Violence without Injury", violenceWithoutInjury},
}

// heathrow stands in the monthly files beside the boroughs.
const heathrow = "London Heathrow and London City Airports"

// monthlyFiles holds the counts that the borough and the ward files share.
type monthlyFiles struct {
	city   *city
	first  month
	counts [][][]int // category × month from first × borough, Heathrow last
	rng    *rand.Rand
}

func newMonthly(c *city, rng *rand.Rand) *monthlyFiles {
	f := &monthlyFiles{city: c, first: newMonth(2018, 11), rng: rng}
	weights := append(boroughRisk(), 12)
	weights[0] = 0 // the City of London has its own police
	for _, cat := range monthlyCategories {
		var months [][]int
		own := make([]float64, len(weights))
		for i, w := range weights {
			own[i] = w * (0.85 + 0.3*rng.Float64())
		}
		for m := f.first; m <= newMonth(2020, 12); m++ {
			months = append(months, scatter(cat.total.month(m), own, rng))
		}
		f.counts = append(f.counts, months)
	}
	return f
}

func monthHeads(from month) []string {
	out := make([]string, 24)
	for i := range out {
		m := from + month(i)
		out[i] = fmt.Sprintf("%04d%02d", m.year(), m.of())
	}
	return out
}

// writeBoroughs writes 24 months by borough. An early edition is what the
// police knew two months before: some recent counts differ by a few.
func (f *monthlyFiles) writeBoroughs(w *writer, from month, name string, early bool) string {
	header := append([]string{"MajorText", "MinorText", "LookUp_BoroughName"}, monthHeads(from)...)
	return w.csv(name, header, func(put func(...string)) {
		for i := range len(boroughs) + 1 {
			if i == 0 {
				continue
			}
			for k, cat := range monthlyCategories {
				row := []string{cat.major, cat.minor, boroughName(i)}
				for m := range 24 {
					n := f.counts[k][int(from-f.first)+m][i]
					if early {
						n = f.before(n, m)
					}
					row = append(row, strconv.Itoa(n))
				}
				put(row...)
			}
		}
	})
}

// before is a count as it stood two months earlier: late reports were missing
// from the last six months, a few cases had not yet been reclassified.
func (f *monthlyFiles) before(n, m int) int {
	switch {
	case m >= 18 && n >= 20 && f.rng.IntN(4) == 0:
		return n - 1 - f.rng.IntN(3)
	case n >= 20 && f.rng.IntN(40) == 0:
		return n + 1
	}
	return n
}

func boroughName(i int) string {
	if i == len(boroughs) {
		return heathrow
	}
	return boroughs[i].name
}

// writeWards writes the same categories by ward. About one incident in
// twenty-five has no ward, as in the real files, so wards do not add up to
// their borough.
func (f *monthlyFiles) writeWards(w *writer, name string) string {
	from := newMonth(2019, 1)
	header := append([]string{"MajorText", "MinorText", "WardName", "WardCode", "LookUp_BoroughName"}, monthHeads(from)...)
	return w.csv(name, header, func(put func(...string)) {
		for i := 1; i < len(boroughs); i++ {
			f.boroughWards(i, from, put)
		}
	})
}

func (f *monthlyFiles) boroughWards(borough int, from month, put func(...string)) {
	var wards []ward
	var weights []float64
	for _, wd := range f.city.wards {
		if wd.borough != borough {
			continue
		}
		risk := 0.0
		for _, i := range wd.lsoas {
			risk += f.city.lsoas[i].risk
		}
		wards, weights = append(wards, wd), append(weights, risk)
	}
	for k, cat := range monthlyCategories {
		columns := make([][]int, 24)
		for m := range columns {
			n := f.counts[k][int(from-f.first)+m][borough]
			columns[m] = scatter(n-binomial(n, 0.04, f.rng), weights, f.rng)
		}
		for j, wd := range wards {
			row := []string{cat.major, cat.minor, wd.name, wd.code, boroughs[borough].name}
			for m := range columns {
				row = append(row, strconv.Itoa(columns[m][j]))
			}
			put(row...)
		}
	}
}
