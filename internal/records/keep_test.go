package records_test

import (
	"bytes"
	"encoding/csv"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/parquet-go/parquet-go"

	"openvru/internal/period"
	"openvru/internal/places/placestest"
	"openvru/internal/records"
	"openvru/internal/records/recordstest"
)

// kept is a file of records read by a Parquet library that is not ours: for
// each row its columns as text, null as "".
func (d *desk) kept(s records.Submission) (columns []string, rows []map[string]string) {
	d.t.Helper()
	f, err := d.files.Open(s.Parts[0].File)
	if err != nil {
		d.t.Fatal(err)
	}
	defer f.Close()
	p, err := parquet.OpenFile(f, s.Parts[0].Size)
	if err != nil {
		d.t.Fatal(err)
	}
	for _, c := range p.Schema().Columns() {
		columns = append(columns, c[0])
	}
	r := parquet.NewReader(p)
	defer r.Close()
	buf := make([]parquet.Row, 64)
	for {
		n, err := r.ReadRows(buf)
		for _, row := range buf[:n] {
			out := map[string]string{}
			for i, v := range row {
				switch {
				case v.IsNull():
				case columns[i] == "id":
					out["id"] = hex.EncodeToString(v.ByteArray())
				case v.Kind() == parquet.ByteArray:
					out[columns[i]] = string(v.ByteArray())
				default:
					out[columns[i]] = fmt.Sprint(v.Int32())
				}
			}
			rows = append(rows, out)
		}
		if errors.Is(err, io.EOF) {
			return columns, rows
		}
		if err != nil {
			d.t.Fatal(err)
		}
	}
}

// Every row of the file as sent is kept once, with what it says, sorted by
// borough, place and month, with its line to trace it by.
func TestRecordsAreTheRows(t *testing.T) {
	d := newDesk(t)
	var text bytes.Buffer
	file := &recordstest.StreetFile{Atlas: placestest.London(), Rows: 30_000, Months: period.Range{From: period.NewMonth(2022, 1), To: period.NewMonth(2022, 6)}, Seed: 5}
	if _, err := file.WriteTo(&text); err != nil {
		t.Fatal(err)
	}
	sent, err := csv.NewReader(bytes.NewReader(text.Bytes())).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	s := d.submit(text.String())
	_, rows := d.kept(s)
	if len(rows) != len(sent)-1 {
		t.Fatalf("%d records of %d rows", len(rows), len(sent)-1)
	}
	seen := map[string]bool{}
	last := ""
	for _, r := range rows {
		var line int
		fmt.Sscan(r["line"], &line)
		if seen[r["line"]] {
			t.Fatalf("line %d is kept twice", line)
		}
		seen[r["line"]] = true
		w := sent[line-1]
		lon, lat := micro(w[4]), micro(w[5])
		location := w[6]
		if r["id"] != w[0] || r["lon"] != lon || r["lat"] != lat || r["location"] != location || r["sent_place"] != w[7] || r["outcome"] != w[10] ||
			r["category"] != records.CategoryKey(w[9]) || r["force"] != "E23000001" || r["count"] != "1" || r["file"] != "" || r["hour"] != "" {
			t.Fatalf("line %d is %q, kept as %q", line, w, r)
		}
		if (r["borough"] == "") != (w[4] == "") {
			t.Fatalf("line %d lies in borough %q", line, r["borough"])
		}
		key := r["borough"] + " " + r["lsoa_2021"] + " " + r["month"]
		if key < last {
			t.Fatalf("%q follows %q", key, last)
		}
		last = key
	}
}

// micro writes degrees as the file of records holds them.
func micro(degrees string) string {
	if degrees == "" {
		return ""
	}
	digits := strings.Replace(degrees, ".", "", 1)
	sign := ""
	if strings.HasPrefix(digits, "-") {
		sign, digits = "-", digits[1:]
	}
	digits = strings.TrimLeft(digits, "0")
	if digits == "" {
		return "0"
	}
	return sign + digits
}
