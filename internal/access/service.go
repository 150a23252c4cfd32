package access

import (
	"context"
	"io"
	"sync"
	"time"

	"openvru/internal/errs"
	"openvru/internal/ids"
)

// Service keeps the unit's people and lets them in. Its rules are these:
//
//   - there is no default password: FirstStart gives a link, used once
//   - who may do what is asked anew at every request, so a change of roles or
//     the end of an account takes effect at the next one
//   - a sign-in makes a new token; passwords and tokens are kept as hashes only
//   - ten wrong passwords for an account, or thirty tries from one address,
//     and the next is refused until fifteen minutes after the first
type Service struct {
	store  Store
	record Recorder
	rand   io.Reader
	hash   *hasher
	people sync.Mutex // held through a change of somebody, which looks at everybody first
}

// Config is what a Service is made of.
type Config struct {
	Store Store
	Now   func() time.Time
	Rand  io.Reader // for tokens, salts and ids: crypto/rand.Reader
	Argon Argon     // the zero value is the product's; tests take less
}

// NewService returns a Service.
func NewService(c Config) *Service {
	record := Recorder{Now: c.Now, IDs: ids.Maker{Now: c.Now, Rand: c.Rand}}
	return &Service{store: c.Store, record: record, rand: c.Rand, hash: newHasher(c.Argon, c.Rand)}
}

// The actions of this package that need no role, for the log.
const (
	UnitMade        Action = "unit.make"
	UnitRenamed     Action = "unit.rename"
	SetUpLinked     Action = "people.set-up-link"
	SetUp           Action = "people.set-up"
	SignedIn        Action = "session.start"
	SignedOut       Action = "session.end"
	LockedOut       Action = "session.lock-out"
	PasswordSet     Action = "password.set"
	PasswordChanged Action = "password.change"
	PasswordLinked  Action = "password.link"
)

// newUnitName is a unit's name until somebody gives it one.
const newUnitName = "Violence Reduction Unit"

// machine is who makes the unit and the first link: nobody is there yet.
func machine(unit ids.Unit) Actor {
	return Actor{Unit: unit, Person: "machine", Name: "the program itself"}
}

// EnsureUnit returns the unit whose data this database holds, and makes it,
// with its own organisation, in an empty database.
func (s *Service) EnsureUnit(ctx context.Context) (Unit, error) {
	return s.ensure(ctx, Unit{Name: newUnitName})
}

// EnsureInvented does the same for a demonstration: a unit it makes says for
// good that its data are invented. Errors: Conflict in a database that holds a
// real unit, so that invented data never come among real ones.
func (s *Service) EnsureInvented(ctx context.Context, name string) (Unit, error) {
	u, err := s.ensure(ctx, Unit{Name: name, Invented: true})
	if err == nil && !u.Invented {
		return Unit{}, errs.New(errs.Conflict, "This database holds the data of %s.", u.Name).
			WithHint("Give the demonstration a folder of its own.")
	}
	return u, err
}

func (s *Service) ensure(ctx context.Context, u Unit) (Unit, error) {
	units, err := s.store.Units(ctx)
	if err != nil || len(units) > 0 {
		return first(units), err
	}
	u.ID, u.CreatedAt = ids.Unit(s.record.IDs.New()), s.record.Now().UTC()
	own := Organisation{Unit: u.ID, ID: ownOrg(u.ID), Name: u.Name, CreatedAt: u.CreatedAt}
	err = s.store.AddFirstUnit(ctx, u, own, s.record.Event(machine(u.ID), UnitMade, "unit "+string(u.ID), nil))
	if errs.Is(err, errs.Conflict) { // another process was first
		units, err = s.store.Units(ctx)
		return first(units), err
	}
	return u, err
}

func first(units []Unit) Unit {
	if len(units) == 0 {
		return Unit{}
	}
	return units[0]
}

// RenameUnit gives the unit its name. Errors: Forbidden; Invalid.
func (s *Service) RenameUnit(ctx context.Context, a Actor, name string) error {
	if err := Check(a, OrganisationsManage); err != nil {
		return err
	}
	name, err := cleanName("unit", name)
	if err != nil {
		return err
	}
	return s.store.RenameUnit(ctx, a.Unit, name, s.record.Event(a, UnitRenamed, "unit "+string(a.Unit), map[string]string{"name": name}))
}
