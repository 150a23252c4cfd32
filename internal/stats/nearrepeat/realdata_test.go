package nearrepeat

import (
	"encoding/csv"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
)

// chicago is the folder of the arson data that the Near Repeat Calculator was
// run on, with what it answered.
func chicago(t *testing.T) string {
	t.Helper()
	root := os.Getenv("OPENVRU_REALDATA")
	if root == "" {
		t.Skip("OPENVRU_REALDATA names no folder of real data")
	}
	return filepath.Join(root, "spatial-stats", "near-repeat")
}

func arson(t *testing.T) (e Events) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(chicago(t), "chicago_arson.csv"))
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(strings.NewReader(string(text))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows {
		x, errX := strconv.ParseFloat(row[0], 64)
		y, errY := strconv.ParseFloat(row[1], 64)
		day, errT := time.Parse(time.DateOnly, row[2])
		if errX != nil || errY != nil || errT != nil {
			t.Fatal(row)
		}
		e.X, e.Y, e.Time = append(e.X, x), append(e.Y, y), append(e.Time, float64(day.Unix())/86400)
	}
	return e
}

// calculator is the Near Repeat Calculator's verbose file, read: its tables,
// and for each cell the counts of its 99 permutations.
type calculator struct {
	ratio, p, observed [5][4]float64
	drawn              [5][4][]float64
}

func readCalculator(t *testing.T) (c calculator) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(chicago(t), "chicago_arson_NRverbose_2019-09-23_145637.csv"))
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.ReplaceAll(string(text), "\r", ""), "\n")
	tables := map[string]*[5][4]float64{
		"Observed over mean expected frequencies": &c.ratio,
		"Statistical significant table":           &c.p,
		"Observed frequencies distribution":       &c.observed,
	}
	for i, line := range lines {
		if table := tables[line]; table != nil {
			for row := range 5 {
				copy(table[row][:], numbers(t, strings.Split(lines[i+3+row], ",")[2:6]))
			}
		}
		if f := strings.Fields(line); len(f) == 4 && f[0] == "Row" {
			row, _ := strconv.Atoi(f[1])
			column, _ := strconv.Atoi(f[3])
			all := strings.Split(strings.TrimSuffix(strings.TrimPrefix(lines[i+1], "Expected,"), ",")+
				strings.TrimSuffix(lines[i+2], ","), ",")
			c.drawn[row-1][column-1] = numbers(t, all)
		}
	}
	return c
}

func numbers(t *testing.T, words []string) (out []float64) {
	t.Helper()
	for _, w := range words {
		v, err := strconv.ParseFloat("0"+strings.TrimSpace(w), 64)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, v)
	}
	return out
}

// theirBands are what the calculator counts under "1 to 200 metres" and "0 to 1
// days": a band ends just below its limit, and days are one fewer than said.
func theirBands() Bands {
	below := func(v float64) float64 { return math.Nextafter(v, 0) }
	return Bands{Space: []float64{0, below(200), below(400), below(600)}, Time: []float64{0, 1, 2}, Metric: Manhattan}
}

// Coordinates the way the calculator keeps them: with seven digits.
func single(v []float64) []float64 {
	out := make([]float64, len(v))
	for i, x := range v {
		out[i] = float64(float32(x))
	}
	return out
}

func TestArsonIsCountedAsByTheCalculator(t *testing.T) {
	e, c := arson(t), readCalculator(t)
	kept := Events{single(e.X), single(e.Y), e.Time}
	table, err := Knox(kept, theirBands(), Options{Replications: 9999, Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	if len(e.X) != 522 || table.Pairs != 522*521/2 {
		t.Fatalf("%d events, %d pairs", len(e.X), table.Pairs)
	}
	for s, row := range table.Cells {
		for k, cell := range row {
			if cell.Observed != c.observed[s][k] {
				t.Errorf("cell %d,%d: %v pairs, the calculator has %v", s, k, cell.Observed, c.observed[s][k])
			}
			sameDraws(t, cell, c.drawn[s][k], c.p[s][k], c.ratio[s][k])
		}
	}
	if p := table.Pattern(Rule{}); p.Bands[1] != 1 || p.Bands[2] != 1 || p.Bands[3] != 1 || p.Space != 1 || p.Time != 0 {
		t.Errorf("pattern %+v: the calculator finds 1, 1 and 1 bands and the first cell the greatest", p)
	}
}

// sameDraws holds our exact mean and variance, and our p-value, against the 99
// permutations that the calculator drew.
func sameDraws(t *testing.T, cell Cell, drawn []float64, theirP, theirRatio float64) {
	t.Helper()
	if len(drawn) != 99 {
		t.Fatalf("%d permutations were read, not 99", len(drawn))
	}
	sum, atLeast := 0.0, 0
	for _, v := range drawn {
		if sum += v; v >= cell.Observed {
			atLeast++
		}
	}
	mean := sum / 99
	if z := (mean - cell.Expected) / math.Sqrt(cell.Variance/99); math.Abs(z) > 4 {
		t.Errorf("their mean %v lies %.1f standard errors off the exact %v", mean, z, cell.Expected)
	}
	if math.Abs(cell.Observed/mean-theirRatio) > 0.00051 { // three digits, nothing for zero
		t.Errorf("their ratio %v is not observed over mean %v", theirRatio, cell.Observed/mean)
	}
	if p := float64(atLeast+1) / 100; math.Abs(p-theirP) > 1e-12 {
		t.Errorf("their p %v is not that of their draws, %v", theirP, p)
	}
	if sd := math.Sqrt(cell.P * (1 - cell.P) / 99); math.Abs(theirP-cell.P) > 4*sd+0.0101 {
		t.Errorf("their p %v, ours %v", theirP, cell.P)
	}
}

// With every digit of the coordinates one pair of events 399.96 metres apart
// falls into the other band; nothing else differs.
func TestSevenDigitsMoveOnePair(t *testing.T) {
	e, c := arson(t), readCalculator(t)
	table, err := Knox(e, theirBands(), Options{Replications: 99, Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	for s, row := range table.Cells {
		for k, cell := range row {
			want := c.observed[s][k]
			switch {
			case s == 2 && k == 3:
				want = 141
			case s == 3 && k == 3:
				want = 233
			}
			if cell.Observed != want {
				t.Errorf("cell %d,%d: %v pairs, not %v", s, k, cell.Observed, want)
			}
		}
	}
}

// The calculator's page for its users has the same ratios and p-values as its
// verbose file, with two digits, a colour for those at 0.01, and says what they
// mean: our table, read by the same rule, says so too.
func TestArsonReadsAsByTheCalculator(t *testing.T) {
	e, c := arson(t), readCalculator(t)
	text, err := os.ReadFile(filepath.Join(chicago(t), "chicago_arson_NRsummary_2019-09-23_145637.htm"))
	if err != nil {
		t.Fatal(err)
	}
	page := string(text)
	cells := regexp.MustCompile(`class="(perfect|significant|notsign)">([0-9.]+)</div>`).FindAllStringSubmatch(page, -1)
	if len(cells) != 40 {
		t.Fatalf("%d cells were read from two tables of 20", len(cells))
	}
	table, err := Knox(e, theirBands(), Options{Replications: 9999, Seed: 2})
	if err != nil {
		t.Fatal(err)
	}
	for k := range 20 {
		row, column := k/4, k%4
		ratio, p := numbers(t, cells[k][2:])[0], numbers(t, cells[20+k][2:])[0]
		if math.Abs(ratio-c.ratio[row][column]) > 0.00501 || p != c.p[row][column] {
			t.Errorf("cell %d,%d: %v and %v, in the verbose file %v and %v", row, column, ratio, p, c.ratio[row][column], c.p[row][column])
		}
		ours := table.Cells[row][column]
		if perfect := cells[k][1] == "perfect"; perfect != (p == 0.01) || perfect && ours.P > 0.05 || ours.P <= 0.005 != perfect {
			t.Errorf("cell %d,%d: marked %s, our p is %v", row, column, cells[k][1], ours.P)
		}
	}
	pattern := table.Pattern(Rule{})
	for band, words := range []string{"", "1 to 200", "201 to 400", "401 to 600"} {
		if band > 0 && (pattern.Bands[band] != 1 || !strings.Contains(page, "Within "+words+" meters of an initial incident, near repeats are overrepresented for up to 1 days")) {
			t.Errorf("band %d is over-represented for %d days", band, pattern.Bands[band])
		}
	}
	for _, words := range []string{"7325 percent", "No indication of repeat "} {
		if !strings.Contains(page, words) {
			t.Errorf("the page does not say %q", words)
		}
	}
	if math.Round(100*(c.ratio[1][0]-1)) != 7325 || pattern.Bands[0] != 0 || pattern.Space != 1 || pattern.Time != 0 {
		t.Errorf("%+v", pattern)
	}
}

// On what days the pairs are that the calculator counts under its first labels.
func TestItsFirstColumnIsTheSameDay(t *testing.T) {
	e, c := arson(t), readCalculator(t)
	apart := map[float64]float64{}
	for i, a := range e.Time {
		for _, b := range e.Time[:i] {
			apart[math.Abs(a-b)]++
		}
	}
	for column := range 3 {
		sum := 0.0
		for row := range 5 {
			sum += c.observed[row][column]
		}
		if sum != apart[float64(column)] {
			t.Errorf("column %d has %v pairs, %v are %d days apart", column, sum, apart[float64(column)], column)
		}
	}
	if apart[0] != 412 || apart[0]+apart[1] != 1125 {
		t.Errorf("%v pairs on one day, %v within one", apart[0], apart[0]+apart[1])
	}
}
