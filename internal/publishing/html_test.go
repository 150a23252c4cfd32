package publishing

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/csv"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
)

func page(t *testing.T, name string) (*goquery.Document, string) {
	t.Helper()
	var b bytes.Buffer
	if err := WriteHTML(&b, build(t, load(t, name))); err != nil {
		t.Fatal(err)
	}
	text := b.String()
	doc, err := goquery.NewDocumentFromReader(&b)
	if err != nil {
		t.Fatal(err)
	}
	return doc, text
}

func eachCase(t *testing.T, f func(t *testing.T, doc *goquery.Document, text string)) {
	for _, name := range []string{"london", "partial-year", "small-numbers", "broken-series"} {
		t.Run(name, func(t *testing.T) {
			doc, text := page(t, name)
			f(t, doc, text)
		})
	}
}

// One file: nothing is fetched, nothing runs, and the policy it states is one
// it keeps.
func TestPageNeedsNothingElse(t *testing.T) {
	eachCase(t, func(t *testing.T, doc *goquery.Document, text string) {
		if n := doc.Find("script, link, img, iframe, object, embed, [style], [src], [onclick]").Length(); n != 0 {
			t.Errorf("%d elements fetch, run or carry style", n)
		}
		doc.Find("a[href]").Each(func(_ int, a *goquery.Selection) {
			if href, _ := a.Attr("href"); !strings.HasPrefix(href, "#") && !strings.HasPrefix(href, "data:text/csv;") {
				t.Errorf("a link leads outside: %s", href)
			}
		})
		sum := sha256.Sum256([]byte(doc.Find("style").Text()))
		policy, _ := doc.Find("meta[http-equiv]").Attr("content")
		if want := "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"; !strings.Contains(policy, want) {
			t.Errorf("the policy %q does not allow the page's own style %s", policy, want)
		}
		for _, outside := range []string{"http://", "https://", "url("} {
			if strings.Contains(strings.ReplaceAll(text, "http://www.w3.org/2000/svg", ""), outside) {
				t.Errorf("the page mentions %s", outside)
			}
		}
	})
}

func TestIdsAreUniqueAndLinksArrive(t *testing.T) {
	eachCase(t, func(t *testing.T, doc *goquery.Document, _ string) {
		ids := map[string]bool{}
		doc.Find("[id]").Each(func(_ int, el *goquery.Selection) {
			id, _ := el.Attr("id")
			if ids[id] {
				t.Errorf("id %q stands twice", id)
			}
			ids[id] = true
		})
		doc.Find(`a[href^="#"]`).Each(func(_ int, a *goquery.Selection) {
			if href, _ := a.Attr("href"); !ids[href[1:]] {
				t.Errorf("the link %q (%s) leads nowhere", href, a.Text())
			}
		})
		doc.Find("[aria-labelledby]").Each(func(_ int, el *goquery.Selection) {
			names, _ := el.Attr("aria-labelledby")
			for _, id := range strings.Fields(names) {
				if !ids[id] {
					t.Errorf("<%s> is labelled by %q, which is not there", goquery.NodeName(el), id)
				}
			}
		})
	})
}

func TestPageIsBuiltForEverybody(t *testing.T) {
	eachCase(t, func(t *testing.T, doc *goquery.Document, _ string) {
		if lang, _ := doc.Find("html").Attr("lang"); lang != "en-GB" {
			t.Errorf("lang %q", lang)
		}
		if first := doc.Find("body a").First(); first.AttrOr("href", "") != "#main" || doc.Find("main#main").Length() != 1 {
			t.Error("the first link does not skip to the main content")
		}
		if n := doc.Find("h1").Length(); n != 1 {
			t.Errorf("%d first headings", n)
		}
		level := 1
		doc.Find("h1, h2, h3, h4").Each(func(_ int, h *goquery.Selection) {
			l := int(goquery.NodeName(h)[1] - '0')
			if l > level+1 {
				t.Errorf("the heading %q skips a level", h.Text())
			}
			level = l
		})
		doc.Find("table").Each(func(_ int, table *goquery.Selection) {
			if table.Find("thead th[scope=col]").Length() == 0 || table.Find("tbody tr").Length() != table.Find("tbody th[scope=row]").Length() {
				t.Errorf("a table lacks headers: %s", table.AttrOr("aria-labelledby", ""))
			}
		})
		doc.Find("svg").Each(func(_ int, svg *goquery.Selection) {
			if svg.AttrOr("role", "") != "img" || svg.ChildrenFiltered("title").Text() == "" || svg.ChildrenFiltered("desc").Text() == "" {
				t.Error("a picture has no name or description")
			}
		})
		doc.Find(".report-scroll").Each(func(_ int, region *goquery.Selection) {
			if region.AttrOr("tabindex", "") != "0" || region.AttrOr("role", "") != "region" {
				t.Error("a table that scrolls cannot be reached by keyboard")
			}
		})
	})
}

// The CSV in the page is the table in the page, number for number.
func TestCSVInThePageIsTheTable(t *testing.T) {
	doc, _ := page(t, "london")
	href, _ := doc.Find(`a[download="robbery-by-month.csv"]`).Attr("href")
	_, data, _ := strings.Cut(href, "base64,")
	text, err := base64.StdEncoding.DecodeString(data)
	if err != nil {
		t.Fatal(err)
	}
	records, err := csv.NewReader(bytes.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	table := doc.Find(`table[aria-labelledby="table-robbery-by-month"] tbody tr`)
	if len(records) != table.Length()+1 {
		t.Fatalf("%d lines for %d rows", len(records), table.Length())
	}
	table.Each(func(i int, tr *goquery.Selection) {
		shown := strings.Join(strings.Fields(strings.ReplaceAll(tr.Text(), ",", "")), " ")
		for _, field := range records[i+1] {
			if !strings.Contains(shown, field) {
				t.Errorf("the CSV says %q, the table %q", field, shown)
			}
		}
	})
}

func TestBodyTakesTheLinksOfItsPage(t *testing.T) {
	body, err := Body(build(t, load(t, "partial-year")), Links{
		Figure: func(f Figure) string { return "/figures/" + string(f.ID) },
		CSV:    func(name string) string { return "/report.csv?table=" + name },
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`href="/figures/police.robbery.E09000012.2020-01..2020-06"`, `href="/report.csv?table=robbery-by-month"`} {
		if !strings.Contains(string(body), want) {
			t.Errorf("the body lacks %s", want)
		}
	}
	if strings.Contains(string(body), "<style") || strings.Contains(string(body), "data:text/csv") {
		t.Error("the body brings its own style or data")
	}
}

func TestWordsFromFilesAreEscaped(t *testing.T) {
	m := load(t, "partial-year")
	m.Notice, m.Place.Name, m.Editions[0].FileName = "<script>1</script>", "<b>x</b>", `"><img src=x>`
	var b bytes.Buffer
	if err := WriteHTML(&b, build(t, m)); err != nil {
		t.Fatal(err)
	}
	for _, bad := range []string{"<script>", "<b>x", "<img"} {
		if strings.Contains(b.String(), bad) {
			t.Errorf("the page holds %s unescaped", bad)
		}
	}
}

// TestFiguresWithPagesOfTheirOwnNeedNoAppendix: a report within the product
// leads to its figures' pages and does not repeat them all below.
func TestFiguresWithPagesOfTheirOwnNeedNoAppendix(t *testing.T) {
	r := build(t, load(t, "london"))
	alone, err := Body(r, Links{})
	if err != nil {
		t.Fatal(err)
	}
	within, err := Body(r, Links{Figure: func(f Figure) string { return "/figures/" + string(f.ID) }})
	if err != nil {
		t.Fatal(err)
	}
	const heading = "Where each figure comes from"
	if !strings.Contains(string(alone), heading) || strings.Contains(string(within), heading) || len(within) > len(alone)*3/4 {
		t.Errorf("alone %d bytes, within the product %d", len(alone), len(within))
	}
}
