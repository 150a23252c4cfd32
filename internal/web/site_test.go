package web_test

import (
	"context"
	"crypto/rand"
	"net/url"
	"path/filepath"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"time"

	"openvru/internal/access"
	"openvru/internal/access/accesstest"
	"openvru/internal/app"
	"openvru/internal/web"
	"openvru/internal/web/assets"
)

// site is the pages over the product as it is opened for real, on SQLite.
type site struct {
	*web.Server
	*app.App
	t     *testing.T
	clock *clock
}

const password = "correct horse battery staple"

// newSite returns a site without people.
func newSite(t *testing.T, change ...func(*web.Config)) *site {
	t.Helper()
	s := &site{t: t, clock: &clock{began: time.Now()}}
	var err error
	folder := t.TempDir()
	s.App, err = app.Open(t.Context(), app.Config{
		DB: filepath.Join(folder, "test.db"), Data: filepath.Join(folder, "files"), Now: s.clock.Now, Rand: rand.Reader,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.App.Close() })
	cfg := s.WebConfig("http://localhost:8417")
	cfg.Assets = built(t)
	for _, f := range change {
		f(&cfg)
	}
	if s.Server, err = web.New(cfg); err != nil {
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
	token, err := s.Access.FirstStart(s.t.Context(), s.Unit.ID)
	if err != nil {
		s.t.Fatal(err)
	}
	c := newClient(s.t, s)
	a := c.post("/set-up/"+token, url.Values{"unit": {"Testshire VRU"}, "name": {"Ada Administrator"}, "email": {"ada@example.org"}, "password": {password}})
	c.follow(a)
	return c
}

// person adds somebody with a role and returns their browser, signed in.
func (s *site) person(role access.Role) *client {
	s.t.Helper()
	operator := access.Operator(s.Unit.ID)
	org, err := s.Access.OrganisationNamed(s.t.Context(), operator, "The "+string(role)+"'s organisation")
	if err != nil {
		s.t.Fatal(err)
	}
	_, token, err := s.Access.AddPerson(s.t.Context(), operator, access.NewPerson{
		Name: "A " + string(role), Email: string(role) + "@example.org", Org: org.ID, Roles: []access.Role{role},
	})
	if err != nil {
		s.t.Fatal(err)
	}
	c := newClient(s.t, s)
	c.follow(c.post("/set-up/"+token, url.Values{"password": {password}}))
	return c
}

// later moves the clock on.
func (s *site) later(d time.Duration) { s.clock.ahead.Add(int64(d)) }

// startWork does the jobs that are asked for, until the test ends.
func (s *site) startWork() {
	ctx, stop := context.WithCancel(s.t.Context())
	done := make(chan struct{})
	go func() { defer close(done); s.Jobs.Run(ctx, 1) }()
	s.t.Cleanup(func() { stop(); <-done })
}

// clock runs as clocks do, from the sample's start, and can be moved on.
type clock struct {
	began time.Time
	ahead atomic.Int64
}

// Now returns the time it shows.
func (c *clock) Now() time.Time {
	return accesstest.Start.Add(time.Since(c.began) + time.Duration(c.ahead.Load()))
}
