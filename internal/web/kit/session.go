package kit

import (
	"net"
	"net/http"
	"strings"
)

// Cookies keeps the session's token in the visitor's browser.
type Cookies struct {
	Secure bool // the pages are served by https
}

// name follows the browsers' rule that a __Host- cookie was set by this host,
// over https, for all of it. Plain http, which is for one's own machine, cannot
// set one.
func (c Cookies) name() string {
	if c.Secure {
		return "__Host-session"
	}
	return "session"
}

// Token returns the session's token that a request carries, or "".
func (c Cookies) Token(r *http.Request) string {
	cookie, err := r.Cookie(c.name())
	if err != nil {
		return ""
	}
	return cookie.Value
}

// Set gives the browser a session's token. It lives until the browser closes
// or the session ends on our side.
func (c Cookies) Set(w http.ResponseWriter, token string) { http.SetCookie(w, c.cookie(token, 0)) }

// Clear takes the token away.
func (c Cookies) Clear(w http.ResponseWriter) { http.SetCookie(w, c.cookie("", -1)) }

func (c Cookies) cookie(value string, age int) *http.Cookie {
	return &http.Cookie{Name: c.name(), Value: value, Path: "/", MaxAge: age,
		Secure: c.Secure, HttpOnly: true, SameSite: http.SameSiteLaxMode}
}

// ClientAddress returns the network address a request comes from. Behind a
// proxy of ours that is the last address the proxy noted; without one the
// header is anybody's to write and is not read.
func ClientAddress(r *http.Request, proxied bool) string {
	if proxied {
		// Some proxies add a line of their own rather than to the visitor's.
		all := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
		if last := strings.TrimSpace(all[len(all)-1]); net.ParseIP(last) != nil {
			return last
		}
	}
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}

// LocalPath returns a path of ours that a visitor asked to go on to, or "/"
// when it would lead elsewhere.
func LocalPath(next string) string {
	if !strings.HasPrefix(next, "/") || strings.HasPrefix(next, "//") || strings.ContainsAny(next, "\\\r\n\t") {
		return "/"
	}
	return next
}

// LogPath is a request's path as logs may keep it: the code of a set-up link
// is a secret.
func LogPath(r *http.Request) string {
	if strings.HasPrefix(r.URL.Path, "/set-up/") {
		return "/set-up/…"
	}
	return r.URL.Path
}
