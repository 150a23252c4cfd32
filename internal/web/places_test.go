package web_test

import (
	"net/url"
	"strings"
	"testing"
)

func TestPlacePage(t *testing.T) {
	_, c, _ := newLondon(t)
	a := c.get("/places/borough/E09000007?series=police.robbery&period=2020&against=2019")
	if a.Code != 200 {
		t.Fatalf("status %d: %s", a.Code, a.text("main"))
	}
	for what, want := range map[string]string{
		".vru-lead":                      "Robbery in Camden: 360 offences in 2020 against 600 in 2019, lower by 40%",
		".vru-chart__headline":           "Robbery in 2020: −40.0% on 2019 (better, sure)",
		"#compared-E09000007-caption":    "2020 against 2019",
		"#around":                        "Hackney",
		".govuk-breadcrumbs":             "London",
		`select#series option[selected]`: "Robbery",
	} {
		if got := a.text(what); !strings.Contains(got, want) {
			t.Errorf("%s is %q, want %q in it", what, got, want)
		}
	}
	if n := a.Find(".vru-chart svg.chart").Length(); n != 2 {
		t.Errorf("%d pictures of the trend, want a wide and a narrow one", n)
	}
	if n := a.Find(".vru-chart tbody tr").Length(); n != 24 {
		t.Errorf("%d months in the table behind the chart, want 24", n)
	}
}

func TestPlaceWithoutAQuestion(t *testing.T) {
	_, c, _ := newLondon(t)
	a := c.get("/places/region/E12000007")
	if a.Code != 200 || !strings.Contains(a.text(".vru-lead"), "Violence against the person in London") {
		t.Fatalf("status %d: %s", a.Code, a.text("main"))
	}
	if n := a.Find(".vru-map svg a").Length(); n != 2 {
		t.Errorf("%d boroughs on the map, want 2", n)
	}
	if n := a.Find("#inside tbody tr").Length(); n != 33 {
		t.Errorf("%d boroughs in the table beside the map, want every borough of London", n)
	}
	if n := a.Find(".vru-map a:not([tabindex='-1'])").Length(); n != 0 {
		t.Errorf("%d places on the map take the keyboard's focus twice", n)
	}
}

func TestPlaceTables(t *testing.T) {
	_, c, _ := newLondon(t)
	for path, want := range map[string]string{
		"/places/borough/E09000007/trend.csv?series=police.robbery&period=2020&against=2019":     "2020-01,30",
		"/places/borough/E09000007/compared.json?series=police.robbery&period=2020&against=2019": `"before":600`,
		"/places/region/E12000007/inside.csv?series=police.robbery&period=2020&against=2019":     "Hackney,E09000012,720,480,-33.3",
		"/places/borough/E09000007/around.csv?series=police.robbery":                             "Hackney,E09000012",
	} {
		if a := c.get(path); a.Code != 200 || !strings.Contains(a.Body, want) {
			t.Errorf("%s: %d, %q not in %s", path, a.Code, want, a.Body)
		}
	}
	if a := c.get("/places/borough/E09000007/nothing.csv"); a.Code != 404 {
		t.Errorf("no such table: %d", a.Code)
	}
}

func TestPlaceRefusals(t *testing.T) {
	_, c, _ := newLondon(t)
	for query, want := range map[string]string{
		"period=sometime":          "is not a period",
		"period=2020&against=2020": "overlap, so they cannot be compared",
		"known=yesterday":          "is not a day",
		"against=2019":             "Say which period is compared with 2019",
	} {
		a := c.get("/places/borough/E09000007?" + query)
		if a.Code != 400 || !strings.Contains(a.text(".govuk-error-summary"), want) {
			t.Errorf("%s: %d, %q", query, a.Code, a.text(".govuk-error-summary"))
		}
	}
	if a := c.get("/places/borough/E09000007?series=police.jaywalking"); a.Code != 404 {
		t.Errorf("no such series: %d", a.Code)
	}
	if a := c.get("/places/borough/E09999999"); a.Code != 404 || !strings.Contains(a.text("main"), "We hold no place borough/E09999999") {
		t.Errorf("no such place: %d, %s", a.Code, a.text("main"))
	}
}

func TestSearchForAPlace(t *testing.T) {
	_, c, _ := newLondon(t)
	if a := c.get("/places"); !strings.Contains(a.text("main"), "Camden") || !strings.Contains(a.text("main"), "Metropolitan Police") {
		t.Errorf("without a question: %s", a.text("main"))
	}
	a := c.get("/places?q=hack")
	if href, _ := a.Find("tbody a").Last().Attr("href"); href != "/places/borough/E09000012" && !strings.Contains(a.Body, "/places/borough/E09000012") {
		t.Errorf("hack leads to %q", href)
	}
	if a := c.get("/places.json?q=camden"); !strings.Contains(a.Body, `"code":"E09000007"`) {
		t.Errorf("as JSON: %s", a.Body)
	}
	if a := c.get("/places?q=" + url.QueryEscape("<script>")); strings.Contains(a.Body, "<script>alert") || !strings.Contains(a.text("main"), "No place has") {
		t.Errorf("nothing found: %s", a.text("main"))
	}
}
