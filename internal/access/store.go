package access

import (
	"context"
	"time"

	"openvru/internal/ids"
)

// Store keeps units, people, sessions and the audit log. Each method is all or
// nothing; each that takes an Event keeps it together with the change.
type Store interface {
	// AddFirstUnit keeps a unit and its own organisation when there is no unit
	// yet. Conflict when there is one.
	AddFirstUnit(ctx context.Context, u Unit, own Organisation, e Event) error
	// RenameUnit changes a unit's name. NotFound.
	RenameUnit(ctx context.Context, unit ids.Unit, name string, e Event) error
	// Units returns every unit, the first made first.
	Units(ctx context.Context) ([]Unit, error)

	// AddOrganisation keeps a new organisation. Conflict when its name is taken.
	AddOrganisation(ctx context.Context, o Organisation, e Event) error
	// Organisations returns the unit's organisations, the first made first.
	Organisations(ctx context.Context, unit ids.Unit) ([]Organisation, error)

	// AddPerson keeps a new person and the link that lets them choose a
	// password. Conflict when the email address is taken.
	AddPerson(ctx context.Context, p Person, l Link, e Event) error
	// ChangePerson replaces everything of a person but their password, and
	// ends their sessions and, when they are disabled, their links. NotFound.
	ChangePerson(ctx context.Context, p Person, e Event) error
	// Person returns a person. NotFound.
	Person(ctx context.Context, unit ids.Unit, id ids.Person) (Person, error)
	// PersonByEmail returns the person with an email address. NotFound.
	PersonByEmail(ctx context.Context, unit ids.Unit, email string) (Person, error)
	// People returns the unit's people by name, then id.
	People(ctx context.Context, unit ids.Unit) ([]Person, error)

	// AddLink keeps a link; earlier ones of the same person can no longer be
	// used.
	AddLink(ctx context.Context, l Link, e Event) error
	// Link returns the link with a token's hash. NotFound.
	Link(ctx context.Context, tokenHash string) (Link, error)
	// UseLink marks an unused link used and gives the person the password hash
	// and the state they carry, ending their sessions; a person who is not
	// kept yet (set-up) is added. Conflict when the link has been used, or the
	// email address is taken. NotFound when the person is disabled.
	UseLink(ctx context.Context, tokenHash string, at time.Time, p Person, e Event) error
	// SetPassword gives a person a password hash and ends their links and their
	// sessions, all but the new one that is given. NotFound, for somebody who is
	// disabled too.
	SetPassword(ctx context.Context, p Person, s Session, e Event) error

	// AddSession keeps a session.
	AddSession(ctx context.Context, s Session, e Event) error
	// Session returns a session and its person. NotFound.
	Session(ctx context.Context, tokenHash string) (Session, Person, error)
	// SeeSession notes when a session was last used.
	SeeSession(ctx context.Context, tokenHash string, at time.Time) error
	// EndSession forgets a session, if it is there.
	EndSession(ctx context.Context, tokenHash string, e Event) error

	// Try counts a try under a key and returns how many there have been since
	// the first, this one too, and when that was. After the window it starts
	// anew.
	Try(ctx context.Context, key string, at time.Time, window time.Duration) (tries int, since time.Time, err error)
	// Forgive forgets an account's tries, and one of an address's.
	Forgive(ctx context.Context, account, address string) error

	// Log keeps an event that changes nothing else.
	Log(ctx context.Context, e Event) error
	// Entries returns entries of the audit log, the newest first.
	Entries(ctx context.Context, unit ids.Unit, q EntryQuery) ([]Entry, error)
	// Walk calls f for each entry of a unit's log in order, and returns the end
	// that the log's register holds, all as of one moment.
	Walk(ctx context.Context, unit ids.Unit, f func(Entry) error) (Head, error)
}

// EntryQuery chooses entries of the audit log.
type EntryQuery struct {
	Subject string // only of this thing; "" for all
	Before  int64  // only with a smaller Seq; 0 for no limit
	Limit   int    // at most so many; 0 for 100
}
