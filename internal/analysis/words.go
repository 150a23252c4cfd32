package analysis

import (
	"fmt"
	"math"

	"openvru/internal/period"
	"openvru/internal/stats/rate"
	"openvru/internal/table"
)

// minus is the sign of negative numbers in text.
const minus = "−"

// count writes a count: whole with thousands, or one decimal when estimated.
func count(v float64) string {
	if v == math.Trunc(v) {
		return table.Thousands(int64(v))
	}
	return table.Fixed(v, 1)
}

// percent writes a percentage without a sign: no decimals from ten on, one
// below, so that a small change does not read as none.
func percent(v float64) string {
	v = math.Abs(v)
	if v >= 9.95 {
		return table.Fixed(math.Round(v), 0) + "%"
	}
	return table.Fixed(v, 1) + "%"
}

// signed writes a percentage with its sign: "−32%", "+4.0%".
func signed(v float64) string {
	switch {
	case math.IsInf(v, 1):
		return "no upper limit"
	case v < 0:
		return minus + percent(v)
	case v > 0:
		return "+" + percent(v)
	}
	return percent(v)
}

// interval writes an interval of a percentage: "−32% to −30%".
func interval(i rate.Interval) string { return signed(i.Low) + " to " + signed(i.High) }

// direction says which way and by how much: "lower by 31%".
func (c Change) direction() string {
	switch {
	case c.same():
		return "the same"
	case c.Before == 0:
		return "higher, from none"
	case c.lower():
		return "lower by " + percent(c.Percent)
	}
	return "higher by " + percent(c.Percent)
}

// Words says how the count changed and how sure that is: "lower by 31%; a fall
// this size would hardly come from chance (95% interval −32% to −30%)".
func (c Change) Words() string {
	word := "rise"
	if c.lower() {
		word = "fall"
	}
	limits := "95% interval " + interval(c.Interval)
	switch {
	case c.Sure == TooFew:
		return "too few to say whether anything changed"
	case c.same():
		return fmt.Sprintf("the same (%s)", limits)
	case c.Sure == Unclear:
		return fmt.Sprintf("%s, but a difference this size could well be chance (%s)", c.direction(), limits)
	case c.Sure == Likely:
		return fmt.Sprintf("%s; a %s this size is unlikely to be chance alone (%s)", c.direction(), word, limits)
	}
	return fmt.Sprintf("%s; a %s this size would hardly come from chance (%s)", c.direction(), word, limits)
}

// Period names a range in words: "2020", "March 2020", "January to June 2020",
// "June 2019 to May 2020".
func Period(r period.Range) string {
	from, to := r.From, r.To
	switch {
	case r == period.Year(from.Year()):
		return fmt.Sprint(from.Year())
	case from == to:
		return from.Name()
	case from.Year() == to.Year():
		return monthName(from) + " to " + to.Name()
	}
	return from.Name() + " to " + to.Name()
}

func monthName(m period.Month) string {
	name := m.Name()
	return name[:len(name)-5]
}

// months names a sorted list of months by its runs: "March 2020 and May to
// July 2020".
func monthList(months []period.Month) string {
	var runs []period.Range
	for _, m := range months {
		if n := len(runs); n > 0 && runs[n-1].To+1 == m {
			runs[n-1].To = m
			continue
		}
		runs = append(runs, period.Range{From: m, To: m})
	}
	words := make([]string, len(runs))
	for i, r := range runs {
		words[i] = Period(r)
	}
	return list(words)
}

// list writes words for a sentence: "a, b and c".
func list(words []string) string {
	out := ""
	for i, w := range words {
		switch {
		case i > 0 && i == len(words)-1:
			out += " and "
		case i > 0:
			out += ", "
		}
		out += w
	}
	return out
}

// units writes a count with what is counted: "1 offence", "1,204 offences".
func units(v float64, s *Series) string {
	if v == 1 {
		return "1 " + s.One
	}
	return count(v) + " " + s.Unit
}
