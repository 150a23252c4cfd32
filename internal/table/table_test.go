package table_test

import (
	"encoding/json"
	"math"
	"strings"
	"testing"

	"openvru/internal/table"
)

func sample() *table.Table {
	t := &table.Table{Name: "robbery", Columns: []table.Column{{Name: "month", Title: "Month"}, {Name: "count", Title: "Count", Type: table.Count}}}
	t.Add(table.T("2020-01"), table.N(1234567))
	t.Add(table.T("=1+2"), table.N(math.NaN()))
	t.Add(table.T("a, \"b\""), table.Missing("withheld"))
	return t
}

func TestCSVIsForMachinesAndInert(t *testing.T) {
	var b strings.Builder
	if err := sample().WriteCSV(&b); err != nil {
		t.Fatal(err)
	}
	want := "month,count\n2020-01,1234567\n'=1+2,\n\"a, \"\"b\"\"\",\n"
	if b.String() != want {
		t.Errorf("CSV = %q, want %q", b.String(), want)
	}
}

func TestJSONSaysNullWhereThereIsNoValue(t *testing.T) {
	b, err := json.Marshal(sample())
	if err != nil {
		t.Fatal(err)
	}
	want := `[{"count":1234567,"month":"2020-01"},{"count":null,"month":"=1+2"},{"count":null,"month":"a, \"b\""}]`
	if string(b) != want {
		t.Errorf("JSON = %s, want %s", b, want)
	}
}

func TestThousands(t *testing.T) {
	for n, want := range map[int64]string{0: "0", 999: "999", 1000: "1,000", 222048: "222,048", -1783: "−1,783", 1234567: "1,234,567"} {
		if got := table.Thousands(n); got != want {
			t.Errorf("Thousands(%d) = %s, want %s", n, got, want)
		}
	}
}
