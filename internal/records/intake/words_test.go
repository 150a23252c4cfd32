package intake

import (
	"bytes"
	"compress/gzip"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"openvru/internal/period"
	"openvru/internal/records"
	"openvru/internal/records/intake/intaketest"
)

var update = flag.Bool("update", false, "write the files that tests compare with")

// golden compares text with a file of testdata, or writes it with -update.
func golden(t *testing.T, path, got string) {
	t.Helper()
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v; run the test with -update to write it", err)
	}
	if got != string(want) {
		t.Errorf("%s differs; run the test with -update if this is meant.\ngot:\n%s\nwant:\n%s", path, got, want)
	}
}

// first is the month most samples begin with.
var first = period.NewMonth(2019, 1)

func monthsFrom(m period.Month, n int) period.Range {
	return period.Range{From: m, To: m + period.Month(n) - 1}
}

// flat counts the same everywhere, a little more in each later month.
func flat(place int, _ [2]string, m period.Month) int { return place%5 + int(m-first) + 1 }

// wholeMonthly is a good borough file of three months.
func wholeMonthly() string { return intaketest.MonthlyBoroughs(monthsFrom(first, 3), flat) }

var knifePairs = [][2]string{{"KNIFE CRIME", "KNIFE CRIME"}, {"KNIFE CRIME", "KNIFE CRIME WITH INJURY"}}

// wholeDashboard is a good knife crime file of two months.
func wholeDashboard() string { return intaketest.Dashboard(knifePairs, monthsFrom(first, 2), flat) }

// wholeHomicide is a good list with a victim in each of three months.
func wholeHomicide() string {
	return intaketest.Homicides(
		intaketest.Victim{Month: first, Age: "20 to 24", Method: "Shooting", Domestic: "No", Borough: "Hackney"},
		intaketest.Victim{Month: first + 1, Age: "13 to 19", Method: "Knife or Sharp Implement", Domestic: "No", Borough: "Barking & Dagenham"},
		intaketest.Victim{Month: first + 2, Age: "45 to 54", Method: "Physical Assault, no weapon", Domestic: "Yes", Borough: "Kingston Upon Thames"},
	)
}

func zipped(s string) string {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, _ = w.Write([]byte(s))
	_ = w.Close()
	return b.String()
}

// once puts one text in another's place, which must stand there.
func once(t *testing.T, s, old, with string) string {
	t.Helper()
	if !strings.Contains(s, old) {
		t.Fatalf("%q is not in the sample", old)
	}
	return strings.Replace(s, old, with, 1)
}

const stopSearch = "Type,Date,Part of a policing operation,Policing operation,Latitude,Longitude,Gender,Age range,Self-defined ethnicity,Officer-defined ethnicity,Legislation,Object of search,Outcome\nPerson search,2019-01-01T00:05:00+00:00,False,,51.5,-0.1,Male,18-24,,,,,\n"

// TestWords keeps the very words that a person reads about good files and bad
// ones of each kind.
func TestWords(t *testing.T) {
	london := intaketest.London()
	for _, c := range []struct {
		name   string
		reader records.Reader
		text   func(t *testing.T) string
	}{
		{"monthly-good", MPSMonthly(), func(*testing.T) string { return wholeMonthly() }},
		{"monthly-gzip", MPSMonthly(), func(*testing.T) string { return zipped(wholeMonthly()) }},
		{"monthly-wards-good", MPSMonthly(), func(*testing.T) string {
			return intaketest.MonthlyWards(intaketest.Wards2022, monthsFrom(first, 2), flat)
		}},
		{"monthly-wards-mixed-sets", MPSMonthly(), func(t *testing.T) string {
			s := intaketest.MonthlyWards(intaketest.Wards2022, monthsFrom(first, 2), flat)
			return strings.ReplaceAll(s, intaketest.WardCode(intaketest.Wards2022, 1, 0), intaketest.WardCode(intaketest.Wards2018, 1, 0))
		}},
		{"monthly-wards-unknown", MPSMonthly(), func(t *testing.T) string {
			s := intaketest.MonthlyWards(intaketest.Wards2022, monthsFrom(first, 2), flat)
			return strings.ReplaceAll(s, intaketest.WardCode(intaketest.Wards2022, 1, 0), "E05999999")
		}},
		{"monthly-empty-file", MPSMonthly(), func(*testing.T) string { return "" }},
		{"monthly-header-only", MPSMonthly(), func(*testing.T) string { return "MajorText,MinorText,LookUp_BoroughName,201901,201902\r\n" }},
		{"monthly-xlsx", MPSMonthly(), func(*testing.T) string { return "PK\x03\x04\x14\x00\x06\x00[Content_Types].xml" }},
		{"monthly-web-page", MPSMonthly(), func(*testing.T) string {
			return "<!DOCTYPE html>\n<html><head><title>404 Not Found</title></head></html>\n"
		}},
		{"monthly-stop-and-search", MPSMonthly(), func(*testing.T) string { return stopSearch }},
		{"monthly-other-source", MPSMonthly(), func(*testing.T) string { return wholeDashboard() }},
		{"monthly-missing-columns", MPSMonthly(), func(*testing.T) string { return "Crime,Where,Jan,Feb\nRobbery,Camden,1,2\n" }},
		{"monthly-no-months", MPSMonthly(), func(*testing.T) string {
			return "MajorText,MinorText,LookUp_BoroughName,Total\nRobbery,Robbery of Personal Property,Camden,1\n"
		}},
		{"monthly-repeated-month", MPSMonthly(), func(t *testing.T) string { return once(t, wholeMonthly(), "201902", "201901") }},
		{"monthly-bad-month", MPSMonthly(), func(t *testing.T) string { return once(t, wholeMonthly(), "201902", "201913") }},
		{"monthly-month-gap", MPSMonthly(), func(t *testing.T) string { return once(t, wholeMonthly(), "201903", "201906") }},
		{"monthly-extra-columns", MPSMonthly(), func(t *testing.T) string {
			return once(t, strings.ReplaceAll(wholeMonthly(), "\r\n", ",x,\r\n"), "201903,x,", "201903,Remark,")
		}},
		{"monthly-ragged", MPSMonthly(), func(t *testing.T) string {
			s := once(t, wholeMonthly(), "Robbery of Personal Property,Camden,", "Robbery of Personal Property,Camden,1,")
			return once(t, s, "Homicide,Hackney,2,3,4", "Homicide,Hackney,2,3")
		}},
		{"monthly-bad-numbers", MPSMonthly(), func(t *testing.T) string {
			s := once(t, wholeMonthly(), "Homicide,Hackney,2,3,4", "Homicide,Hackney,2,<5,4.5")
			return once(t, s, "Homicide,Camden,2,3,4", "Homicide,Camden,*,3,4")
		}},
		{"monthly-number-forms", MPSMonthly(), func(t *testing.T) string {
			return once(t, wholeMonthly(), "Homicide,Hackney,2,3,4", "Homicide,Hackney,\"1,002\",3.0,+4")
		}},
		{"monthly-negative", MPSMonthly(), func(t *testing.T) string {
			return once(t, wholeMonthly(), "Homicide,Hackney,2,3,4", "Homicide,Hackney,2,-3,4")
		}},
		{"monthly-blank-cells", MPSMonthly(), func(t *testing.T) string {
			return once(t, wholeMonthly(), "Homicide,Hackney,2,3,4", "Homicide,Hackney,2,,NA")
		}},
		{"monthly-empty-month", MPSMonthly(), func(t *testing.T) string {
			return once(t, strings.ReplaceAll(wholeMonthly(), "\r\n", ",\r\n"), "201903,", "201903,201904")
		}},
		{"monthly-wrong-encoding", MPSMonthly(), func(t *testing.T) string {
			return once(t, wholeMonthly(), "Homicide,Camden", "Homicide,Camd\xe9n")
		}},
		{"monthly-unknown-borough", MPSMonthly(), func(t *testing.T) string {
			return once(t, wholeMonthly(), "Homicide,Hackney", "Homicide,Hackeny")
		}},
		{"monthly-missing-boroughs", MPSMonthly(), func(*testing.T) string {
			return "MajorText,MinorText,LookUp_BoroughName,201901\nRobbery,Robbery of Personal Property,Camden,12\nRobbery,Robbery of Personal Property,Hackney,9\n"
		}},
		{"monthly-unknown-category", MPSMonthly(), func(t *testing.T) string {
			s := once(t, wholeMonthly(), "Violence Against the Person,Homicide,Hackney", "Violence Against the Person,Coercive Control,Hackney")
			return once(t, s, "Violence Against the Person,Homicide,Camden", "Space Crime,Piracy,Camden")
		}},
		{"monthly-repeated-row", MPSMonthly(), func(t *testing.T) string {
			return wholeMonthly() + "Violence Against the Person,Homicide,Hackney,2,3,4\r\n"
		}},
		{"monthly-conflicting-row", MPSMonthly(), func(t *testing.T) string {
			return wholeMonthly() + "Violence Against the Person,Homicide,Hackney,2,3,5\r\n"
		}},
		{"monthly-right-total", MPSMonthly(), func(t *testing.T) string {
			return wholeMonthly() + "Violence Against the Person,Total,Hackney,6,9,12\r\n"
		}},
		{"monthly-wrong-total", MPSMonthly(), func(t *testing.T) string {
			return wholeMonthly() + "Violence Against the Person,Total,Hackney,6,10,12\r\n"
		}},
		{"monthly-quotes-and-zeros", MPSMonthly(), func(t *testing.T) string {
			s := once(t, wholeMonthly(), "Homicide,Hackney,2,3,4", "\"Homicide,Hackney,2,3,4")
			return once(t, s, "Homicide,Camden", "Homi\x00cide,Camden") + ",,,,,\r\n"
		}},
		{"monthly-title-and-joined", MPSMonthly(), func(t *testing.T) string {
			return "MPS Borough Level Crime\r\n\r\n" + wholeMonthly() + "MajorText,MinorText,LookUp_BoroughName,201901,201902,201903\r\n"
		}},
		{"monthly-bomb", MPSMonthly(), func(t *testing.T) string {
			return zipped(wholeMonthly() + strings.Repeat(strings.Repeat(" ", 1000)+"\r\n", 40_000))
		}},
		{"monthly-cut-gzip", MPSMonthly(), func(t *testing.T) string { s := zipped(wholeMonthly()); return s[:len(s)-30] }},

		{"dashboard-good", MPSDashboard(), func(*testing.T) string { return wholeDashboard() }},
		{"dashboard-xlsx", MPSDashboard(), func(*testing.T) string { return "PK\x03\x04\x14\x00\x06\x00xl/workbook.xml" }},
		{"dashboard-dirt", MPSDashboard(), dirtyDashboard},
		{"dashboard-bad", MPSDashboard(), func(t *testing.T) string {
			s := once(t, wholeDashboard(), "01/02/2019,Borough,Camden", "32/02/2019,Borough,Camden")
			s = once(t, s, "Hackney,E09000012,KNIFE CRIME,KNIFE CRIME,Offences,,,2", "Hackney,E09000012,KNIFE CRIME,KNIFE CRIME,Offences,,,-2")
			return once(t, s, "Harrow,E09000015,KNIFE CRIME,KNIFE CRIME,Offences,,,5", "Harrow,E09000015,KNIFE CRIME,KNIFE CRIME,Offences,,,many")
		}},

		{"homicide-good", MPSHomicide(), func(*testing.T) string { return wholeHomicide() }},
		{"homicide-dirt", MPSHomicide(), func(t *testing.T) string {
			s := once(t, wholeHomicide(), "20 to 24", "20-24")
			s = once(t, s, "Shooting", "Crossbow")
			s = once(t, s, "1,45 to 54", "2,")
			s = once(t, s, "February 2019", "Jun 2019")
			s = once(t, s, ",Yes,", ",Maybe,")
			return once(t, s, "Kingston Upon Thames", "Heathrow")
		}},
		{"homicide-bad", MPSHomicide(), func(t *testing.T) string {
			s := once(t, wholeHomicide(), "January 2019", "sometime 2019")
			return once(t, s, "\r\n1,13", "\r\none,13")
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := intaketest.Read(t, c.reader, london, c.name+".csv", c.text(t))
			golden(t, filepath.Join("testdata", "words", c.name+".txt"), intaketest.Report(t, c.reader.Source(), got))
		})
	}
}

// dirtyDashboard is a file with all that is known to be wrong in real ones.
func dirtyDashboard(t *testing.T) string {
	s := wholeDashboard()
	s = once(t, s, "Month_Year,Area Type,Borough_SNT,Area name,Area code,Offence Group,Offence Subgroup", "month_year ,Area type,BoroughSNT,Area Name,Area Code,Crime Type,Crime Subtype")
	row := func(month, areaType, name, code, group, sub, measure, count, refresh string) {
		s += strings.Join([]string{month, areaType, name, name, code, group, sub, measure, "", "", count, refresh}, ",") + "\r\n"
	}
	const knife, injury, borough = "KNIFE CRIME", "KNIFE CRIME WITH INJURY", "Borough"
	row("2019-01-01", borough, "Camden", "E09000007", knife, knife, "Offences", "90", "05/02/2026")
	row("Feb 2019", borough, "Camden", "E09000007", knife, knife, "Offences", "91", "05/12/2025")
	row("01.01.19", borough, "Barking & Dagenham", "", knife, knife, "Offences", "2", "05/01/2026")
	row("01/01/2019", borough, "Brent", "E09000005", knife, knife, "Offences", "77", "05/01/2026")
	row("01/01/2019", "Safer Neighbourhood Teams", "Abbey", "E05014053", knife, knife, "Offences", "2", "05/01/2026")
	row("01/01/2019", "Borough (Georgraphy Not Known)", "Unknown", "-1", knife, knife, "Offences", "3", "05/01/2026")
	row("01/01/2019", borough, "Aviation Security(SO18)", "-1", knife, injury, "Offences", "1", "05/01/2026")
	row("01/01/2019", "Constituency", "Brent East", "E14001111", knife, injury, "Offences", "1", "05/01/2026")
	row("01/01/2019", borough, "Brent", "E09000005", knife, knife, "Positive Outcomes", "4", "05/01/2026")
	row("01/01/2019", borough, "Brent", "E09000005", knife, knife, "Sanction Detections", "4", "05/01/2026")
	row("01/01/2019", borough, "Brent", "E09000005", "MISCALLENEOUS", "ROBBERY MOBILE PHONE", "Offences", "4", "05/01/2026")
	row("01/09/2020", borough, "Brent", "E09000005", "MISCELLANEOUS", "ROBBERY MOBILE PHONE", "Offences", "4", "05/01/2026")
	row("01/01/2019", borough, "Brent", "E09000005", "HATE CRIME", "ANTI-SEMITIC CRIME", "Offences", "2", "05/01/2026")
	row("01/01/2019", borough, "Brent", "E09000005", "OTHER ACCEPTED CRIME", "OTHER ACCEPTED CRIME", "Offences", "2", "05/01/2026")
	row("01/01/2019", borough, "Brent", "E09000005", "GUN CRIME", "LETHAL BARREL DISCHARGE", "Offences", "", "the fifth")
	return s
}
