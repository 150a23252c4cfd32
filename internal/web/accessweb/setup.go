package accessweb

import (
	"net/http"

	"openvru/internal/access"
	"openvru/internal/errs"
	"openvru/internal/web/kit"
)

// SetUpPath is the path of a link that lets a person choose a password.
func SetUpPath(token string) string { return "/set-up/" + token }

// setUpPage is what a set-up link opens.
type setUpPage struct {
	kit.Frame
	Greeting string
	Rule     string
	First    bool // nobody has an account yet: the form asks who this is
	Unit     string
	Name     string
	Email    string
	Code     string
}

// SetUpForm shows whom a link is for and asks for a password.
func (p *Pages) SetUpForm(w http.ResponseWriter, r *http.Request) error {
	page, err := p.setUp(r)
	if err != nil {
		return err
	}
	return p.Kit.Render(w, r, "set-up", page)
}

func (p *Pages) setUp(r *http.Request) (*setUpPage, error) {
	code := r.PathValue("code")
	who, err := p.Access.Invitation(r.Context(), code)
	if err != nil {
		return nil, err
	}
	page := &setUpPage{Frame: kit.Frame{Title: "Choose your password"}, Rule: passwordRule, Code: code, Name: who.Name, Email: who.Email}
	page.Greeting = "This link is for " + who.Name + ". Choose the password you will sign in with as " + who.Email + "."
	if who.SetUp {
		page.First, page.Title, page.Unit = true, "Set up this service", p.Kit.UnitName()
		page.Greeting = "You are the first to come here. Say who you are and choose a password: you will be the administrator, and can add everybody else."
	}
	return page, nil
}

// SetUp sets the password, closes the link and signs the person in.
func (p *Pages) SetUp(w http.ResponseWriter, r *http.Request) error {
	page, err := p.setUp(r)
	if err != nil {
		return err
	}
	if err := r.ParseForm(); err != nil {
		return errs.New(errs.Invalid, "the form could not be read").WithCause(err)
	}
	password := r.PostFormValue("password")
	person, err := p.useLink(r, page, password)
	if err != nil {
		return p.setUpAgain(w, r, page, err)
	}
	token, _, err := p.Access.SignIn(r.Context(), access.Credentials{
		Unit: p.Unit, Email: person.Email, Password: password, Address: kit.ClientAddress(r, p.Proxied),
	})
	if err != nil {
		return err
	}
	if page.First && page.Unit != "" {
		p.Kit.SetUnitName(page.Unit)
	}
	p.begin(w, r, token)
	http.Redirect(w, r, "/", http.StatusSeeOther)
	return nil
}

func (p *Pages) useLink(r *http.Request, page *setUpPage, password string) (access.Person, error) {
	if !page.First {
		return p.Access.UseLink(r.Context(), page.Code, password)
	}
	page.Unit, page.Name, page.Email = r.PostFormValue("unit"), r.PostFormValue("name"), r.PostFormValue("email")
	return p.Access.SetUp(r.Context(), page.Code, access.FirstAdministrator{
		UnitName: page.Unit, Name: page.Name, Email: page.Email, Password: password,
	})
}

// setUpAgain shows the form with what was wrong, beside the field it is about.
func (p *Pages) setUpAgain(w http.ResponseWriter, r *http.Request, page *setUpPage, err error) error {
	wrong, err := kit.FieldErr(fieldOf(err), err)
	if err != nil {
		return err
	}
	page.Errors, page.Status = []kit.FieldError{wrong}, http.StatusBadRequest
	return p.Kit.Render(w, r, "set-up", page)
}
