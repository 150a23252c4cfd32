package kit

import (
	"bytes"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"openvru/internal/access"
	"openvru/internal/errs"
	"openvru/internal/table"
)

type noAssets struct{}

func (noAssets) Path(name string) string { return "/assets/" + name }

func newKit(t *testing.T, log io.Writer) *Kit {
	t.Helper()
	k, err := New(Config{
		Unit: "Testshire VRU", Assets: noAssets{}, Log: slog.New(slog.NewTextHandler(log, nil)),
		Nav: []NavItem{
			{Key: "home", Text: "Home", Href: "/"},
			{Key: "people", Text: "People", Href: "/people", For: func(a access.Actor) bool { return len(a.Roles) > 0 && a.Roles[0] == access.Administrator }},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func page(t *testing.T, body io.Reader) *goquery.Document {
	t.Helper()
	doc, err := goquery.NewDocumentFromReader(body)
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

func TestErrorsBecomePages(t *testing.T) {
	for _, test := range []struct {
		err     error
		status  int
		message string
		hint    string
	}{
		{errs.New(errs.NotFound, "there is no submission 7"), 404, "There is no submission 7.", ""},
		{errs.New(errs.Invalid, "the year is missing").WithHint("write it as 2020"), 400, "The year is missing.", "Write it as 2020."},
		{errs.New(errs.Conflict, "it was withdrawn"), 409, "It was withdrawn.", ""},
		{errs.New(errs.Forbidden, "only administrators may"), 403, "Only administrators may.", ""},
		{errs.New(errs.Unavailable, "the disk is full"), 503, "The disk is full.", ""},
		{errors.New("pq: password secret"), 500, "Something went wrong on our side.", ""},
		{&http.MaxBytesError{Limit: 1}, 413, "What was sent is larger than this service takes.", ""},
	} {
		var log bytes.Buffer
		k := newKit(t, &log)
		w := httptest.NewRecorder()
		r := WithReference(httptest.NewRequest("GET", "/x", nil), "ref123")
		k.Handle(func(http.ResponseWriter, *http.Request) error { return test.err }).ServeHTTP(w, r)
		text := page(t, w.Body).Find("main").Text()
		if w.Code != test.status || !strings.Contains(text, test.message) || !strings.Contains(text, test.hint) {
			t.Errorf("%v: status %d, page %q", test.err, w.Code, text)
		}
		if strings.Contains(text, "secret") || !strings.Contains(log.String(), "ref123") {
			t.Errorf("%v: the detail belongs in the log: page %q, log %q", test.err, text, log.String())
		}
		if test.status == 500 && !strings.Contains(text, "ref123") {
			t.Errorf("a fault of ours does not name its line in the log: %q", text)
		}
	}
}

func TestErrorsAsJSON(t *testing.T) {
	k := newKit(t, io.Discard)
	w := httptest.NewRecorder()
	fail := errs.New(errs.NotFound, "there is no place X").WithHint("search for it")
	k.Fail(w, httptest.NewRequest("GET", "/places/x.json", nil), fail)
	if got, want := w.Body.String(), `{"error":"There is no place X.","hint":"Search for it."}`+"\n"; got != want || w.Code != 404 {
		t.Errorf("status %d, body %s", w.Code, got)
	}
}

func TestStrangersAreSentToSignIn(t *testing.T) {
	k := newKit(t, io.Discard)
	fail := errs.New(errs.Unauthenticated, "nobody is signed in")
	w := httptest.NewRecorder()
	k.Fail(w, httptest.NewRequest("GET", "/submissions?state=checked", nil), fail)
	if got, want := w.Header().Get("Location"), "/sign-in?next=%2Fsubmissions%3Fstate%3Dchecked"; w.Code != 303 || got != want {
		t.Errorf("GET: %d to %q", w.Code, got)
	}
	w = httptest.NewRecorder()
	k.Fail(w, httptest.NewRequest("POST", "/submissions", nil), fail)
	if w.Code != 401 {
		t.Errorf("POST: status %d", w.Code)
	}
}

func TestLayout(t *testing.T) {
	k := newKit(t, io.Discard)
	show := func(r *http.Request) *goquery.Document {
		w := httptest.NewRecorder()
		if err := k.Render(w, r, "error", &errorPage{Frame: Frame{Title: "A title", Section: "home", Errors: []FieldError{{"name", "Enter a name."}}}}); err != nil {
			t.Fatal(err)
		}
		return page(t, w.Body)
	}
	stranger := show(httptest.NewRequest("GET", "/", nil))
	if n := stranger.Find("nav, form").Length(); n != 0 {
		t.Errorf("a stranger sees %d navigations or forms", n)
	}
	if got := stranger.Find("title").Text(); got != "Error: A title – OpenVRU" {
		t.Errorf("title %q", got)
	}
	actor := access.Actor{Person: "p", Name: "Ada", Roles: []access.Role{access.Analyst}}
	known := show(WithVisitor(httptest.NewRequest("GET", "/", nil), Visitor{Actor: actor, Token: "tok"}))
	if got := known.Find(".govuk-service-navigation__item").Length(); got != 1 {
		t.Errorf("an analyst sees %d sections, want 1", got)
	}
	if got, _ := known.Find(`.govuk-service-navigation__link`).Attr("aria-current"); got != "true" {
		t.Errorf("the current section is marked %q", got)
	}
	if got, _ := known.Find(`form[action="/sign-out"] input`).Attr("value"); got != "tok" {
		t.Errorf("sign out carries token %q", got)
	}
	if got, _ := known.Find(".govuk-error-summary a").Attr("href"); got != "#name" {
		t.Errorf("the error summary leads to %q", got)
	}
	if known.Find(".vru-demo").Length() != 0 {
		t.Error("real data are called invented")
	}
	k.Demo = true
	if got := show(httptest.NewRequest("GET", "/", nil)).Find(".vru-demo").Text(); !strings.Contains(got, "Invented data") {
		t.Errorf("demo banner %q", got)
	}
}

func TestNothingInlineInTheLayout(t *testing.T) {
	k := newKit(t, io.Discard)
	w := httptest.NewRecorder()
	if err := k.Render(w, httptest.NewRequest("GET", "/", nil), "error", &errorPage{}); err != nil {
		t.Fatal(err)
	}
	doc := page(t, w.Body)
	if n := doc.Find("[style], style, [onclick], script:not([src])").Length(); n != 0 {
		t.Errorf("%d inline styles or scripts, which the content security policy blocks", n)
	}
}

func TestToken(t *testing.T) {
	r := WithVisitor(httptest.NewRequest("POST", "/", nil), Visitor{Token: FormToken("secret")})
	if err := CheckToken(r, FormToken("secret")); err != nil {
		t.Errorf("own token refused: %v", err)
	}
	for _, bad := range []string{"", "x", FormToken("other")} {
		if err := CheckToken(r, bad); !errs.Is(err, errs.Forbidden) {
			t.Errorf("token %q: %v", bad, err)
		}
	}
	if err := CheckToken(httptest.NewRequest("POST", "/", nil), ""); !errs.Is(err, errs.Forbidden) {
		t.Errorf("a request without a session: %v", err)
	}
}

func listing() *table.Table {
	t := &table.Table{Name: "list", Title: "A list", Columns: []table.Column{
		{Name: "name", Title: "Name"}, {Name: "count", Title: "Count", Type: table.Count},
	}}
	t.Add(table.T("b"), table.N(10))
	t.Add(table.T("A"), table.N(9))
	t.Add(table.T("c"), table.Missing("withheld"))
	return t
}

func TestSort(t *testing.T) {
	for key, want := range map[string]string{"": "bAc", "name": "Abc", "-name": "cbA", "count": "Abc", "-count": "bAc"} {
		tab := listing()
		if err := Sort(tab, key); err != nil {
			t.Fatal(err)
		}
		got := ""
		for _, row := range tab.Rows {
			got += row[0].Text
		}
		if got != want {
			t.Errorf("sorted by %q: %s, want %s", key, got, want)
		}
	}
	if err := Sort(listing(), "nothing"); !errs.Is(err, errs.Invalid) {
		t.Errorf("sorted by a column that is not there: %v", err)
	}
}

func TestGridLinks(t *testing.T) {
	tab, query := listing(), url.Values{"state": {"checked"}, "sort": {"count"}}
	g := GridOf(tab, func(row, col int) string { return "" }).WithData("/list", query).Sortable(tab, "/list", query)
	if g.CSV != "/list.csv?sort=count&state=checked" {
		t.Errorf("CSV at %q", g.CSV)
	}
	if got := g.Columns[1]; got.Sorted != "ascending" || got.Href != "/list?sort=-count&state=checked" {
		t.Errorf("sorted column %+v", got)
	}
	if got := g.Columns[0].Href; got != "/list?sort=name&state=checked" {
		t.Errorf("other column sorts at %q", got)
	}
	if cell := g.Rows[2][1]; cell.Text != "withheld" || !cell.Blank {
		t.Errorf("a withheld number shows %+v", cell)
	}
}

func TestWriteTable(t *testing.T) {
	w := httptest.NewRecorder()
	tab := listing()
	tab.Name = "a\"b\nc"
	if err := WriteTable(w, CSV, tab); err != nil {
		t.Fatal(err)
	}
	if got := w.Header().Get("Content-Disposition"); got != `attachment; filename="a-b-c.csv"` {
		t.Errorf("Content-Disposition %q", got)
	}
	if got := w.Body.String(); got != "name,count\nb,10\nA,9\nc,\n" {
		t.Errorf("CSV %q", got)
	}
}

func TestPaging(t *testing.T) {
	rows := make([]int, 120)
	for i := range rows {
		rows[i] = i
	}
	for asked, want := range map[string]struct{ first, n, number int }{
		"": {0, 50, 1}, "2": {50, 50, 2}, "3": {100, 20, 3}, "99": {100, 20, 3}, "-1": {0, 50, 1}, "x": {0, 50, 1},
	} {
		got, p := Page(rows, "/list", url.Values{"page": {asked}})
		if got[0] != want.first || len(got) != want.n || p.Number != want.number || p.Last != 3 {
			t.Errorf("page %q: from %d, %d rows, %+v", asked, got[0], len(got), p)
		}
	}
	if got, p := Page([]int{}, "/list", nil); len(got) != 0 || p.Last != 1 {
		t.Errorf("an empty listing: %v, %+v", got, p)
	}
}

func TestWordsForPeople(t *testing.T) {
	winter := time.Date(2026, 1, 2, 20, 53, 0, 0, time.UTC)
	summer := time.Date(2026, 7, 2, 23, 30, 0, 0, time.UTC)
	for got, want := range map[string]string{
		Moment(winter):                        "2 January 2026 at 8:53pm",
		Moment(summer):                        "3 July 2026 at 12:30am",
		Day(time.Time{}):                      "–",
		Bytes(1):                              "1 byte",
		Bytes(2_400_000):                      "2.4 MB",
		Plural(1, "file", "files"):            "1 file",
		Plural(2304, "file", "files"):         "2,304 files",
		Short("0123456789abcdef0123"):         "0123456789ab…",
		Words([]string{"a", "b", "c"}):        "a, b and c",
		Words(nil):                            "",
		sentence("file.csv cannot be read"):   "file.csv cannot be read.",
		sentence("the file cannot be read"):   "The file cannot be read.",
		sentence("Did you mean that column?"): "Did you mean that column?",
	} {
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
