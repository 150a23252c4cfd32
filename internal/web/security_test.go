package web_test

import (
	"fmt"
	"maps"
	"net/url"
	"strings"
	"testing"
	"time"

	"openvru/internal/access"
	"openvru/internal/places"
)

// hostile is a name as a file may bring it: it leaves an attribute, a title, a
// script and a comment, and brings code of every kind.
const hostile = `Camden"'></title></desc><script>alert(1)</script><img src=x onerror=alert(2)><!-- {{.}} javascript:alert(3)`

func quoted(s string) string { return `"` + strings.ReplaceAll(s, `"`, `""`) + `"` }

// newHostileLondon is the sample with a borough of that name, and a file with
// it in every free text.
func newHostileLondon(t *testing.T) (c *client, path string) {
	t.Helper()
	s := newSite(t)
	inCSV := func(text string) string { return strings.ReplaceAll(text, "Camden", quoted(hostile)) }
	inJSON := strings.ReplaceAll(sampleBoundaries(), `"Camden"`, fmt.Sprintf("%q", hostile))
	_, err := s.Places.Import(t.Context(), access.Operator(s.Unit.ID), []places.Upload{
		{Name: "boroughs_2024.geojson", Reader: strings.NewReader(inJSON)},
		{Name: "lookup_ltla24_csp24_pfa24.csv", Reader: strings.NewReader(inCSV(sampleLookup))},
		{Name: "lookup_ltla24_region24.csv", Reader: strings.NewReader(inCSV(sampleRegions))},
	}, places.Options{})
	if err != nil {
		t.Fatal(err)
	}
	c = s.person(access.Analyst)
	s.startWork()
	months := send(t, c, "mps-monthly", "months.csv", inCSV(sampleMonths()))
	wait(t, c, months)
	c.follow(c.post(months+"/accept", nil))
	wait(t, c, months)
	head, _, _ := strings.Cut(sample, "\n")
	row := strings.Repeat(","+quoted(hostile), strings.Count(head, ","))
	path = send(t, c, "police-uk", strings.ReplaceAll(hostile, "/", "")+".csv", head+"\n"+quoted(hostile)+row+"\n=1+1,2019-01,"+quoted(hostile)+",,-0.15,51.55,=1+1,,,"+quoted("@"+hostile)+",,\n")
	wait(t, c, path)
	return c, path
}

// Whatever a file brings is text on a page and never anything else.
func TestNamesFromFilesAreTextOnly(t *testing.T) {
	c, path := newHostileLondon(t)
	for _, page := range []struct {
		path  string
		shows bool // the name is on it
	}{
		{"/places?q=camden", true},
		{"/places?q=" + url.QueryEscape(hostile), true},
		{"/places/borough/E09000007", true},
		{"/places/borough/E09000012", true},
		{"/places/pfa/E23000001", true},
		{"/reports/violence?place=borough%2FE09000007&year=2020&against=2019", true},
		{"/reports/violence/file?place=borough%2FE09000007&year=2020&against=2019", true},
		{"/reports/violence?place=" + url.QueryEscape(hostile), true},
		{"/figures/police.robbery.E09000007.2020", true},
		{"/figures/" + url.PathEscape(hostile), true},
		{path, true},
		{path + "/findings", true},
		{path + "/withdraw", true},
		{"/submissions", true},
		{"/submissions?source=" + url.QueryEscape(hostile), false},
		{"/", true},
		{"/sign-in?next=" + url.QueryEscape("/"+hostile), false},
		{"/nowhere/" + url.PathEscape(hostile), false},
	} {
		a := c.get(page.path)
		if shown := strings.Contains(a.Find("body").Text(), "alert(1)"); shown != page.shows {
			t.Errorf("%s: the name is shown: %v, want %v (status %d)", page.path, shown, page.shows, a.Code)
		}
		a.holdsNoCode(t, page.path)
	}
}

// holdsNoCode checks that a page has no element or attribute that runs.
func (a *answer) holdsNoCode(t *testing.T, path string) {
	t.Helper()
	if n := a.Find("script:not([src^='/assets/']), img, iframe, object, embed, foreignObject").Length(); n > 0 {
		t.Errorf("%s has %d elements that a file brought", path, n)
	}
	a.Find("*").Each(func(_ int, e *selection) {
		for _, attr := range e.Nodes[0].Attr {
			value := strings.ToLower(strings.TrimSpace(attr.Val))
			if strings.HasPrefix(strings.ToLower(attr.Key), "on") || strings.HasPrefix(value, "javascript:") {
				t.Errorf("%s: %s=%q", path, attr.Key, attr.Val)
			}
		}
	})
}

// A file as it was sent is never a page of ours, whatever it holds.
func TestAFileAsSentIsNeverAPage(t *testing.T) {
	s := newSite(t)
	c := s.person(access.Supplier)
	path := send(t, c, "police-uk", "page.html", "<!DOCTYPE html><script>alert(1)</script>")
	a := c.get(path + "/file")
	for name, want := range map[string]string{
		"Content-Type": "application/octet-stream", "X-Content-Type-Options": "nosniff", "Cache-Control": "no-store",
		"Content-Disposition": `attachment; filename="page.html"; filename*=UTF-8''page.html`,
	} {
		if got := a.Header.Get(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	if !strings.Contains(a.Header.Get("Content-Security-Policy"), "default-src 'none'") || !strings.Contains(a.Body, "<script>") {
		t.Errorf("status %d, policy %q", a.Code, a.Header.Get("Content-Security-Policy"))
	}
}

// Whoever is handed records is in the audit log, and whoever is refused is not.
func TestDownloadsAreInTheAuditLog(t *testing.T) {
	s := newSite(t)
	admin := s.administrator()
	path := send(t, s.person(access.Supplier), "police-uk", "a.csv", sample)
	if a := s.person(access.Partner).get(path + "/file"); a.Code != 403 {
		t.Errorf("a partner: %d", a.Code)
	}
	if a := s.person(access.Analyst).get(path + "/file"); a.Code != 200 || a.Body != sample {
		t.Errorf("an analyst: %d, %q", a.Code, a.Body)
	}
	log := admin.get("/audit.json?subject=" + url.QueryEscape(strings.Replace(path, "/submissions/", "submission ", 1))).Body
	if n := strings.Count(log, "downloaded"); n != 1 || !strings.Contains(log, `"who":"A analyst"`) {
		t.Errorf("%d downloads in the log: %s", n, log)
	}
}

func TestSigningInAgainEndsTheSessionBefore(t *testing.T) {
	s := newSite(t)
	c := s.administrator()
	before := maps.Clone(c.cookies)
	form := url.Values{"email": {"ada@example.org"}, "password": {password}}
	if a := c.post("/sign-in", form); a.Code != 303 || c.cookies["session"].Value == before["session"].Value {
		t.Fatalf("signed in again: %d", a.Code)
	}
	if a := c.get("/people"); a.Code != 200 {
		t.Errorf("the new session: %d", a.Code)
	}
	c.cookies = before
	if a := c.get("/people"); a.Code != 303 {
		t.Errorf("the session before still opens pages: %d", a.Code)
	}
}

// A year that somebody types must not cost more than any other.
func TestYearsOutOfReach(t *testing.T) {
	_, c, _ := newLondon(t)
	for _, q := range []string{"year=3000000&against=1", "year=-1", "year=0", "against=10000", "year=99999999999999999999", "year=x"} {
		began := time.Now()
		if a := c.get("/reports/violence?" + q); a.Code != 400 || !strings.Contains(a.text("main"), "four figures") {
			t.Errorf("%s: %d, %s", q, a.Code, a.text("main"))
		}
		if took := time.Since(began); took > 5*time.Second {
			t.Errorf("%s takes %s", q, took)
		}
	}
	a := c.get("/reports/violence?year=9999&against=1000")
	if n := a.Find("#year option").Length(); n == 0 || n > 10 {
		t.Errorf("%d years to choose from (status %d)", n, a.Code)
	}
}

func TestAFormOfManyPartsIsRefused(t *testing.T) {
	s := newSite(t)
	c := s.person(access.Supplier)
	fields := [][2]string{{"token", c.token()}, {"source", "police-uk"}}
	for range 20 {
		fields = append(fields, [2]string{"more", "x"})
	}
	kind, body := multi(t, fields, "a.csv", []byte(sample))
	if a := c.send("POST", "/submissions", kind, body); a.Code != 400 || !strings.Contains(a.text("main"), "parts before its file") {
		t.Errorf("status %d: %s", a.Code, a.text("main"))
	}
}

// A link on another site shows an analyst a report, but keeps nothing in their
// name.
func TestALinkFromElsewhereKeepsNothing(t *testing.T) {
	s, c, _ := newLondon(t)
	kept := func() int {
		entries, err := s.Access.Log(t.Context(), access.Operator(s.Unit.ID), access.EntryQuery{Limit: 1000})
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		for _, e := range entries {
			if e.Action == access.ReportBuild {
				n++
			}
		}
		return n
	}
	for _, c2 := range []struct {
		site string
		want int
	}{{"cross-site", 0}, {"same-site", 0}, {"same-origin", 1}} {
		r := request("GET", strings.Replace(londonReport, "violence?", "violence/file?", 1), "", nil)
		r.Header.Set("Sec-Fetch-Site", c2.site)
		if a := c.do(r); a.Code != 200 {
			t.Fatalf("%s: %d", c2.site, a.Code)
		}
		if got := kept(); got != c2.want {
			t.Errorf("after a request from %s, %d reports are kept, want %d", c2.site, got, c2.want)
		}
	}
}
