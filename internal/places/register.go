package places

import (
	"context"

	"openvru/internal/access"
	"openvru/internal/errs"
	"openvru/internal/ids"
)

// Ward is a ward as a supplier's file names it.
type Ward struct {
	Code, Name string
	Borough    string // its name; one that nothing knows is passed over
}

// RegisterWards adds the wards that a supplier's file names to a set of wards,
// so that its figures have places: for the years whose set nobody imported a
// look-up of. What they lie in is worked out from other sets that have the
// same codes. Registering the same wards again changes nothing.
//
// Errors: Forbidden; Invalid for a level that is not of wards or a code that
// is not a ward's.
func (s *Service) RegisterWards(ctx context.Context, actor access.Actor, file ids.File, name string, level ids.Level, wards []Ward) error {
	if err := access.Check(actor, access.PlacesImport); err != nil {
		return err
	}
	o := Options{Level: level}
	if err := o.check(); err != nil {
		return err
	}
	content := Content{Kind: Register, Level: level}
	for _, w := range wards {
		if level.Type() != "ward" || !codeOf(level, w.Code) {
			return errs.New(errs.Invalid, "%q is not the code of a ward", w.Code)
		}
		p := ids.Place{Level: level, Code: w.Code}
		content.Named = append(content.Named, Named{Place: Place{p, w.Name}})
		if w.Borough != "" {
			link := Link{Child: p, Parent: ids.Place{Level: Borough}}
			content.Links = append(content.Links, Claim{Link: link, ParentName: w.Borough})
		}
	}
	atlas, err := s.Atlas(ctx, actor.Unit)
	if err != nil || atlas.hasAll(content.Named) {
		return err
	}
	b := &batch{service: s, actor: actor, options: o}
	b.files = []readFile{{Summary: summarise(file, name, content, nil), content: content, options: o}}
	return s.change(ctx, actor, b, nil)
}

func (a *Atlas) hasAll(named []Named) bool {
	for _, n := range named {
		if _, ok := a.Ref(n.Place.Place); !ok {
			return false
		}
	}
	return true
}
