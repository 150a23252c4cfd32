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

// RuleWardSet is the rule a reader finds broken when a file names wards that
// no one imported set has together.
const RuleWardSet = "ward-set"

// WardNamer is a Reader whose files name wards with their boroughs, so that
// the file itself can stand for the set of wards of its time.
type WardNamer interface {
	// Wards returns the wards that a file names and its first month.
	Wards(ctx context.Context, in *Input) ([]places.Ward, period.Month, error)
}

// WardRegister adds wards to a set; places.Service.RegisterWards is one.
type WardRegister func(ctx context.Context, actor access.Actor, file ids.File, name string, level ids.Level, wards []places.Ward) error

// registerWards makes the wards of a file a set of their own when no set has
// them all but each is in some set, so none is a slip of the pen. done says
// that there is a new set, and that the file should be read again. Somebody
// who may not import places accepts the file without figures by ward.
func (s *Service) registerWards(ctx context.Context, actor access.Actor, sub Submission, got *reading) (done bool, err error) {
	reader, err := s.reader(sub.Source)
	if err != nil {
		return false, err
	}
	namer, names := reader.(WardNamer)
	lacking := slices.ContainsFunc(got.findings, func(f Finding) bool { return f.Rule == RuleWardSet })
	if !names || !lacking || s.Wards == nil || got.refused != "" || access.Check(actor, access.PlacesImport) != nil {
		return false, nil
	}
	in, f, err := s.input(ctx, sub)
	if err != nil {
		return false, err
	}
	defer f.Close()
	wards, first, err := namer.Wards(ctx, in)
	if err != nil || slices.ContainsFunc(wards, func(w places.Ward) bool { return !anyWard(in.Atlas, w.Code) }) {
		return false, err
	}
	err = s.Wards(ctx, actor, sub.File, sub.Name, places.WardSetOf(first), wards)
	if errs.Is(err, errs.Forbidden) {
		return false, nil
	}
	return err == nil, err
}

// anyWard reports whether some set of wards has a code.
func anyWard(a *places.Atlas, code string) bool {
	return slices.ContainsFunc(a.FindCode(code), func(p places.Place) bool { return p.Level.Type() == "ward" })
}
