package access_test

import (
	"context"
	"crypto/rand"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"openvru/internal/access"
	"openvru/internal/access/accesstest"
	"openvru/internal/errs"
	"openvru/internal/ids"
)

const (
	secret  = "walnut tractor lampshade"
	another = "pelican ukulele gravel"
)

// house is a service with a unit, on the store in memory.
type house struct {
	*access.Service
	store *accesstest.Memory
	clock *accesstest.Clock
	unit  access.Unit
	ctx   context.Context
}

func newHouse(t *testing.T) *house {
	t.Helper()
	h := &house{store: accesstest.NewMemory(), clock: accesstest.NewClock(), ctx: context.Background()}
	h.Service = access.NewService(access.Config{
		Store: h.store, Now: h.clock.Now, Rand: accesstest.Rand(), Argon: access.Argon{Passes: 1, MemoryKiB: 8},
	})
	var err error
	h.unit, err = h.EnsureUnit(h.ctx)
	ok(t, err)
	return h
}

// admin sets the first administrator up.
func (h *house) admin(t *testing.T) access.Actor {
	t.Helper()
	token, err := h.FirstStart(h.ctx, h.unit.ID)
	ok(t, err)
	p, err := h.SetUp(h.ctx, token, access.FirstAdministrator{UnitName: "Invented VRU", Name: "Ada Admin", Email: "ada@example.org", Password: secret})
	ok(t, err)
	return p.Actor()
}

// person adds somebody who has chosen the password.
func (h *house) person(t *testing.T, a access.Actor, email string, roles ...access.Role) access.Person {
	t.Helper()
	_, token, err := h.AddPerson(h.ctx, a, access.NewPerson{Name: "Somebody", Email: email, Org: h.hospital(t, a), Roles: roles})
	ok(t, err)
	p, err := h.UseLink(h.ctx, token, secret)
	ok(t, err)
	return p
}

// hospital is an organisation outside the unit.
func (h *house) hospital(t *testing.T, a access.Actor) ids.Org {
	t.Helper()
	o, err := h.OrganisationNamed(h.ctx, a, "St Mary's Hospital")
	ok(t, err)
	return o.ID
}

func (h *house) signIn(email, password, address string) (string, error) {
	token, _, err := h.SignIn(h.ctx, access.Credentials{Unit: h.unit.ID, Email: email, Password: password, Address: address})
	return token, err
}

func (h *house) mustSignIn(t *testing.T, email, password string) string {
	t.Helper()
	token, err := h.signIn(email, password, "192.0.2.1")
	ok(t, err)
	return token
}

// isOver checks that a token lets nobody in.
func (h *house) isOver(t *testing.T, token, why string) {
	t.Helper()
	if _, err := h.Authenticate(h.ctx, token); !errs.Is(err, errs.Unauthenticated) {
		t.Errorf("%s: the session still works (%v)", why, err)
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

func TestFirstStart(t *testing.T) {
	h := newHouse(t)
	again, err := h.EnsureUnit(h.ctx)
	ok(t, err)
	if again != h.unit {
		t.Error("a second start made a second unit")
	}
	old, err := h.FirstStart(h.ctx, h.unit.ID)
	ok(t, err)
	token, err := h.FirstStart(h.ctx, h.unit.ID)
	ok(t, err)
	f := access.FirstAdministrator{UnitName: "Invented VRU", Name: "Ada", Email: "Ada@Example.org", Password: secret}
	_, err = h.SetUp(h.ctx, old, f)
	is(t, err, errs.NotFound)
	_, err = h.UseLink(h.ctx, token, secret)
	is(t, err, errs.NotFound)
	if inv, err := h.Invitation(h.ctx, token); err != nil || !inv.SetUp {
		t.Errorf("the invitation is %+v (%v)", inv, err)
	}
	p, err := h.SetUp(h.ctx, token, f)
	ok(t, err)
	_, err = h.SetUp(h.ctx, token, f)
	is(t, err, errs.NotFound)
	if token, err = h.FirstStart(h.ctx, h.unit.ID); token != "" || err != nil {
		t.Errorf("a set-up link was made though there is an administrator (%v)", err)
	}
	if !p.Actor().Has(access.Administrator) || p.Email != "ada@example.org" {
		t.Errorf("the first administrator is %+v", p)
	}
	h.mustSignIn(t, " ADA@example.org", secret)
}

func TestSetUpClosesWhenAnAdministratorComesAnotherWay(t *testing.T) {
	h := newHouse(t)
	token, err := h.FirstStart(h.ctx, h.unit.ID)
	ok(t, err)
	_, link, err := h.AddPerson(h.ctx, access.Operator(h.unit.ID), access.NewPerson{Name: "Bob", Email: "bob@example.org", Roles: []access.Role{access.Administrator}})
	ok(t, err)
	if who, err := h.Invitation(h.ctx, token); err != nil || !who.SetUp {
		t.Errorf("nobody can sign in yet, but set-up is closed: %v", err)
	}
	_, err = h.UseLink(h.ctx, link, secret)
	ok(t, err)
	_, err = h.Invitation(h.ctx, token)
	is(t, err, errs.NotFound)
	_, err = h.SetUp(h.ctx, token, access.FirstAdministrator{Name: "Eve", Email: "eve@example.org", Password: secret})
	is(t, err, errs.NotFound)
}

func TestAPersonChoosesTheirPassword(t *testing.T) {
	h := newHouse(t)
	a := h.admin(t)
	p, token, err := h.AddPerson(h.ctx, a, access.NewPerson{Name: " Sam  Supplier ", Email: "sam@example.org", Org: h.hospital(t, a), Roles: []access.Role{access.Supplier}})
	ok(t, err)
	if p.Name != "Sam Supplier" || p.State != access.Invited {
		t.Errorf("the new person is %+v", p)
	}
	_, err = h.signIn("sam@example.org", "", "a")
	is(t, err, errs.Unauthenticated)
	inv, err := h.Invitation(h.ctx, token)
	ok(t, err)
	if inv != (access.Invitation{Name: "Sam Supplier", Email: "sam@example.org"}) {
		t.Errorf("the invitation is %+v", inv)
	}
	_, err = h.UseLink(h.ctx, token, "short")
	is(t, err, errs.Invalid)
	_, err = h.UseLink(h.ctx, token, secret)
	ok(t, err)
	_, err = h.UseLink(h.ctx, token, another)
	is(t, err, errs.NotFound)
	h.mustSignIn(t, "sam@example.org", secret)

	_, _, err = h.AddPerson(h.ctx, a, access.NewPerson{Name: "Twin", Email: "SAM@example.org", Roles: []access.Role{access.Board}})
	is(t, err, errs.Conflict)
	late, err := h.NewLink(h.ctx, a, p.ID)
	ok(t, err)
	h.clock.Move(access.LinkLife)
	_, err = h.UseLink(h.ctx, late, another)
	is(t, err, errs.NotFound)
}

func TestWhatANewPersonMayNotBe(t *testing.T) {
	h := newHouse(t)
	a := h.admin(t)
	good := access.NewPerson{Name: "N", Email: "n@example.org", Roles: []access.Role{access.Board}}
	for name, f := range map[string]func(*access.NewPerson){
		"no name":               func(n *access.NewPerson) { n.Name = "  " },
		"a name with a bell":    func(n *access.NewPerson) { n.Name = "Ring\a" },
		"a very long name":      func(n *access.NewPerson) { n.Name = strings.Repeat("x", 201) },
		"no address":            func(n *access.NewPerson) { n.Email = "" },
		"not an address":        func(n *access.NewPerson) { n.Email = "nobody" },
		"an address and a name": func(n *access.NewPerson) { n.Email = "N <n@example.org>" },
		"no role":               func(n *access.NewPerson) { n.Roles = nil },
		"an unknown role":       func(n *access.NewPerson) { n.Roles = []access.Role{"king"} },
	} {
		n := good
		f(&n)
		if _, _, err := h.AddPerson(h.ctx, a, n); !errs.Is(err, errs.Invalid) {
			t.Errorf("%s: %v, want Invalid", name, err)
		}
	}
	good.Org = "nowhere"
	_, _, err := h.AddPerson(h.ctx, a, good)
	is(t, err, errs.NotFound)
	_, _, err = h.AddPerson(h.ctx, accesstest.Actor(access.Analyst), good)
	is(t, err, errs.Forbidden)
}

func TestSessionsEnd(t *testing.T) {
	h := newHouse(t)
	a := h.admin(t)
	p := h.person(t, a, "sam@example.org", access.Supplier)
	signIn := func() string { return h.mustSignIn(t, "sam@example.org", secret) }

	first, second := signIn(), signIn()
	if first == second {
		t.Error("two sign-ins gave one token")
	}
	ok(t, h.SignOut(h.ctx, first))
	h.isOver(t, first, "after signing out")
	ok(t, h.SignOut(h.ctx, first))
	if got, err := h.Authenticate(h.ctx, second); err != nil || got.Person != p.ID {
		t.Errorf("the other session ended too (%v)", err)
	}
	h.clock.Move(access.SessionIdle)
	h.isOver(t, second, "after an idle hour")

	busy := signIn()
	for range int(access.SessionLife / (30 * time.Minute)) {
		if _, err := h.Authenticate(h.ctx, busy); err != nil {
			t.Fatal("a session in use ended early:", err)
		}
		h.clock.Move(30 * time.Minute)
	}
	h.isOver(t, busy, "after its whole life")

	token := signIn()
	ok(t, h.SetRoles(h.ctx, a, p.ID, []access.Role{access.Analyst}))
	h.isOver(t, token, "after a change of roles")
	token = signIn()
	if got, err := h.Authenticate(h.ctx, token); err != nil || !got.Has(access.Analyst) || got.Has(access.Supplier) {
		t.Errorf("the new roles are not seen: %+v (%v)", got, err)
	}
	ok(t, h.Disable(h.ctx, a, p.ID))
	h.isOver(t, token, "after the account was disabled")
	if _, err := h.signIn("sam@example.org", secret, "a"); !errs.Is(err, errs.Unauthenticated) {
		t.Errorf("a disabled person signed in (%v)", err)
	}
	_, err := h.NewLink(h.ctx, a, p.ID)
	is(t, err, errs.Conflict)
	ok(t, h.Enable(h.ctx, a, p.ID))
	token = signIn()
	link, err := h.NewLink(h.ctx, a, p.ID)
	ok(t, err)
	_, err = h.UseLink(h.ctx, link, another)
	ok(t, err)
	h.isOver(t, token, "after a new password by link")
	for _, none := range []string{"", "x", strings.Repeat("A", 43)} {
		h.isOver(t, none, "a made-up token")
	}
}

func TestChangePassword(t *testing.T) {
	h := newHouse(t)
	a := h.admin(t)
	old := h.mustSignIn(t, "ada@example.org", secret)
	_, err := h.ChangePassword(h.ctx, a, "a", another, another)
	is(t, err, errs.Unauthenticated)
	_, err = h.ChangePassword(h.ctx, a, "a", secret, "short")
	is(t, err, errs.Invalid)
	token, err := h.ChangePassword(h.ctx, a, "a", secret, another)
	ok(t, err)
	h.isOver(t, old, "after a new password")
	if _, err := h.Authenticate(h.ctx, token); err != nil {
		t.Error("the session that changed the password is over:", err)
	}
	_, err = h.signIn("ada@example.org", secret, "a")
	is(t, err, errs.Unauthenticated)
	h.mustSignIn(t, "ada@example.org", another)
}

func TestAnAccountIsLocked(t *testing.T) {
	h := newHouse(t)
	h.admin(t)
	for i := range access.AccountTries {
		_, err := h.signIn("ada@example.org", "wrong", "198.51.100."+string(rune('0'+i)))
		is(t, err, errs.Unauthenticated)
	}
	_, err := h.signIn("ada@example.org", secret, "203.0.113.1")
	is(t, err, errs.Forbidden)
	if !strings.Contains(errs.HintOf(err), "15 minutes") {
		t.Errorf("the hint is %q", errs.HintOf(err))
	}
	log, err := h.store.Entries(h.ctx, h.unit.ID, access.EntryQuery{Limit: 1})
	ok(t, err)
	if log[0].Action != access.LockedOut {
		t.Errorf("the log's last entry is %s, not the lock-out", log[0].Action)
	}
	h.clock.Move(access.TryWindow)
	h.mustSignIn(t, "ada@example.org", secret)
}

// An account that does not exist is locked in the same words, so that the
// lock-out says nothing about who has one.
func TestAnUnknownAccountIsLockedToo(t *testing.T) {
	h := newHouse(t)
	h.admin(t)
	answer := func(email string) (all []string) {
		for i := range access.AccountTries + 2 {
			_, err := h.signIn(email, "wrong", email+string(rune('0'+i)))
			all = append(all, err.Error(), errs.HintOf(err))
		}
		return all
	}
	if known, unknown := answer("ada@example.org"), answer("nobody@example.org"); strings.Join(known, "|") != strings.Join(unknown, "|") {
		t.Errorf("the answers differ:\n%q\n%q", known, unknown)
	}
}

func TestAnAddressIsLocked(t *testing.T) {
	h := newHouse(t)
	h.admin(t)
	for range 3 * access.AddressTries { // right passwords are not held against an office
		h.mustSignIn(t, "ada@example.org", secret)
	}
	for i := range access.AddressTries {
		_, err := h.signIn("guess"+string(rune('a'+i))+"@example.org", "wrong", "192.0.2.1")
		is(t, err, errs.Unauthenticated)
	}
	_, err := h.signIn("ada@example.org", secret, "192.0.2.1")
	is(t, err, errs.Forbidden)
	_, err = h.signIn("ada@example.org", secret, "192.0.2.2")
	ok(t, err)
}

// Many guesses at once are counted before any is looked at.
// One customer of an internet provider has 2^64 addresses of version 6.
func TestANetworkOfVersion6IsOneAddress(t *testing.T) {
	for _, c := range []struct {
		format string
		locked bool
	}{
		{"2001:db8:1:2::%x", true},
		{"2001:db8:1:%x::1", false},
		{"::ffff:192.0.2.%d", false},
		{"192.0.2.%d", false},
	} {
		h := newHouse(t)
		var err error
		for i := range access.AddressTries + 1 {
			_, err = h.signIn(fmt.Sprintf("nobody-%d@example.org", i), "wrong", fmt.Sprintf(c.format, i))
		}
		if errs.Is(err, errs.Forbidden) != c.locked {
			t.Errorf("%s: locked out %v, want %v", c.format, !c.locked, c.locked)
		}
	}
}

func TestManyTriesAtOnce(t *testing.T) {
	h := newHouse(t)
	h.admin(t)
	var wait sync.WaitGroup
	var mu sync.Mutex
	looked := 0
	for i := range 100 {
		wait.Go(func() {
			_, err := h.signIn("ada@example.org", "wrong", string(rune(1000+i)))
			mu.Lock()
			defer mu.Unlock()
			if errs.Is(err, errs.Unauthenticated) {
				looked++
			}
		})
	}
	wait.Wait()
	if looked != access.AccountTries {
		t.Errorf("%d passwords were looked at, want %d", looked, access.AccountTries)
	}
}

func TestTheLastAdministratorStays(t *testing.T) {
	h := newHouse(t)
	a := h.admin(t)
	is(t, h.Disable(h.ctx, a, a.Person), errs.Conflict)
	is(t, h.SetRoles(h.ctx, a, a.Person, []access.Role{access.Analyst}), errs.Conflict)
	second := h.person(t, a, "second@example.org", access.Administrator)
	ok(t, h.Disable(h.ctx, a, a.Person))
	is(t, h.Disable(h.ctx, second.Actor(), second.ID), errs.Conflict)
}

// Two administrators who end each other's accounts at once: one of them stays.
func TestTheLastAdministratorStaysWhateverTheTiming(t *testing.T) {
	for range 30 {
		h := newHouse(t)
		ada := h.admin(t)
		bob := h.person(t, ada, "bob@example.org", access.Administrator).Actor()
		var wait sync.WaitGroup
		wait.Go(func() { _ = h.Disable(h.ctx, ada, bob.Person) })
		wait.Go(func() { _ = h.Disable(h.ctx, bob, ada.Person) })
		wait.Wait()
		people, err := h.People(h.ctx, ada)
		ok(t, err)
		left := 0
		for _, p := range people {
			if p.State == access.Active {
				left++
			}
		}
		if left != 1 {
			t.Fatalf("%d administrators are left", left)
		}
	}
}

func TestOrganisations(t *testing.T) {
	h := newHouse(t)
	a := h.admin(t)
	one, err := h.OrganisationNamed(h.ctx, a, "St Mary's Hospital")
	ok(t, err)
	two, err := h.OrganisationNamed(h.ctx, a, " st mary's  hospital ")
	ok(t, err)
	if one.ID != two.ID {
		t.Error("one name made two organisations")
	}
	_, err = h.AddOrganisation(h.ctx, a, "St Mary's Hospital")
	is(t, err, errs.Conflict)
	p, _, err := h.AddPerson(h.ctx, a, access.NewPerson{Name: "S", Email: "s@example.org", Org: one.ID, Roles: []access.Role{access.Supplier}})
	ok(t, err)
	if p.Org != one.ID {
		t.Errorf("the person belongs to %s", p.Org)
	}
}

// Whoever may see only what belongs to their organisation must not belong to
// the unit's own, whose is everything.
func TestOutsidersBelongOutside(t *testing.T) {
	h := newHouse(t)
	a := h.admin(t)
	add := func(org ids.Org, roles ...access.Role) error {
		_, _, err := h.AddPerson(h.ctx, a, access.NewPerson{Name: "N", Email: string(roles[0]) + string(org) + "@example.org", Org: org, Roles: roles})
		return err
	}
	is(t, add("", access.Supplier), errs.Invalid)
	is(t, add("", access.Partner, access.Supplier), errs.Invalid)
	is(t, add(a.Org, access.Supplier), errs.Invalid)
	ok(t, add("", access.Analyst, access.Supplier))
	ok(t, add(h.hospital(t, a), access.Supplier))
	people, err := h.People(h.ctx, a)
	ok(t, err)
	for _, p := range people {
		if p.Actor().Has(access.Analyst) && p.Actor().Has(access.Supplier) {
			is(t, h.SetRoles(h.ctx, a, p.ID, []access.Role{access.Supplier}), errs.Invalid)
		}
	}
}

func TestEveryChangeIsInTheLog(t *testing.T) {
	h := newHouse(t)
	a := h.admin(t)
	p := h.person(t, a, "sam@example.org", access.Supplier)
	token := h.mustSignIn(t, "sam@example.org", secret)
	ok(t, h.SignOut(h.ctx, token))
	ok(t, h.Disable(h.ctx, a, p.ID))
	log, err := h.Log(h.ctx, a, access.EntryQuery{})
	ok(t, err)
	var got []string
	for _, e := range log {
		got = append([]string{string(e.Action)}, got...)
		if strings.Contains(e.Detail, token) || strings.Contains(e.Detail, secret) {
			t.Errorf("the log holds a secret: %s", e.Detail)
		}
	}
	want := "unit.make people.set-up-link people.set-up unit.rename organisations.manage people.manage password.set session.start session.end people.manage"
	if strings.Join(got, " ") != want {
		t.Errorf("the log is  %s\nwant        %s", strings.Join(got, " "), want)
	}
	_, err = h.Log(h.ctx, p.Actor(), access.EntryQuery{})
	is(t, err, errs.Forbidden)
	r, err := h.Verify(h.ctx, a, access.Head{})
	ok(t, err)
	kept, err := access.ParseHead(r.Head.String())
	ok(t, err)
	ok(t, h.Enable(h.ctx, a, p.ID))
	_, err = h.Verify(h.ctx, a, kept)
	ok(t, err)
}

// TestInventedDataStayApart: a demonstration's unit says that it is one, and is
// not made where a real unit's data are.
func TestInventedDataStayApart(t *testing.T) {
	ctx := context.Background()
	fresh := func() *access.Service {
		return access.NewService(access.Config{Store: accesstest.NewMemory(), Now: time.Now, Rand: rand.Reader})
	}
	demo := fresh()
	made, err := demo.EnsureInvented(ctx, "Invented London")
	if err != nil || !made.Invented || made.Name != "Invented London" {
		t.Fatalf("made %+v, %v", made, err)
	}
	if again, err := demo.EnsureUnit(ctx); err != nil || !again.Invented {
		t.Errorf("opened later: %+v, %v", again, err)
	}
	real := fresh()
	if _, err := real.EnsureUnit(ctx); err != nil {
		t.Fatal(err)
	}
	if _, err := real.EnsureInvented(ctx, "Invented London"); !errs.Is(err, errs.Conflict) {
		t.Errorf("invented data beside real ones: %v", err)
	}
}
