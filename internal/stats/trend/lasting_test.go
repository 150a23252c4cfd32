package trend

import (
	"math"
	"testing"
)

type lastingReference struct {
	Points [][2]float64
	Fits   map[string]struct {
		Y, SE, Deviance, Dispersions []float64
		Share, Fading, Dispersion    float64
	}
}

// seen is the regression of testdata/lasting.R.
func seen(t *testing.T, name string, y []float64) *Fit {
	t.Helper()
	o := InterruptedOptions{Model: Model{Season: Season{Harmonics: 2}}, Interventions: []Intervention{law(LevelOnly, 0)}}
	if name == "discoveries" {
		c := must(Model{Season: Season{Harmonics: NoSeason}}.columns(len(y), len(y), 1))
		return must(Model{}.fit(y, c))
	}
	c, _, err := o.columns(len(y))
	if err != nil {
		t.Fatal(err)
	}
	return must(o.fit(y, c))
}

// Share, fading and errors by restricted likelihood are those of nlme's gls; the
// likelihood itself to 1e-9, where it is greatest to what the search stops at.
func TestLastingErrorsAreNlmes(t *testing.T) {
	var ref lastingReference
	reference(t, "lasting.json", &ref)
	for name, want := range ref.Fits {
		f := seen(t, name, want.Y)
		r := newRestricted(f.lasts.pull, f.pearson, len(f.estimates))
		first := 0.0
		for i, p := range ref.Points {
			deviance, dispersion := r.deviance(lasting{share: p[0], fading: p[1]}, f.DF)
			if i == 0 {
				first = deviance - want.Deviance[0] // the constants differ
			}
			near(t, name+" likelihood", []float64{deviance - first, dispersion}, []float64{want.Deviance[i], want.Dispersions[i]}, 1e-9)
		}
		if want.Fading > slowest { // a drift: held at the slowest fading
			if f.Fading < slowest-0.002 {
				t.Errorf("%s: fading %v", name, f.Fading)
			}
			continue
		}
		near(t, name, []float64{f.Lasting, f.Fading}, []float64{want.Share, want.Fading}, 5e-3)
		least := math.Sqrt(max(want.Dispersion, 1) / want.Dispersion) // no less than Poisson
		for j, term := range f.Terms {
			if relative(term.SE, want.SE[j]*least) > 2e-3 {
				t.Errorf("%s, %s: error %v, not %v", name, term.Name, term.SE, want.SE[j]*least)
			}
		}
	}
}

// The restricted likelihood and the scores' covariance by their definitions, with
// matrices of months by months, two months being left out.
func TestLastingByItsMatrices(t *testing.T) {
	const n = 40
	y := boroughs(2, n)[1]
	days := make([]float64, n)
	for i := range days {
		days[i] = float64(28 + i%3)
	}
	y[17], days[17], y[18], days[18] = 0, 0, 0, 0
	f := must(Regress(y, Model{Season: Season{Harmonics: 1}, Exposure: days}))
	k := len(f.estimates)
	l := lasting{share: 0.6, fading: 0.8, dispersion: 1.7, pull: f.lasts.pull}
	correlation := func(i, j int) float64 {
		if i == j {
			return 1
		}
		return l.share * math.Pow(l.fading, math.Abs(float64(i-j)))
	}
	var there []int
	for i := range n {
		if days[i] > 0 {
			there = append(there, i)
		}
	}
	m := len(there)
	v := make([]float64, m*m)
	for a, i := range there {
		for b, j := range there {
			v[a*m+b] = correlation(i, j)
		}
	}
	root := cholesky(v, m)
	want := 0.0
	rows := make([][]float64, m) // the columns and the residual, whitened
	for a, i := range there {
		rows[a] = append(append([]float64(nil), l.pull[i*k:(i+1)*k]...), f.pearson[i])
		for b := range a {
			for j := range rows[a] {
				rows[a][j] -= root[a*m+b] * rows[b][j]
			}
		}
		for j := range rows[a] {
			rows[a][j] /= root[a*m+a]
		}
		want += 2 * math.Log(root[a*m+a])
	}
	gram := make([]float64, (k+1)*(k+1))
	for _, row := range rows {
		for a := range row {
			for b := range row {
				gram[a*(k+1)+b] += row[a] * row[b]
			}
		}
	}
	of := cholesky(gram, k+1)
	for j := range k {
		want += 2 * math.Log(of[j*(k+1)+j])
	}
	dispersion := of[len(of)-1] * of[len(of)-1] / float64(f.DF)
	want += float64(f.DF) * math.Log(dispersion)
	deviance, got := newRestricted(l.pull, f.pearson, k).deviance(l, f.DF)
	near(t, "likelihood", []float64{deviance, got}, []float64{want, dispersion}, 1e-10)

	middle := make([]float64, k*k)
	for _, i := range there {
		for _, j := range there {
			for a := range k {
				for b := range k {
					middle[a*k+b] += l.dispersion * correlation(i, j) * l.pull[i*k+a] * l.pull[j*k+b]
				}
			}
		}
	}
	near(t, "middle", l.middle(n, k), middle, 1e-10)
}
