package kit

import (
	"net/http/httptest"
	"strings"
	"testing"
)

func TestCookies(t *testing.T) {
	for _, secure := range []bool{false, true} {
		c := Cookies{Secure: secure}
		w := httptest.NewRecorder()
		c.Set(w, "token")
		text := w.Header().Get("Set-Cookie")
		for _, want := range []string{"HttpOnly", "SameSite=Lax", "Path=/"} {
			if !strings.Contains(text, want) {
				t.Errorf("secure %v: cookie %q lacks %s", secure, text, want)
			}
		}
		if strings.HasPrefix(text, "__Host-") != secure || strings.Contains(text, "Secure") != secure || strings.Contains(text, "Domain") {
			t.Errorf("secure %v: cookie %q", secure, text)
		}
		r := httptest.NewRequest("GET", "/", nil)
		r.AddCookie(w.Result().Cookies()[0])
		if got := c.Token(r); got != "token" {
			t.Errorf("secure %v: token %q comes back", secure, got)
		}
		if got := (Cookies{Secure: !secure}).Token(r); got != "" {
			t.Errorf("secure %v: the other kind of cookie is read as %q", secure, got)
		}
	}
}

func TestLocalPath(t *testing.T) {
	for next, want := range map[string]string{
		"/submissions?state=checked": "/submissions?state=checked",
		"":                           "/", "submissions": "/", "//elsewhere.example": "/", "/\\elsewhere.example": "/",
		"https://elsewhere.example/": "/", "/a\r\nSet-Cookie: x": "/", "/\t/elsewhere.example": "/",
	} {
		if got := LocalPath(next); got != want {
			t.Errorf("LocalPath(%q) = %q, want %q", next, got, want)
		}
	}
}

func TestClientAddress(t *testing.T) {
	r := httptest.NewRequest("GET", "/", nil)
	r.RemoteAddr = "192.0.2.7:1234"
	r.Header.Set("X-Forwarded-For", "203.0.113.9, 198.51.100.4")
	if got := ClientAddress(r, false); got != "192.0.2.7" {
		t.Errorf("without a proxy: %s", got)
	}
	if got := ClientAddress(r, true); got != "198.51.100.4" {
		t.Errorf("behind a proxy: %s", got)
	}
	r.Header.Add("X-Forwarded-For", "198.51.100.5")
	if got := ClientAddress(r, true); got != "198.51.100.5" {
		t.Errorf("behind a proxy that adds a line of its own: %s", got)
	}
	r.Header.Set("X-Forwarded-For", "rubbish")
	if got := ClientAddress(r, true); got != "192.0.2.7" {
		t.Errorf("behind a proxy that says rubbish: %s", got)
	}
}

func TestSecretsStayOutOfLogs(t *testing.T) {
	if got := LogPath(httptest.NewRequest("GET", "/set-up/secret", nil)); strings.Contains(got, "secret") {
		t.Errorf("the log would hold %q", got)
	}
}
