package demo

// month is a calendar month, counted as year*12 + month-1.
type month int

func newMonth(year, m int) month { return month(year*12 + m - 1) }

func (m month) year() int { return int(m) / 12 }
func (m month) of() int   { return int(m)%12 + 1 }

// shape is how a year's incidents spread over its months: the season of a
// usual year, and what 2020's lockdowns did to it. Invented, after the
// report's description: low in January and February, a sharp fall in the first
// three months of restrictions, a rise in June and July that stays below 2019,
// a fall again with the tiers of the autumn.
type shape struct{ season, lockdown [12]float64 }

var (
	usual = [12]float64{0.95, 0.91, 1.01, 0.99, 1.05, 1.06, 1.09, 1.02, 1.00, 1.02, 0.98, 0.95}
	even  = [12]float64{1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1}

	streetShape   = shape{usual, [12]float64{1.05, 1.06, 0.84, 0.38, 0.48, 0.62, 0.78, 0.82, 0.80, 0.78, 0.62, 0.60}}
	injuryShape   = shape{usual, [12]float64{1.02, 1.03, 0.88, 0.62, 0.78, 0.90, 0.98, 0.97, 0.92, 0.90, 0.78, 0.76}}
	homeShape     = shape{usual, [12]float64{1.00, 1.01, 0.95, 0.90, 1.04, 1.10, 1.14, 1.10, 1.05, 1.03, 0.98, 0.97}}
	domesticShape = shape{usual, [12]float64{0.98, 0.99, 1.02, 1.10, 1.14, 1.15, 1.14, 1.08, 1.04, 1.05, 1.08, 1.09}}
	flatShape     = shape{even, [12]float64{1, 1.02, 0.96, 0.72, 0.86, 1.06, 1.14, 1.08, 1.02, 1.0, 0.96, 0.92}}
)

// month is a measure's London count in one month. Months of a year add up to
// the printed total; 2018, before the printed years, is a little below 2019.
func (t yearTotal) month(m month) int {
	total, weights := t.y2019, t.shape.season
	switch {
	case m.year() == 2020:
		total = t.y2020
		for i := range weights {
			weights[i] *= t.shape.lockdown[i]
		}
	case m.year() < 2019:
		total = t.y2019 * 97 / 100
	}
	return share(total, weights[:])[m.of()-1]
}

// scaled is the measure at a fraction of its size, for parts of it.
func (t yearTotal) scaled(f float64) yearTotal {
	return yearTotal{int(float64(t.y2019) * f), int(float64(t.y2020) * f), t.shape}
}

// less is what is left of the measure after a part.
func (t yearTotal) less(o yearTotal) yearTotal {
	return yearTotal{t.y2019 - o.y2019, t.y2020 - o.y2020, t.shape}
}
