package intaketest

import (
	"context"
	"strings"
	"testing"

	"openvru/internal/ids"
	"openvru/internal/period"
	"openvru/internal/places"
	"openvru/internal/records"
	"openvru/internal/table"
)

// Read reads a file as it would be checked on arrival, and fails the test if
// that is not possible at all.
func Read(t testing.TB, r records.Reader, atlas *places.Atlas, name, content string) records.Trial {
	t.Helper()
	got, err := records.Try(context.Background(), r, &records.Input{
		Name: name, Size: int64(len(content)), File: strings.NewReader(content), Stream: strings.NewReader(content), Atlas: atlas,
	})
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return got
}

// Fact returns the count of a series in a place in a month; told is false when
// the file says nothing of it.
func Fact(t testing.TB, f records.EditionFacts, series ids.Series, place ids.Place, m period.Month) (n int64, told bool) {
	t.Helper()
	for _, c := range f.Coverage {
		told = told || c.Level == place.Level && c.Tells(series, m)
	}
	for _, b := range f.Blocks {
		if b.Series != series || b.Level != place.Level || b.Year != m.Year() {
			continue
		}
		err := records.ReadCells(b.Cells, func(code []byte, months *[12]int64) {
			if string(code) == place.Code {
				n += months[m.Of()-1]
			}
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return n, told
}

// Report is what a person reads of a reading: why it is refused, the summary
// and the findings.
func Report(t testing.TB, src *records.Source, got records.Trial) string {
	t.Helper()
	var b strings.Builder
	if got.Refused != "" {
		b.WriteString("REFUSED: " + got.Refused + "\n\n")
	}
	for _, row := range got.Summary.Overview(src).Rows {
		b.WriteString(row[0].Text + ": " + number(row[1].Num) + " " + row[2].Text + "\n")
	}
	if len(got.Findings) > 0 {
		b.WriteString("\n")
	}
	if err := records.WriteFindings(&b, got.Findings); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func number(v float64) string { return table.Thousands(int64(v)) }
