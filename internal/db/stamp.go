package db

import (
	"time"

	"openvru/internal/errs"
)

// stampLayout has a fixed width, so that text order is time order.
const stampLayout = "2006-01-02T15:04:05.000000000Z"

// Stamp writes a time as the databases keep it: UTC text of fixed width, so
// that comparing the texts compares the times. The zero time is "".
func Stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(stampLayout)
}

// ParseStamp reads what Stamp wrote. Errors: Internal, since nobody but the
// product writes these.
func ParseStamp(s string) (time.Time, error) {
	if s == "" {
		return time.Time{}, nil
	}
	t, err := time.Parse(stampLayout, s)
	if err != nil {
		return time.Time{}, errs.New(errs.Internal, "the database holds %q where a time should be", s).WithCause(err)
	}
	return t, nil
}
