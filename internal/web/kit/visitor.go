package kit

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"net/http"

	"openvru/internal/access"
	"openvru/internal/errs"
)

// Visitor is who sends a request: an Actor when they are signed in, and the
// token that their forms must carry.
type Visitor struct {
	Actor access.Actor
	Token string
}

// Known reports whether the visitor is signed in.
func (v Visitor) Known() bool { return v.Actor.Person != "" }

type visitorKey struct{}

// WithVisitor returns the request with its visitor.
func WithVisitor(r *http.Request, v Visitor) *http.Request {
	return r.WithContext(context.WithValue(r.Context(), visitorKey{}, v))
}

func visitor(r *http.Request) Visitor {
	v, _ := r.Context().Value(visitorKey{}).(Visitor)
	return v
}

// Actor returns who is acting: the zero Actor, who may do nothing, when nobody
// is signed in.
func Actor(r *http.Request) access.Actor { return visitor(r).Actor }

// SignedIn reports whether the request comes from somebody we know.
func SignedIn(r *http.Request) bool { return visitor(r).Known() }

// AskedHere reports whether a person asked for a page by a link of ours or by
// its address. A link on another site may show them a page, but nothing is
// kept in their name because of it.
func AskedHere(r *http.Request) bool {
	switch r.Header.Get("Sec-Fetch-Site") {
	case "", "none", "same-origin":
		return true
	}
	return false
}

// FormToken derives the token of a session's forms from the secret in its
// cookie, so that nothing more need be kept.
func FormToken(secret string) string {
	sum := sha256.Sum256([]byte("form token\x00" + secret))
	return hex.EncodeToString(sum[:16])
}

// CheckToken reports whether a form came from one of our pages in this
// session. Errors: Forbidden.
func CheckToken(r *http.Request, got string) error {
	want := visitor(r).Token
	if want == "" || subtle.ConstantTimeCompare([]byte(want), []byte(got)) != 1 {
		return errs.New(errs.Forbidden, "this form was not sent from a page of this session").
			WithHint("go back, refresh the page and send it again")
	}
	return nil
}

// ParseForm reads a small form and checks its token. Errors: Invalid, Forbidden.
func ParseForm(r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return errs.New(errs.Invalid, "the form could not be read").WithCause(err)
	}
	return CheckToken(r, r.PostFormValue("token"))
}
