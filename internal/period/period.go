// Package period is calendar time as the product counts it: months, quarters
// and years on the Europe/London calendar. It reads no clock.
package period

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"openvru/internal/errs"
)

// Month is a calendar month, counted from January of year 0, so that months
// subtract and compare as integers. The zero value is no month.
type Month int32

// NewMonth returns the month of a year; m is 1 to 12.
func NewMonth(year, m int) Month { return Month(year*12 + m - 1) }

// MonthOf returns the month a time falls in, in the time's own location.
func MonthOf(t time.Time) Month { return NewMonth(t.Year(), int(t.Month())) }

// Year returns the calendar year.
func (m Month) Year() int { return int(m) / 12 }

// Of returns the month of the year, 1 to 12.
func (m Month) Of() int { return int(m)%12 + 1 }

// String returns "2020-03".
func (m Month) String() string { return fmt.Sprintf("%04d-%02d", m.Year(), m.Of()) }

// Name returns "March 2020".
func (m Month) Name() string { return time.Month(m.Of()).String() + " " + strconv.Itoa(m.Year()) }

// First returns the first day, "2020-03-01".
func (m Month) First() string { return m.String() + "-01" }

// Range is a run of whole months, both ends included.
type Range struct{ From, To Month }

// Year returns the twelve months of a year.
func Year(y int) Range { return Range{NewMonth(y, 1), NewMonth(y, 12)} }

// Quarter returns the three months of a quarter, q 1 to 4.
func Quarter(y, q int) Range { return Range{NewMonth(y, 3*q-2), NewMonth(y, 3*q)} }

// Len returns the number of months.
func (r Range) Len() int { return int(r.To-r.From) + 1 }

// Has reports whether m lies in the range.
func (r Range) Has(m Month) bool { return r.From <= m && m <= r.To }

// Months returns every month in order.
func (r Range) Months() []Month {
	out := make([]Month, 0, max(0, r.Len()))
	for m := r.From; m <= r.To; m++ {
		out = append(out, m)
	}
	return out
}

// String returns the shortest usual name: "2020", "2020-Q1", "2020-03" or
// "2019-06 to 2019-12".
func (r Range) String() string {
	y := r.From.Year()
	switch {
	case r == Year(y):
		return strconv.Itoa(y)
	case r.From == r.To:
		return r.From.String()
	case r.Len() == 3 && r.From.Of()%3 == 1:
		return fmt.Sprintf("%d-Q%d", y, r.From.Of()/3+1)
	}
	return r.From.String() + " to " + r.To.String()
}

// ParseMonth reads "2020-03", "202003", "Mar 2020", "March 2020" or
// "01/03/2020" (day first, as British files write it). Errors: Invalid.
func ParseMonth(s string) (Month, error) {
	t := strings.TrimSpace(s)
	for _, layout := range []string{"2006-01", "200601", "Jan 2006", "January 2006", "02/01/2006", "2006-01-02", "Jan-06"} {
		if at, err := time.Parse(layout, t); err == nil {
			return MonthOf(at), nil
		}
	}
	return 0, errs.New(errs.Invalid, "%q is not a month", s).WithHint("write it as 2020-03")
}

// ParseRange reads a year ("2020"), a quarter ("2020-Q1"), a month
// ("2020-03") or two months ("2019-06..2019-12"). Errors: Invalid.
func ParseRange(s string) (Range, error) {
	t := strings.TrimSpace(s)
	if y, err := strconv.Atoi(t); err == nil && len(t) == 4 {
		return Year(y), nil
	}
	if y, q, ok := strings.Cut(t, "-Q"); ok {
		yn, err1 := strconv.Atoi(y)
		qn, err2 := strconv.Atoi(q)
		if err1 == nil && err2 == nil && qn >= 1 && qn <= 4 {
			return Quarter(yn, qn), nil
		}
	}
	from, to, two := strings.Cut(t, "..")
	a, err := ParseMonth(from)
	if err != nil {
		return Range{}, badRange(s)
	}
	if !two {
		return Range{a, a}, nil
	}
	b, err := ParseMonth(to)
	if err != nil || b < a {
		return Range{}, badRange(s)
	}
	return Range{a, b}, nil
}

func badRange(s string) error {
	return errs.New(errs.Invalid, "%q is not a period", s).
		WithHint("write a year (2020), a quarter (2020-Q1), a month (2020-03) or two months (2019-06..2019-12)")
}
