package detect

import (
	"encoding/csv"
	"math"
	"os"
	"strconv"
	"testing"
)

// table is a CSV file as rows of named columns.
type row map[string]string

func (r row) num(t testing.TB, column string) float64 {
	t.Helper()
	switch v := r[column]; v {
	case "NA", "NaN":
		return math.NaN()
	case "Inf":
		return math.Inf(1)
	default:
		f, err := strconv.ParseFloat(v, 64)
		if err != nil {
			t.Fatalf("%s: %v", column, err)
		}
		return f
	}
}

func (r row) int(t testing.TB, column string) int { t.Helper(); return int(r.num(t, column)) }

func readTable(t testing.TB, path string) []row {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	lines, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var out []row
	for _, line := range lines[1:] {
		r := row{}
		for i, name := range lines[0] {
			r[name] = line[i]
		}
		out = append(out, r)
	}
	return out
}

// referenceSeries is the series of testdata/series.csv with their frequencies.
func referenceSeries(t testing.TB) (map[string][]float64, map[string]float64) {
	t.Helper()
	series, period := map[string][]float64{}, map[string]float64{}
	for _, r := range readTable(t, "testdata/series.csv") {
		series[r["series"]] = append(series[r["series"]], r.num(t, "observed"))
		period[r["series"]] = r.num(t, "frequency")
	}
	return series, period
}

// people is the population that the reference script makes up.
func people(n int) []float64 {
	out := make([]float64, n)
	for i := range out {
		x := float64(i + 1)
		out[i] = 1000 * (1 + x/500 + 0.1*math.Cos(x/7))
	}
	return out
}

func orNone(n int) int {
	if n == 0 {
		return None
	}
	return n
}

// options turns a row of testdata/cases.csv into options; trends and errors are
// worked out as the peer does.
func options(t testing.TB, c row, period float64, n int) FlexibleOptions {
	t.Helper()
	o := FlexibleOptions{
		Period: period, Years: c.int(t, "b"), HalfWindow: orNone(c.int(t, "w")), Parts: c.int(t, "periods"),
		Gap: orNone(c.int(t, "past")), WeightAbove: c.num(t, "threshold"), TrendBelow: c.num(t, "p"),
		EqualWeights: c["reweight"] == "FALSE", NoTrend: c["trend"] == "FALSE", Alpha: c.num(t, "alpha"),
		Bound: map[string]Bound{"nbPlugin": Plugin, "delta": Delta, "muan": Muan}[c["method"]],
		Power: map[string]Power{"2/3": TwoThirds, "1/2": Half, "none": One}[c["power"]],
		From:  c.int(t, "from") - 1, To: c.int(t, "to"),
		MinCases: orNone(c.int(t, "cases")), RecentPoints: c.int(t, "window"),
		PeerErrors: true,
	}
	if c["offset"] == "TRUE" {
		o.Exposure = people(n)
	}
	return o
}

func closeTo(got, want, tolerance float64) bool {
	return math.Abs(got-want) <= tolerance*max(1, math.Abs(want))
}

// results is a table of the peer's results by case.
func results(t testing.TB, path string) map[string][]row {
	t.Helper()
	out := map[string][]row{}
	for _, r := range readTable(t, path) {
		out[r["id"]] = append(out[r["id"]], r)
	}
	return out
}

// figure is one figure of an evaluation and the column that it answers to.
type figure struct {
	column string
	got    float64
}

// compare holds an evaluation against a row; the peer leaves figures out (NA)
// where there were too few cases.
func compare(t *testing.T, c, w row, figures []figure) {
	t.Helper()
	for _, f := range figures {
		want := w.num(t, f.column)
		if !math.IsNaN(want) && !closeTo(f.got, want, 1e-6) {
			t.Errorf("case %s (%s), t %s: %s = %.9g, want %.9g", c["id"], c["series"], w["t"], f.column, f.got, want)
		}
	}
}

func TestFlexibleIsSurveillances(t *testing.T) {
	series, period := referenceSeries(t)
	want := results(t, "testdata/flexible.csv")
	compared := 0
	for _, c := range readTable(t, "testdata/cases.csv") {
		if c["kind"] != "flexible" {
			continue
		}
		y := series[c["series"]]
		got, err := Flexible(y, options(t, c, period[c["series"]], len(y)))
		if err != nil || len(got) != len(want[c["id"]]) {
			t.Fatalf("case %s: %d of %d results, %v", c["id"], len(got), len(want[c["id"]]), err)
		}
		for i, e := range got {
			w := want[c["id"]][i]
			compared++
			if e.Verdict == NoCount {
				continue
			}
			compare(t, c, w, []figure{
				{"upper", e.Upper}, {"p", e.P}, {"expected", e.Expected}, {"phi", e.Dispersion}, {"slope", e.Slope},
			})
			if e.Trend != (w.num(t, "trend") == 1) {
				t.Errorf("case %s, t %s: trend %v", c["id"], w["t"], e.Trend)
			}
			if alarm := w.num(t, "alarm") == 1; e.Alarm() != alarm && !missingLately(y, i+c.int(t, "from")-1) {
				t.Errorf("case %s, t %s: %v, alarm %v", c["id"], w["t"], e.Verdict, alarm)
			}
		}
	}
	if compared < 1000 {
		t.Errorf("only %d evaluations compared", compared)
	}
}

// missingLately reports whether one of the last four counts is missing: the peer
// then never raises an alarm, however high the count.
func missingLately(y []float64, at int) bool {
	for i := at - 3; i <= at; i++ {
		if math.IsNaN(y[i]) {
			return true
		}
	}
	return false
}

func TestClassicIsSurveillances(t *testing.T) {
	series, period := referenceSeries(t)
	want := results(t, "testdata/classic.csv")
	compared := 0
	for _, c := range readTable(t, "testdata/cases.csv") {
		if c["kind"] != "classic" {
			continue
		}
		y := series[c["series"]]
		f := options(t, c, period[c["series"]], len(y))
		got, err := Classic(y, ClassicOptions{
			Period: f.Period, Years: f.Years, HalfWindow: f.HalfWindow, EqualWeights: f.EqualWeights, NoTrend: f.NoTrend,
			Alpha: f.Alpha, Power: f.Power, MinCases: f.MinCases, RecentPoints: f.RecentPoints, Exposure: f.Exposure,
			From: f.From, To: f.To, PeerErrors: true,
		})
		if err != nil {
			t.Fatalf("case %s: %v", c["id"], err)
		}
		for i, e := range got {
			w := want[c["id"]][i]
			compared++
			figures := []figure{{"quantile", 1 - e.P}, {"median", e.Expected}}
			if e.Verdict != FewCases { // else the peer gives an upper bound of zero
				figures = append(figures, figure{"upper", e.Upper})
			}
			compare(t, c, w, figures)
			if e.Trend != (w.num(t, "trend") == 1) || e.Alarm() != (w.num(t, "alarm") == 1) {
				t.Errorf("case %s, t %s: trend %v, alarm %v", c["id"], w["t"], e.Trend, e.Alarm())
			}
		}
	}
	if compared < 500 {
		t.Errorf("only %d evaluations compared", compared)
	}
}
