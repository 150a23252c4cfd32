package trend

import (
	"openvru/internal/stats"
)

// MonthDays returns the number of days of n months in a row, from that month (1
// is January) of that year on, in the Gregorian calendar. As an exposure it takes
// the length of the month out of a count. A month outside 1 to 12 or a negative n
// is stats.ErrOption.
func MonthDays(year, month, n int) ([]float64, error) {
	if month < 1 || month > 12 || n < 0 {
		return nil, stats.ErrOption
	}
	days := []float64{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31}
	out := make([]float64, n)
	for i := range out {
		m := month - 1 + i
		y := year + m/12
		out[i] = days[m%12]
		if m%12 == 1 && y%4 == 0 && (y%100 != 0 || y%400 == 0) {
			out[i]++
		}
	}
	return out, nil
}

// CalendarAdjusted returns the counts that months of the average length would
// have had: each multiplied by the mean number of days and divided by its own. A
// month without days that has events is stats.ErrNoPopulation; one without either
// stays zero.
func CalendarAdjusted(y, days []float64) ([]float64, error) {
	if err := checkCounts(y); err != nil {
		return nil, err
	}
	if days == nil {
		return nil, stats.ErrLength
	}
	if err := checkExposure(y, days); err != nil {
		return nil, err
	}
	average := mean(days)
	out := make([]float64, len(y))
	for i, v := range y {
		if v > 0 {
			out[i] = v * average / days[i]
		}
	}
	return out, nil
}
