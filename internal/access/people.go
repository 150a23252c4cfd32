package access

import (
	"context"
	"errors"
	"slices"

	"openvru/internal/errs"
	"openvru/internal/ids"
)

// NewPerson is what is known of somebody who is to have an account.
type NewPerson struct {
	Name  string
	Email string
	Org   ids.Org // "" is the unit's own organisation
	Roles []Role
}

// AddPerson adds somebody and returns the token of a link with which they
// choose their password, once, within three days. The token is shown this one
// time. Errors: Forbidden; Invalid; NotFound for the organisation; Conflict
// when the email address is taken.
func (s *Service) AddPerson(ctx context.Context, a Actor, n NewPerson) (Person, string, error) {
	if err := Check(a, PeopleManage); err != nil {
		return Person{}, "", err
	}
	p, err := s.newPerson(ctx, a.Unit, n)
	if err != nil {
		return Person{}, "", err
	}
	token, link := s.newLink(p.Unit, p.ID)
	detail := map[string]any{"name": p.Name, "org": p.Org, "roles": p.Roles}
	err = s.store.AddPerson(ctx, p, link, s.record.Event(a, PeopleManage, p.subject(), detail))
	if errs.Is(err, errs.Conflict) {
		return Person{}, "", taken(p)
	}
	return p, token, err
}

func taken(p Person) error {
	return errs.New(errs.Conflict, "%s has an account already.", p.Email).
		WithHint("To let them choose a new password, make them a new link.")
}

func (s *Service) newPerson(ctx context.Context, unit ids.Unit, n NewPerson) (p Person, err error) {
	p = Person{Unit: unit, ID: ids.Person(s.record.IDs.New()), State: Invited, CreatedAt: s.record.Now().UTC()}
	if p.Name, err = cleanName("person", n.Name); err != nil {
		return p, err
	}
	if p.Email, err = cleanEmail(n.Email); err != nil {
		return p, err
	}
	if p.Roles, err = cleanRoles(n.Roles); err != nil {
		return p, err
	}
	if p.Org, err = s.findOrg(ctx, unit, n.Org); err != nil {
		return p, err
	}
	return p, checkOutside(p)
}

// findOrg returns the organisation if it is there, or the unit's own for "".
func (s *Service) findOrg(ctx context.Context, unit ids.Unit, id ids.Org) (ids.Org, error) {
	if id == "" {
		return ownOrg(unit), nil
	}
	orgs, err := s.store.Organisations(ctx, unit)
	if err != nil {
		return "", err
	}
	if !slices.ContainsFunc(orgs, func(o Organisation) bool { return o.ID == id }) {
		return "", errs.New(errs.NotFound, "There is no such organisation.").WithHint("Add the organisation first.")
	}
	return id, nil
}

// checkOutside keeps somebody who is a supplier or partner only out of the
// unit's own organisation: they may see what belongs to theirs, and the unit's
// is everything its analysts send. Errors: Invalid.
func checkOutside(p Person) error {
	outside := func(r Role) bool { return r == Supplier || r == Partner || r == Public }
	inside := slices.ContainsFunc(p.Roles, func(r Role) bool { return !outside(r) })
	if inside || p.Org != ownOrg(p.Unit) {
		return nil
	}
	return errs.New(errs.Invalid, "A %s belongs to an organisation other than the unit.", join(p.Roles)).
		WithHint("Say which: they will see only what belongs to it.")
}

// AddOrganisation adds an organisation. Errors: Forbidden; Invalid; Conflict
// when its name is taken.
func (s *Service) AddOrganisation(ctx context.Context, a Actor, name string) (Organisation, error) {
	if err := Check(a, OrganisationsManage); err != nil {
		return Organisation{}, err
	}
	name, err := cleanName("organisation", name)
	if err != nil {
		return Organisation{}, err
	}
	o := Organisation{Unit: a.Unit, ID: ids.Org(s.record.IDs.New()), Name: name, CreatedAt: s.record.Now().UTC()}
	err = s.store.AddOrganisation(ctx, o, s.record.Event(a, OrganisationsManage, "organisation "+string(o.ID), map[string]string{"name": name}))
	if errs.Is(err, errs.Conflict) {
		err = errs.New(errs.Conflict, "There is an organisation called %s already.", name)
	}
	return o, err
}

// OrganisationNamed returns the organisation with a name, and adds it when
// there is none. Errors: as AddOrganisation.
func (s *Service) OrganisationNamed(ctx context.Context, a Actor, name string) (Organisation, error) {
	orgs, err := s.Organisations(ctx, a)
	if err != nil {
		return Organisation{}, err
	}
	for _, o := range orgs {
		if o.Folded() == fold(name) {
			return o, nil
		}
	}
	return s.AddOrganisation(ctx, a, name)
}

// Organisations returns the unit's organisations, its own first.
// Errors: Forbidden.
func (s *Service) Organisations(ctx context.Context, a Actor) ([]Organisation, error) {
	if err := Check(a, PeopleRead); err != nil {
		return nil, err
	}
	orgs, err := s.store.Organisations(ctx, a.Unit)
	slices.SortStableFunc(orgs, func(a, b Organisation) int { return rank(a) - rank(b) })
	return orgs, err
}

// rank puts the unit's own organisation before all others.
func rank(o Organisation) int {
	if o.IsUnit() {
		return 0
	}
	return 1
}

// People returns everybody with an account, by name. Errors: Forbidden.
func (s *Service) People(ctx context.Context, a Actor) ([]Person, error) {
	if err := Check(a, PeopleRead); err != nil {
		return nil, err
	}
	return s.store.People(ctx, a.Unit)
}

// SetRoles changes what a person may do, and ends their sessions. Errors:
// Forbidden; Invalid; NotFound; Conflict for the last administrator.
func (s *Service) SetRoles(ctx context.Context, a Actor, id ids.Person, roles []Role) error {
	roles, err := cleanRoles(roles)
	if err != nil {
		return err
	}
	return s.change(ctx, a, id, map[string]any{"roles": roles}, func(p *Person) { p.Roles = roles })
}

// Disable ends a person's account: their sessions and links end at once.
// Errors: Forbidden; NotFound; Conflict for the last administrator.
func (s *Service) Disable(ctx context.Context, a Actor, id ids.Person) error {
	return s.change(ctx, a, id, map[string]any{"state": Disabled}, func(p *Person) { p.State = Disabled })
}

// Enable gives a person their account back. Errors: Forbidden; NotFound.
func (s *Service) Enable(ctx context.Context, a Actor, id ids.Person) error {
	return s.change(ctx, a, id, map[string]any{"state": Active}, func(p *Person) {
		p.State = Active
		if p.PasswordHash == "" {
			p.State = Invited
		}
	})
}

func (s *Service) change(ctx context.Context, a Actor, id ids.Person, detail any, f func(*Person)) error {
	if err := Check(a, PeopleManage); err != nil {
		return err
	}
	s.people.Lock()
	defer s.people.Unlock()
	p, err := s.store.Person(ctx, a.Unit, id)
	if err != nil {
		return err
	}
	f(&p)
	if err := errors.Join(checkOutside(p), s.keepAnAdministrator(ctx, p)); err != nil {
		return err
	}
	return s.store.ChangePerson(ctx, p, s.record.Event(a, PeopleManage, p.subject(), detail))
}

// keepAnAdministrator refuses a change after which nobody could manage people.
func (s *Service) keepAnAdministrator(ctx context.Context, changed Person) error {
	people, err := s.store.People(ctx, changed.Unit)
	if err != nil {
		return err
	}
	had := false
	for _, p := range people {
		had = had || administers(p)
		if p.ID == changed.ID {
			p = changed
		}
		if administers(p) {
			return nil
		}
	}
	if !had {
		return nil
	}
	return errs.New(errs.Conflict, "%s is the last administrator who can sign in.", changed.Name).
		WithHint("Make somebody else an administrator first.")
}

func administers(p Person) bool { return p.State == Active && p.Actor().Has(Administrator) }
