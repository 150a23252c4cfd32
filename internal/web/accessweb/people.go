package accessweb

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"openvru/internal/access"
	"openvru/internal/errs"
	"openvru/internal/ids"
	"openvru/internal/table"
	"openvru/internal/web/kit"
)

// peoplePage lists who has an account.
type peoplePage struct {
	kit.Frame
	MayManage bool
	Grid      kit.Grid
}

// People shows who has an account, or hands the list over.
func (p *Pages) People(w http.ResponseWriter, r *http.Request) error {
	people, err := p.Access.People(r.Context(), kit.Actor(r))
	if err != nil {
		return err
	}
	orgs, err := p.orgNames(r.Context(), kit.Actor(r))
	if err != nil {
		return err
	}
	t, q := peopleTable(people, orgs), r.URL.Query()
	if err := kit.Sort(t, q.Get("sort")); err != nil {
		return err
	}
	if f := kit.FormatOf(r); f != kit.HTML {
		return kit.WriteTable(w, f, t)
	}
	return p.Kit.Render(w, r, "people", &peoplePage{
		Frame:     kit.Frame{Title: "People", Section: "people", Notice: peopleNotice(q)},
		MayManage: access.Check(kit.Actor(r), access.PeopleManage) == nil,
		Grid:      peopleGrid(t, q),
	})
}

func peopleNotice(q url.Values) string {
	switch q.Get("done") {
	case "disabled":
		return "The account is disabled and its sessions have ended."
	case "enabled":
		return "The account is enabled."
	case "roles":
		return "The roles are changed."
	}
	return ""
}

const colPersonID = 5

func peopleTable(people []access.Person, orgs map[ids.Org]string) *table.Table {
	t := &table.Table{Name: "people", Title: "People with an account", Columns: []table.Column{
		{Name: "name", Title: "Name"}, {Name: "email", Title: "Email address"}, {Name: "organisation", Title: "Organisation"},
		{Name: "roles", Title: "Roles"}, {Name: "state", Title: "State"}, {Name: "id", Title: "Id"},
	}}
	for _, one := range people {
		t.Add(table.T(one.Name), table.T(one.Email), table.T(orgs[one.Org]), table.T(roleWords(one.Roles)), table.T(string(one.State)), table.T(string(one.ID)))
	}
	return t
}

func peopleGrid(t *table.Table, q url.Values) kit.Grid {
	q = kit.With(q, "done", "")
	g := kit.GridOf(t, func(row, col int) string {
		if col == 0 {
			return "/people/" + t.Rows[row][colPersonID].Text
		}
		return ""
	}).WithData("/people", q).Sortable(t, "/people", q)
	g.Stack, g.HideName = true, true
	g.Columns = g.Columns[:colPersonID]
	for i := range g.Rows {
		g.Rows[i] = g.Rows[i][:colPersonID]
	}
	return g
}

func (p *Pages) orgNames(ctx context.Context, a access.Actor) (map[ids.Org]string, error) {
	orgs, err := p.Access.Organisations(ctx, a)
	if err != nil {
		return nil, err
	}
	out := make(map[ids.Org]string, len(orgs))
	for _, o := range orgs {
		out[o.ID] = o.Name
	}
	return out, nil
}

// roleWords writes roles as people say them.
func roleWords(roles []access.Role) string {
	words := make([]string, len(roles))
	for i, role := range roles {
		words[i] = roleWord(role)
	}
	return strings.Join(words, ", ")
}

func roleWord(r access.Role) string { return strings.ReplaceAll(string(r), "-", " ") }

// roleHints say what each role is for.
var roleHints = map[access.Role]string{
	access.Administrator:    "adds people and reads the audit log",
	access.Analyst:          "checks and accepts files, compares places, makes reports",
	access.ProgrammeManager: "reads figures and reports",
	access.Partner:          "reads reports and their figures",
	access.Supplier:         "sends files and sees what was found in their own",
	access.Board:            "reads figures and reports",
	access.Public:           "sees what is published",
}

// choice is one box to tick.
type choice struct {
	Value, Text, Hint string
	Selected          bool
}

func roleChoices(chosen []access.Role) []choice {
	var out []choice
	for _, role := range access.Roles() {
		word := roleWord(role)
		out = append(out, choice{string(role), strings.ToUpper(word[:1]) + word[1:], "", slices.Contains(chosen, role)})
		out[len(out)-1].Hint = strings.ToUpper(roleHints[role][:1]) + roleHints[role][1:] + "."
	}
	return out
}

// newPersonPage is the form to add somebody.
type newPersonPage struct {
	kit.Frame
	Name   string
	Email  string
	Orgs   []kit.Option
	NewOrg string
	Roles  []choice
}

// NewPersonForm asks who is to have an account.
func (p *Pages) NewPersonForm(w http.ResponseWriter, r *http.Request) error {
	if err := access.Check(kit.Actor(r), access.PeopleManage); err != nil {
		return err
	}
	return p.newPerson(w, r, access.NewPerson{}, nil)
}

func (p *Pages) newPerson(w http.ResponseWriter, r *http.Request, n access.NewPerson, wrong []kit.FieldError) error {
	orgs, err := p.Access.Organisations(r.Context(), kit.Actor(r))
	if err != nil {
		return err
	}
	page := &newPersonPage{
		Frame: kit.Frame{Title: "Add a person", Section: "people", Crumbs: []kit.Link{{Text: "People", Href: "/people"}}, Errors: wrong},
		Name:  n.Name, Email: n.Email, NewOrg: r.PostFormValue("new-org"), Roles: roleChoices(n.Roles),
	}
	if len(wrong) > 0 {
		page.Status = http.StatusBadRequest
	}
	for _, o := range orgs {
		page.Orgs = append(page.Orgs, kit.Option{Value: string(o.ID), Text: o.Name, Selected: o.ID == n.Org})
	}
	return p.Kit.Render(w, r, "person-new", page)
}

// linkPage shows a link this one time.
type linkPage struct {
	kit.Frame
	Sentence string
	Link     string
	Until    time.Time
}

// AddPerson adds somebody and shows the link they choose a password with.
func (p *Pages) AddPerson(w http.ResponseWriter, r *http.Request) error {
	if err := kit.ParseForm(r); err != nil {
		return err
	}
	n := access.NewPerson{Name: r.PostFormValue("name"), Email: r.PostFormValue("email"), Org: ids.Org(r.PostFormValue("org")), Roles: chosenRoles(r)}
	person, token, err := p.addPerson(r, n)
	if err != nil {
		wrong, err := kit.FieldErr(fieldOf(err), err)
		if err != nil {
			return err
		}
		return p.newPerson(w, r, n, []kit.FieldError{wrong})
	}
	return p.showLink(w, r, person.Name+" has an account. Give them this link:", token)
}

// addPerson adds the person and, where one is named, their new organisation.
func (p *Pages) addPerson(r *http.Request, n access.NewPerson) (access.Person, string, error) {
	if name := strings.TrimSpace(r.PostFormValue("new-org")); name != "" {
		org, err := p.Access.OrganisationNamed(r.Context(), kit.Actor(r), name)
		if err != nil {
			return access.Person{}, "", err
		}
		n.Org = org.ID
	}
	return p.Access.AddPerson(r.Context(), kit.Actor(r), n)
}

func chosenRoles(r *http.Request) []access.Role {
	var out []access.Role
	for _, role := range r.PostForm["roles"] {
		out = append(out, access.Role(role))
	}
	return out
}

func (p *Pages) showLink(w http.ResponseWriter, r *http.Request, sentence, token string) error {
	return p.Kit.Render(w, r, "link", &linkPage{
		Frame:    kit.Frame{Title: "A link to choose a password", Section: "people", Crumbs: []kit.Link{{Text: "People", Href: "/people"}}},
		Sentence: sentence, Link: p.Address + SetUpPath(token), Until: p.Now().Add(access.LinkLife),
	})
}

// personPage is one account.
type personPage struct {
	kit.Frame
	ID         ids.Person
	Facts      []fact
	Roles      []choice
	MayManage  bool
	MayDisable bool
	Disabled   bool
}

type fact struct{ Key, Value string }

// Person shows one account and what can be done with it.
func (p *Pages) Person(w http.ResponseWriter, r *http.Request) error {
	one, err := p.find(r)
	if err != nil {
		return err
	}
	orgs, err := p.orgNames(r.Context(), kit.Actor(r))
	if err != nil {
		return err
	}
	return p.Kit.Render(w, r, "person", &personPage{
		Frame: kit.Frame{Title: one.Name, Section: "people", Crumbs: []kit.Link{{Text: "People", Href: "/people"}}},
		ID:    one.ID, Roles: roleChoices(one.Roles),
		MayManage:  access.Check(kit.Actor(r), access.PeopleManage) == nil,
		MayDisable: one.ID != kit.Actor(r).Person, Disabled: one.State == access.Disabled,
		Facts: []fact{
			{"Email address", one.Email}, {"Organisation", orgs[one.Org]}, {"Roles", roleWords(one.Roles)},
			{"State", string(one.State)}, {"Added", kit.Moment(one.CreatedAt)},
		},
	})
}

func (p *Pages) find(r *http.Request) (access.Person, error) {
	people, err := p.Access.People(r.Context(), kit.Actor(r))
	if err != nil {
		return access.Person{}, err
	}
	id := ids.Person(r.PathValue("id"))
	i := slices.IndexFunc(people, func(one access.Person) bool { return one.ID == id })
	if i < 0 {
		return access.Person{}, errs.New(errs.NotFound, "there is no such person").WithHint("see the list of people")
	}
	return people[i], nil
}

// NewLink makes a person a new link and shows it.
func (p *Pages) NewLink(w http.ResponseWriter, r *http.Request) error {
	if err := kit.ParseForm(r); err != nil {
		return err
	}
	one, err := p.find(r)
	if err != nil {
		return err
	}
	token, err := p.Access.NewLink(r.Context(), kit.Actor(r), one.ID)
	if err != nil {
		return err
	}
	return p.showLink(w, r, "With this link "+one.Name+" can choose a new password. Their present one works until then.", token)
}

// Disable ends a person's account.
func (p *Pages) Disable(w http.ResponseWriter, r *http.Request) error {
	return p.changed(w, r, "disabled", p.Access.Disable)
}

// Enable gives a person their account back.
func (p *Pages) Enable(w http.ResponseWriter, r *http.Request) error {
	return p.changed(w, r, "enabled", p.Access.Enable)
}

// Roles changes what a person may do.
func (p *Pages) Roles(w http.ResponseWriter, r *http.Request) error {
	return p.changed(w, r, "roles", func(ctx context.Context, a access.Actor, id ids.Person) error {
		return p.Access.SetRoles(ctx, a, id, chosenRoles(r))
	})
}

func (p *Pages) changed(w http.ResponseWriter, r *http.Request, done string, change func(context.Context, access.Actor, ids.Person) error) error {
	if err := kit.ParseForm(r); err != nil {
		return err
	}
	if err := access.Check(kit.Actor(r), access.PeopleManage); err != nil {
		return err
	}
	if err := change(r.Context(), kit.Actor(r), ids.Person(r.PathValue("id"))); err != nil {
		return err
	}
	http.Redirect(w, r, "/people?done="+done, http.StatusSeeOther)
	return nil
}
