package model

import (
	"math"

	"openvru/internal/errs"
	"openvru/internal/stats"
	"openvru/internal/stats/lin"
)

// HC is a correction of the sandwich for the number of rows.
type HC int

// The corrections of MacKinnon and White (1985): what a row's squared score is
// multiplied by, with n rows, k columns and leverage h.
const (
	HC0 HC = iota // 1
	HC1           // n/(n−k)
	HC2           // 1/(1−h)
	HC3           // 1/(1−h)²
)

// alone is how little may be left of one beside a leverage before its row counts
// as fitted by itself alone: of less, rounding takes six digits and more.
const alone = 1e-10

// Robust returns the covariance matrix of the coefficients that holds whatever
// the variance of each row (Huber 1967; White 1980), rows being independent.
// HC3 is the one to use for fewer than a few hundred rows. A row of leverage 1
// under HC2 or HC3, or no degrees of freedom under HC1, is stats.ErrTooFew.
func (f *Fitted) Robust(kind HC) (lin.Matrix, error) {
	if kind < HC0 || kind > HC3 {
		return lin.Matrix{}, stats.ErrOption
	}
	p, scale := f.problem, 1.0
	squares := make([]float64, len(p.score))
	for i, s := range p.score {
		squares[i] = s * s
	}
	switch kind {
	case HC1:
		if f.DF < 1 {
			return lin.Matrix{}, stats.ErrTooFew
		}
		scale = float64(f.DF+f.Rank) / float64(f.DF)
	case HC2, HC3:
		for i, h := range f.Leverages() {
			if 1-h < alone {
				return lin.Matrix{}, errs.New(errs.Invalid, "A row is fitted by itself alone: %w", stats.ErrTooFew)
			}
			if squares[i] /= 1 - h; kind == HC3 {
				squares[i] /= 1 - h
			}
		}
	}
	return f.sandwich(p.cross(squares), scale), nil
}

// cross returns XᵀDX in full, D diagonal.
func (p *problem) cross(diagonal []float64) []float64 {
	k := len(p.columns)
	parts := make([]float64, p.pieces()*k*k)
	stats.Parallel(p.pieces(), func(_, piece int) {
		part := parts[piece*k*k : (piece+1)*k*k]
		spare := make([]float64, k)
		low, end := p.piece(piece)
		for ; low < end; low += blockRows {
			d := diagonal[low:min(low+blockRows, end)]
			gram(p.columns, low, d, d, part, spare)
		}
	})
	sum := parts[:k*k]
	for at := k * k; at < len(parts); at += k * k {
		add(sum, parts[at:at+k*k])
	}
	mirror(sum, k)
	return sum
}

// mirror copies the upper half of a square matrix to the lower.
func mirror(m []float64, k int) {
	for i := range k {
		for j := range i {
			m[i*k+j] = m[j*k+i]
		}
	}
}

// sandwich puts the middle between two of (XᵀWX)⁻¹, times a scale.
func (f *Fitted) sandwich(middle []float64, scale float64) lin.Matrix {
	k := f.Rank
	half := product(f.unscaled, middle, k)
	whole := product(half, f.unscaled, k)
	for i := range k {
		for j := range i + 1 {
			v := scale * (whole[i*k+j] + whole[j*k+i]) / 2
			whole[i*k+j], whole[j*k+i] = v, v
		}
	}
	return f.matrix(whole)
}

func product(a, b []float64, k int) []float64 {
	out := make([]float64, k*k)
	for i := range k {
		for l := range k {
			v := a[i*k+l]
			for j := range k {
				out[i*k+j] += v * b[l*k+j]
			}
		}
	}
	return out
}

// Clusters say which rows belong together.
type Clusters struct {
	// Of is the cluster of each row: any whole numbers.
	Of []int
	// Plain leaves out the factors for few clusters, G/(G−1) and (n−1)/(n−k): CR0.
	// With them it is CR1, which Stata and sandwich's HC1 use.
	Plain bool
}

// Clustered returns the covariance matrix of the coefficients that holds
// whatever the dependence of rows within a cluster (Liang and Zeger 1986). It
// rests on the number of clusters: under forty or so it is too small, and the
// wild bootstrap is the better tool. One cluster is stats.ErrTooFew, and with
// the factors so is having no degrees of freedom.
func (f *Fitted) Clustered(c Clusters) (lin.Matrix, error) {
	p := f.problem
	if len(c.Of) != len(p.y) {
		return lin.Matrix{}, stats.ErrLength
	}
	number := make(map[int]int)
	k := len(p.columns)
	var sums []float64
	for i, name := range c.Of {
		if p.weight[i] == 0 {
			continue
		}
		g, ok := number[name]
		if !ok {
			g = len(number)
			number[name] = g
			sums = append(sums, make([]float64, k)...)
		}
		for j, x := range p.columns {
			sums[g*k+j] += x[i] * p.score[i]
		}
	}
	groups, rows := float64(len(number)), float64(f.DF+f.Rank)
	if groups < 2 || !c.Plain && f.DF < 1 {
		return lin.Matrix{}, stats.ErrTooFew
	}
	scale := 1.0
	if !c.Plain {
		scale = groups / (groups - 1) * (rows - 1) / (rows - float64(f.Rank))
	}
	return f.sandwich(outer(sums, k), scale), nil
}

// outer returns the sum of the products of each row of k values with itself.
func outer(rows []float64, k int) []float64 {
	out := make([]float64, k*k)
	for at := 0; at < len(rows); at += k {
		row := rows[at : at+k]
		for i, v := range row {
			for j := i; j < k; j++ {
				out[i*k+j] += v * row[j]
			}
		}
	}
	mirror(out, k)
	return out
}

// HAC says how a covariance matrix allows for dependence from row to row.
type HAC struct {
	// Lag is the longest lag that counts, its weight 1 − l/(Lag+1) (Bartlett);
	// AutoLag has it chosen from the data, RuleLag from the number of rows.
	Lag int
	// Adjust multiplies by n/(n−k), n being the rows of weight above zero, as for few
	// rows it should.
	Adjust bool
}

const (
	// AutoLag chooses the lag by the rule of Newey and West (1994).
	AutoLag = -1
	// RuleLag is the lag ⌊4 (n/100)^(2/9)⌋.
	RuleLag = -2
)

// NeweyWest returns the covariance matrix of the coefficients for rows in order
// of time that are one step apart (Newey and West 1987). It holds when what one
// row lacks or exceeds carries on into those after it, for some lags, and
// whatever each row's variance. The lag that was used is returned too; it is
// less than the number of rows.
func (f *Fitted) NeweyWest(o HAC) (lin.Matrix, int, error) {
	p := f.problem
	n := len(p.y)
	lag := o.Lag
	switch {
	case lag == AutoLag:
		lag = int(min(f.bandwidth(), float64(n)))
	case lag == RuleLag:
		lag = ruleLag(n)
	case lag < 0:
		return lin.Matrix{}, 0, stats.ErrOption
	}
	if o.Adjust && f.DF < 1 {
		return lin.Matrix{}, 0, stats.ErrTooFew
	}
	lag = max(0, min(lag, n-1))
	scale := 1.0
	if o.Adjust {
		scale = float64(f.DF+f.Rank) / float64(f.DF)
	}
	return f.sandwich(LongRun(f.Scores(), lag), scale), lag, nil
}

// Scores returns what each row pulls at each coefficient that is not aliased, by
// coefficient and then by row; what pulls at one adds up to nothing.
func (f *Fitted) Scores() [][]float64 {
	p := f.problem
	out := make([][]float64, len(p.columns))
	for j, x := range p.columns {
		out[j] = make([]float64, len(x))
		for i, v := range x {
			out[j][i] = v * p.score[i]
		}
	}
	return out
}

// LongRun returns the covariance matrix of the sums of series, by rows: the sum over
// steps and lags of w(l) (sᵢ sᵢ₋ₗᵀ + sᵢ₋ₗ sᵢᵀ), with half the weight at lag zero and
// w(l) = 1 − l/(lag+1) (Bartlett). The scores of several fits of the same rows put
// together give the covariance between these. The weighted sum of what came before is
// formed first, so that products are formed once and not for each lag. The lag may not
// be negative, nor reach the length of the series, which are all as long.
func LongRun(series [][]float64, lag int) []float64 {
	k := len(series)
	past := make([][]float64, k)
	stats.Parallel(k, func(_, j int) {
		s := series[j]
		sum := make([]float64, len(s))
		for i, v := range s {
			sum[i] = v / 2
		}
		for l := 1; l <= lag; l++ {
			w := 1 - float64(l)/float64(lag+1)
			for i, v := range s[:len(s)-l] {
				sum[i+l] += w * v
			}
		}
		past[j] = sum
	})
	out := make([]float64, k*k)
	stats.Parallel(k, func(_, a int) {
		for b := range k {
			out[a*k+b] = lin.Dot(series[a], past[b]) + lin.Dot(series[b], past[a])
		}
	})
	return out
}

func ruleLag(n int) int { return int(math.Floor(4 * math.Pow(float64(n)/100, 2.0/9))) }

// bandwidth is that of Newey and West (1994) for the Bartlett kernel, from the
// autocovariances of the sum of the scores of all columns but the intercept.
func (f *Fitted) bandwidth() float64 {
	p := f.problem
	n, k := len(p.y), len(p.columns)
	h := make([]float64, n)
	for j, at := range f.kept {
		if f.design.names[at] == "intercept" && k > 1 {
			continue
		}
		for i, v := range p.columns[j] {
			h[i] += v * p.score[i]
		}
	}
	zero, one := 0.0, 0.0
	for l := 0; l <= min(ruleLag(n), n-1); l++ {
		c := lin.Dot(h[:n-l], h[l:]) / float64(n)
		if l == 0 {
			zero = c
			continue
		}
		zero += 2 * c
		one += 2 * float64(l) * c
	}
	if zero == 0 {
		return 0
	}
	return 1.1447 * math.Cbrt(one/zero*(one/zero)*float64(n))
}
