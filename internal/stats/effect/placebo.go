package effect

import (
	"math"
	"slices"

	"openvru/internal/stats"
)

// InSpace is the result of PlacebosInSpace.
type InSpace struct {
	Treated SyntheticControl
	// Units are the donors, and Placebos the synthetic control of each as if it
	// had been treated.
	Units    []int
	Placebos []SyntheticControl
	// P is how often a unit, the treated one among them, has a ratio of gaps after
	// to gaps before as large as the treated unit's.
	P float64
}

// PlacebosInSpace gives the treatment to each donor in turn (Abadie, Diamond and
// Hainmueller 2010, section 3.4). The treated unit joins the donors of the
// others, as in the paper: then all units are dealt with alike, and the p-value
// is exact if any of them was as likely to be treated as any other. The smallest
// there can be is 1 over the number of units. Errors as for Synthetic, and
// ErrTooFew under two donors.
func PlacebosInSpace(p Panel, treated, start int, o SyntheticOptions) (InSpace, error) {
	s, err := newSynthesis(p, treated, start, o)
	if err != nil {
		return InSpace{}, err
	}
	if len(s.donors) < 2 {
		return InSpace{}, stats.ErrTooFew
	}
	out := InSpace{Units: slices.Clone(s.donors), Placebos: make([]SyntheticControl, len(s.donors))}
	failed := make([]error, len(s.donors)+1)
	stats.Parallel(len(s.donors)+1, func(_, k int) {
		if k == len(s.donors) {
			out.Treated, failed[k] = s.fit()
			return
		}
		other := s
		other.treated, other.donors = s.donors[k], append([]int(nil), s.donors...)
		other.donors[k] = s.treated
		out.Placebos[k], failed[k] = other.fit()
	})
	for _, err := range failed {
		if err != nil {
			return InSpace{}, err
		}
	}
	out.P = out.Within(math.Inf(1))
	return out, nil
}

// Within returns P among the units whose root mean squared gap before the start
// is at most so many times the treated unit's: units without a good match say
// little.
func (s InSpace) Within(times float64) float64 {
	least := s.Treated.Ratio * (1 - 1e-9)
	hits, units := 1.0, 1.0
	for _, c := range s.Placebos {
		if c.Before > times*s.Treated.Before {
			continue
		}
		units++
		if c.Ratio >= least {
			hits++
		}
	}
	return hits / units
}

// PlaceboInTime returns the synthetic control as if the treatment had begun
// earlier, of the periods before it did: the gaps from then on should be like
// those before. Predictors must not look past the earlier start. Errors as for
// Synthetic, and ErrOption unless 0 < earlier < start.
func PlaceboInTime(p Panel, treated, start, earlier int, o SyntheticOptions) (SyntheticControl, error) {
	_, periods, err := p.size()
	if err != nil {
		return SyntheticControl{}, err
	}
	if start > periods || earlier < 1 || earlier >= start {
		return SyntheticControl{}, stats.ErrOption
	}
	short := Panel{Outcome: make([][]float64, len(p.Outcome))}
	for i, row := range p.Outcome {
		short.Outcome[i] = row[:start]
	}
	return Synthetic(short, treated, earlier, o)
}

// Without is the synthetic control when one donor is left out.
type Without struct {
	Donor int
	SyntheticControl
}

// LeaveOneOut returns the synthetic control without each donor that has weight,
// in turn: an effect that hangs on one donor is no firm one. Errors as for
// Synthetic; ErrTooFew with a single donor.
func LeaveOneOut(p Panel, treated, start int, o SyntheticOptions) ([]Without, error) {
	s, err := newSynthesis(p, treated, start, o)
	if err != nil {
		return nil, err
	}
	if len(s.donors) < 2 {
		return nil, stats.ErrTooFew
	}
	whole, err := s.fit()
	if err != nil {
		return nil, err
	}
	var out []Without
	for k, d := range s.donors {
		if whole.Weights[d] == 0 {
			continue
		}
		other := s
		other.donors = append(append([]int(nil), s.donors[:k]...), s.donors[k+1:]...)
		c, err := other.fit()
		if err != nil {
			return nil, err
		}
		out = append(out, Without{d, c})
	}
	return out, nil
}
