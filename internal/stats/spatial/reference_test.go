package spatial

import (
	"encoding/csv"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"testing"
)

// sheet is a file of reference values: its columns by name.
type sheet struct {
	rows    int
	columns map[string][]string
}

func readSheet(t testing.TB, path string) sheet {
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
	s := sheet{len(rows) - 1, map[string][]string{}}
	for column, name := range rows[0] {
		for _, row := range rows[1:] {
			s.columns[name] = append(s.columns[name], row[column])
		}
	}
	return s
}

// numbers returns a column, NA as NaN.
func (s sheet) numbers(t testing.TB, name string) []float64 {
	t.Helper()
	out := make([]float64, s.rows)
	if len(s.columns[name]) != s.rows {
		t.Fatalf("there is no column %q", name)
	}
	for i, text := range s.columns[name] {
		v, err := strconv.ParseFloat(text, 64)
		if text == "NA" {
			v, err = math.NaN(), nil
		}
		if err != nil {
			t.Fatal(err)
		}
		out[i] = v
	}
	return out
}

// neighbours reads a file of links i, j counted from 1.
func readNeighbours(t testing.TB, path string, n int) [][]int32 {
	t.Helper()
	s := readSheet(t, path)
	lists := make([][]int32, n)
	to := s.numbers(t, "j")
	for k, i := range s.numbers(t, "i") {
		lists[int(i)-1] = append(lists[int(i)-1], int32(to[k])-1)
	}
	return lists
}

// near reports values that differ by more than 1e-9 of their size. NaN is near
// NaN.
func near(t *testing.T, what string, got, want float64) {
	t.Helper()
	if math.IsNaN(got) != math.IsNaN(want) || math.Abs(got-want) > 1e-9*math.Abs(want) {
		t.Errorf("%s is %.15g, not %.15g", what, got, want)
	}
}

// The values that came with the real data, computed by R's spdep 1.2-7.
func TestReferenceResults(t *testing.T) {
	root := os.Getenv("OPENVRU_REALDATA")
	if root == "" {
		t.Skip("OPENVRU_REALDATA does not name the folder of real files, so they are not read")
	}
	folder := filepath.Join(root, "spatial-stats", "reference-results")
	global := map[string]float64{}
	s := readSheet(t, filepath.Join(folder, "global_statistics.csv"))
	for k, v := range s.numbers(t, "value") {
		global[s.columns["dataset"][k]+" "+s.columns["statistic"][k]] = v
	}
	for _, set := range []struct{ name, value string }{{"columbus", "CRIME"}, {"nc_sids", "FT_SID74"}} {
		s := readSheet(t, filepath.Join(folder, set.name+"_"+set.value+"_local.csv"))
		w := weightsOf(t, readNeighbours(t, filepath.Join(folder, set.name+"_neighbours.csv"), s.rows))
		x := s.numbers(t, "x")
		of := func(statistic string) float64 {
			v, ok := global[set.name+" "+statistic+"["+set.value+"]"]
			if !ok {
				t.Fatalf("no %s", statistic)
			}
			return v
		}
		rows := w.RowStandardised()
		moran, err := Moran(rows, x, Options{})
		if err != nil {
			t.Fatal(err)
		}
		near(t, "I", moran.Value, of("moran_I"))
		near(t, "E", moran.Randomisation.Expected, of("moran_E"))
		near(t, "Var", moran.Randomisation.Variance, of("moran_Var_rand"))
		near(t, "z", moran.Randomisation.Z, of("moran_z_rand"))
		near(t, "p", moran.Randomisation.P.TwoSided, of("moran_p2_rand"))
		near(t, "Var", moran.Normality.Variance, of("moran_Var_norm"))
		near(t, "z", moran.Normality.Z, of("moran_z_norm"))
		near(t, "p", moran.Normality.P.TwoSided, of("moran_p2_norm"))
		geary, err := Geary(rows, x, Options{})
		if err != nil {
			t.Fatal(err)
		}
		near(t, "C", geary.Value, of("geary_C"))
		near(t, "Var", geary.Randomisation.Variance, of("geary_Var_rand"))
		near(t, "z", -geary.Randomisation.Z, of("geary_z_rand"))
		near(t, "Var", geary.Normality.Variance, of("geary_Var_norm"))
		near(t, "z", -geary.Normality.Z, of("geary_z_norm"))
		g, err := GeneralG(w, x, Options{})
		if err != nil {
			t.Fatal(err)
		}
		near(t, "G", g.Value, of("global_G"))
		near(t, "E", g.Randomisation.Expected, of("global_G_E"))
		near(t, "Var", g.Randomisation.Variance, of("global_G_Var"))
		near(t, "z", g.Randomisation.Z, of("global_G_z"))

		local, err := LocalMoran(rows, x, Options{})
		if err != nil {
			t.Fatal(err)
		}
		gi, err := LocalG(rows, x, Options{})
		if err != nil {
			t.Fatal(err)
		}
		star, err := LocalG(w.WithSelf().RowStandardised(), x, Options{})
		if err != nil {
			t.Fatal(err)
		}
		for name, got := range map[string][]float64{
			"Ii": local.Value, "E.Ii": local.Expected, "Var.Ii": local.Variance, "Z.Ii": local.Z, "p": local.P,
			"Gi_z": gi.Z, "Gistar_z": star.Z, "lag": rows.Lag(x),
		} {
			for i, want := range s.numbers(t, name) {
				near(t, set.name+" "+name, got[i], want)
			}
		}
	}
}
