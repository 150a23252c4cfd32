package scan

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"openvru/internal/stats"
)

// rows reads a file of values separated by commas.
func rows(t *testing.T, path string) [][]string {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	out, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// readTable reads a file of named columns of numbers; text is NaN.
func readTable(t *testing.T, path string) map[string][]float64 {
	t.Helper()
	lines, out := rows(t, path), map[string][]float64{}
	for _, row := range lines[1:] {
		for i, cell := range row {
			v, err := strconv.ParseFloat(cell, 64)
			if err != nil {
				v = math.NaN()
			}
			out[lines[0][i]] = append(out[lines[0][i]], v)
		}
	}
	return out
}

// satscan is what its results files say, as written there.
type satscan struct {
	Runs []struct {
		Name     string
		LonLat   bool
		Share    float64
		Clusters []satscanCluster
	}
}

type satscanCluster struct {
	Places                             []int
	Radius, Expected, Ratio, Risk, LLR string
	Population, Cases, P               float64
}

// The figures of SaTScan are those of ours, to all the digits it prints, for
// each cluster it reports. The p-values are of other random numbers.
func TestNewYorkIsAsInSaTScan(t *testing.T) {
	ny := readTable(t, filepath.Join("testdata", "ny.csv"))
	text, err := os.ReadFile(filepath.Join("testdata", "ny_satscan.json"))
	if err != nil {
		t.Fatal(err)
	}
	var theirs satscan
	if err := json.Unmarshal(text, &theirs); err != nil {
		t.Fatal(err)
	}
	d := Data{X: ny["lon"], Y: ny["lat"], Cases: ny["cases"], Expected: ny["population"]}
	for _, run := range theirs.Runs {
		d.LonLat = run.LonLat
		got, err := Poisson(d, Options{MaxShare: run.Share, Replications: 4_999})
		if err != nil || len(got.Clusters) < len(run.Clusters) {
			t.Fatal(run.Name, err, len(got.Clusters))
		}
		for i, want := range run.Clusters {
			compare(t, fmt.Sprintf("%s: cluster %d", run.Name, i+1), d, got, want)
		}
		for _, c := range got.Clusters {
			if !slices.ContainsFunc(run.Clusters, func(s satscanCluster) bool { return s.is(c) }) && c.P < 0.99 {
				checkPassedOver(t, d, run.Share, got, c)
			}
		}
	}
}

// is reports whether a cluster is of the same places.
func (s satscanCluster) is(c Cluster) bool {
	ours := slices.Clone(c.Places)
	for i := range ours {
		ours[i]++
	}
	slices.Sort(ours)
	return slices.Equal(ours, slices.Sorted(slices.Values(s.Places)))
}

func compare(t *testing.T, name string, d Data, got Result, want satscanCluster) {
	t.Helper()
	i := slices.IndexFunc(got.Clusters, want.is)
	if i < 0 {
		t.Errorf("%s is missing", name)
		return
	}
	c, population := got.Clusters[i], 0.0
	for _, p := range c.Places {
		population += d.Expected[p]
	}
	if population != want.Population || c.Cases != want.Cases {
		t.Errorf("%s: %v people, %v cases", name, population, c.Cases)
	}
	for k, pair := range []struct {
		got  float64
		want string
	}{
		{theirRadius(d, want.Places), want.Radius}, {c.Expected, want.Expected},
		{c.Ratio, want.Ratio}, {c.RelativeRisk, want.Risk}, {c.LLR, want.LLR},
	} {
		if !printsAs(pair.got, pair.want) {
			t.Errorf("%s, figure %d: %v, not %s", name, k, pair.got, pair.want)
		}
	}
	checkP(t, c, want.P)
}

// theirRadius is that of the circle about SaTScan's centre, which is the first
// place; of circles that hold the same places we name the narrowest. Its Earth
// has a radius of 6,367 km, and it writes kilometres.
func theirRadius(d Data, places []int) float64 {
	radius := 0.0
	for _, p := range places {
		radius = max(radius, bruteDistance(d, places[0]-1, p-1))
	}
	if d.LonLat {
		radius *= 6_367 / earthRadius
	}
	return radius
}

// checkPassedOver wants a cluster that SaTScan does not report to be one that
// it passes over because it keeps one circle a centre: that of each place in it
// is more likely, but overlaps a cluster before.
func checkPassedOver(t *testing.T, d Data, share float64, got Result, c Cluster) {
	t.Helper()
	o, err := Options{MaxShare: share}.complete(1)
	if err != nil {
		t.Fatal(err)
	}
	all := brute(d, o, false, d.Cases, []window{{0, 1}})
	for _, centre := range c.Places {
		best := bruteCluster{}
		for _, b := range all {
			if b.centre == centre && b.llr > best.llr {
				best = b
			}
		}
		overlaps := slices.ContainsFunc(got.Clusters, func(o Cluster) bool {
			return o.LLR > c.LLR && slices.ContainsFunc(o.Places, func(p int) bool { return slices.Contains(best.places, p) })
		})
		if best.llr < c.LLR+1e-6 || !overlaps {
			t.Errorf("%v (%.6f) is not in SaTScan's list, and no circle about %d hides it", c.Places, c.LLR, centre+1)
		}
	}
}

// printsAs reports whether a figure, rounded to as many digits, is that text.
func printsAs(v float64, text string) bool {
	_, decimals, _ := strings.Cut(text, ".")
	return fmt.Sprintf("%.*f", len(decimals), v) == text
}

// checkP holds p-values against one of 999 replications: within four standard
// errors of it where it is by rank, within half of it where it is by Gumbel.
func checkP(t *testing.T, c Cluster, want float64) {
	t.Helper()
	error4 := 4 * math.Sqrt(want*(1-want)*(1.0/1_000+1.0/5_000))
	if want > 0.01 && math.Abs(c.P-want) > error4 || want < 0.01 && math.Abs(math.Log(c.PGumbel/want)) > 0.7 {
		t.Errorf("llr %.3f: p %v, by Gumbel %v, not %v", c.LLR, c.P, c.PGumbel, want)
	}
}

// The five counties and the three that Kulldorff (1997) found are the most
// likely cluster and the next, with county seats for centroids as there.
func TestCotDeathsAreWhereKulldorffFoundThem(t *testing.T) {
	nc := readTable(t, filepath.Join("testdata", "sids.csv"))
	d := Data{X: nc["east"], Y: nc["north"]}
	for i := range nc["east"] {
		d.Cases = append(d.Cases, nc["deaths74"][i]+nc["deaths79"][i])
		d.Expected = append(d.Expected, nc["births74"][i]+nc["births79"][i])
	}
	got, err := Poisson(d, Options{})
	if err != nil || len(got.Clusters) < 2 {
		t.Fatal(err, got.Clusters)
	}
	for i, want := range [][]int{
		{85, 91, 93, 95, 97}, // Hoke, Scotland, Robeson, Bladen, Columbus
		{4, 5, 15},           // Northampton, Hertford, Halifax
	} {
		if c := got.Clusters[i]; !slices.Equal(slices.Sorted(slices.Values(c.Places)), want) || c.P > 0.001 {
			t.Errorf("cluster %d: %v, p %v", i+1, c.Places, c.P)
		}
	}
}

// newMexico is brain cancer in the counties of New Mexico, 1973 to 1991.
func newMexico(t *testing.T) (Data, []string) {
	t.Helper()
	folder := os.Getenv("OPENVRU_REALDATA")
	if folder == "" {
		t.Skip("OPENVRU_REALDATA is not set: New Mexico is not scanned")
	}
	geo := rows(t, filepath.Join(folder, "spatial-stats", "nm", "R_NM_geo.csv"))
	popcas := rows(t, filepath.Join(folder, "spatial-stats", "nm", "R_NM_popcas.csv"))
	number := func(s string) float64 {
		v, err := strconv.ParseFloat(s, 64)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	d, names := Data{LonLat: true, Periods: 19}, []string{}
	for _, r := range geo[1:] {
		names = append(names, r[0])
		d.X, d.Y = append(d.X, number(r[2])), append(d.Y, number(r[3]))
	}
	d.Cases, d.Expected = make([]float64, 19*len(names)), make([]float64, 19*len(names))
	for _, r := range popcas[1:] {
		at := slices.Index(names, r[1])*19 + int(number(r[0])) - 1973
		d.Expected[at], d.Cases[at] = number(r[2]), number(r[3])
	}
	return d, names
}

// The retrospective scan of New Mexico: all figures as of the sum over every
// cylinder, and the clusters that Kulldorff, Athas, Feuer, Miller and Key (1998)
// tell of: the region of Albuquerque first, Chaves in 1988 and 1989 apart from
// it, and Los Alamos with Santa Fe from 1986 to 1989 hidden by the first.
func TestNewMexico(t *testing.T) {
	d, names := newMexico(t)
	if n := stats.Sum(d.Cases); n != 1175 {
		t.Fatalf("%v cases", n)
	}
	o, err := Options{}.complete(19)
	if err != nil {
		t.Fatal(err)
	}
	got, err := Poisson(d, o)
	if err != nil {
		t.Fatal(err)
	}
	all := brute(d, o, false, d.Cases, bruteWindows(19, o, 0))
	for i, c := range got.Clusters {
		if want := greatestApart(all, got.Clusters[:i], o); !near(c.LLR, want, 1e-9) {
			t.Errorf("cluster %d: %v, not %v", i, c.LLR, want)
		}
	}
	first, second := got.Clusters[0], got.Clusters[1]
	if !slices.Contains(first.Places, slices.Index(names, "bernalillo")) || first.First+1973 != 1985 || first.Last+1973 != 1989 {
		t.Errorf("the most likely: %+v", first)
	}
	if len(second.Places) != 1 || names[second.Places[0]] != "chaves" || second.First+1973 != 1988 || second.Last+1973 != 1989 {
		t.Errorf("the next: %+v", second)
	}
	losAlamos, hidden := slices.Index(names, "losalamos"), 0.0
	for _, c := range all {
		if c.first+1973 == 1986 && c.last+1973 == 1989 && len(c.places) == 2 && slices.Contains(c.places, losAlamos) {
			hidden = max(hidden, c.llr)
		}
	}
	if hidden < second.LLR || hidden > first.LLR || !slices.Contains(first.Places, losAlamos) {
		t.Errorf("Los Alamos: %v", hidden)
	}
}
