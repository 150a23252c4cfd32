package cli

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/csv"
	"encoding/json"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// house is a command line over an empty folder.
type house struct {
	t       *testing.T
	folder  string
	out     bytes.Buffer
	said    bytes.Buffer
	setting map[string]string
}

func newHouse(t *testing.T) *house {
	dir := t.TempDir()
	return &house{t: t, folder: dir, setting: map[string]string{
		"OPENVRU_DB": filepath.Join(dir, "openvru.db"), "OPENVRU_DATA": filepath.Join(dir, "openvru-data"),
	}}
}

// run runs a command that must succeed and returns its standard output.
func (h *house) run(args ...string) string {
	h.t.Helper()
	if code := h.try(args...); code != 0 {
		h.t.Fatalf("vru %s ended with %d\n%s\n%s", strings.Join(args[:2], " "), code, h.out.String(), h.said.String())
	}
	return h.out.String()
}

// try runs a command and returns its exit code.
func (h *house) try(args ...string) int {
	h.out.Reset()
	h.said.Reset()
	env := &Env{Stdin: strings.NewReader(""), Stdout: &h.out, Stderr: &h.said, Now: time.Now, Rand: rand.Reader,
		Getenv: func(name string) string { return h.setting[name] }}
	return Main(context.Background(), env, args)
}

func realFiles(t *testing.T, patterns ...string) []string {
	t.Helper()
	folder := os.Getenv("OPENVRU_REALDATA")
	if folder == "" {
		t.Skip("OPENVRU_REALDATA names no folder of real public files, so they are not tried")
	}
	var out []string
	for _, p := range patterns {
		found, err := filepath.Glob(filepath.Join(folder, p))
		if err != nil || len(found) == 0 {
			t.Fatalf("no file is like %s: %v", p, err)
		}
		out = append(out, found...)
	}
	return out
}

// wideSum adds up cells of a wide monthly file, read by encoding/csv alone.
func wideSum(t *testing.T, path, major, minor string, months func(string) bool) (sum int) {
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
	for _, row := range rows[1:] {
		if row[0] != major || minor != "" && row[1] != minor {
			continue
		}
		for i, head := range rows[0] {
			if n, err := strconv.Atoi(row[i]); err == nil && len(head) == 6 && months(head) {
				sum += n
			}
		}
	}
	return sum
}

// TestRealReport goes the whole way with the files that police really publish:
// every one comes in, and the report's totals are those of an independent count.
func TestRealReport(t *testing.T) {
	h := newHouse(t)
	h.run(append([]string{"places", "import"}, realFiles(t, "boundaries/*", "lookups/*", "population/*")...)...)
	boroughs := realFiles(t, "mps-datastore/borough_24m_201806-202005.csv", "mps-datastore/borough_24m_201807-202006.csv")
	h.run(append([]string{"submit", "mps-monthly"}, append(boroughs, realFiles(t, "mps-datastore/ward_*.csv")...)...)...)
	h.run(append([]string{"submit", "mps-homicide"}, realFiles(t, "homicide/*.csv")...)...)
	h.run(append([]string{"submit", "police-uk"}, realFiles(t, "police-uk/city-of-london/*.csv", "police-uk/met-burglary/*.gz")...)...)

	var sent []struct{ State, Name string }
	if err := json.Unmarshal([]byte(h.run("submissions", "--json")), &sent); err != nil {
		t.Fatal(err)
	}
	if len(sent) != 4+1+27 {
		t.Errorf("%d submissions", len(sent))
	}
	for _, s := range sent {
		if s.State != "accepted" && s.State != "superseded" {
			t.Errorf("%s is %s", s.Name, s.State)
		}
	}

	page := filepath.Join(h.folder, "report.html")
	h.run("report", "violence", "--year", "2019", "--against", "2018", "-o", page)
	report, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	// 2018 begins in June; the older edition alone has June 2018, the newer wins after.
	for _, c := range []struct{ major, minor string }{
		{"Violence Against the Person", ""}, {"Violence Against the Person", "Violence with Injury"},
		{"Violence Against the Person", "Violence without Injury"}, {"Robbery", ""},
	} {
		newest := func(year string) func(string) bool {
			return func(m string) bool { return strings.HasPrefix(m, year) && m > year+"06" }
		}
		earlier := wideSum(t, boroughs[0], c.major, c.minor, func(m string) bool { return m == "201806" }) + wideSum(t, boroughs[1], c.major, c.minor, newest("2018"))
		now := wideSum(t, boroughs[1], c.major, c.minor, func(m string) bool { return m == "201906" }) + wideSum(t, boroughs[1], c.major, c.minor, newest("2019"))
		for _, n := range []int{earlier, now} {
			if want := ">" + thousands(n) + "</a>"; !bytes.Contains(report, []byte(want)) {
				t.Errorf("%s %s: the report has no figure %s", c.major, c.minor, want)
			}
		}
	}
}

// thousands is written apart from the product's own, so that the two are checked against each other.
func thousands(n int) string {
	s := strconv.Itoa(n)
	if len(s) > 3 {
		return s[:len(s)-3] + "," + s[len(s)-3:]
	}
	return s
}
