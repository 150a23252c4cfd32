package intake

import (
	"context"

	"openvru/internal/period"
	"openvru/internal/places"
	"openvru/internal/records"
)

// Wards returns the wards that a ward file names, each once in the order of
// the file, with their boroughs, and the file's first month; none for a
// borough file.
func (mpsMonthly) Wards(ctx context.Context, in *records.Input) ([]places.Ward, period.Month, error) {
	s, ok, err := newSheet(ctx, in, mpsMonthlySource, records.NewFindings(mpsMonthlySource))
	if err != nil || !ok {
		return nil, 0, err
	}
	var first period.Month
	for _, i := range s.free {
		if m, is := parseMonth(s.header[i]); is && (first == 0 || m < first) {
			first = m
		}
	}
	code, name, borough := s.column(wideWardCode), s.column(wideWard), s.column(wideBorough)
	var out []places.Ward
	seen := map[string]bool{}
	for code >= 0 && s.NextRow() {
		w := places.Ward{Code: string(s.Field(code)), Name: string(s.Field(name)), Borough: string(s.Field(borough))}
		if w.Code == "" || seen[w.Code] {
			continue
		}
		seen[w.Code] = true
		out = append(out, w)
	}
	return out, first, s.Err()
}
