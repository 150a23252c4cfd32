package intake

import (
	"bytes"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"openvru/internal/period"
)

// countKind says what a cell that should hold a count holds.
type countKind int

const (
	countOK countKind = iota
	countBlank
	countNegative
	countBad
)

// parseCount reads a count as files write it: "1234", "1,234", "12.0" as
// statistical software leaves it, or blank, for which some exports write NA or
// NULL.
func parseCount(cell []byte) (int32, countKind) {
	if n, ok := parsePlain(cell); ok {
		return n, countOK
	}
	s := string(bytes.TrimSpace(cell))
	switch strings.ToLower(s) {
	case "", "na", "n/a", "nan", "null", "none", "(blank)", "#n/a":
		return 0, countBlank
	}
	negative := strings.HasPrefix(s, "-") || strings.HasPrefix(s, "(") && strings.HasSuffix(s, ")") || strings.HasPrefix(s, "−")
	if strings.HasPrefix(s, "(") {
		s = strings.TrimSuffix(s[1:], ")")
	} else if r, n := utf8.DecodeRuneInString(s); r == '-' || r == '−' || r == '+' {
		s = s[n:]
	}
	whole, fraction, _ := strings.Cut(s, ".")
	if strings.Trim(fraction, "0") != "" || !grouped(whole) {
		return 0, countBad
	}
	n, ok := parsePlain([]byte(strings.ReplaceAll(whole, ",", "")))
	switch {
	case !ok:
		return 0, countBad
	case negative && n != 0:
		return 0, countNegative
	}
	return n, countOK
}

// parsePlain reads nothing but digits.
func parsePlain(cell []byte) (int32, bool) {
	if len(cell) == 0 || len(cell) > 10 {
		return 0, false
	}
	var n int64
	for _, c := range cell {
		if c < '0' || c > '9' {
			return 0, false
		}
		n = n*10 + int64(c-'0')
	}
	return int32(n), n <= math.MaxInt32
}

// grouped reports whether commas, if any, stand at the thousands.
func grouped(whole string) bool {
	parts := strings.Split(whole, ",")
	for i, p := range parts {
		if i > 0 && len(p) != 3 || i == 0 && (len(p) == 0 || len(parts) > 1 && len(p) > 3) {
			return false
		}
	}
	return true
}

// The months a file can speak of: before the first, no figure is published by
// month; after the last, a year is a slip of the pen.
var firstMonth, lastMonth = period.NewMonth(1900, 1), period.NewMonth(2199, 12)

// parseMonth reads a month in any way that publishers write one: as a heading
// (202003, 2020-03, Mar-20, X202003), in words (Mar 2020, March 2020) or as
// its first day (01/03/2020, 01.03.20, 2020-03-01 00:00:00). A date of which
// only one part is 1 has the day there, so a file with American dates is read
// rightly too.
func parseMonth(s string) (period.Month, bool) {
	s = strings.TrimSpace(s)
	if m, ok := slashed(s); ok {
		return m, plausible(m)
	}
	s = strings.TrimLeft(s, "Xx")
	if i := strings.IndexAny(s, "T "); i == len("2006-01-02") {
		s = s[:i]
	}
	if m, err := period.ParseMonth(s); err == nil {
		return m, plausible(m)
	}
	for _, layout := range []string{"Jan-2006", "January-2006", "Jan 06", "2006/01", "2006 Jan", "2006_01", "January 06"} {
		if at, err := time.Parse(layout, s); err == nil {
			return period.MonthOf(at), plausible(period.MonthOf(at))
		}
	}
	return 0, false
}

func plausible(m period.Month) bool { return firstMonth <= m && m <= lastMonth }

// slashed reads a first-of-the-month date of three numbers.
func slashed(s string) (period.Month, bool) {
	d, ok := threeNumbers(s)
	if !ok {
		return 0, false
	}
	day, month := d[0], d[1]
	if day != 1 && month == 1 && day <= 12 {
		day, month = month, day
	}
	if day < 1 || day > 31 || month < 1 || month > 12 {
		return 0, false
	}
	return period.NewMonth(d[2], month), true
}

// parseDay reads a date, day first unless that cannot be, as a number that
// grows with time: 20260305.
func parseDay(s string) (int32, bool) {
	if i := strings.IndexAny(s, "T "); i >= 8 {
		s = s[:i]
	}
	if at, err := time.Parse("2006-01-02", s); err == nil {
		return int32(at.Year()*10000 + int(at.Month())*100 + at.Day()), true
	}
	d, ok := threeNumbers(s)
	if !ok {
		return 0, false
	}
	if d[1] > 12 {
		d[0], d[1] = d[1], d[0]
	}
	at := time.Date(d[2], time.Month(d[1]), d[0], 0, 0, 0, 0, time.UTC)
	if at.Day() != d[0] || int(at.Month()) != d[1] {
		return 0, false
	}
	return int32(d[2]*10000 + d[1]*100 + d[0]), true
}

// threeNumbers reads "01/06/2021", "1.6.21" or "01-06-2021"; a year of two
// digits is of this century.
func threeNumbers(s string) (d [3]int, ok bool) {
	if i := strings.IndexByte(s, ' '); i > 0 {
		s = s[:i]
	}
	parts := strings.FieldsFunc(s, func(r rune) bool { return r == '/' || r == '.' || r == '-' })
	if len(parts) != 3 || len(parts[0]) > 2 || len(parts[1]) > 2 || len(parts[2]) != 2 && len(parts[2]) != 4 {
		return d, false
	}
	for i, p := range parts {
		n, err := strconv.Atoi(p)
		if err != nil || n < 0 {
			return d, false
		}
		d[i] = n
	}
	if len(parts[2]) == 2 {
		d[2] += 2000
	}
	return d, true
}
