package publishing

import (
	"encoding/csv"
	"encoding/json"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"openvru/internal/ids"
	"openvru/internal/period"
	"openvru/internal/places"
)

// A case of testdata/build is a folder: in/ holds a report's facts as text,
// want/ what is built from them. caseFile is in/report.json.
type caseFile struct {
	Place, Name   string
	Year, Against int
	Known         time.Time
	Notice        string
	Holds         []string
	Lacks         []Lack
	Sources       []Source
	Events        []struct {
		Day, Name string
		Turns     bool
	}
	Breaks map[ids.Series][]struct {
		At, Sentence string
		Like         bool
	}
}

// load reads the in/ folder of a case.
func load(t testing.TB, name string) Material {
	t.Helper()
	dir := filepath.Join("testdata", "build", name, "in")
	var c caseFile
	text, err := os.ReadFile(filepath.Join(dir, "report.json"))
	if err == nil {
		err = json.Unmarshal(text, &c)
	}
	if err != nil {
		t.Fatal(err)
	}
	at, err := ids.ParsePlace(c.Place)
	if err != nil {
		t.Fatal(err)
	}
	m := Material{Place: places.Place{Place: at, Name: c.Name}, Year: c.Year, Against: c.Against, Known: c.Known, Notice: c.Notice, Sources: c.Sources}
	for _, e := range c.Events {
		d, err := time.Parse(time.DateOnly, e.Day)
		if err != nil {
			t.Fatal(err)
		}
		m.Events = append(m.Events, Event{Day: d, Name: e.Name, Turns: e.Turns})
	}
	for _, row := range rows(t, filepath.Join(dir, "editions.csv")) {
		accepted, err := time.Parse(time.RFC3339, row[4])
		if err != nil {
			t.Fatal(err)
		}
		m.Editions = append(m.Editions, Edition{ids.Submission(row[0]), ids.Source(row[1]), row[2], ids.File(row[3]), accepted})
	}
	loadSeries(t, dir, c, &m)
	return m
}

func loadSeries(t testing.TB, dir string, c caseFile, m *Material) {
	values := map[string][]MonthValue{}
	for _, row := range rows(t, filepath.Join(dir, "facts.csv")) {
		month, err := period.ParseMonth(row[3])
		if err != nil {
			t.Fatal(err)
		}
		count, err := strconv.ParseFloat(row[4], 64)
		if err != nil {
			t.Fatal(err)
		}
		v := MonthValue{Month: month, Count: count}
		for _, e := range strings.Split(row[5], ";") {
			n, err := strconv.Atoi(e)
			if err != nil {
				t.Fatal(err)
			}
			v.Editions = append(v.Editions, n)
		}
		values[row[0]+row[2]] = append(values[row[0]+row[2]], v)
	}
	for _, row := range rows(t, filepath.Join(dir, "series.csv")) {
		s := Series{ID: ids.Series(row[1]), Title: row[2], Unit: row[3], Source: ids.Source(row[4]), Definition: row[5], Version: 1,
			Place: m.Place, Months: values[row[0]+row[1]], Holds: c.Holds, Lacks: c.Lacks}
		for _, br := range c.Breaks[s.ID] {
			at, err := period.ParseMonth(br.At)
			if err != nil {
				t.Fatal(err)
			}
			s.Breaks = append(s.Breaks, Break{At: at, Like: br.Like, Sentence: br.Sentence})
		}
		if row[0] == "homicide" {
			m.Homicide = append(m.Homicide, s)
		} else {
			m.Series = append(m.Series, s)
		}
	}
}

// rows reads a CSV without its header.
func rows(t testing.TB, path string) [][]string {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	all, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return all[1:]
}
