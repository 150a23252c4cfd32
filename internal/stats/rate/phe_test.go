package rate

import (
	"archive/zip"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"testing"

	"openvru/internal/stats"
)

// phe returns the path of a file of Public Health England's published test data.
func phe(t *testing.T, name string) string {
	folder := os.Getenv("OPENVRU_REALDATA")
	if folder == "" {
		t.Skip("OPENVRU_REALDATA is not set to a folder with Public Health England's test data.")
	}
	return filepath.Join(folder, "spatial-stats", "phe", name)
}

// sheet reads a sheet of a workbook as rows from letter to text.
func sheet(t *testing.T, name, title string) []map[string]string {
	t.Helper()
	book, err := zip.OpenReader(phe(t, name))
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	part := func(name string, into any) {
		file, err := book.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		defer file.Close()
		content, err := io.ReadAll(file)
		if err == nil {
			err = xml.Unmarshal(content, into)
		}
		if err != nil {
			t.Fatal(name, err)
		}
	}
	var words struct {
		Items []struct {
			Text []string `xml:"t"`
			Runs []string `xml:"r>t"`
		} `xml:"si"`
	}
	part("xl/sharedStrings.xml", &words)
	var index struct {
		Sheets []struct {
			Name string `xml:"name,attr"`
			ID   string `xml:"http://schemas.openxmlformats.org/officeDocument/2006/relationships id,attr"`
		} `xml:"sheets>sheet"`
	}
	part("xl/workbook.xml", &index)
	var links struct {
		Links []struct {
			ID     string `xml:"Id,attr"`
			Target string `xml:"Target,attr"`
		} `xml:"Relationship"`
	}
	part("xl/_rels/workbook.xml.rels", &links)
	target := ""
	for _, s := range index.Sheets {
		for _, l := range links.Links {
			if s.Name == title && s.ID == l.ID {
				target = "xl/" + l.Target
			}
		}
	}
	var page struct {
		Rows []struct {
			Cells []struct {
				At    string `xml:"r,attr"`
				Type  string `xml:"t,attr"`
				Value string `xml:"v"`
			} `xml:"c"`
		} `xml:"sheetData>row"`
	}
	part(target, &page)
	column := regexp.MustCompile("^[A-Z]+")
	var out []map[string]string
	for _, row := range page.Rows {
		cells := map[string]string{}
		for _, c := range row.Cells {
			text := c.Value
			if c.Type == "s" && text != "" {
				k, _ := strconv.Atoi(text)
				text = ""
				for _, run := range append(words.Items[k].Text, words.Items[k].Runs...) {
					text += run
				}
			}
			cells[column.FindString(c.At)] = text
		}
		out = append(out, cells)
	}
	if len(out) < 2 {
		t.Fatalf("%s has no rows", title)
	}
	return out[1:]
}

// cell is the number in a cell, NaN if it is empty or text.
func cell(row map[string]string, letter string) float64 {
	v, err := strconv.ParseFloat(row[letter], 64)
	if err != nil {
		return math.NaN()
	}
	return v
}

// same compares with a cell that holds a number.
func same(t *testing.T, what string, got, want, tolerance float64) int {
	t.Helper()
	if math.IsNaN(want) {
		return 0
	}
	near(t, what, got, want, tolerance)
	return 1
}

func confidence(text string) float64 {
	if text == "99.8%" || text == "0.998" {
		return Confidence998
	}
	return Confidence95
}

func TestByarAndWilsonArePHEs(t *testing.T) {
	cells := 0
	for k, row := range sheet(t, "testdata_Byars_Wilson.xlsx", "testdata_B_W") {
		if math.IsNaN(cell(row, "A")) {
			continue
		}
		i := Byar(cell(row, "A"), confidence(row["E"]))
		if row["F"] == "Wilson" {
			i = Wilson(cell(row, "A"), cell(row, "B"), confidence(row["E"]))
		}
		cells += same(t, fmt.Sprintf("row %d: low", k+2), i.Low, cell(row, "C"), 1e-11)
		cells += same(t, fmt.Sprintf("row %d: high", k+2), i.High, cell(row, "D"), 1e-11)
	}
	if cells != 25 {
		t.Errorf("compared %d cells", cells)
	}
}

func TestRatesArePHEs(t *testing.T) {
	cells := 0
	for k, row := range sheet(t, "testdata_Rate.xlsx", "testdata_Rate") {
		value, i := Of(cell(row, "B"), cell(row, "C"), cell(row, "K"), Confidence95)
		_, far := Of(cell(row, "B"), cell(row, "C"), cell(row, "K"), Confidence998)
		for letter, got := range map[string]float64{"D": value, "E": i.Low, "F": i.High, "G": far.Low, "H": far.High} {
			cells += same(t, fmt.Sprintf("row %d, %s", k+2, letter), got, cell(row, letter), 1e-11)
		}
	}
	for k, row := range sheet(t, "testdata_Rate.xlsx", "testdata_Rate_g") {
		value, i := Of(cell(row, "B"), cell(row, "C"), cell(row, "J"), confidence(row["G"]))
		for letter, got := range map[string]float64{"D": value, "E": i.Low, "F": i.High} {
			cells += same(t, fmt.Sprintf("grouped row %d, %s", k+2, letter), got, cell(row, letter), 1e-11)
		}
	}
	if cells != 17*5+9*3 {
		t.Errorf("compared %d cells", cells)
	}
}

// europe is the European standard population of 2013, nineteen age bands.
var europe = []float64{5000, 5500, 5500, 5500, 6000, 6000, 6500, 7000, 7000, 7000, 7000, 6500, 6000, 5500, 5000, 4000, 2500, 1500, 1000}

// strata reads the age bands of each area.
func strata(rows []map[string]string) map[string][]Stratum {
	areas := map[string][]Stratum{}
	for _, row := range rows {
		area := row["A"]
		s := Stratum{Count: cell(row, "C"), Population: cell(row, "D"), Standard: europe[len(areas[area])]}
		if math.IsNaN(s.Count) { // a band of one area is left empty: no events
			s.Count = 0
		}
		areas[area] = append(areas[area], s)
	}
	return areas
}

// The results of 1976 at 99.8% are ten times too large in the table, and areas
// with fewer than ten events have none there.
func TestDirectStandardisationIsPHEs(t *testing.T) {
	areas := strata(sheet(t, "testdata_DSR_ISR.xlsx", "testdata_multiarea"))
	for _, row := range sheet(t, "testdata_DSR_ISR.xlsx", "testdata_1976") {
		if s := (Stratum{Count: cell(row, "B"), Population: cell(row, "C"), Standard: cell(row, "D")}); s.Count >= 0 {
			areas["testdata_1976"] = append(areas["testdata_1976"], s)
		}
	}
	rows := sheet(t, "testdata_DSR_ISR.xlsx", "testdata_nonindepe")
	for area, list := range strata(rows) {
		areas[area] = list
	}
	seen := map[string]int{}
	for _, row := range rows {
		var people []float64
		for _, letter := range []string{"E", "F", "G", "H"} {
			if v := cell(row, letter); v > 0 {
				people = append(people, v)
			} else {
				people = append(people, 0)
			}
		}
		s := &areas[row["A"]][seen[row["A"]]]
		count, variance := Repeats(people...)
		if count != s.Count {
			t.Errorf("%s, %s: %v events by people, %v in all", row["A"], row["B"], count, s.Count)
		}
		s.Variance = variance
		seen[row["A"]]++
	}
	cells := 0
	for _, row := range sheet(t, "testdata_DSR_ISR.xlsx", "testresults_DSR") {
		per := 10_000.0
		if regexp.MustCompile("100000").MatchString(row["I"]) {
			per = 100_000
		}
		s, err := Direct(areas[row["A"]], per, Confidence95)
		if err != nil {
			t.Fatal(row["A"], err)
		}
		far, _ := Direct(areas[row["A"]], per, Confidence998)
		wrong := 1.0
		if row["A"] == "testdata_1976" {
			wrong = 10
		}
		tolerance := 1e-11
		if len(row["D"]) < 18 { // printed to fewer digits
			tolerance = 1e-9
		}
		for letter, got := range map[string]float64{
			"B": s.Count, "C": s.Population, "D": s.Value, "E": s.Interval.Low, "F": s.Interval.High,
			"G": far.Interval.Low * wrong, "H": far.Interval.High * wrong,
		} {
			cells += same(t, fmt.Sprintf("%s per %v, %s", row["A"], per, letter), got, cell(row, letter), tolerance)
		}
	}
	for _, row := range sheet(t, "testdata_DSR_ISR.xlsx", "testdata_multiarea_lookup") {
		s, err := Direct(areas[row["A"]], 1, Confidence95)
		if err != nil {
			t.Fatal(err)
		}
		cells += same(t, row["A"], s.Count, cell(row, "B"), 0)
	}
	if cells != 9*7+3*2+3 {
		t.Errorf("compared %d cells", cells)
	}
}

func TestIndirectStandardisationIsPHEs(t *testing.T) {
	classes := map[string][]Reference{}
	for _, row := range sheet(t, "testdata_DSR_ISR.xlsx", "refdata") {
		for _, area := range []string{"testdata_big", "testdata_small", "testdata_tiny"} {
			classes[area] = append(classes[area], Reference{ReferenceCount: cell(row, "B"), ReferencePopulation: cell(row, "C")})
		}
	}
	place := map[string]int{}
	for _, row := range sheet(t, "testdata_DSR_ISR.xlsx", "testdata_multiarea_isr") {
		c := &classes[row["A"]][place[row["A"]]]
		place[row["A"]]++
		if n := cell(row, "D"); n > 0 {
			c.Population = n
		}
	}
	for _, row := range sheet(t, "testdata_DSR_ISR.xlsx", "testdata_err2") {
		if n := cell(row, "C"); n >= 0 {
			c := classes["testdata_big"][place[row["A"]]]
			place[row["A"]]++
			c.Population = n
			classes[row["A"]] = append(classes[row["A"]], c)
		}
	}
	cells := 0
	for _, row := range sheet(t, "testdata_DSR_ISR.xlsx", "testresults_ISR") {
		per, err := strconv.ParseFloat(regexp.MustCompile("[0-9]+$").FindString(row["J"]), 64)
		if err != nil {
			t.Fatal(row["J"])
		}
		r, err := Indirectly(cell(row, "B"), classes[row["A"]], per, Confidence95)
		if err != nil {
			t.Fatal(row["A"], err)
		}
		far, _ := Indirectly(cell(row, "B"), classes[row["A"]], per, Confidence998)
		got := map[string]float64{
			"C": r.Expected, "D": r.ReferenceRate, "E": r.Rate, "F": r.RateInterval.Low, "G": r.RateInterval.High,
			"H": far.RateInterval.Low, "I": far.RateInterval.High,
		}
		if regexp.MustCompile("ratio").MatchString(row["J"]) {
			got["E"], got["F"], got["G"] = r.Ratio*per, r.RatioInterval.Low*per, r.RatioInterval.High*per
			got["H"], got["I"] = far.RatioInterval.Low*per, far.RatioInterval.High*per
		}
		for letter, v := range got {
			cells += same(t, fmt.Sprintf("%s, %s, %s", row["A"], row["J"], letter), v, cell(row, letter), 1e-11)
		}
	}
	if cells != 6*7+6*6+2*5+2*4 {
		t.Errorf("compared %d cells", cells)
	}
}

// The sheets that are wrong on purpose are refused.
func TestWrongStrataAreRefused(t *testing.T) {
	for name, letters := range map[string][3]string{
		"testdata_err1": {"B", "C", "D"}, "testdata_err3": {"B", "C", "D"}, "testdata_err4": {"B", "C", "D"},
	} {
		var list []Stratum
		for _, row := range sheet(t, "testdata_DSR_ISR.xlsx", name) {
			if s := (Stratum{Count: cell(row, letters[0]), Population: cell(row, letters[1]), Standard: cell(row, letters[2])}); !math.IsNaN(s.Count) {
				list = append(list, s)
			}
		}
		if _, err := Direct(list, 100_000, 0.95); !errors.Is(err, stats.ErrNegative) {
			t.Errorf("%s: %v", name, err)
		}
	}
	var list []Stratum
	for _, row := range sheet(t, "testdata_DSR_ISR.xlsx", "testdata_err2") {
		if row["A"] == "Area1" {
			list = append(list, Stratum{Count: cell(row, "B"), Population: cell(row, "C"), Standard: 1})
		}
	}
	if _, err := Direct(list, 100_000, 0.95); !errors.Is(err, stats.ErrNoPopulation) {
		t.Error(err)
	}
}
