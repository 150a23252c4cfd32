package places

import (
	"os"
	"path/filepath"
	"testing"
	"time"
)

// realFile opens a file of the folder of real data, or skips.
func realFile(t testing.TB, name string) *os.File {
	t.Helper()
	folder := os.Getenv("OPENVRU_REALDATA")
	if folder == "" {
		t.Skip("OPENVRU_REALDATA does not name a folder of real files, so they are not tried")
	}
	f, err := os.Open(filepath.Join(folder, name))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

var realFiles = []string{
	"boundaries/london_boroughs.geojson", "boundaries/london_lsoa_2011.geojson.gz",
	"boundaries/london_lsoa_2021.geojson.gz", "boundaries/london_ward_2025.geojson.gz",
	"lookups/lookup_lsoa11_lsoa21_ltla22.csv", "lookups/lookup_lsoa11_ward17.csv",
	"lookups/lookup_lsoa21_ward24_ltla24.csv", "lookups/lookup_ltla24_csp24_pfa24.csv",
	"lookups/lookup_ltla24_region24.csv", "population/london-mid2019-pop.csv",
	"population/london-mid2020-pop.csv", "population/london_ward_pop_2011-2050.csv.gz",
}

func TestProbe(t *testing.T) {
	var all []Content
	for _, name := range realFiles {
		t0 := time.Now()
		c, p, err := Read(filepath.Base(name), realFile(t, name), Options{Today: 2026})
		t.Log(name, c.Kind, c.Level, len(c.Named), len(c.Links), len(c.Pairs), len(c.Shapes), len(c.People), p, err, time.Since(t0))
		all = append(all, c)
	}
	t0 := time.Now()
	m := compile(all)
	t.Log("compile", time.Since(t0), len(m.Places), len(m.Links), len(m.Pairs), len(m.Shapes), len(m.Populations))
	t0 = time.Now()
	a, err := NewAtlas(m)
	if err != nil {
		t.Fatal(err)
	}
	t.Log("atlas", time.Since(t0))
	for _, l := range a.Levels() {
		t.Log(l, a.Len(l), a.HasBoundaries(l))
		for _, to := range a.Levels() {
			if up := a.UpTable(l, to); up != nil {
				n := 0
				e := 0
				for r, u := range up {
					if u != None {
						n++
					}
					if a.layers[l].up[to].estimated[r] {
						e++
					}
				}
				t.Log("   up", to, n, "estimated", e)
			}
		}
	}
	t0 = time.Now()
	p := a.pack()
	n := 0
	for _, s := range p.Shapes {
		n += len(s)
	}
	t.Log("pack", time.Since(t0), len(p.Core), n)
	t0 = time.Now()
	if _, err := unpackAtlas(p); err != nil {
		t.Fatal(err)
	}
	t.Log("unpack", time.Since(t0))
	for _, y := range []int{2018, 2019, 2020, 2024} {
		r, ok := a.PopulationOf(London, y, Everybody)
		m, _ := a.PopulationOf(MetropolitanArea, y, Everybody)
		t.Log(y, r, ok, m)
	}
}
