// Package publishing makes what others read: reports whose every number is a
// figure, whose every sentence and picture is computed from figures, and whose
// every table has passed disclosure control.
//
// It asks analysis for facts and cannot name a raw record. A report is built in
// two steps: gathering Material, which asks, and Build, which is pure.
package publishing

import (
	"context"
	"time"

	"openvru/internal/access"
	"openvru/internal/analysis"
	"openvru/internal/errs"
	"openvru/internal/ids"
	"openvru/internal/places"
)

// Analyst is what publishing asks of analysis; *analysis.Service is one.
type Analyst interface {
	Trends(ctx context.Context, actor access.Actor, q analysis.TrendQuestion) ([]*analysis.Trend, error)
	Compare(ctx context.Context, actor access.Actor, q analysis.CompareQuestion) (*analysis.Comparison, error)
	Keep(ctx context.Context, actor access.Actor, why string, runs ...*analysis.Run) error
}

// Deps is what a Service needs.
type Deps struct {
	Analysis Analyst
	Atlas    analysis.Atlases
	Source   func(ids.Source) (Source, bool)                          // what a source declares of itself
	Notice   func(ctx context.Context, unit ids.Unit) (string, error) // a warning for every report of the unit; "" for none
}

// Service makes reports. It is safe for use by many goroutines.
type Service struct{ Deps }

// NewService returns a Service.
func NewService(d Deps) *Service { return &Service{d} }

// Options say which report is wanted.
type Options struct {
	Year    int       // the year in question
	Against int       // the year it is compared with; 0 is the year before
	Place   ids.Place // the zero place is the usual one: see UsualPlace
	Known   time.Time // as known at this moment; zero means now
	Keep    bool      // keep the runs of its figures, so that they can be followed for good
}

// The years a report can be about.
const firstYear, lastYear = 1990, 2100

// ViolenceReport builds the report of violent crime for a year against
// another. Errors: Forbidden; NotFound for a place that is not there or one
// without facts; Invalid for the years; Conflict when figures that must add up
// do not, with a sentence for each.
func (s *Service) ViolenceReport(ctx context.Context, actor access.Actor, o Options) (_ Report, err error) {
	defer errs.Wrap(&err, "publishing.ViolenceReport(%d, %d, %s)", o.Year, o.Against, o.Place)
	action := access.ReportRead
	if o.Keep {
		action = access.ReportBuild
	}
	if err := access.Check(actor, action); err != nil {
		return Report{}, err
	}
	if o.Against == 0 {
		o.Against = o.Year - 1
	}
	if err := o.check(); err != nil {
		return Report{}, err
	}
	g, err := s.gather(ctx, actor, o)
	if err != nil {
		return Report{}, err
	}
	r, err := Build(g.m)
	if err != nil {
		return Report{}, err
	}
	if err := g.confirm(ctx, &r); err != nil {
		return Report{}, err
	}
	if o.Keep {
		err = s.Analysis.Keep(ctx, actor, r.Title, g.used(&r)...)
	}
	return r, err
}

func (o Options) check() error {
	for _, y := range []int{o.Year, o.Against} {
		if y < firstYear || y > lastYear {
			return errs.New(errs.Invalid, "%d is not a year a report can be about", y).WithHint("write the year with four figures: 2020")
		}
	}
	if o.Year == o.Against {
		return errs.New(errs.Invalid, "%d cannot be compared with itself", o.Year).WithHint("give another year to compare it with")
	}
	return nil
}

// UsualPlace is the place a report is about when none is named: the Metropolitan
// Police area where it is among the places, since that is what London's reports
// of violence count, else the first police area, region or borough there is.
func UsualPlace(atlas *places.Atlas) (places.Place, bool) {
	for _, p := range []ids.Place{places.MetropolitanArea, places.London} {
		if found, ok := atlas.Get(p); ok {
			return found, true
		}
	}
	for _, level := range []ids.Level{places.PFA, places.Region, places.Borough} {
		if atlas.Len(level) > 0 {
			return atlas.Place(level, 0), true
		}
	}
	return places.Place{}, false
}
