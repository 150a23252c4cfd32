package access

import (
	"context"
	"slices"

	"openvru/internal/errs"
	"openvru/internal/ids"
)

func (s *Service) newLink(unit ids.Unit, person ids.Person) (token string, l Link) {
	now := s.record.Now().UTC()
	token, hash := newToken(s.rand)
	return token, Link{TokenHash: hash, Unit: unit, Person: person, CreatedAt: now, ExpiresAt: now.Add(LinkLife)}
}

// FirstStart returns the token of a link that sets the first administrator up,
// or "" when there is one. Each call makes a new link and ends the one before,
// so the last one printed is the one that works.
func (s *Service) FirstStart(ctx context.Context, unit ids.Unit) (token string, err error) {
	if there, err := s.administered(ctx, unit); err != nil || there {
		return "", err
	}
	token, link := s.newLink(unit, "")
	return token, s.store.AddLink(ctx, link, s.record.Event(machine(unit), SetUpLinked, "unit "+string(unit), nil))
}

// administered reports whether somebody who can sign in manages people.
func (s *Service) administered(ctx context.Context, unit ids.Unit) (bool, error) {
	people, err := s.store.People(ctx, unit)
	return slices.ContainsFunc(people, administers), err
}

// NewLink returns the token of a link with which a person chooses a new
// password; the old one works until then. Errors: Forbidden; NotFound;
// Conflict for a disabled person.
func (s *Service) NewLink(ctx context.Context, a Actor, id ids.Person) (token string, err error) {
	if err := Check(a, PeopleManage); err != nil {
		return "", err
	}
	p, err := s.store.Person(ctx, a.Unit, id)
	if err != nil {
		return "", err
	}
	if p.State == Disabled {
		return "", errs.New(errs.Conflict, "The account of %s is disabled.", p.Name).WithHint("Enable it first.")
	}
	token, link := s.newLink(p.Unit, p.ID)
	return token, s.store.AddLink(ctx, link, s.record.Event(a, PasswordLinked, p.subject(), nil))
}

// Invitation says whom a link is for: what its page shows.
type Invitation struct {
	SetUp bool // for the first administrator, who is not known yet
	Name  string
	Email string
}

// Invitation returns whom a link is for. Errors: NotFound for a link that is
// unknown, used or too old.
func (s *Service) Invitation(ctx context.Context, token string) (Invitation, error) {
	_, p, err := s.openLink(ctx, token)
	if err != nil {
		return Invitation{}, err
	}
	return Invitation{SetUp: p.ID == "", Name: p.Name, Email: p.Email}, nil
}

// openLink returns a usable link and its person; the zero Person for set-up.
func (s *Service) openLink(ctx context.Context, token string) (Link, Person, error) {
	l, err := s.store.Link(ctx, tokenHash(token))
	if errs.Is(err, errs.NotFound) || err == nil && !l.usable(s.record.Now()) {
		return Link{}, Person{}, spent()
	}
	if err != nil {
		return l, Person{}, err
	}
	if l.Person == "" {
		return l, Person{}, s.stillFirst(ctx, l.Unit)
	}
	p, err := s.store.Person(ctx, l.Unit, l.Person)
	if err == nil && p.State == Disabled {
		err = spent()
	}
	return l, p, err
}

// stillFirst closes set-up once there is an administrator, however they came to
// be: a set-up link that was printed earlier and forgotten makes no second one.
func (s *Service) stillFirst(ctx context.Context, unit ids.Unit) error {
	there, err := s.administered(ctx, unit)
	if err == nil && there {
		err = spent()
	}
	return err
}

func spent() error {
	return errs.New(errs.NotFound, "This link has been used, is too old, or never was one.").
		WithHint("Ask an administrator for a new link. The very first one is printed when the program starts.")
}

// FirstAdministrator is what whoever opens the set-up link fills in.
type FirstAdministrator struct {
	UnitName string // "" leaves the unit's name as it is
	Name     string
	Email    string
	Password string
}

// SetUp makes the first administrator, who is an analyst too, and closes the
// link. Errors: NotFound for a link that is not a set-up link or can no longer
// be used; Invalid; Conflict when the email address is taken.
func (s *Service) SetUp(ctx context.Context, token string, f FirstAdministrator) (Person, error) {
	l, known, err := s.openLink(ctx, token)
	if err != nil {
		return Person{}, err
	}
	if known.ID != "" {
		return Person{}, spent()
	}
	p, err := s.newPerson(ctx, l.Unit, NewPerson{Name: f.Name, Email: f.Email, Roles: []Role{Administrator, Analyst}})
	if err != nil {
		return Person{}, err
	}
	if err := s.setPassword(ctx, &p, f.Password); err != nil {
		return Person{}, err
	}
	if err := s.useLink(ctx, l, p, SetUp); err != nil {
		return Person{}, err
	}
	if f.UnitName == "" {
		return p, nil
	}
	return p, s.RenameUnit(ctx, p.Actor(), f.UnitName)
}

// UseLink sets the password of the person a link is for, ends their sessions
// and closes the link. Errors: NotFound for a link that can no longer be used;
// Invalid for the password.
func (s *Service) UseLink(ctx context.Context, token, password string) (Person, error) {
	l, p, err := s.openLink(ctx, token)
	if err != nil {
		return Person{}, err
	}
	if p.ID == "" {
		return Person{}, spent()
	}
	if err := s.setPassword(ctx, &p, password); err != nil {
		return Person{}, err
	}
	return p, s.useLink(ctx, l, p, PasswordSet)
}

func (s *Service) setPassword(ctx context.Context, p *Person, password string) (err error) {
	if err = checkPassword(password, *p); err != nil {
		return err
	}
	p.State = Active
	p.PasswordHash, err = s.hash.hash(ctx, password)
	return err
}

func (s *Service) useLink(ctx context.Context, l Link, p Person, action Action) error {
	err := s.store.UseLink(ctx, l.TokenHash, s.record.Now().UTC(), p, s.record.Event(p.Actor(), action, p.subject(), nil))
	if errs.Is(err, errs.Conflict) && l.Person == "" {
		if _, byEmail := s.store.PersonByEmail(ctx, p.Unit, p.Email); byEmail == nil {
			return taken(p)
		}
	}
	if errs.Is(err, errs.Conflict) {
		return spent()
	}
	return err
}
