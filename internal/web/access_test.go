package web_test

import (
	"maps"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"openvru/internal/access"
)

func TestFirstStart(t *testing.T) {
	s := newSite(t)
	token, err := s.Access.FirstStart(t.Context(), s.Unit.ID)
	if err != nil {
		t.Fatal(err)
	}
	c := newClient(t, s)
	if a := c.get("/"); a.Code != 303 || a.Header.Get("Location") != "/sign-in?next=%2F" {
		t.Fatalf("a stranger at the home page: %d to %q", a.Code, a.Header.Get("Location"))
	}
	if a := c.get("/set-up/" + token); a.Code != 200 || a.Find("#name, #unit, #email, #password").Length() != 4 {
		t.Fatalf("the set-up page: %d, %s", a.Code, a.text("main"))
	}
	form := url.Values{"unit": {"Testshire VRU"}, "name": {"Ada"}, "email": {"ada@example.org"}, "password": {"short"}}
	a := c.post("/set-up/"+token, form)
	if a.Code != 400 || !strings.Contains(a.text("#password-error"), "it needs at least 12") {
		t.Errorf("a short password: %d, %q", a.Code, a.text("#password-error"))
	}
	if got, _ := a.Find("#email").Attr("value"); got != "ada@example.org" {
		t.Errorf("what was typed is lost: %q", got)
	}
	if got, _ := a.Find(".govuk-error-summary a").Attr("href"); got != "#password" {
		t.Errorf("the error summary leads to %q", got)
	}
	form.Set("password", password)
	home := c.follow(c.post("/set-up/"+token, form))
	if home.Code != 200 || !strings.Contains(home.text("header"), "Testshire VRU") || !strings.Contains(home.text("header"), "Ada") {
		t.Errorf("after set-up: %d, header %q", home.Code, home.text("header"))
	}
	if a := newClient(t, s).get("/set-up/" + token); a.Code != 404 {
		t.Errorf("the link opens twice: %d", a.Code)
	}
}

func TestSignInAndOut(t *testing.T) {
	s := newSite(t)
	s.administrator()
	c := newClient(t, s)
	a := c.post("/sign-in", url.Values{"email": {"ada@example.org"}, "password": {"wrong wrong wrong"}, "next": {"/people"}})
	if a.Code != 401 || !strings.Contains(a.text(".govuk-error-summary"), "is not right") {
		t.Errorf("a wrong password: %d, %q", a.Code, a.text("main"))
	}
	a = c.post("/sign-in", url.Values{"email": {"ada@example.org"}, "password": {password}, "next": {"//elsewhere.example"}})
	if got := a.Header.Get("Location"); a.Code != 303 || got != "/" {
		t.Errorf("sign-in leads elsewhere: %d to %q", a.Code, got)
	}
	if a := c.get("/sign-in?next=/people"); a.Header.Get("Location") != "/people" {
		t.Errorf("somebody who is signed in is asked again: %d", a.Code)
	}
	kept := maps.Clone(c.cookies)
	if a := c.follow(c.post("/sign-out", nil)); !strings.Contains(a.text(".govuk-notification-banner"), "signed out") {
		t.Errorf("signed out: %s", a.text("main"))
	}
	c.cookies = kept
	if a := c.get("/people"); a.Code != 303 {
		t.Errorf("an ended session still opens pages: %d", a.Code)
	}
}

func TestSessionsEnd(t *testing.T) {
	s := newSite(t)
	c := s.administrator()
	s.later(access.SessionIdle + time.Minute)
	if a := c.get("/people"); a.Code != 303 || len(c.cookies) != 0 {
		t.Errorf("an idle session: %d, cookies %v", a.Code, c.cookies)
	}
}

func TestLockOut(t *testing.T) {
	s := newSite(t)
	s.administrator()
	c := newClient(t, s)
	wrong := url.Values{"email": {"ada@example.org"}, "password": {"wrong wrong wrong"}}
	for range access.AccountTries {
		if a := c.post("/sign-in", wrong); a.Code != 401 {
			t.Fatalf("a wrong password: %d", a.Code)
		}
	}
	right := url.Values{"email": {"ada@example.org"}, "password": {password}}
	if a := c.post("/sign-in", right); a.Code != 403 || !strings.Contains(a.text("main"), "too many tries") {
		t.Errorf("after ten tries: %d, %s", a.Code, a.text("main"))
	}
	s.later(access.TryWindow + time.Second)
	if a := c.post("/sign-in", right); a.Code != 303 {
		t.Errorf("when the time is over: %d, %s", a.Code, a.text("main"))
	}
}

func TestPeople(t *testing.T) {
	s := newSite(t)
	admin := s.administrator()
	admin.get("/people/new")
	a := admin.post("/people", url.Values{"name": {"Sam Supplier"}, "email": {"not an address"}, "roles": {"supplier"}, "new-org": {"St Elsewhere Hospital"}})
	if a.Code != 400 || a.text("#email-error") == "" {
		t.Fatalf("a bad address: %d, %s", a.Code, a.text("main"))
	}
	if a.Find("#roles-4[checked], #roles-4").Length() == 0 {
		t.Error("there is no box for the supplier's role")
	}
	a = admin.post("/people", url.Values{"name": {"Sam Supplier"}, "email": {"sam@example.org"}, "roles": {"supplier"}, "new-org": {"St Elsewhere Hospital"}})
	link := a.text("#link")
	if a.Code != 200 || !strings.HasPrefix(link, "http://localhost:8417/set-up/") {
		t.Fatalf("added: %d, link %q", a.Code, link)
	}
	sam := newClient(t, s)
	path := strings.TrimPrefix(link, "http://localhost:8417")
	if a := sam.get(path); !strings.Contains(a.text("main"), "Sam Supplier") || a.Find("#name").Length() != 0 {
		t.Errorf("the link's page: %s", a.text("main"))
	}
	sam.follow(sam.post(path, url.Values{"password": {password}}))
	list := admin.get("/people")
	if !strings.Contains(list.text("table"), "St Elsewhere Hospital") {
		t.Errorf("the list: %s", list.text("table"))
	}
	href := ""
	list.Find("tbody a").Each(func(_ int, a *goquery.Selection) {
		if a.Text() == "Sam Supplier" {
			href, _ = a.Attr("href")
		}
	})
	admin.get(href)
	if a := admin.follow(admin.post(href+"/disable", nil)); !strings.Contains(a.text("main"), "disabled") {
		t.Errorf("disabled: %s", a.text("main"))
	}
	if a := sam.get("/submissions"); a.Code != 303 {
		t.Errorf("a disabled person still gets in: %d", a.Code)
	}
	if a := admin.post(href+"/enable", nil); a.Code != 303 {
		t.Errorf("enabled: %d", a.Code)
	}
	if a := admin.post(href+"/roles", url.Values{"roles": {"analyst"}}); a.Code != 303 {
		t.Errorf("roles: %d", a.Code)
	}
	if a := admin.post(href+"/link", nil); a.text("#link") == "" {
		t.Errorf("a new link: %d, %s", a.Code, a.text("main"))
	}
	if a := admin.get("/people.csv"); !strings.Contains(a.Body, "sam@example.org") || !strings.HasPrefix(a.Header.Get("Content-Type"), "text/csv") {
		t.Errorf("CSV: %s", a.Body)
	}
}

func TestOwnPassword(t *testing.T) {
	s := newSite(t)
	c := s.administrator()
	c.get("/password")
	if a := c.post("/password", url.Values{"current": {"not it at all"}, "password": {"another long password"}}); a.Code != 400 || a.text("#current-error") == "" {
		t.Errorf("a wrong present password: %d, %s", a.Code, a.text("main"))
	}
	if a := c.post("/password", url.Values{"current": {password}, "password": {"short"}}); a.Code != 400 || a.text("#password-error") == "" {
		t.Errorf("a short new one: %d, %s", a.Code, a.text("main"))
	}
	if a := c.follow(c.post("/password", url.Values{"current": {password}, "password": {"another long password"}})); !strings.Contains(a.text("main"), "Your password is changed") {
		t.Errorf("changed: %s", a.text("main"))
	}
}

func TestAuditLog(t *testing.T) {
	s := newSite(t)
	c := s.administrator()
	if a := c.get("/audit"); !strings.Contains(a.text("table"), "people.set-up") || strings.Contains(a.text(".vru-lead"), "is whole") {
		t.Errorf("the log: %s", a.text("main"))
	}
	if a := c.get("/audit?verify=yes"); !strings.Contains(a.text("main"), "The log is whole: all") {
		t.Errorf("checked: %s", a.text("main"))
	}
	if a := c.get("/audit.json"); !strings.Contains(a.Body, `"action":"session.start"`) {
		t.Errorf("JSON: %s", a.Body)
	}
}
