package records

import (
	"context"
	"slices"

	"openvru/internal/access"
	"openvru/internal/errs"
	"openvru/internal/ids"
	"openvru/internal/period"
	"openvru/internal/places"
)

// maxMonths bounds a question: a hundred years of months.
const maxMonths = 1200

// Facts answers a question. Errors: Forbidden; NotFound for a series or place
// that is not there; Invalid for a question that cannot be asked.
func (r *FactReader) Facts(ctx context.Context, actor access.Actor, q FactQuery) (*FactTable, error) {
	if err := access.Check(actor, access.FactsRead); err != nil {
		return nil, err
	}
	return r.Counts(ctx, actor.Unit, q)
}

// Counts is Facts for a service that has already checked its own action.
// Errors: as Facts, without Forbidden.
func (r *FactReader) Counts(ctx context.Context, unit ids.Unit, q FactQuery) (_ *FactTable, err error) {
	defer errs.Wrap(&err, "records.Counts(%v, %v)", q.Series, q.Places)
	months, err := monthsOf(q.Ranges)
	if err != nil {
		return nil, err
	}
	atlas, err := r.atlas(ctx, unit)
	if err != nil {
		return nil, err
	}
	all, err := r.editions(ctx, unit)
	if err != nil {
		return nil, err
	}
	a := newAsking(q, months, atlas, all)
	if err := a.plan(); err != nil {
		return nil, err
	}
	if err := a.load(ctx, r.store, unit); err != nil {
		return nil, err
	}
	return a.table(), nil
}

// monthsOf returns the months of the ranges in order, each once.
func monthsOf(ranges []period.Range) ([]period.Month, error) {
	var out []period.Month
	for _, r := range ranges {
		if r.Len() < 1 || r.Len() > maxMonths {
			return nil, errs.New(errs.Invalid, "%s is not a period facts can be asked for", r).
				WithHint("ask for a period whose first month is not after its last, of at most a hundred years")
		}
		out = append(out, r.Months()...)
	}
	if len(out) == 0 {
		return nil, errs.New(errs.Invalid, "no period is asked for").WithHint("name a year, a quarter, a month or two months")
	}
	slices.Sort(out)
	return slices.Compact(out), nil
}

// asking is one question while it is being answered.
type asking struct {
	q        FactQuery
	months   []period.Month
	atlas    *places.Atlas
	standing []Edition
	narrowed map[ids.Source]bool
	tellers  map[tellerKey]told
	lines    []linePlan
}

func newAsking(q FactQuery, months []period.Month, atlas *places.Atlas, all []Edition) *asking {
	standing := Standing(all, q.Known)
	return &asking{q: q, months: months, atlas: atlas, standing: standing, narrowed: narrowed(standing), tellers: map[tellerKey]told{}}
}

// linePlan is how one line is put together: the facts of which level and
// places, from which source and forces.
type linePlan struct {
	series    *Series
	place     places.Place
	source    ids.Source
	level     ids.Level
	codes     []weighted
	blocks    []string
	parts     []partPlan
	lacks     []Lack
	estimated string // why, when it is
}

// weighted is a place whose count is taken, whole or in part.
type weighted struct {
	code   string
	weight float64
}

// partPlan is one force's share, with the edition that tells each month.
type partPlan struct {
	force  string
	by     []int16
	counts []float64
}

// told returns which editions of a source tell each month of a series at a
// level.
func (a *asking) told(s *Series, source ids.Source, level ids.Level) told {
	key := tellerKey{source, level, s.ID}
	if !a.narrowed[source] {
		key.series = ""
	}
	t, ok := a.tellers[key]
	if !ok {
		t = tellers(a.standing, key, a.months)
		a.tellers[key] = t
	}
	return t
}

func (a *asking) plan() error {
	for _, id := range a.q.Series {
		s, err := FindSeries(id)
		if err != nil {
			return err
		}
		if _, ok := s.Feed(a.q.Source); !ok && a.q.Source != "" {
			return errs.New(errs.Invalid, "%s does not come from the source %s", s.ID, a.q.Source).
				WithHint("its sources are %s", sourceList(s))
		}
		for _, p := range a.q.Places {
			place, ok := a.atlas.Get(p)
			if !ok {
				return errs.New(errs.NotFound, "no place %s is known", p).
					WithHint("import the places of that level first: vru places import FILE")
			}
			a.lines = append(a.lines, a.planLine(s, place))
		}
	}
	return nil
}

func sourceList(s *Series) string {
	out := ""
	for i, f := range s.Feeds {
		if i > 0 {
			out += ", "
		}
		out += string(f.Source)
	}
	return out
}
