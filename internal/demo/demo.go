// Package demo makes an invented London: 33 boroughs on a hexagonal layout,
// wards and small areas below them, people, deprivation, and two years of
// incident files in the formats that police really publish. It writes files
// and nothing else; they come in through the same door as real ones.
//
// London's yearly totals are those printed in the London Violence Reduction
// Unit's report for the Home Office of March 2021 (figures.go names each).
// Everything below London, every place inside a borough, every incident and
// every victim, is invented. The borough names and codes are the real ones, so
// that files and commands read as they will in use; the figures given to them
// are not about those boroughs.
package demo

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"time"
)

// Options say how large an invented London to write and where.
type Options struct {
	Dir  string
	Seed uint64
	// Incidents is the share of police.uk incident rows to write, above 0 up
	// to 1; 0 means 1. The totals of every other file are always whole, and
	// so are the street-level rows of robbery.
	Incidents float64
}

// Files are the written files by what they are, in the order to load them.
type Files struct {
	Places      []string   // boundaries, lookups, populations
	Submissions []Delivery // incident files
	Deprivation string     // the Index of Multiple Deprivation, which is not a file of places
}

// Delivery is one incident file, the source that reads it, and the invented
// day it arrived, so that what was known on a day can be asked.
type Delivery struct {
	Source string
	Path   string
	At     time.Time
}

// Opening is the invented day on which the unit begins its work.
var Opening = time.Date(2020, 11, 2, 9, 0, 0, 0, time.UTC)

// Write makes the files and returns where they are. The same seed and share
// give the same bytes.
func Write(o Options) (Files, error) {
	if o.Incidents <= 0 || o.Incidents > 1 {
		o.Incidents = 1
	}
	if err := os.MkdirAll(o.Dir, 0o755); err != nil {
		return Files{}, fmt.Errorf("make the folder for the invented files: %w", err)
	}
	w := &writer{dir: o.Dir}
	city := newCity(o.Seed)
	files := Files{Places: city.writePlaces(w), Deprivation: city.writeDeprivation(w)}
	at := func(year, month, day int) time.Time {
		return time.Date(year, time.Month(month), day, 10, 0, len(files.Submissions), 0, time.UTC)
	}
	add := func(source, path string, when time.Time) {
		files.Submissions = append(files.Submissions, Delivery{source, path, when})
	}
	monthly := newMonthly(city, stream(o.Seed, 2))
	add("mps-monthly", monthly.writeBoroughs(w, newMonth(2018, 11), "borough_24m_201811-202010.csv", true), at(2020, 11, 6))
	add("mps-monthly", monthly.writeBoroughs(w, newMonth(2019, 1), "borough_24m_201901-202012.csv", false), at(2021, 1, 6))
	add("mps-monthly", monthly.writeWards(w, "ward_24m_201901-202012.csv"), at(2021, 1, 6))
	add("mps-dashboard", writeDashboard(w, city, stream(o.Seed, 3), "Other"), at(2021, 1, 6))
	add("mps-dashboard", writeDashboard(w, city, stream(o.Seed, 4), "Knife"), at(2021, 1, 6))
	add("mps-homicide", writeHomicide(w, city, stream(o.Seed, 5)), at(2021, 1, 8))
	add("police-uk", writeStreet(w, city, o), at(2021, 2, 26))
	return files, w.err
}

// stream is an independent source of randomness for one file, so that a change
// to one file leaves the others as they were.
func stream(seed, file uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, file)) }

// writer creates files in a folder and keeps the first error.
type writer struct {
	dir string
	err error
}

// create opens a file, hands it to f and closes it; after an error it does nothing.
func (w *writer) create(name string, f func(*os.File) error) string {
	path := filepath.Join(w.dir, name)
	if w.err != nil {
		return path
	}
	file, err := os.Create(path)
	if err != nil {
		w.err = err
		return path
	}
	if err := f(file); err != nil {
		w.err = fmt.Errorf("write %s: %w", name, err)
	}
	if err := file.Close(); err != nil && w.err == nil {
		w.err = err
	}
	return path
}
