package intake

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"fmt"
	"hash/crc32"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"openvru/internal/ids"
	"openvru/internal/period"
	"openvru/internal/places"
	"openvru/internal/places/placestest"
	"openvru/internal/records/intake/intaketest"
)

const streetHead = "Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name,Crime type,Last outcome category,Context\n"

// crimeID makes an id of the usual form.
func crimeID(n int) string { return fmt.Sprintf("%064x", n+1) }

// street is a row of a street file in Camden, January 2019.
func street(n int, change ...string) string {
	f := []string{crimeID(n), "2019-01", "Metropolitan Police Service", "Metropolitan Police Service", "-0.183000", "51.523000", "On or near High Street",
		placestest.LSOA(1, 1, 0).Code, "Camden 001C", "Robbery", "Under investigation", ""}
	names := strings.Split(strings.TrimSpace(streetHead), ",")
	for i := 0; i+1 < len(change); i += 2 {
		at := slices.Index(names, change[i])
		if at < 0 {
			panic("no column " + change[i])
		}
		f[at] = change[i+1]
	}
	return strings.Join(f, ",") + "\n"
}

// wholeStreet is a good file of four rows.
func wholeStreet() string {
	return streetHead + street(1) + street(2, colType, "Burglary", colLongitude, "-0.150000") +
		street(0, colCrimeID, "", colType, "Anti-social behaviour", colOutcome, "") + street(3, colType, "Drugs")
}

// dirtyStreet is a file with all that is known to be wrong in real ones.
func dirtyStreet() string {
	nowhere := []string{colLongitude, "", colLatitude, "", colLocation, "No Location", colLSOA, "", colLSOAName, ""}
	return streetHead +
		street(1) + street(1, colType, "Violence and sexual offences") + // the same id twice
		street(2, colCrimeID, "") + // blank, and not anti-social behaviour
		street(3, nowhere...) +
		street(4, colType, "Piracy") + street(5, colType, "Violent crime") + street(6, colType, "Public disorder and weapons") +
		street(7, colLSOA, "E01039000") + street(8, colLSOA, placestest.LSOA(1, 0, 0).Code) + // codes of 2021 only, and of 2011 only
		street(9, colLSOA, "E01999999") +
		street(10, colLongitude, "-3.2", colLatitude, "55.9", colLSOA, "S01000001") +
		street(11, colMonth, "2019-02") + street(12, colReported, "City of London Police", colFalls, "City of London Police") +
		street(13, colReported, "Camden Watch", colFalls, "Camden Watch") + street(14, colFalls, "City of London Police") +
		street(15, colLongitude, "west") + street(16, colLatitude, "95") + street(17, colLatitude, "") +
		street(18, colLocation, "") + street(19, colCrimeID, "0x123") + street(20, colContext, "See the notes") +
		street(21, colLocation, `"On or near ""The Green"", West"`) + street(22, colLocation, "\"On or near\nMarket Place\"") +
		street(23, colLocation, `12" Lane`) + street(24, colLocation, "On or near Caf\xe9 Street") +
		",,,,,,,,,,,\n" + streetHead + "\n" + street(25)
}

// archived makes a zip of names and contents.
func archived(files ...string) string {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for i := 0; i+1 < len(files); i += 2 {
		f, err := w.Create(files[i])
		if err != nil {
			panic(err)
		}
		_, _ = f.Write([]byte(files[i+1]))
	}
	if err := w.Close(); err != nil {
		panic(err)
	}
	return b.String()
}

// lyingArchive is a zip whose directory says that its file is far smaller than
// what comes out of it.
func lyingArchive() string {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	text := []byte(wholeStreet())
	f, err := w.CreateRaw(&zip.FileHeader{Name: "2019-01/2019-01-metropolitan-street.csv", Method: zip.Store, CRC32: crc32.ChecksumIEEE(text),
		CompressedSize64: uint64(len(text)), UncompressedSize64: 100})
	if err != nil {
		panic(err)
	}
	_, _ = f.Write(text)
	_ = w.Close()
	return b.String()
}

// boastingArchive is a zip of files that say they are so large that the sum of
// their sizes begins again at nothing.
func boastingArchive() string { return rawArchive(1<<63, 1<<63) }

func rawArchive(sizes ...uint64) string {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for i, n := range sizes {
		if _, err := w.CreateRaw(&zip.FileHeader{Name: fmt.Sprintf("2019-0%d-metropolitan-street.csv", i+1), UncompressedSize64: n}); err != nil {
			panic(err)
		}
	}
	if err := w.Close(); err != nil {
		panic(err)
	}
	return b.String()
}

// archivedAs is a zip of one file that claims a way of compressing.
func archivedAs(method uint16, name, content string) string {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	f, err := w.CreateRaw(&zip.FileHeader{Name: name, Method: method, CRC32: crc32.ChecksumIEEE([]byte(content)),
		CompressedSize64: uint64(len(content)), UncompressedSize64: uint64(len(content))})
	if err != nil {
		panic(err)
	}
	_, _ = f.Write([]byte(content))
	if err := w.Close(); err != nil {
		panic(err)
	}
	return b.String()
}

// manyForces has another force in every row.
func manyForces() string {
	var b strings.Builder
	b.WriteString(streetHead)
	for i := range 300 {
		b.WriteString(street(i, colReported, fmt.Sprintf("Watch %d", i+1)))
	}
	return b.String()
}

// TestStreetWords keeps the very words that a person reads about good files
// and bad ones of each kind.
func TestStreetWords(t *testing.T) {
	london := placestest.London()
	const name = "2019-01-metropolitan-street.csv"
	many := []string{"readme.txt", "hello"}
	for i := range maxArchiveFiles {
		many = append(many, fmt.Sprintf("%d.txt", i), "")
	}
	for _, c := range []struct{ name, file, text string }{
		{"good", name, wholeStreet()},
		{"dirt", name, dirtyStreet()},
		{"gzip", name + ".gz", zipped(wholeStreet())},
		{"bom-crlf", name, "\ufeff" + strings.ReplaceAll(wholeStreet(), "\n", "\r\n")},
		{"cr-only", name, strings.ReplaceAll(wholeStreet(), "\n", "\r")},
		{"semicolons", name, strings.ReplaceAll(wholeStreet(), ",", ";")},
		{"header-variants", name, strings.Replace(wholeStreet(), "Crime ID,Month,Reported by,Falls within", "crime_id,MONTH, reported_by ,FallsWithin", 1)},
		{"empty", name, ""},
		{"header-only", name, streetHead},
		{"stop-and-search", name, stopSearch},
		{"outcomes", name, "Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name,Outcome type\n"},
		{"monthly", name, wholeMonthly()},
		{"web-page", name, "<!DOCTYPE html>\n<html></html>\n"},
		{"bad-month", name, streetHead + street(1) + street(2, colMonth, "January")},
		{"far-month", name, streetHead + street(1, colMonth, "0001-01") + street(2, colMonth, "9999-12")},
		{"many-forces", name, manyForces()},
		{"zeros", name, strings.Repeat("\x00", 300_000)},
		{"long-line", name, strings.Repeat("a", 900_000)},
		{"ragged", name, streetHead + street(1) + "abc,2019-01,Metropolitan Police Service\n" + strings.TrimSpace(street(2)) + ",extra,fields\n"},
		{"archive", "download.zip", archived("2019-01/"+name, wholeStreet(), "2019-01/2019-01-city-of-london-street.csv", strings.ReplaceAll(wholeStreet(), "Metropolitan Police Service", "City of London Police"),
			"2019-01/2019-01-metropolitan-outcomes.csv", "x", "2019-01/2019-01-metropolitan-stop-and-search.csv", "x", "notes.txt", "x", "__MACOSX/2019-01/._x", "x")},
		{"archive-without-street", "download.zip", archived("2019-01/2019-01-metropolitan-outcomes.csv", "x")},
		{"archive-bad-file", "download.zip", archived("2019-01/"+name, "<html>")},
		{"archive-path", "download.zip", archived("../../etc/2019-01-metropolitan-street.csv", wholeStreet())},
		{"archive-absolute", "download.zip", archived("/2019-01-metropolitan-street.csv", wholeStreet())},
		{"archive-twice", "download.zip", archived("a/"+name, wholeStreet(), `A/`+name, wholeStreet())},
		{"archive-bomb", "download.zip", archived("2019-01/"+name, streetHead+strings.Repeat(strings.Repeat(",", 11)+"\n", 3_000_000))},
		{"archive-count", "download.zip", archived(many...)},
		{"archive-lies", "download.zip", lyingArchive()},
		{"archive-sizes", "download.zip", boastingArchive()},
		{"archive-method", "download.zip", archivedAs(99, "2019-01/"+name, wholeStreet())},
		{"archive-workbook", "download.xlsx", archived("[Content_Types].xml", "<x/>", "xl/workbook.xml", "<x/>")},
		{"archive-cut", "download.zip", archived("2019-01/"+name, wholeStreet())[:300]},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := intaketest.Read(t, PoliceUK(), london, c.file, c.text)
			golden(t, filepath.Join("testdata", "words", "street-"+c.name+".txt"), intaketest.Report(t, policeUKSource, got))
		})
	}
}

// A row counts at its own LSOA by the code as sent, elsewhere by its point.
func TestStreetPlaces(t *testing.T) {
	london := placestest.London()
	text := streetHead +
		street(1, colLSOA, placestest.LSOA(1, 0, 0).Code, colLongitude, "-0.199000", colLatitude, "51.521000") + // of 2011 only; the point lies in E01039000
		street(2, colLongitude, "", colLatitude, "") + // the code alone: up the hierarchy
		street(3, colLSOA, "", colLongitude, "-0.139000", colLatitude, "51.501000") // the point alone, in the City
	got := intaketest.Read(t, PoliceUK(), london, "x.csv", text)
	jan := period.NewMonth(2019, 1)
	for _, c := range []struct {
		place string
		want  int64
	}{
		{"lsoa-2011/" + placestest.LSOA(1, 0, 0).Code, 1}, {"lsoa-2021/E01039000", 1}, {"lsoa-2021/E01039001", 0},
		{"lsoa-2011/" + placestest.LSOA(1, 1, 0).Code, 1}, {"lsoa-2021/" + placestest.LSOA(1, 1, 0).Code, 1},
		{"borough/E09000007", 2}, {"borough/E09000001", 1}, {"ward-2018/" + placestest.Ward(1, 0).Code, 1}, {"ward-2018/" + placestest.Ward(1, 1).Code, 1},
		{"pfa/E23000001", 3},
	} {
		p, err := ids.ParsePlace(c.place)
		if err != nil {
			t.Fatal(err)
		}
		if n, told := intaketest.Fact(t, got.Facts, "police.robbery", p, jan); n != c.want || !told {
			t.Errorf("%s has %d (told: %v), want %d", c.place, n, told, c.want)
		}
	}
	if got.Summary.OutsideForce != 1 {
		t.Errorf("%d rows lie in another force's area, want 1", got.Summary.OutsideForce)
	}
}

// Reading by blocks on many goroutines gives what reading row by row gives,
// for any bytes at all.
func FuzzStreet(f *testing.F) {
	f.Add(wholeStreet(), 100)
	f.Add(dirtyStreet(), 300)
	f.Add("\ufeff"+strings.ReplaceAll(dirtyStreet(), "\n", "\r\n"), 200)
	f.Add(strings.ReplaceAll(dirtyStreet(), "street", "a\rb"), 250)
	f.Add(streetHead+`"`+street(1)+`""`+street(2)+`"a"b`+street(3), 77)
	london := placestest.London()
	f.Fuzz(func(t *testing.T, text string, block int) {
		if block < 50 || block > 5000 || strings.HasPrefix(text, "PK\x03\x04") {
			return
		}
		fast := intaketest.Read(t, policeUK{block: block}, london, "2019-01-metropolitan-street.csv", text)
		slow := intaketest.Read(t, policeUK{block: block, slowly: true}, london, "2019-01-metropolitan-street.csv", text)
		if f, s := intaketest.Report(t, policeUKSource, fast), intaketest.Report(t, policeUKSource, slow); f != s {
			t.Errorf("by blocks of %d:\n%s\nrow by row:\n%s", block, f, s)
		} else if !reflect.DeepEqual(fast, slow) {
			t.Errorf("by blocks of %d the summary, findings or facts are not quite those of row by row", block)
		}
	})
}

// A well-formed file holds as many rows of each crime type as encoding/csv
// finds in it.
func TestStreetRealFiles(t *testing.T) {
	paths, err := filepath.Glob(filepath.Join(realPath(t, "police-uk"), "*", "*street.csv*"))
	if err != nil || len(paths) == 0 {
		t.Fatal("no street files", err)
	}
	atlas := realStreetAtlas(t)
	for _, path := range paths {
		raw, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		got := intaketest.Read(t, PoliceUK(), atlas, filepath.Base(path), string(raw))
		if got.Refused != "" {
			t.Errorf("%s is refused: %s", path, got.Refused)
		}
		want := countStreet(t, path)
		s := got.Summary
		has := streetCounts{rows: s.Rows, blank: s.BlankIDs, repeated: s.RepeatedIDs, kinds: map[string]int64{}, months: map[string]int64{}}
		for _, c := range s.Categories {
			has.kinds[c.Name] = c.Rows
		}
		for _, m := range s.Months {
			has.months[m.Month.String()] = m.Rows
		}
		if !reflect.DeepEqual(has, want) {
			t.Errorf("%s:\n got %+v\nwant %+v", filepath.Base(path), has, want)
		}
	}
}

type streetCounts struct {
	rows, blank, repeated int64
	kinds, months         map[string]int64
}

// countStreet counts a file by encoding/csv, which shares nothing with the
// reader.
func countStreet(t *testing.T, path string) streetCounts {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	stream, err := unpacked(f)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(stream).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	out := streetCounts{kinds: map[string]int64{}, months: map[string]int64{}}
	seen := map[string]bool{}
	for _, r := range rows[1:] {
		out.rows++
		out.kinds[r[9]]++
		out.months[r[1]]++
		key := r[1] + r[0]
		switch {
		case r[0] == "":
			out.blank++
		case seen[key]:
			out.repeated++
		}
		seen[key] = true
	}
	return out
}

// realStreetAtlas has the LSOA codes of London, without boundaries.
func realStreetAtlas(t *testing.T) *places.Atlas {
	t.Helper()
	m := places.Map{Places: []places.Place{{Place: places.MetropolitanArea, Name: "Metropolitan Police"}}}
	seen := map[string]bool{}
	for _, r := range realRows(t, "lookups/lookup_lsoa11_lsoa21_ltla22.csv") {
		for _, year := range []string{"11", "21"} {
			p, err := ids.ParsePlace("lsoa-20" + year + "/" + r["lsoa"+year+"_code"])
			if err == nil && !seen[p.String()] {
				seen[p.String()] = true
				m.Places = append(m.Places, places.Place{Place: p, Name: r["lsoa"+year+"_name"]})
			}
		}
	}
	a, err := places.NewAtlas(m)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func TestMicroDegrees(t *testing.T) {
	for _, c := range []struct {
		in   string
		want int32
		ok   bool
	}{
		{"-0.112422", -112422, true}, {"51.515381", 51515381, true}, {"0", 0, true}, {"+1.5", 1500000, true}, {".5", 500000, true}, {"51.", 51000000, true},
		{"180", 180000000, true}, {"180.000001", 0, false}, {"-181", 0, false}, {"", 0, false}, {"-", 0, false}, {".", 0, false}, {"1e-3", 1000, true},
		{"0.1234567", 123457, true}, {"51,5", 0, false}, {"NaN", 0, false}, {"0x1p-2", 250000, true}, {"1_0", 0, false}, {"99999999999999999999", 0, false},
	} {
		if got, ok := microDegrees([]byte(c.in), 180); got != c.want || ok != c.ok {
			t.Errorf("microDegrees(%q) = %d, %v, want %d, %v", c.in, got, ok, c.want, c.ok)
		}
	}
}

// FuzzMicroDegrees compares with strconv for every number it reads.
func FuzzMicroDegrees(f *testing.F) {
	for _, s := range []string{"-0.112422", "51.515381", "1e-3", "12.3456789", "-.5", "180"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got, ok := microDegrees([]byte(s), 180)
		want, err := strconv.ParseFloat(s, 64)
		if !ok {
			return
		}
		if err != nil || want*1e6-float64(got) > 0.5000001 || float64(got)-want*1e6 > 0.5000001 {
			t.Errorf("%q became %d", s, got)
		}
	})
}

func TestForceNamed(t *testing.T) {
	for name, want := range map[string]string{
		"Metropolitan Police Service": "E23000001", "METROPOLITAN POLICE": "E23000001", "metropolitan": "E23000001", "City of London Police": "E23000034",
		"Devon and Cornwall Police": "E23000035", "Kent": "E23000032", "British Transport Police": "btp", "Camden Watch": "camden-watch", "": "unnamed-force",
	} {
		if got, _ := forceNamed(name); got.Code != want {
			t.Errorf("forceNamed(%q) = %q, want %q", name, got.Code, want)
		}
	}
}
