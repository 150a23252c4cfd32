package accessweb

import (
	"net/http"
	"strings"

	"openvru/internal/errs"
	"openvru/internal/web/kit"
)

// passwordPage is the form to change one's own password.
type passwordPage struct {
	kit.Frame
	Rule string
}

// PasswordForm asks for the present password and a new one.
func (p *Pages) PasswordForm(w http.ResponseWriter, r *http.Request) error {
	page := &passwordPage{Frame: kit.Frame{Title: "Change your password"}, Rule: passwordRule}
	if r.URL.Query().Get("done") == "changed" {
		page.Notice = "Your password is changed."
	}
	return p.Kit.Render(w, r, "password", page)
}

// Password changes the password. The old session ends and a new one begins.
func (p *Pages) Password(w http.ResponseWriter, r *http.Request) error {
	if err := kit.ParseForm(r); err != nil {
		return err
	}
	token, err := p.Access.ChangePassword(r.Context(), kit.Actor(r), kit.ClientAddress(r, p.Proxied),
		r.PostFormValue("current"), r.PostFormValue("password"))
	if err == nil {
		p.Cookies.Set(w, token)
		http.Redirect(w, r, "/password?done=changed", http.StatusSeeOther)
		return nil
	}
	page := &passwordPage{Frame: kit.Frame{Title: "Change your password", Status: kit.Status(err)}, Rule: passwordRule}
	switch errs.KindOf(err) {
	case errs.Unauthenticated, errs.Forbidden:
		page.Status = http.StatusBadRequest
		page.Errors = []kit.FieldError{{Field: "current", Text: strings.TrimSpace(kit.Sentence(err) + " " + errs.HintOf(err))}}
	default:
		wrong, err := kit.FieldErr("password", err)
		if err != nil {
			return err
		}
		page.Errors = []kit.FieldError{wrong}
	}
	return p.Kit.Render(w, r, "password", page)
}

// fieldOf guesses which field of a form about a person a refusal is about,
// from the thing its sentence names.
func fieldOf(err error) string {
	text := errs.MessageOf(err)
	switch {
	case strings.Contains(text, "email"), strings.Contains(text, "account"):
		return "email"
	case strings.Contains(text, "password"):
		return "password"
	case strings.Contains(text, "name of the unit"):
		return "unit"
	case strings.Contains(text, "name"):
		return "name"
	case strings.Contains(text, "organisation"):
		return "org"
	case strings.Contains(text, "role"):
		return "roles"
	}
	return ""
}
