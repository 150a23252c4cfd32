package web

import (
	"crypto/rand"
	"log/slog"
	"net/url"
	"testing"
	"testing/fstest"
	"time"

	"openvru/internal/access"
	"openvru/internal/access/accesstest"
	"openvru/internal/web/assets"
)

// site is the pages over real services that keep their things in memory.
type site struct {
	*Server
	t     *testing.T
	clock *accesstest.Clock
	unit  access.Unit
	log   *accesstest.Memory
}

const password = "correct horse battery staple"

// newSite returns a site without people.
func newSite(t *testing.T, change ...func(*Config)) *site {
	t.Helper()
	s := &site{t: t, clock: accesstest.NewClock(), log: accesstest.NewMemory()}
	people := access.NewService(access.Config{
		Store: s.log, Now: s.clock.Now, Rand: accesstest.Rand(), Argon: access.Argon{Passes: 1, MemoryKiB: 64},
	})
	var err error
	if s.unit, err = people.EnsureUnit(t.Context()); err != nil {
		t.Fatal(err)
	}
	cfg := Config{
		Unit: s.unit, Address: "http://localhost:8417", Access: people, Log: slog.New(slog.DiscardHandler),
		Now: s.clock.Now, Rand: rand.Reader, Assets: built(t),
	}
	for _, f := range change {
		f(&cfg)
	}
	if s.Server, err = New(cfg); err != nil {
		t.Fatal(err)
	}
	return s
}

// built stands for the front end, which tests in Go need not build.
func built(t *testing.T) *assets.Set {
	t.Helper()
	set, err := assets.From(fstest.MapFS{
		"manifest.json":    {Data: []byte(`{"app.css":"app-1.css","moj.css":"moj-1.css","app.js":"app-1.js","favicon.svg":"favicon-1.svg","licences.txt":"licences-1.txt"}`)},
		"app-1.css":        {Data: []byte("body{}")},
		"moj-1.css":        {Data: []byte("body{}")},
		"app-1.js":         {Data: []byte("export {}")},
		"favicon-1.svg":    {Data: []byte("<svg/>")},
		"licences-1.txt":   {Data: []byte("MIT")},
		"left-over-1.json": {Data: []byte("{}")},
	})
	if err != nil {
		t.Fatal(err)
	}
	return set
}

// administrator sets the site's first administrator up and returns their
// browser, signed in.
func (s *site) administrator() *client {
	s.t.Helper()
	token, err := s.cfg.Access.FirstStart(s.t.Context(), s.unit.ID)
	if err != nil {
		s.t.Fatal(err)
	}
	c := newClient(s.t, s)
	a := c.post("/set-up/"+token, url.Values{"unit": {"Testshire VRU"}, "name": {"Ada Administrator"}, "email": {"ada@example.org"}, "password": {password}})
	c.follow(a)
	return c
}

// person adds somebody with a role and returns their browser, signed in.
func (s *site) person(roles ...access.Role) *client {
	s.t.Helper()
	admin := access.Actor{Unit: s.unit.ID, Person: "operator", Name: "operator", Roles: []access.Role{access.Administrator}}
	email := string(roles[0]) + "@example.org"
	org, err := s.cfg.Access.OrganisationNamed(s.t.Context(), admin, "The "+string(roles[0])+"'s organisation")
	if err != nil {
		s.t.Fatal(err)
	}
	_, token, err := s.cfg.Access.AddPerson(s.t.Context(), admin, access.NewPerson{Name: "A " + string(roles[0]), Email: email, Org: org.ID, Roles: roles})
	if err != nil {
		s.t.Fatal(err)
	}
	c := newClient(s.t, s)
	c.follow(c.post("/set-up/"+token, url.Values{"password": {password}}))
	return c
}

// later moves the clock on.
func (s *site) later(d time.Duration) { s.clock.Move(d) }
