package nearrepeat

import (
	"encoding/csv"
	"math"
	"os"
	"path/filepath"
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
	if theirRatio > 0 && math.Abs(cell.Observed/mean-theirRatio) > 0.00051 {
		t.Errorf("their ratio %v is not observed over mean %v", theirRatio, cell.Observed/mean)
	}
	if p := float64(atLeast+1) / 100; math.Abs(p-theirP) > 0.0051 && cell.Observed > 0 {
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
