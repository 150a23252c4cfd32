package web_test

import (
	"net/url"
	"strings"
	"testing"

	"openvru/internal/access"
)

const londonReport = "/reports/violence?place=region%2FE12000007&year=2020&against=2019"

func TestReportOnTheScreen(t *testing.T) {
	s, c, _ := newLondon(t)
	a := c.get(londonReport)
	if a.Code != 200 || !strings.Contains(a.text(".report h1"), "Violent crime in London: 2020 against 2019") {
		t.Fatalf("status %d: %s", a.Code, a.text("main"))
	}
	if n := a.Find("h1").Length(); n != 1 {
		t.Errorf("%d main headings", n)
	}
	if n := a.Find("[style], style, script:not([src]), a[href^='data:']").Length(); n != 0 {
		t.Errorf("%d things the content security policy would block", n)
	}
	css, _ := a.Find(`link[href^="/reports/violence/style/"]`).Attr("href")
	if got := c.send("GET", css, "", nil); got.Code != 200 || !strings.Contains(got.Body, ".report") || !strings.Contains(got.Header.Get("Cache-Control"), "immutable") {
		t.Errorf("its style at %q: %d", css, got.Code)
	}
	// The report on the screen and the file hold the same sentences.
	file := c.get(strings.Replace(londonReport, "violence?", "violence/file?", 1))
	if file.Code != 200 || file.text(".report h1") != a.text(".report h1") || file.text("#summary li") != a.text("#summary li") {
		t.Errorf("the file says otherwise: %d %q and %q", file.Code, file.text("#summary li"), a.text("#summary li"))
	}
	if got := file.Header.Get("Content-Disposition"); !strings.Contains(got, "violence-E12000007-2020-against-2019.html") {
		t.Errorf("the file is called %q", got)
	}
	if board := s.person(access.Board); board.get(londonReport).Code != 200 {
		t.Errorf("the board cannot read the report: %d", board.page.Code)
	}
}

func TestReportTables(t *testing.T) {
	_, c, _ := newLondon(t)
	a := c.get(londonReport)
	links := a.Find(".report a[href*='/tables/']")
	if links.Length() < 4 {
		t.Fatalf("%d tables have a file", links.Length())
	}
	links.Each(func(_ int, l *selection) {
		href, _ := l.Attr("href")
		if got := c.send("GET", href, "", nil); got.Code != 200 || !strings.HasPrefix(got.Header.Get("Content-Type"), "text/csv") {
			t.Errorf("%s: %d", href, got.Code)
		}
	})
	if a := c.get(strings.Replace(londonReport, "violence?", "violence/tables.json?", 1)); !strings.Contains(a.Body, `"title"`) {
		t.Errorf("the list of tables: %s", a.Body)
	}
	if a := c.get(strings.Replace(londonReport, "violence?", "violence/tables/none.csv?", 1)); a.Code != 404 {
		t.Errorf("no such table: %d", a.Code)
	}
}

func TestReportRefusals(t *testing.T) {
	_, c, _ := newLondon(t)
	for query, want := range map[string]struct {
		code  int
		words string
	}{
		"year=then":                  {400, "is not a year"},
		"place=nowhere":              {400, "is not a place"},
		"place=borough/E09999999":    {404, "We hold no place"},
		"year=2020&against=2020":     {400, "cannot be compared with itself"},
		"year=2010&against=2009":     {404, "othing is held"},
		"known=yesterday":            {400, "is not a day"},
		"known=2001-01-01&year=2020": {404, "othing is held"},
	} {
		a := c.get("/reports/violence?" + query)
		if a.Code != want.code || !strings.Contains(a.text("main"), want.words) {
			t.Errorf("%s: %d, %s", query, a.Code, a.text("main"))
		}
	}
}

// From a sentence of the report to the file's bytes, each step a link that the
// page before it holds, and back.
func TestLineOfSight(t *testing.T) {
	_, c, submission := newLondon(t)
	report := c.get(londonReport)
	figure, _ := report.Find("#summary a.report-figure").First().Attr("href")
	if !strings.HasPrefix(figure, "/figures/") {
		t.Fatalf("the first number of the summary leads to %q", figure)
	}
	lineage := c.get(figure)
	if lineage.Code != 200 {
		t.Fatalf("%s: %d %s", figure, lineage.Code, lineage.text("main"))
	}
	for _, want := range []string{"The figure", "The question", "The counts", "The files", "borough_24m_201901-202012.csv"} {
		if !strings.Contains(lineage.text("main"), want) {
			t.Errorf("the lineage lacks %q: %s", want, lineage.text("main"))
		}
	}
	for from := range 3 { // figures computed from figures lead down to counts
		next, ok := lineage.Find(`.vru-hops li:first-child ul a`).First().Attr("href")
		if !ok || from == 2 {
			break
		}
		if a := c.send("GET", next, "", nil); a.Code != 200 {
			t.Errorf("%s: %d", next, a.Code)
		}
	}
	toFile, _ := lineage.Find(`a[href^="/files/"]`).First().Attr("href")
	file := c.get(toFile)
	if file.Code != 200 || !strings.Contains(file.Body, submission) {
		t.Fatalf("%s: %d %s", toFile, file.Code, file.text("main"))
	}
	back, _ := file.Find(`.vru-names a`).First().Attr("href")
	if a := c.get(back); a.Code != 200 || !strings.Contains(a.text("main"), "Metropolitan Police") {
		t.Errorf("from the file on to %q: %d", back, a.Code)
	}
	if a := c.get(figure + "/counts.csv"); a.Code != 200 || !strings.Contains(a.Body, "borough_24m_201901-202012.csv") {
		t.Errorf("the counts as CSV: %d %s", a.Code, a.Body)
	}
	bytes := c.get(submission + "/file")
	if bytes.Body != sampleMonths() {
		t.Error("the file at the end is not the file that was sent")
	}
}

func TestPartnersSeeFiguresButNotFiles(t *testing.T) {
	s, _, _ := newLondon(t)
	c := s.person(access.Partner)
	a := c.get("/figures/police.robbery.E09000007.2020")
	if a.Code != 200 || a.Find(`a[href^="/files/"], a[href^="/submissions/"]`).Length() != 0 {
		t.Errorf("status %d; links to files: %d", a.Code, a.Find(`a[href^="/files/"]`).Length())
	}
}

func TestNoSuchFigure(t *testing.T) {
	_, c, _ := newLondon(t)
	for _, id := range []string{"rubbish", "police.robbery.E09999999.2020", "police.robbery.E09000007.then", url.PathEscape("../../etc/passwd")} {
		if a := c.get("/figures/" + id); a.Code != 404 {
			t.Errorf("%s: %d", id, a.Code)
		}
	}
}
