package records

import (
	"slices"

	"openvru/internal/ids"
	"openvru/internal/period"
)

// SupersededBy says, of editions oldest first, which standing ones a later
// standing edition of the same source restates whole, and by which: the
// earliest that does. Their facts no longer show in any month, though they are
// kept, and come back when that edition is withdrawn.
func SupersededBy(editions []Edition) map[ids.Submission]ids.Submission {
	out := map[ids.Submission]ids.Submission{}
	for i, e := range editions {
		if !e.WithdrawnAt.IsZero() || len(e.Coverage) == 0 {
			continue
		}
		for _, later := range editions[i+1:] {
			if later.WithdrawnAt.IsZero() && later.Source == e.Source && coversAll(later.Coverage, e.Coverage) {
				out[e.Submission] = later.Submission
				break
			}
		}
	}
	return out
}

// coversAll reports whether claims tell all that older ones tell.
func coversAll(newer, older []Coverage) bool {
	for _, o := range older {
		for m := o.Months.From; m <= o.Months.To; m++ {
			if !slices.ContainsFunc(newer, func(n Coverage) bool { return n.tellsAll(o, m) }) {
				return false
			}
		}
	}
	return true
}

// tellsAll reports whether a claim tells what another tells of a month.
func (c Coverage) tellsAll(o Coverage, m period.Month) bool {
	if c.Force != o.Force || c.Level != o.Level || !c.Months.Has(m) {
		return false
	}
	if c.Series == nil {
		return true
	}
	if o.Series == nil {
		return false
	}
	for _, s := range o.Series {
		if !slices.Contains(c.Series, s) {
			return false
		}
	}
	return true
}
