// Package accessweb is the pages about people: signing in and out, setting a
// password, who has an account, and the log of what was done.
package accessweb

import (
	"embed"
	"net/http"
	"time"

	"openvru/internal/access"
	"openvru/internal/errs"
	"openvru/internal/ids"
	"openvru/internal/web/kit"
)

// Templates holds the pages' templates.
//
//go:embed *.tmpl
var Templates embed.FS

// Pages answers the requests about people.
type Pages struct {
	Kit     *kit.Kit
	Access  *access.Service
	Unit    ids.Unit
	Cookies kit.Cookies
	Proxied bool   // a proxy of ours stands before the pages
	Address string // where people reach the pages: "https://vru.example.org"
	Now     func() time.Time
	Notices string // address of the notices of what the front end is built from
}

// passwordRule is what the forms say of passwords before one is typed.
const passwordRule = "At least 12 characters. Three or four words that do not belong together are easy to remember."

// signInPage is the form to sign in.
type signInPage struct {
	kit.Frame
	Email string
	Next  string
}

// SignInForm shows the form; somebody who is signed in goes home.
func (p *Pages) SignInForm(w http.ResponseWriter, r *http.Request) error {
	next := kit.LocalPath(r.URL.Query().Get("next"))
	if kit.SignedIn(r) {
		http.Redirect(w, r, next, http.StatusSeeOther)
		return nil
	}
	page := &signInPage{Frame: kit.Frame{Title: "Sign in"}, Next: next}
	if r.URL.Query().Get("done") == "signed-out" {
		page.Notice = "You are signed out."
	}
	return p.Kit.Render(w, r, "sign-in", page)
}

// SignIn lets somebody in.
func (p *Pages) SignIn(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return errs.New(errs.Invalid, "the form could not be read").WithCause(err)
	}
	email := r.PostFormValue("email")
	token, _, err := p.Access.SignIn(r.Context(), access.Credentials{
		Unit: p.Unit, Email: email, Password: r.PostFormValue("password"), Address: kit.ClientAddress(r, p.Proxied),
	})
	next := kit.LocalPath(r.PostFormValue("next"))
	if errs.Is(err, errs.Unauthenticated) || errs.Is(err, errs.Forbidden) {
		page := &signInPage{Frame: kit.Frame{Title: "Sign in", Status: kit.Status(err)}, Email: email, Next: next}
		page.Errors = []kit.FieldError{{Field: "email", Text: kit.Sentence(err) + " " + errs.HintOf(err)}}
		return p.Kit.Render(w, r, "sign-in", page)
	}
	if err != nil {
		return err
	}
	p.begin(w, r, token)
	http.Redirect(w, r, next, http.StatusSeeOther)
	return nil
}

// begin gives the browser its new session and ends the one it had: somebody
// who signs in again, perhaps as somebody else, leaves none behind.
func (p *Pages) begin(w http.ResponseWriter, r *http.Request, token string) {
	if old := p.Cookies.Token(r); old != "" {
		if err := p.Access.SignOut(r.Context(), old); err != nil {
			p.Kit.Log.Error("the session before could not be ended; it ends by itself", "reference", kit.Reference(r), "error", err)
		}
	}
	p.Cookies.Set(w, token)
}

// SignOut ends the session.
func (p *Pages) SignOut(w http.ResponseWriter, r *http.Request) error {
	if err := kit.ParseForm(r); err != nil {
		return err
	}
	if err := p.Access.SignOut(r.Context(), p.Cookies.Token(r)); err != nil {
		return err
	}
	p.Cookies.Clear(w)
	http.Redirect(w, r, "/sign-in?done=signed-out", http.StatusSeeOther)
	return nil
}

// aboutPage says what the service is and what it does with data.
type aboutPage struct {
	kit.Frame
	Licences string
}

// About shows what the service is.
func (p *Pages) About(w http.ResponseWriter, r *http.Request) error {
	return p.Kit.Render(w, r, "about", &aboutPage{Frame: kit.Frame{Title: "About this service"}, Licences: p.Notices})
}

// statementPage is the accessibility statement.
type statementPage struct{ kit.Frame }

// Accessibility shows the accessibility statement.
func (p *Pages) Accessibility(w http.ResponseWriter, r *http.Request) error {
	return p.Kit.Render(w, r, "accessibility", &statementPage{kit.Frame{Title: "Accessibility statement"}})
}
