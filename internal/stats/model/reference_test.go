package model

import (
	"bufio"
	"math"
	"os"
	"strconv"
	"strings"
	"testing"
)

// reference is a file of R's results: case, quantity, values.
type reference map[string]map[string][]float64

func readReference(t testing.TB, name string) reference {
	t.Helper()
	file, err := os.Open("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	out := reference{}
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 1<<22)
	for lines.Scan() {
		part := strings.Split(lines.Text(), "\t")
		if len(part) != 3 {
			t.Fatalf("%s: %d parts", name, len(part))
		}
		name := strings.TrimSpace(part[0])
		if out[name] == nil {
			out[name] = map[string][]float64{}
		}
		var values []float64
		for _, word := range strings.Fields(part[2]) {
			if word == "NA" {
				word = "NaN"
			}
			v, err := strconv.ParseFloat(word, 64)
			if err != nil {
				t.Fatal(err)
			}
			values = append(values, v)
		}
		out[name][strings.TrimSpace(part[1])] = values
	}
	if lines.Err() != nil || len(out) == 0 {
		t.Fatal("no reference: ", lines.Err())
	}
	return out
}

// same compares lists; the tolerance is relative to each value or to the list's
// largest times 1e-3, whichever is the larger.
func same(t *testing.T, what string, got, want []float64, tolerance float64) {
	t.Helper()
	if len(got) != len(want) || len(want) == 0 {
		t.Errorf("%s: %d values, want %d", what, len(got), len(want))
		return
	}
	largest := 0.0
	for _, v := range want {
		if !math.IsNaN(v) {
			largest = max(largest, math.Abs(v))
		}
	}
	worst, at := 0.0, 0
	for i := range want {
		if math.IsNaN(want[i]) || math.IsNaN(got[i]) {
			if math.IsNaN(want[i]) != math.IsNaN(got[i]) {
				t.Errorf("%s[%d] = %v, want %v", what, i, got[i], want[i])
			}
			continue
		}
		if off := math.Abs(got[i]-want[i]) / max(math.Abs(want[i]), 1e-3*largest); off > worst {
			worst, at = off, i
		}
	}
	if worst > tolerance {
		t.Errorf("%s[%d] = %.15g, want %.15g (off by %.1e, allowed %.0e)", what, at, got[at], want[at], worst, tolerance)
	}
}

// design is the columns that R's model.matrix made, the first the intercept.
func (r reference) design(name string) *Design {
	c := r[name]
	n := len(c["y"])
	d := NewDesign(n).Intercept()
	for j := 1; j < int(c["cols"][0]); j++ {
		d.Add("x"+strconv.Itoa(j), c["X"][j*n:(j+1)*n])
	}
	return d
}

// options are the case's lists with a family.
func (r reference) options(name string, family Family) Options {
	c := r[name]
	return Options{Family: family, Weights: c["weights"], Offset: c["offset"], Trials: c["trials"]}
}
