package publishing

import (
	"context"
	"math"
	"slices"

	"openvru/internal/analysis"
	"openvru/internal/disclosure"
	"openvru/internal/errs"
	"openvru/internal/ids"
	"openvru/internal/period"
)

// pairing is a comparison that a report makes.
type pairing struct {
	series       ids.Series
	place        ids.Place
	source       ids.Source
	now, against period.Range
}

// confirm puts every comparison of the report to analysis again, as a question
// of its own, and gives each figure the id under which it can be followed. The
// two must agree: a report whose numbers differ from those the rest of the
// product shows is not built.
func (g *gathering) confirm(ctx context.Context, r *Report) error {
	for _, p := range r.pairings {
		c, err := g.s.Analysis.Compare(ctx, g.actor, analysis.CompareQuestion{
			Series: p.series, Place: p.place, Period: p.now, Against: p.against, Known: g.o.Known, Source: p.source})
		if err != nil {
			return err
		}
		g.runs = append(g.runs, c.Run)
	}
	for _, run := range g.runs {
		for _, f := range run.Figures {
			if err := r.confirm(f); err != nil {
				return err
			}
		}
	}
	return nil
}

// confirm compares a figure of a run with the report's own of the same name.
func (r *Report) confirm(f analysis.Figure) error {
	id := ids.Figure(f.Name)
	own, ok := r.figures[id]
	if !ok {
		return nil
	}
	if r.Rule == disclosure.Open && own.known && f.Blank == "" && math.Abs(own.num-f.Value) > 1e-6*max(1, math.Abs(f.Value)) {
		return errs.New(errs.Conflict, "the report is not built, because the figure %s is %v in the report and %v where it is kept", id, own.num, f.Value).
			WithHint("a file may have been accepted while the report was built; build it again")
	}
	if own.Kept == "" {
		own.Kept = f.ID
		r.figures[id] = own
		r.relist(own)
	}
	return nil
}

// relist puts a changed figure into its part's list.
func (r *Report) relist(f Figure) {
	for _, part := range r.Lineage {
		if i := slices.IndexFunc(part.Figures, func(o Figure) bool { return o.ID == f.ID }); i >= 0 {
			part.Figures[i] = f
			return
		}
	}
}

// used are the runs that a figure of the report belongs to.
func (g *gathering) used(r *Report) []*analysis.Run {
	kept := map[ids.Figure]bool{}
	for _, f := range r.figures {
		kept[f.Kept] = true
	}
	return slices.DeleteFunc(slices.Clone(g.runs), func(run *analysis.Run) bool {
		return !slices.ContainsFunc(run.Figures, func(f analysis.Figure) bool { return kept[f.ID] })
	})
}
