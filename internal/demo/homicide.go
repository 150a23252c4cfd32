package demo

import (
	"math/rand/v2"
	"time"
)

// victim is one invented homicide victim.
type victim struct {
	month                       month
	age, sex, method, ethnicity string
	domestic, solved, kind      string
	borough                     string
}

// writeHomicide writes one row a victim, 2012 to 2020, whose yearly counts by
// kind are those of homicideTable.
func writeHomicide(w *writer, c *city, rng *rand.Rand) string {
	header := []string{"Count of Victims", "Age Group", "Sex", "Method of Killing", "Domestic Abuse", "Recorded Date", "Homicide Offence Type", "Solved Status", "Borough", "Officer Observed Ethnicity"}
	return w.csv("homicide_victims_2012-2020.csv", header, func(put func(...string)) {
		for _, year := range homicideTable {
			for _, v := range year.draw(rng) {
				put("1", v.age, v.sex, v.method, v.domestic, monthText(v.month), v.kind, v.solved, v.borough, v.ethnicity)
			}
		}
	})
}

// monthText writes "Jan 2012", and "January 2012" in one year, as the police's
// own file mixes them.
func monthText(m month) string {
	t := time.Date(m.year(), time.Month(m.of()), 1, 0, 0, 0, 0, time.UTC)
	if m.year() == 2015 {
		return t.Format("January 2006")
	}
	return t.Format("Jan 2006")
}

// draw invents a year's victims. Domestic victims are taken from the older
// end, so that the kinds can hold together; each kind's count is exact.
func (y victims) draw(rng *rand.Rand) []victim {
	out := make([]victim, y.total)
	ages := y.ages(rng)
	for i := range out {
		out[i] = victim{age: ages[i], sex: oneOf(rng, 0.78, "Male", "Female"), domestic: "No", method: otherMethods[rng.IntN(len(otherMethods))],
			kind: oneOf(rng, 0.9, "Murder", "Manslaughter"), solved: oneOf(rng, 0.88, "Solved", "Unsolved"), ethnicity: ethnicities[rng.IntN(len(ethnicities))]}
	}
	for i := range y.domestic {
		v := &out[y.total-1-i]
		v.domestic, v.sex = "Yes", oneOf(rng, 0.3, "Male", "Female")
	}
	for i := range y.knife + y.firearm { // from the younger end, where weapons are
		out[i].method = "Knife or Sharp Implement"
		if i%((y.knife+y.firearm)/y.firearm) == 0 && i/((y.knife+y.firearm)/y.firearm) < y.firearm {
			out[i].method = "Shooting"
		}
	}
	weights := boroughRisk()
	weights[0] = 0
	months := scatter(y.total, y.monthWeights(), rng)
	rng.Shuffle(len(out), func(i, j int) { out[i], out[j] = out[j], out[i] })
	place, m := spread(scatter(y.total, weights, rng)), spread(months)
	rng.Shuffle(len(place), func(i, j int) { place[i], place[j] = place[j], place[i] })
	for i := range out {
		out[i].month, out[i].borough = newMonth(y.year, m[i]+1), boroughs[place[i]].name
	}
	return out
}

// monthWeights is the year's season; 2020 has its lockdown.
func (y victims) monthWeights() []float64 {
	w := make([]float64, 12)
	for i := range w {
		w[i] = 1
		if y.year == 2020 {
			w[i] = flatShape.lockdown[i]
		}
	}
	return w
}

// ages lists the victims' age groups from young to old: teenagers, others
// under 25, the rest.
func (y victims) ages(rng *rand.Rand) []string {
	out := make([]string, 0, y.total)
	for i := range y.total {
		switch {
		case i < y.teenage:
			out = append(out, "13 to 19")
		case i < y.under25:
			out = append(out, oneOf(rng, 0.12, "0 to 12", "20 to 24"))
		default:
			out = append(out, olderAges[rng.IntN(len(olderAges))])
		}
	}
	return out
}

var (
	olderAges    = []string{"25 to 34", "25 to 34", "25 to 34", "35 to 44", "35 to 44", "45 to 54", "55 to 64", "65 and over"}
	otherMethods = []string{"Physical Assault, no weapon", "Physical Assault, no weapon", "Blunt Implement", "Strangulation", "Not known/Not Recorded"}
	ethnicities  = []string{"Asian", "Black", "Black", "White", "White", "Not Reported/Not known"}
)

func oneOf(rng *rand.Rand, chance float64, yes, no string) string {
	if rng.Float64() < chance {
		return yes
	}
	return no
}

// spread turns counts by index into a list of indexes.
func spread(counts []int) []int {
	var out []int
	for i, n := range counts {
		for range n {
			out = append(out, i)
		}
	}
	return out
}
