package web_test

import (
	"bytes"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
)

// client is a browser without scripts: it keeps cookies, fills in the token of
// the page it is on and follows redirects when asked.
type client struct {
	t       *testing.T
	site    http.Handler
	cookies map[string]*http.Cookie
	page    *answer // the last page
}

// answer is what came back.
type answer struct {
	Code   int
	Header http.Header
	Body   string
	*goquery.Document
}

type selection = goquery.Selection

func newClient(t *testing.T, site http.Handler) *client {
	return &client{t: t, site: site, cookies: map[string]*http.Cookie{}}
}

// send sends a request with the cookies kept so far.
func (c *client) send(method, path, kind string, body io.Reader) *answer {
	c.t.Helper()
	return c.do(request(method, path, kind, body))
}

func request(method, path, kind string, body io.Reader) *http.Request {
	r := httptest.NewRequest(method, path, body)
	if kind != "" {
		r.Header.Set("Content-Type", kind)
	}
	return r
}

func (c *client) do(r *http.Request) *answer {
	c.t.Helper()
	for _, cookie := range c.cookies {
		r.AddCookie(cookie)
	}
	w := httptest.NewRecorder()
	c.site.ServeHTTP(w, r)
	for _, cookie := range w.Result().Cookies() {
		if cookie.MaxAge < 0 {
			delete(c.cookies, cookie.Name)
			continue
		}
		c.cookies[cookie.Name] = cookie
	}
	a := &answer{Code: w.Code, Header: w.Header(), Body: w.Body.String()}
	var err error
	if a.Document, err = goquery.NewDocumentFromReader(strings.NewReader(a.Body)); err != nil {
		c.t.Fatal(err)
	}
	return a
}

// get opens a page.
func (c *client) get(path string) *answer {
	c.t.Helper()
	c.page = c.send("GET", path, "", nil)
	return c.page
}

// post sends a form with the token of the page the client is on.
func (c *client) post(path string, form url.Values) *answer {
	c.t.Helper()
	if form == nil {
		form = url.Values{}
	}
	if !form.Has("token") {
		form.Set("token", c.token())
	}
	a := c.send("POST", path, "application/x-www-form-urlencoded", strings.NewReader(form.Encode()))
	if a.Code != http.StatusSeeOther {
		c.page = a
	}
	return a
}

// token is that of the last page; one is fetched when there is none.
func (c *client) token() string {
	if c.page == nil || c.page.Find(`input[name="token"]`).Length() == 0 {
		c.get("/about")
	}
	token, _ := c.page.Find(`input[name="token"]`).First().Attr("value")
	return token
}

// follow opens the page that an answer redirects to.
func (c *client) follow(a *answer) *answer {
	c.t.Helper()
	if a.Code != http.StatusSeeOther {
		c.t.Fatalf("status %d, not a redirect: %s", a.Code, a.text("main"))
	}
	return c.get(a.Header.Get("Location"))
}

// text is the words of what a selector finds, each run of space one space.
func (a *answer) text(selector string) string {
	return strings.Join(strings.Fields(a.Find(selector).Text()), " ")
}

// multi writes a form with a file, in the order given.
func multi(t *testing.T, fields [][2]string, name string, file []byte) (kind string, body *bytes.Buffer) {
	t.Helper()
	body = &bytes.Buffer{}
	w := multipart.NewWriter(body)
	for _, f := range fields {
		if err := w.WriteField(f[0], f[1]); err != nil {
			t.Fatal(err)
		}
	}
	part, err := w.CreateFormFile("file", name)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := part.Write(file); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return w.FormDataContentType(), body
}
