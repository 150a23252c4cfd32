package demo

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/csv"
	"encoding/json"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// small is a share that keeps the tests quick; totals do not depend on it.
const small = 0.01

func write(t *testing.T, seed uint64) (Files, string) {
	t.Helper()
	dir := t.TempDir()
	files, err := Write(Options{Dir: dir, Seed: seed, Incidents: small})
	if err != nil {
		t.Fatal(err)
	}
	return files, dir
}

func readCSV(t *testing.T, path string) []map[string]string {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var out []map[string]string
	for _, row := range rows[1:] {
		m := map[string]string{}
		for i, name := range rows[0] {
			m[name] = row[i]
		}
		out = append(out, m)
	}
	return out
}

func number(t *testing.T, s string) int {
	t.Helper()
	n, err := strconv.Atoi(s)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestMonthlyTotalsAreThePrintedOnes(t *testing.T) {
	_, dir := write(t, 1)
	got := map[string]int{}
	for _, row := range readCSV(t, filepath.Join(dir, "borough_24m_201901-202012.csv")) {
		for column, v := range row {
			if _, err := strconv.Atoi(column); err == nil {
				got[row["MajorText"]+" "+column[:4]] += number(t, v)
				got[row["MinorText"]+" "+column[:4]] += number(t, v)
			}
		}
	}
	for name, want := range map[string]int{
		"Violence Against the Person 2019": 222048, "Violence Against the Person 2020": 220265,
		"Violence with Injury 2019": 77462, "Violence with Injury 2020": 69085,
		"Violence without Injury 2019": 144436, "Violence without Injury 2020": 151055,
		"Robbery 2019": 39928, "Robbery 2020": 27586,
	} {
		if got[name] != want {
			t.Errorf("%s = %d, printed %d", name, got[name], want)
		}
	}
}

func TestDashboardTotalsAreThePrintedOnes(t *testing.T) {
	_, dir := write(t, 1)
	got := map[string]int{}
	for _, which := range []string{"Other", "Knife"} {
		for _, row := range readCSV(t, filepath.Join(dir, "M1045_MonthlyCrimeDashboard_"+which+"CrimeData.csv")) {
			got[row["Crime Subtype"]+" "+row["Month_Year"][6:]] += number(t, row["Count"])
		}
	}
	for name, want := range map[string]int{
		"Domestic Abuse Incidents 2019": 144199, "Domestic Abuse Incidents 2020": 156109,
		"Domestic Abuse Violence with Injury 2019": 23747, "Domestic Abuse Violence with Injury 2020": 23850,
		"Knife Crime 2019": 15582, "Knife Crime 2020": 11561, "Knife Crime With Injury 2019": 3972, "Knife Crime With Injury 2020": 3104,
		"Gun Crime 2019": 2018, "Gun Crime 2020": 1535,
	} {
		if got[name] != want {
			t.Errorf("%s = %d, printed %d", name, got[name], want)
		}
	}
}

func TestHomicideTableIsThePrintedOne(t *testing.T) {
	_, dir := write(t, 1)
	got := map[int]*victims{}
	for _, row := range readCSV(t, filepath.Join(dir, "homicide_victims_2012-2020.csv")) {
		year := number(t, row["Recorded Date"][len(row["Recorded Date"])-4:])
		if got[year] == nil {
			got[year] = &victims{year: year}
		}
		v := got[year]
		v.total++
		add := func(n *int, yes bool) {
			if yes {
				*n++
			}
		}
		add(&v.firearm, row["Method of Killing"] == "Shooting")
		add(&v.knife, row["Method of Killing"] == "Knife or Sharp Implement")
		add(&v.teenage, row["Age Group"] == "13 to 19")
		add(&v.under25, slices.Contains([]string{"0 to 12", "13 to 19", "20 to 24"}, row["Age Group"]))
		add(&v.domestic, row["Domestic Abuse"] == "Yes")
	}
	for _, want := range homicideTable {
		if v := got[want.year]; v == nil || *v != want {
			t.Errorf("%d: %+v, printed %+v", want.year, v, want)
		}
	}
}

func TestStreetRowsOfRobberyAreWholeAndPlacesExist(t *testing.T) {
	files, _ := write(t, 1)
	archive, err := zip.OpenReader(files.Submissions[len(files.Submissions)-1].Path)
	if err != nil {
		t.Fatal(err)
	}
	defer archive.Close()
	city := newCity(1)
	codes := map[string]bool{}
	for _, a := range city.lsoas {
		codes[a.code] = true
	}
	robberies := map[string]int{}
	for _, entry := range archive.File {
		f, err := entry.Open()
		if err != nil {
			t.Fatal(err)
		}
		rows, err := csv.NewReader(f).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range rows[1:] {
			if row[9] == "Robbery" {
				robberies[row[2]+" "+row[1][:4]]++
			}
			if row[7] != "" && !codes[row[7]] {
				t.Fatalf("unknown area %s", row[7])
			}
		}
	}
	if len(archive.File) != 48 || robberies["Metropolitan Police Service 2019"] != 39928 || robberies["Metropolitan Police Service 2020"] != 27586 {
		t.Errorf("%d files, robberies %v", len(archive.File), robberies)
	}
}

// TestBordersMeet checks that every boundary is one simple closed ring and
// that the areas of each level cover the same ground.
func TestBordersMeet(t *testing.T) {
	_, dir := write(t, 1)
	var areas []float64
	for _, name := range []string{"london_boroughs.geojson", "london_ward_2024.geojson", "london_lsoa_2011.geojson", "london_lsoa_2021.geojson"} {
		raw, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		var doc struct {
			Features []struct {
				Geometry struct{ Coordinates [][][2]float64 }
			}
		}
		if err := json.Unmarshal(raw, &doc); err != nil {
			t.Fatal(err)
		}
		total := 0.0
		for _, f := range doc.Features {
			ring := f.Geometry.Coordinates[0]
			if ring[0] != ring[len(ring)-1] || len(ring) < 4 {
				t.Fatalf("%s has an open ring", name)
			}
			a := 0.0
			for i := range len(ring) - 1 {
				a += ring[i][0]*ring[i+1][1] - ring[i+1][0]*ring[i][1]
			}
			total += math.Abs(a) / 2
		}
		areas = append(areas, total)
	}
	for _, a := range areas {
		if math.Abs(a/areas[0]-1) > 1e-6 {
			t.Errorf("levels cover different ground: %v", areas)
		}
	}
	if n := len(newCity(1).lsoas); n != 32*150+6 {
		t.Errorf("%d small areas", n)
	}
}

func TestTheSameSeedGivesTheSameBytes(t *testing.T) {
	sum := func(dir string) []byte {
		h := sha256.New()
		entries, err := os.ReadDir(dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			f, err := os.Open(filepath.Join(dir, e.Name()))
			if err != nil {
				t.Fatal(err)
			}
			io.Copy(h, f)
			f.Close()
		}
		return h.Sum(nil)
	}
	_, a := write(t, 7)
	_, b := write(t, 7)
	_, c := write(t, 8)
	if !bytes.Equal(sum(a), sum(b)) {
		t.Error("the same seed gave other files")
	}
	if bytes.Equal(sum(a), sum(c)) {
		t.Error("another seed gave the same files")
	}
}

func TestViolenceConcentrates(t *testing.T) {
	city := newCity(1)
	risks := make([]float64, len(city.lsoas))
	total := 0.0
	for i, a := range city.lsoas {
		risks[i] = a.risk
		total += a.risk
	}
	slices.SortFunc(risks, func(a, b float64) int { return int(math.Copysign(1, b-a)) })
	top := 0.0
	for _, r := range risks[:len(risks)/20] {
		top += r
	}
	if s := top / total; s < 0.2 || s > 0.5 {
		t.Errorf("the riskiest 5%% of areas hold %.0f%% of violence; a quarter to a half is usual", 100*s)
	}
}

func TestWardNamesDiffer(t *testing.T) {
	seen := map[string]bool{}
	for _, w := range newCity(1).wards {
		if seen[w.name] {
			t.Errorf("two wards are called %s", w.name)
		}
		seen[w.name] = true
		if strings.TrimSpace(w.name) == "" {
			t.Error("a ward has no name")
		}
	}
}

// What lies within another series is never more than it, in any borough and
// month, and still adds up to its printed total.
func TestPartsOfADashboardSeriesLieWithinIt(t *testing.T) {
	for which, all := range dashboardFiles {
		counts := map[string][][]int{}
		rng := stream(7, 1)
		for _, s := range all {
			counts[s.subtype] = s.spread(counts[s.within], rng)
			for k, row := range counts[s.subtype] {
				sum := 0
				for i, n := range row {
					sum += n
					if s.within != "" && (n < 0 || n > counts[s.within][k][i]) {
						t.Errorf("%s: %s is %d of %d in %s, month %d", which, s.subtype, n, counts[s.within][k][i], boroughs[i].name, k)
					}
				}
				if want := s.total.month(newMonth(2019, 1) + month(k)); sum != want {
					t.Errorf("%s: %s adds up to %d, not %d, in month %d", which, s.subtype, sum, want, k)
				}
			}
		}
	}
}
