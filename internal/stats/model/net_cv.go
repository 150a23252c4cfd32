package model

import (
	"math"

	"openvru/internal/stats"
)

// Folds say how rows are divided for cross-validation.
type Folds struct {
	// Number of folds; 0 is 10. It is not looked at when Of is given.
	Number int
	// Seed draws which row is in which fold, the folds being as equal as they can.
	Seed uint64
	// Of is the fold of each row, from 0, when the division is given: folds of
	// neighbouring places give a more honest picture where places resemble their
	// neighbours.
	Of []int
}

// Validated is an elastic net and how well each penalty predicts rows that were
// not used for it.
type Validated struct {
	*Net
	// Loss is the mean Poisson deviance of a row left out, and LossSE its standard
	// error from the spread between folds.
	Loss, LossSE []float64
	// Best is the number of the penalty of least loss, and Simple that of the
	// largest penalty whose loss is within one standard error of it.
	Best, Simple int
}

// CrossValidate fits an elastic net to all rows, then at the same penalties to
// all rows but those of each fold, and holds each fold against the fit that did
// not see it. The result is the same whatever the number of cores.
//
// Errors are those of ElasticNet; ErrOption and ErrTooFew for folds that are
// fewer than two, more than the rows, or empty; ErrNoFit when the rows outside a
// fold hold no counts.
func CrossValidate(d *Design, y []float64, o NetOptions, folds Folds) (*Validated, error) {
	whole, err := ElasticNet(d, y, o)
	if err != nil {
		return nil, err
	}
	of, number, err := folds.divide(len(y))
	if err != nil {
		return nil, err
	}
	losses, weights, failed := make([][]float64, number), make([]float64, number), make([]error, number)
	stats.Parallel(number, func(_, fold int) {
		losses[fold], weights[fold], failed[fold] = lossOf(d, y, o, leftOut{of: of, fold: fold, penalties: whole.Penalties})
	})
	for _, err := range failed {
		if err != nil {
			return nil, err
		}
	}
	v := &Validated{Net: whole}
	v.gather(losses, weights)
	return v, nil
}

// divide returns the fold of each row and their number.
func (f Folds) divide(rows int) ([]int, int, error) {
	if f.Of == nil {
		number := f.Number
		if number == 0 {
			number = 10
		}
		if number < 2 {
			return nil, 0, stats.ErrOption
		}
		if number > rows {
			return nil, 0, stats.ErrTooFew
		}
		return f.draw(rows, number), number, nil
	}
	if len(f.Of) != rows {
		return nil, 0, stats.ErrLength
	}
	var count []int
	for _, fold := range f.Of {
		if fold < 0 || fold >= rows {
			return nil, 0, stats.ErrOption
		}
		for fold >= len(count) {
			count = append(count, 0)
		}
		count[fold]++
	}
	for _, c := range count {
		if c == 0 {
			return nil, 0, stats.ErrOption
		}
	}
	if len(count) < 2 {
		return nil, 0, stats.ErrTooFew
	}
	return f.Of, len(count), nil
}

// draw deals the rows out in random order.
func (f Folds) draw(rows, number int) []int {
	order := make([]float64, rows)
	for i := range order {
		order[i] = float64(i % number)
	}
	r := stats.NewRand(f.Seed, 0)
	r.Shuffle(order)
	of := make([]int, rows)
	for i, v := range order {
		of[i] = int(v)
	}
	return of
}

// leftOut names the rows of one fold and the penalties to fit at.
type leftOut struct {
	of        []int
	fold      int
	penalties []float64
}

// lossOf fits without a fold and returns its mean deviance at each penalty and
// its weight.
func lossOf(d *Design, y []float64, o NetOptions, left leftOut) ([]float64, float64, error) {
	kept := make([]float64, len(y))
	for i := range kept {
		if left.of[i] != left.fold {
			kept[i] = at(o.Weights, i, 1)
		}
	}
	p, err := newNet(d, y, NetOptions{Offset: o.Offset, Weights: kept, Ridge: o.Ridge, Raw: o.Raw})
	if err != nil {
		return nil, 0, err
	}
	p.settled = foldSettled
	net, err := p.path(d, o, left.penalties)
	if err != nil {
		return nil, 0, err
	}
	loss, weight := make([]float64, len(left.penalties)), 0.0
	judge := &problem{family: Poisson}
	for i, fold := range left.of {
		w := at(o.Weights, i, 1)
		if fold != left.fold || w == 0 {
			continue
		}
		weight += w
		for k := range loss {
			eta := net.Intercepts[k] + at(o.Offset, i, 0)
			for j, b := range net.Coefficients[k] {
				if b != 0 {
					eta += b * d.columns[j][i]
				}
			}
			loss[k] += w * judge.unit(y[i], min(max(math.Exp(eta), tiny), largest))
		}
	}
	for k := range loss {
		loss[k] /= weight
	}
	return loss, weight, nil
}

// gather averages the folds by their weight and picks the penalties.
func (v *Validated) gather(losses [][]float64, weights []float64) {
	steps, total, used := len(v.Penalties), 0.0, 0.0
	v.Loss, v.LossSE = make([]float64, steps), make([]float64, steps)
	for _, w := range weights {
		if w > 0 {
			total, used = total+w, used+1
		}
	}
	for k := range steps {
		for f, w := range weights {
			if w > 0 {
				v.Loss[k] += w / total * losses[f][k]
			}
		}
		square := 0.0
		for f, w := range weights {
			if w > 0 {
				off := losses[f][k] - v.Loss[k]
				square += w / total * off * off
			}
		}
		v.LossSE[k] = math.Sqrt(square / (used - 1))
		if v.Loss[k] < v.Loss[v.Best] {
			v.Best = k
		}
	}
	for v.Simple < v.Best && v.Loss[v.Simple] > v.Loss[v.Best]+v.LossSE[v.Best] {
		v.Simple++
	}
}
