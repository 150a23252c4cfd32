package accesstest

import (
	"context"
	"math/rand/v2"
	"testing"
	"time"

	"openvru/internal/access"
	"openvru/internal/ids"
)

// Unit is the unit that sample values belong to.
const Unit ids.Unit = "01900000-0000-7000-8000-000000000001"

// Start is when the sample clock starts.
var Start = time.Date(2021, 3, 1, 9, 0, 0, 0, time.UTC)

// Actor returns an actor of the sample unit with the roles, and with an
// organisation of that role's own.
func Actor(roles ...access.Role) access.Actor {
	name := "nobody in particular"
	if len(roles) > 0 {
		name = string(roles[0])
	}
	return access.Actor{Unit: Unit, Person: ids.Person("person-" + name), Org: ids.Org("org-" + name), Name: "A. " + name, Roles: roles}
}

// Clock is a clock that stands still until it is moved.
type Clock struct{ now time.Time }

// NewClock returns a clock that shows Start.
func NewClock() *Clock { return &Clock{Start} }

// Now returns the time it shows.
func (c *Clock) Now() time.Time { return c.now }

// Move moves it.
func (c *Clock) Move(d time.Duration) { c.now = c.now.Add(d) }

// Rand is a source of bytes that are the same in every run. It is for tests
// and must never make a secret.
func Rand() *rand.ChaCha8 { return rand.NewChaCha8([32]byte{'t', 'e', 's', 't'}) }

// Recorder returns a Recorder with a standing clock and repeatable ids.
func Recorder() access.Recorder {
	clock := NewClock()
	return access.Recorder{Now: clock.Now, IDs: ids.Maker{Now: clock.Now, Rand: Rand()}}
}

// Event returns an event of the sample unit, for a Store's methods in tests.
// Each has another id.
func Event(r access.Recorder, subject string) access.Event {
	return r.Event(Actor(access.Analyst), "test.act", subject, nil)
}

// Settle keeps the sample unit and its organisation in a Store, for tests of
// domains whose tables refer to a unit.
func Settle(t testing.TB, s access.Store) {
	t.Helper()
	clock := NewClock()
	record := access.Recorder{Now: clock.Now, IDs: ids.Maker{Now: clock.Now, Rand: rand.NewChaCha8([32]byte{'s', 'e', 't', 't', 'l', 'e'})}}
	u := access.Unit{ID: Unit, Name: "Invented VRU", CreatedAt: Start}
	own := access.Organisation{Unit: Unit, ID: ids.Org(Unit), Name: "Invented VRU", CreatedAt: Start}
	if err := s.AddFirstUnit(context.Background(), u, own, Event(record, "unit")); err != nil {
		t.Fatal(err)
	}
}
