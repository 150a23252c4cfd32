package web_test

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"openvru/internal/web"
	"openvru/internal/web/assets"
	"openvru/internal/web/kit"
)

func TestSecurityHeaders(t *testing.T) {
	for _, secure := range []bool{false, true} {
		s := newSite(t, func(c *web.Config) { c.Secure = secure })
		for _, path := range []string{"/sign-in", "/nowhere", "/assets/app-1.css", "/health", "/people.json"} {
			h := newClient(t, s).get(path).Header
			for name, want := range map[string]string{
				"Content-Security-Policy": web.Policy, "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "X-Frame-Options": "DENY",
			} {
				if got := h.Get(name); got != want {
					t.Errorf("%s: %s is %q, want %q", path, name, got, want)
				}
			}
			if got := h.Get("Strict-Transport-Security"); (got != "") != secure {
				t.Errorf("%s, secure %v: HSTS %q", path, secure, got)
			}
			if got := h.Get("Cache-Control"); got != "no-store" && !strings.HasPrefix(path, "/assets/") {
				t.Errorf("%s: Cache-Control %q", path, got)
			}
		}
	}
}

func TestPolicyAllowsNothingInline(t *testing.T) {
	for _, bad := range []string{"unsafe", "*", "data:", "http:"} {
		if strings.Contains(web.Policy, bad) {
			t.Errorf("the content security policy allows %s", bad)
		}
	}
}

// Six ways a browser may say where a changing request comes from. Only our own
// pages may send one.
func TestFormsFromElsewhereAreRefused(t *testing.T) {
	s := newSite(t)
	c := s.administrator()
	c.get("/people/new")
	for name, test := range map[string]struct {
		header, value string
		token         bool
		want          int
	}{
		"same origin":           {"Sec-Fetch-Site", "same-origin", true, 303},
		"cross site":            {"Sec-Fetch-Site", "cross-site", true, 403},
		"same site, other host": {"Sec-Fetch-Site", "same-site", true, 403},
		"other origin":          {"Origin", "https://elsewhere.example", true, 403},
		"null origin":           {"Origin", "null", true, 403},
		"no header, no token":   {"X-None", "", false, 403},
	} {
		form := "token="
		if test.token {
			form += c.token()
		}
		r := httptest.NewRequest("POST", "/sign-out", strings.NewReader(form))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set(test.header, test.value)
		if test.want == 303 {
			continue // it ends the session: last
		}
		if a := c.do(r); a.Code != test.want {
			t.Errorf("%s: status %d, want %d", name, a.Code, test.want)
		}
	}
	if a := c.post("/sign-out", nil); a.Code != 303 {
		t.Errorf("our own form: status %d", a.Code)
	}
}

func TestUnknownAddresses(t *testing.T) {
	s := newSite(t)
	c := s.administrator()
	if a := c.get("/nowhere"); a.Code != 404 || a.text("h1") != "Page not found" {
		t.Errorf("no such page: %d, %q", a.Code, a.text("h1"))
	}
	if a := c.post("/about", nil); a.Code != 400 || a.Header.Get("Allow") != "GET" {
		t.Errorf("a page that takes no form: %d, Allow %q", a.Code, a.Header.Get("Allow"))
	}
}

func TestTooLargeAForm(t *testing.T) {
	s := newSite(t)
	c := newClient(t, s)
	a := c.send("POST", "/sign-in", "application/x-www-form-urlencoded", strings.NewReader("email="+strings.Repeat("a", web.MaxBody+1)))
	if a.Code != 413 || a.text("h1") != "The file is too large" {
		t.Errorf("status %d, %q", a.Code, a.text("h1"))
	}
}

func TestPanicsBecomePages(t *testing.T) {
	var log bytes.Buffer
	s := newSite(t, func(c *web.Config) { c.Log = slog.New(slog.NewTextHandler(&log, nil)) })
	w := httptest.NewRecorder()
	s.Guard(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic("the secret cause") })).
		ServeHTTP(w, httptest.NewRequest("GET", "/", nil))
	if w.Code != 500 || strings.Contains(w.Body.String(), "secret") || !strings.Contains(log.String(), "the secret cause") {
		t.Errorf("status %d, page %s, log %s", w.Code, w.Body, log.String())
	}
}

func TestSecretsStayOutOfTheLog(t *testing.T) {
	var log bytes.Buffer
	s := newSite(t, func(c *web.Config) {
		c.Log = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	})
	token, err := s.Access.FirstStart(t.Context(), s.Unit.ID)
	if err != nil {
		t.Fatal(err)
	}
	c := newClient(t, s)
	c.get("/set-up/" + token)
	c.get("/set-up/" + token + "wrong")
	if strings.Contains(log.String(), token) || !strings.Contains(log.String(), "/set-up/…") {
		t.Errorf("the log: %s", log.String())
	}
}

func TestMissingFrontEnd(t *testing.T) {
	s := newSite(t)
	_, why := assets.From(fstest.MapFS{})
	s.WithoutFrontEnd(why)
	a := newClient(t, s).get("/sign-in")
	if a.Code != 503 || !strings.Contains(a.text("main"), "npm run build") || s.Missing() == nil {
		t.Errorf("status %d: %s", a.Code, a.text("main"))
	}
	if a := newClient(t, s).get("/health"); a.Code != 200 {
		t.Errorf("health: %d", a.Code)
	}
}

func TestServeStopsGracefully(t *testing.T) {
	s := newSite(t)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- s.Serve(ctx, l) }()
	resp, err := http.Get("http://" + l.Addr().String() + "/health")
	if err != nil {
		t.Fatal(err)
	}
	body, _ := io.ReadAll(resp.Body)
	resp.Body.Close()
	if string(body) != "ok\n" {
		t.Errorf("health says %q", body)
	}
	stop()
	select {
	case err := <-done:
		if err != nil {
			t.Errorf("stopped with %v", err)
		}
	case <-time.After(5 * time.Second):
		t.Fatal("the server does not stop")
	}
}

func TestUploadsMayTakeTheirTime(t *testing.T) {
	s := newSite(t)
	h := s.TakesFiles(func(w http.ResponseWriter, r *http.Request) error {
		_, err := io.Copy(io.Discard, r.Body)
		if err != nil {
			return err
		}
		return kit.WriteJSON(w, "taken")
	})
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest("POST", "/submissions", bytes.NewReader(make([]byte, 2*web.MaxBody))))
	if w.Code != 200 {
		t.Errorf("a file larger than a form may be: %d", w.Code)
	}
}
