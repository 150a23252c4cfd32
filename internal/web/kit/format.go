package kit

import (
	"fmt"
	"html/template"
	"strings"
	"time"
	_ "time/tzdata" // the product's days are London's, on machines without time zones too

	"openvru/internal/ids"
	"openvru/internal/period"
	"openvru/internal/table"
)

// functions are what templates may call.
var functions = template.FuncMap{
	"day":      Day,
	"moment":   Moment,
	"stamp":    Stamp,
	"number":   table.Thousands,
	"bytes":    Bytes,
	"plural":   Plural,
	"short":    Short,
	"sentence": sentence,
}

var london = mustLondon()

func mustLondon() *time.Location {
	l, err := time.LoadLocation("Europe/London")
	if err != nil {
		panic("kit: no Europe/London: " + err.Error()) // time/tzdata is linked in
	}
	return l
}

// Day writes a day as people read it: "22 November 2026".
func Day(t time.Time) string {
	if t.IsZero() {
		return "–"
	}
	return t.In(london).Format("2 January 2006")
}

// Moment writes a time as people read it: "22 November 2026 at 8:53pm".
func Moment(t time.Time) string {
	if t.IsZero() {
		return "–"
	}
	return t.In(london).Format("2 January 2006 at 3:04pm")
}

// MomentOf writes a time that Stamp wrote as people read it.
func MomentOf(stamp string) string {
	t, err := time.Parse(time.RFC3339, stamp)
	if err != nil {
		return stamp
	}
	return Moment(t)
}

// DayOf writes the day of a time that Stamp wrote.
func DayOf(stamp string) string {
	t, err := time.Parse(time.RFC3339, stamp)
	if err != nil {
		return stamp
	}
	return Day(t)
}

// Stamp writes a time for machines, as the datetime attribute wants it.
func Stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// Month is the calendar month it is in London.
func Month(t time.Time) period.Month { return period.MonthOf(t.In(london)) }

// Bytes writes a size as people read it: "2.4 MB".
func Bytes(n int64) string {
	units := []string{"bytes", "kB", "MB", "GB", "TB"}
	v, u := float64(n), 0
	for v >= 1000 && u < len(units)-1 {
		v, u = v/1000, u+1
	}
	if u == 0 {
		return Plural(n, "byte", "bytes")
	}
	return fmt.Sprintf("%.1f %s", v, units[u])
}

// Plural writes a count with its noun: "1 file", "2,304 files".
func Plural(n int64, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return table.Thousands(n) + " " + many
}

// Short is the beginning of a file's hash, enough to tell files apart by eye.
func Short(f ids.File) string {
	if len(f) > 12 {
		return string(f[:12]) + "…"
	}
	return string(f)
}

// Words joins names as a sentence does: "a", "a and b", "a, b and c".
func Words(names []string) string {
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	return strings.Join(names[:len(names)-1], ", ") + " and " + names[len(names)-1]
}
