package web_test

import (
	"bytes"
	"encoding/json"
	"net/url"
	"strings"
	"testing"
	"time"

	"openvru/internal/access"
)

// sample is a file of street-level crime with a blank id and no known place.
const sample = `Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name,Crime type,Last outcome category,Context
,2019-01,City of London Police,City of London Police,-0.113767,51.517372,On or near Stone Buildings,E01000914,Camden 028B,Anti-social behaviour,,
0cbac6ab1c6a4d7d3ecd9b8b6bea7a7bd1c9a0a8b87b1d05ed23ac92cbdd10e5,2019-01,City of London Police,City of London Police,-0.111497,51.518226,On or near Pedestrian Subway,E01000914,Camden 028B,Robbery,Investigation complete; no suspect identified,
`

// send uploads a file as the form does and returns the address of its page.
func send(t *testing.T, c *client, source, name, content string) string {
	t.Helper()
	c.get("/submissions/new")
	key, _ := c.page.Find(`input[name="key"]`).Attr("value")
	kind, body := multi(t, [][2]string{{"token", c.token()}, {"key", key}, {"source", source}}, name, []byte(content))
	a := c.send("POST", "/submissions", kind, body)
	if a.Code != 303 {
		t.Fatalf("sent: %d, %s", a.Code, a.text("main"))
	}
	return a.Header.Get("Location")
}

// wait lets the work on a submission end.
func wait(t *testing.T, c *client, path string) {
	t.Helper()
	for range 200 {
		var answer struct{ Ended bool }
		a := c.send("GET", path+"/progress.json", "", nil)
		if err := json.Unmarshal([]byte(a.Body), &answer); err != nil {
			t.Fatalf("progress: %d %s", a.Code, a.Body)
		}
		if answer.Ended {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Fatal("the work does not end")
}

func TestFromFileToFacts(t *testing.T) {
	s := newSite(t)
	c := s.person(access.Analyst)
	if a := c.get("/"); !strings.Contains(a.text("main"), "Nothing waits for you") {
		t.Errorf("home before: %s", a.text("main"))
	}
	path := send(t, c, "police-uk", "2019-01-city-of-london-street.csv", sample)
	if a := c.get(path); a.Find("progress").Length() != 1 || a.Find("noscript meta[http-equiv=refresh]").Length() != 0 && !strings.Contains(a.Body, "http-equiv=\"refresh\"") {
		t.Errorf("while it is being checked: %s", a.text("main"))
	}
	s.startWork()
	wait(t, c, path)
	a := c.get(path)
	for _, want := range []string{"To be accepted", "2 rows", "January 2019", "City of London"} {
		if !strings.Contains(a.text("main"), want) {
			t.Errorf("checked, the page does not say %q: %s", want, a.text("main"))
		}
	}
	if a := c.get("/"); !strings.Contains(a.text(".vru-needs"), "accept it") {
		t.Errorf("home: %s", a.text("main"))
	}
	if a := c.get(path + "/findings"); a.Code != 200 || a.Find("section.vru-finding").Length() == 0 {
		t.Errorf("findings: %d, %s", a.Code, a.text("main"))
	}
	if a := c.get(path + "/findings.csv"); !strings.Contains(a.Body, "severity,rule") {
		t.Errorf("findings as CSV: %s", a.Body)
	}
	if a := c.get(path + "/changes"); a.Code != 404 {
		t.Errorf("what it changed, before it counts: %d", a.Code)
	}
	if a := c.get(path + "/accept"); a.Code != 200 || !strings.Contains(a.text("main"), "January 2019") {
		t.Errorf("the question: %d, %s", a.Code, a.text("main"))
	}
	c.follow(c.post(path+"/accept", nil))
	wait(t, c, path)
	if a := c.get(path); !strings.Contains(a.text("main"), "Its figures count since") {
		t.Errorf("accepted: %s", a.text("main"))
	}
	if a := c.get("/jobs"); strings.Count(a.text("tbody"), "done") != 2 {
		t.Errorf("the work that was done: %s", a.text("main"))
	}
	if a := c.get(path + "/changes"); a.Code != 200 {
		t.Errorf("what it changed: %d, %s", a.Code, a.text("main"))
	}
	got := c.get(path + "/file")
	if !bytes.Equal([]byte(got.Body), []byte(sample)) || !strings.Contains(got.Header.Get("Content-Disposition"), "2019-01-city-of-london-street.csv") {
		t.Errorf("the file comes back otherwise: %q", got.Header.Get("Content-Disposition"))
	}
	if a := c.post(path+"/withdraw", url.Values{"reason": {" "}}); a.Code != 400 || a.text("#reason-error") == "" {
		t.Errorf("withdrawn without a reason: %d, %s", a.Code, a.text("main"))
	}
	if a := c.follow(c.post(path+"/withdraw", url.Values{"reason": {"sent by mistake"}})); !strings.Contains(a.text("main"), "Reason: sent by mistake") {
		t.Errorf("withdrawn: %s", a.text("main"))
	}
	if a := c.post(path+"/accept", nil); a.Code != 409 {
		t.Errorf("accepted when it is withdrawn: %d", a.Code)
	}
}

func TestTheSameFileTwice(t *testing.T) {
	s := newSite(t)
	c := s.person(access.Analyst)
	first := send(t, c, "police-uk", "a.csv", sample)
	if second := send(t, c, "police-uk", "b.csv", sample); second != first {
		t.Errorf("the same bytes are two submissions: %s and %s", first, second)
	}
}

func TestRefusedForms(t *testing.T) {
	s := newSite(t)
	c := s.person(access.Analyst)
	c.get("/submissions/new")
	token := c.token()
	for name, test := range map[string]struct {
		fields [][2]string
		file   string
		status int
		words  string
	}{
		"no token":       {[][2]string{{"source", "police-uk"}}, "a.csv", 403, "not sent from a page of this session"},
		"wrong token":    {[][2]string{{"token", "x"}, {"source", "police-uk"}}, "a.csv", 403, "not sent from a page of this session"},
		"no source":      {[][2]string{{"token", token}}, "a.csv", 400, "Say where the file is from."},
		"unknown source": {[][2]string{{"token", token}, {"source", "nobody"}}, "a.csv", 400, "There is no source"},
		"no file":        {[][2]string{{"token", token}, {"source", "police-uk"}}, "", 400, "Choose the file to send."},
		"long field":     {[][2]string{{"token", token}, {"source", strings.Repeat("x", 300)}}, "a.csv", 400, "longer than"},
	} {
		kind, body := multi(t, test.fields, test.file, []byte(sample))
		a := c.send("POST", "/submissions", kind, body)
		if a.Code != test.status || !strings.Contains(a.text("main"), test.words) {
			t.Errorf("%s: %d, %s", name, a.Code, a.text("main"))
		}
	}
	if a := c.send("POST", "/submissions", "text/plain", strings.NewReader("x")); a.Code != 400 {
		t.Errorf("no form at all: %d", a.Code)
	}
}

func TestScriptsGetJSON(t *testing.T) {
	s := newSite(t)
	c := s.person(access.Analyst)
	c.get("/submissions/new")
	kind, body := multi(t, [][2]string{{"token", c.token()}, {"source", "police-uk"}}, "a.csv", []byte(sample))
	r := request("POST", "/submissions", kind, body)
	r.Header.Set("Accept", "application/json")
	var answer struct{ Location, Error string }
	if a := c.do(r); json.Unmarshal([]byte(a.Body), &answer) != nil || !strings.HasPrefix(answer.Location, "/submissions/") {
		t.Errorf("taken: %s", a.Body)
	}
	kind, body = multi(t, [][2]string{{"token", c.token()}}, "a.csv", []byte(sample))
	r = request("POST", "/submissions", kind, body)
	r.Header.Set("Accept", "application/json")
	if a := c.do(r); a.Code != 400 || json.Unmarshal([]byte(a.Body), &answer) != nil || answer.Error != "Say where the file is from." {
		t.Errorf("refused: %d %s", a.Code, a.Body)
	}
}

func TestSuppliersSeeTheirOwn(t *testing.T) {
	s := newSite(t)
	analyst, supplier := s.person(access.Analyst), s.person(access.Supplier)
	theirs := send(t, supplier, "police-uk", "theirs.csv", sample)
	other := send(t, analyst, "police-uk", "other.csv", strings.ReplaceAll(sample, "2019-01", "2019-02"))
	list := supplier.get("/submissions").text("table")
	if !strings.Contains(list, "theirs.csv") || strings.Contains(list, "other.csv") {
		t.Errorf("a supplier's list: %s", list)
	}
	for _, path := range []string{"", "/file", "/findings", "/findings.json", "/summary.json", "/progress.json", "/changes"} {
		if a := supplier.get(other + path); a.Code != 403 && a.Code != 404 {
			t.Errorf("a supplier at another's %s: %d", path, a.Code)
		}
	}
	if a := supplier.get(theirs); a.Code != 200 || a.Find(`a[href$="/accept"]`).Length() != 0 {
		t.Errorf("a supplier at their own: %d", a.Code)
	}
	if a := supplier.post(theirs+"/accept", nil); a.Code != 403 {
		t.Errorf("a supplier accepts: %d", a.Code)
	}
	if list := analyst.get("/submissions.csv").Body; !strings.Contains(list, "theirs.csv") || !strings.Contains(list, "other.csv") {
		t.Errorf("an analyst's list: %s", list)
	}
}

func TestListingKeepsItsStateInTheAddress(t *testing.T) {
	s := newSite(t)
	c := s.person(access.Analyst)
	send(t, c, "police-uk", "b.csv", sample)
	send(t, c, "police-uk", "a.csv", strings.ReplaceAll(sample, "2019-01", "2019-02"))
	a := c.get("/submissions?sort=file&state=received")
	var names []string
	a.Find("tbody th a").Each(func(_ int, s *selection) { names = append(names, s.Text()) })
	if strings.Join(names, " ") != "a.csv b.csv" {
		t.Errorf("sorted: %v", names)
	}
	if href, _ := a.Find(`.vru-data-links a`).First().Attr("href"); href != "/submissions.csv?sort=file&state=received" {
		t.Errorf("the CSV of what is shown is at %q", href)
	}
	if a := c.get("/submissions?state=refused"); a.Find("tbody tr").Length() != 0 {
		t.Errorf("refused: %s", a.text("main"))
	}
	if a := c.get("/submissions?sort=nothing"); a.Code != 400 {
		t.Errorf("sorted by nothing: %d", a.Code)
	}
}

func TestSources(t *testing.T) {
	s := newSite(t)
	c := s.person(access.Analyst)
	for _, src := range s.Records.Sources() {
		a := c.get("/sources/" + string(src.ID))
		if a.Code != 200 || a.Find("table").Length() < 2 {
			t.Errorf("%s: %d, %d tables", src.ID, a.Code, a.Find("table").Length())
		}
	}
	if a := c.get("/sources/nobody"); a.Code != 404 {
		t.Errorf("no such source: %d", a.Code)
	}
}
