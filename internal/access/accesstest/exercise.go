package accesstest

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"openvru/internal/access"
	"openvru/internal/errs"
	"openvru/internal/ids"
)

// Exercise is the suite that every access.Store passes. open returns an empty
// Store.
func Exercise(t *testing.T, open func(t *testing.T) access.Store) {
	for _, c := range []struct {
		name string
		test func(*testing.T, *bench)
	}{
		{"units", exerciseUnits},
		{"organisations", exerciseOrganisations},
		{"people", exercisePeople},
		{"links", exerciseLinks},
		{"sessions", exerciseSessions},
		{"passwords", exercisePasswords},
		{"tries", exerciseTries},
		{"log", exerciseLog},
		{"log of many writers", exerciseManyWriters},
	} {
		t.Run(c.name, func(t *testing.T) { c.test(t, newBench(t, open(t))) })
	}
}

// bench is a Store with a unit in it, and what a case needs around it.
type bench struct {
	access.Store
	ctx    context.Context
	record access.Recorder
	clock  *Clock
	own    access.Organisation
}

func newBench(t *testing.T, s access.Store) *bench {
	clock := NewClock()
	b := &bench{Store: s, ctx: context.Background(), clock: clock, record: access.Recorder{Now: clock.Now, IDs: ids.Maker{Now: clock.Now, Rand: Rand()}}}
	b.own = access.Organisation{Unit: Unit, ID: "org-unit", Name: "The Unit", CreatedAt: Start}
	u := access.Unit{ID: Unit, Name: "Invented VRU", Invented: true, CreatedAt: Start}
	ok(t, s.AddFirstUnit(b.ctx, u, b.own, b.event("unit")))
	return b
}

func (b *bench) event(subject string) access.Event { return Event(b.record, subject) }

func (b *bench) person(id string) access.Person {
	return access.Person{
		Unit: Unit, ID: ids.Person(id), Org: b.own.ID, Name: "Name " + id, Email: id + "@example.org",
		Roles: []access.Role{access.Analyst, access.Board}, State: access.Active, PasswordHash: "hash of " + id, CreatedAt: Start,
	}
}

func (b *bench) link(hash string, person ids.Person) access.Link {
	return access.Link{TokenHash: hash, Unit: Unit, Person: person, CreatedAt: Start, ExpiresAt: Start.Add(time.Hour)}
}

func (b *bench) session(hash string, person ids.Person) access.Session {
	return access.Session{TokenHash: hash, Unit: Unit, Person: person, CreatedAt: Start, SeenAt: Start, ExpiresAt: Start.Add(time.Hour)}
}

// add keeps a person and a link called "link of <id>".
func (b *bench) add(t *testing.T, id string) access.Person {
	t.Helper()
	p := b.person(id)
	ok(t, b.AddPerson(b.ctx, p, b.link("link of "+id, p.ID), b.event(id)))
	return p
}

// kept checks how many entries the log has: each change adds one, each refusal
// none.
func (b *bench) kept(t *testing.T, want int) {
	t.Helper()
	head, err := b.Walk(b.ctx, Unit, func(access.Entry) error { return nil })
	ok(t, err)
	if head.Seq != int64(want) {
		t.Errorf("the log has %d entries, want %d", head.Seq, want)
	}
}

func ok(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func is(t *testing.T, err error, kind errs.Kind) {
	t.Helper()
	if !errs.Is(err, kind) {
		t.Errorf("got the error %v, want one of kind %d", err, kind)
	}
}

func same[T any](t *testing.T, got, want T) {
	t.Helper()
	if fmt.Sprintf("%+v", got) != fmt.Sprintf("%+v", want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

func exerciseUnits(t *testing.T, b *bench) {
	second := access.Unit{ID: "another", Name: "Another", CreatedAt: Start}
	is(t, b.AddFirstUnit(b.ctx, second, access.Organisation{Unit: "another", ID: "o", Name: "O"}, b.event("x")), errs.Conflict)
	ok(t, b.RenameUnit(b.ctx, Unit, "London's", b.event("unit")))
	is(t, b.RenameUnit(b.ctx, "nobody", "x", b.event("x")), errs.NotFound)
	units, err := b.Units(b.ctx)
	ok(t, err)
	same(t, units, []access.Unit{{ID: Unit, Name: "London's", Invented: true, CreatedAt: Start}})
	b.kept(t, 2)
}

func exerciseOrganisations(t *testing.T, b *bench) {
	hospital := access.Organisation{Unit: Unit, ID: "org-a", Name: "St Mary's", CreatedAt: Start.Add(time.Second)}
	ok(t, b.AddOrganisation(b.ctx, hospital, b.event("org")))
	twin := hospital
	twin.ID, twin.Name = "org-b", "ST  MARY'S"
	is(t, b.AddOrganisation(b.ctx, twin, b.event("org")), errs.Conflict)
	orgs, err := b.Organisations(b.ctx, Unit)
	ok(t, err)
	same(t, orgs, []access.Organisation{b.own, hospital})
	orgs, err = b.Organisations(b.ctx, "another unit")
	ok(t, err)
	same(t, len(orgs), 0)
	b.kept(t, 2)
}

func exercisePeople(t *testing.T, b *bench) {
	zoe, adam := b.add(t, "zoe"), b.add(t, "adam")
	is(t, b.AddPerson(b.ctx, zoe, b.link("other", "zoe"), b.event("x")), errs.Conflict)
	twin := b.person("twin")
	twin.Email = zoe.Email
	is(t, b.AddPerson(b.ctx, twin, b.link("other", "twin"), b.event("x")), errs.Conflict)
	if _, err := b.Link(b.ctx, "other"); !errs.Is(err, errs.NotFound) {
		t.Error("the link of a person who was refused is kept")
	}
	got, err := b.Person(b.ctx, Unit, "zoe")
	ok(t, err)
	same(t, got, zoe)
	got, err = b.PersonByEmail(b.ctx, Unit, "adam@example.org")
	ok(t, err)
	same(t, got, adam)
	people, err := b.People(b.ctx, Unit)
	ok(t, err)
	same(t, people, []access.Person{adam, zoe})
	_, err = b.Person(b.ctx, "another unit", "zoe")
	is(t, err, errs.NotFound)
	_, err = b.PersonByEmail(b.ctx, Unit, "nobody@example.org")
	is(t, err, errs.NotFound)
	b.kept(t, 3)

	zoe.Name, zoe.Roles, zoe.State, zoe.PasswordHash = "Zoë", []access.Role{access.Supplier}, access.Disabled, "not for this method"
	ok(t, b.ChangePerson(b.ctx, zoe, b.event("zoe")))
	zoe.PasswordHash = "hash of zoe"
	got, err = b.Person(b.ctx, Unit, "zoe")
	ok(t, err)
	same(t, got, zoe)
	is(t, b.ChangePerson(b.ctx, b.person("nobody"), b.event("x")), errs.NotFound)
	b.kept(t, 4)
}

func exerciseLinks(t *testing.T, b *bench) {
	p := b.add(t, "ada")
	l, err := b.Link(b.ctx, "link of ada")
	ok(t, err)
	same(t, l, b.link("link of ada", "ada"))
	_, err = b.Link(b.ctx, "unknown")
	is(t, err, errs.NotFound)

	ok(t, b.AddLink(b.ctx, b.link("second", "ada"), b.event("ada")))
	if l, err = b.Link(b.ctx, "link of ada"); err != nil || l.UsedAt.IsZero() {
		t.Errorf("the link before the newest can still be used (%v)", err)
	}
	ok(t, b.AddSession(b.ctx, b.session("s", "ada"), b.event("ada")))
	p.PasswordHash = "new"
	ok(t, b.UseLink(b.ctx, "second", Start, p, b.event("ada")))
	is(t, b.UseLink(b.ctx, "second", Start, p, b.event("x")), errs.Conflict)
	is(t, b.UseLink(b.ctx, "unknown", Start, p, b.event("x")), errs.Conflict)
	_, _, err = b.Session(b.ctx, "s")
	is(t, err, errs.NotFound)
	got, err := b.Person(b.ctx, Unit, "ada")
	ok(t, err)
	same(t, got, p)
	b.kept(t, 5)

	ok(t, b.AddLink(b.ctx, b.link("set-up", ""), b.event("unit")))
	is(t, b.UseLink(b.ctx, "set-up", Start, p, b.event("x")), errs.Conflict) // the address is taken
	ok(t, b.UseLink(b.ctx, "set-up", Start, b.person("first"), b.event("first")))
	_, err = b.Person(b.ctx, Unit, "first")
	ok(t, err)
	b.kept(t, 7)
}

func exerciseSessions(t *testing.T, b *bench) {
	p := b.add(t, "ada")
	s := b.session("s1", "ada")
	ok(t, b.AddSession(b.ctx, s, b.event("ada")))
	ok(t, b.SeeSession(b.ctx, "s1", Start.Add(time.Minute)))
	s.SeenAt = Start.Add(time.Minute)
	got, who, err := b.Session(b.ctx, "s1")
	ok(t, err)
	same(t, got, s)
	same(t, who, p)
	_, _, err = b.Session(b.ctx, "s2")
	is(t, err, errs.NotFound)
	ok(t, b.EndSession(b.ctx, "s1", b.event("ada")))
	_, _, err = b.Session(b.ctx, "s1")
	is(t, err, errs.NotFound)

	ok(t, b.AddSession(b.ctx, b.session("old", "ada"), b.event("ada")))
	late := b.session("new", "ada")
	late.CreatedAt = Start.Add(24 * time.Hour)
	ok(t, b.AddSession(b.ctx, late, b.event("ada")))
	if _, _, err = b.Session(b.ctx, "old"); !errs.Is(err, errs.NotFound) {
		t.Error("a session long over is still kept")
	}
	p.Roles = []access.Role{access.Board}
	ok(t, b.ChangePerson(b.ctx, p, b.event("ada")))
	if _, _, err = b.Session(b.ctx, "new"); !errs.Is(err, errs.NotFound) {
		t.Error("a session outlived a change of roles")
	}
	b.kept(t, 7)
}

func exercisePasswords(t *testing.T, b *bench) {
	p := b.add(t, "ada")
	ok(t, b.AddSession(b.ctx, b.session("s1", "ada"), b.event("ada")))
	p.PasswordHash = "new"
	ok(t, b.SetPassword(b.ctx, p, b.session("s2", "ada"), b.event("ada")))
	_, _, err := b.Session(b.ctx, "s1")
	is(t, err, errs.NotFound)
	_, who, err := b.Session(b.ctx, "s2")
	ok(t, err)
	same(t, who, p)
	is(t, b.SetPassword(b.ctx, b.person("nobody"), b.session("s3", "nobody"), b.event("x")), errs.NotFound)
	b.linkIsOver(t, "link of ada", "a changed password")

	ok(t, b.AddLink(b.ctx, b.link("later", "ada"), b.event("ada")))
	active := p
	p.State = access.Disabled
	ok(t, b.ChangePerson(b.ctx, p, b.event("ada")))
	b.linkIsOver(t, "later", "the end of the account")
	is(t, b.SetPassword(b.ctx, active, b.session("s4", "ada"), b.event("x")), errs.NotFound)
	_, _, err = b.Session(b.ctx, "s4")
	is(t, err, errs.NotFound)
	who, err = b.Person(b.ctx, Unit, "ada")
	ok(t, err)
	same(t, who, p) // read as active before it was disabled, the account stays disabled
}

func (b *bench) linkIsOver(t *testing.T, hash, after string) {
	t.Helper()
	l, err := b.Link(b.ctx, hash)
	ok(t, err)
	if l.UsedAt.IsZero() {
		t.Errorf("the link %q can be used after %s", hash, after)
	}
}

func exerciseTries(t *testing.T, b *bench) {
	const window = 10 * time.Minute
	try := func(key string, at, since time.Duration, want int) {
		t.Helper()
		n, first, err := b.Try(b.ctx, key, Start.Add(at), window)
		ok(t, err)
		if n != want || !first.Equal(Start.Add(since)) {
			t.Errorf("%s after %s: %d tries since %s, want %d", key, at, n, first, want)
		}
	}
	try("a", 0, 0, 1)
	try("a", time.Minute, 0, 2)
	try("b", time.Minute, time.Minute, 1)
	try("a", 9*time.Minute, 0, 3)
	try("a", 10*time.Minute, 10*time.Minute, 1)
	try("b", 10*time.Minute, time.Minute, 2)
	ok(t, b.Forgive(b.ctx, "a", "b"))
	try("a", 10*time.Minute, 10*time.Minute, 1)
	try("b", 10*time.Minute, time.Minute, 2)
	ok(t, b.Forgive(b.ctx, "unknown", "unknown"))
}

func exerciseLog(t *testing.T, b *bench) {
	for i := range 5 {
		ok(t, b.Log(b.ctx, b.event([]string{"odd", "even"}[i%2])))
		b.clock.Move(time.Second)
	}
	var all []access.Entry
	c := access.NewChecker(access.Head{})
	head, err := b.Walk(b.ctx, Unit, func(e access.Entry) error {
		all = append(all, e)
		return c.Add(e)
	})
	ok(t, err)
	ok(t, c.End(head))
	same(t, len(all), 6)
	slices.Reverse(all)
	got, err := b.Entries(b.ctx, Unit, access.EntryQuery{})
	ok(t, err)
	same(t, got, all)
	got, err = b.Entries(b.ctx, Unit, access.EntryQuery{Subject: "even", Before: 5, Limit: 1})
	ok(t, err)
	same(t, got, []access.Entry{all[3]})
	got, err = b.Entries(b.ctx, "another unit", access.EntryQuery{})
	ok(t, err)
	same(t, len(got), 0)
	is(t, b.Log(b.ctx, all[0].Event), errs.Conflict)
}

func exerciseManyWriters(t *testing.T, b *bench) {
	var events [40]access.Event
	for i := range events {
		events[i] = b.event(fmt.Sprint(i))
	}
	var wait sync.WaitGroup
	for _, e := range events {
		wait.Go(func() {
			if err := b.Log(b.ctx, e); err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	c := access.NewChecker(access.Head{})
	head, err := b.Walk(b.ctx, Unit, c.Add)
	ok(t, err)
	ok(t, c.End(head))
	same(t, head.Seq, int64(len(events)+1))
}
