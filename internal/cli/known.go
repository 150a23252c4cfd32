package cli

import (
	"time"
	_ "time/tzdata" // the product's days are London's, on machines without time zones too

	"openvru/internal/errs"
)

// endOfDay reads a day for --as-known and returns its last moment in London;
// "" is the zero time, which means now.
func endOfDay(text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	london, err := time.LoadLocation("Europe/London")
	if err != nil {
		return time.Time{}, err
	}
	day, err := time.ParseInLocation(time.DateOnly, text, london)
	if err != nil {
		return time.Time{}, errs.New(errs.Invalid, "%q is not a day", text).WithHint("write it as 2020-07-01")
	}
	return day.AddDate(0, 0, 1).Add(-time.Nanosecond).UTC(), nil
}
