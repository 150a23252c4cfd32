package effect

import (
	"encoding/csv"
	"math"
	"os"
	"strconv"
	"testing"
)

func near(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tolerance*max(1, math.Abs(want))) {
		t.Errorf("%s = %.15g, want %.15g", what, got, want)
	}
}

// records reads a file of values, one map a row.
func records(t testing.TB, path string) []map[string]string {
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
		for j, name := range rows[0] {
			m[name] = row[j]
		}
		out = append(out, m)
	}
	return out
}

func number(t testing.TB, s string) float64 {
	t.Helper()
	v, err := strconv.ParseFloat(s, 64)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// reference is the panel of testdata/panel.csv.
type reference struct {
	Panel
	gaps, whole          [][]float64
	treated, x, exposure [][]float64
	coarse, start        []int
}

func readReference(t testing.TB) reference {
	r := reference{}
	grid := func() [][]float64 {
		g := make([][]float64, 9)
		for i := range g {
			g[i] = make([]float64, 10)
		}
		return g
	}
	r.whole, r.gaps, r.treated, r.x, r.exposure = grid(), grid(), grid(), grid(), grid()
	r.coarse = make([]int, 9)
	r.start = []int{-1, 6, -1, -1, 6, -1, -1, 6, -1}
	for _, row := range records(t, "testdata/panel.csv") {
		i, c := int(number(t, row["unit"])), int(number(t, row["period"]))
		r.whole[i][c], r.gaps[i][c] = number(t, row["y"]), number(t, row["y"])
		if row["seen"] == "0" {
			r.gaps[i][c] = math.NaN()
		}
		r.treated[i][c], r.x[i][c], r.exposure[i][c] = number(t, row["treated"]), number(t, row["x"]), number(t, row["exposure"])
		r.coarse[i] = int(number(t, row["cluster"]))
	}
	r.Panel = Panel{Outcome: r.whole}
	return r
}

// R's lm and glm with factors, errors by sandwich::vcovCL.
func TestRegressionsAreRs(t *testing.T) {
	r := readReference(t)
	fits := map[string]Fit{}
	fit := func(name string, f Fit, err error) {
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		fits[name] = f
	}
	with := func(y [][]float64, cluster []int) Panel { return Panel{Outcome: y, Cluster: cluster} }
	f, err := Linear(with(r.whole, nil), r.treated)
	fit("balanced", f, err)
	f, err = Linear(with(r.whole, nil), r.treated, r.x)
	fit("covariate", f, err)
	f, err = Linear(with(r.whole, r.coarse), r.treated, r.x)
	fit("clusters", f, err)
	f, err = Linear(with(r.gaps, nil), r.treated, r.x)
	fit("gaps", f, err)
	f, err = Poisson(with(r.whole, nil), r.exposure, r.treated, r.x)
	fit("poisson", f, err)
	f, err = Poisson(with(r.gaps, r.coarse), r.exposure, r.treated, r.x)
	fit("poisson gaps", f, err)
	events, err := EventStudy(with(r.whole, nil), r.start, EventOptions{Before: 3, After: 3})
	fit("event", events.Fit, err)

	at := map[string]int{"treated": 0, "x": 1, "e7": 0, "e8": 1, "e10": 2, "e11": 3, "e12": 4}
	for _, row := range records(t, "testdata/fits.csv") {
		f := fits[row["fit"]]
		value, spread := number(t, row["value"]), number(t, row["error"])
		switch row["what"] {
		case "covariance":
			near(t, row["fit"]+" covariance", f.Covariance.At(0, 1), value, 1e-9)
		case "pretrend":
			near(t, "F before", events.PreF, value, 1e-9)
			near(t, "p before", events.PreP, spread, 1e-9)
		default:
			j := at[row["what"]]
			near(t, row["fit"]+" "+row["what"], f.Coefficients[j], value, 1e-9)
			near(t, row["fit"]+" error of "+row["what"], f.StandardError(j), spread, 1e-9)
		}
	}
}

// Every pattern of signs, or of Webb's weights, refitted in R: the share that is as extreme must be
// the same to the last one.
func TestWildIsRsByBruteForce(t *testing.T) {
	r := readReference(t)
	for _, row := range records(t, "testdata/wild.csv") {
		p := Panel{Outcome: r.whole}
		if row["rows"] == "78" {
			p.Outcome = r.gaps
		}
		if row["cluster"] == "cluster" {
			p.Cluster = r.coarse
		}
		var controls [][][]float64
		if row["covariate"] == "TRUE" {
			controls = append(controls, r.x)
		}
		o := WildOptions{Weights: Rademacher, Null: number(t, row["null"])}
		if row["webb"] == "TRUE" {
			o.Weights = Webb
		}
		w, err := Wild(p, r.treated, controls, o)
		if err != nil {
			t.Fatal(err)
		}
		near(t, "t", w.T, number(t, row["t"]), 1e-9)
		if want := number(t, row["hits"]) / number(t, row["of"]); w.P != want || !w.Complete {
			t.Errorf("%v: p = %v, want %v", row, w.P, want)
		}
	}
}
