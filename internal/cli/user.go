package cli

import (
	"context"
	"fmt"
	"io"
	"strings"

	"openvru/internal/access"
	"openvru/internal/app"
	"openvru/internal/errs"
	"openvru/internal/ids"
	"openvru/internal/table"
	"openvru/internal/web/accessweb"
)

const userUsage = `Usage: vru user add EMAIL --name NAME --role ROLE[,ROLE…] [--organisation NAME] [--url URL] [--json]
       vru user list [--json]
       vru user link EMAIL [--url URL] [--json]
       vru user roles EMAIL --role ROLE[,ROLE…]
       vru user disable EMAIL
       vru user enable EMAIL

Adds somebody who may sign in, and prints a link with which they choose their
password: once, within three days. "link" makes a new one for a forgotten
password. "roles" replaces what somebody may do; "disable" ends their account
and whatever they have open, at once.

  --role ROLE            administrator, analyst, programme-manager, partner,
                         supplier or board
  --organisation NAME    whom they belong to, added if it is new; without it,
                         the unit itself
  --url URL              where people reach the pages (http://localhost:8417)

Example: vru user add sam@hospital.example --name "Sam Carter" --role supplier --organisation "St Mary's Hospital"
`

func runUser(ctx context.Context, env *Env, args []string) error {
	f := newFlags(env, "user", userUsage)
	c := &userCall{flags: f}
	f.StringVar(&c.name, "name", "", "")
	f.StringVar(&c.organisation, "organisation", "", "")
	f.StringVar(&c.url, "url", "http://"+defaultAddr, "")
	roles := f.String("role", "", "")
	rest, err := f.parse(args)
	if err != nil {
		return err
	}
	if err := f.need(rest, 1, "what to do: add, list, link, roles, disable or enable"); err != nil {
		return err
	}
	part, ok := map[string]func(context.Context, *userCall) error{
		"add": addUser, "list": listUsers, "link": linkUser, "roles": setUserRoles, "disable": disableUser, "enable": enableUser,
	}[rest[0]]
	if !ok {
		return errs.New(errs.Invalid, "user has no part %q", rest[0]).WithHint("run vru user --help")
	}
	if rest[0] != "list" {
		if err := f.need(rest, 2, "the email address"); err != nil {
			return err
		}
		c.email = strings.ToLower(rest[1])
	}
	if c.roles, err = parseRoles(*roles); err != nil {
		return err
	}
	if c.app, c.actor, err = env.open(ctx); err != nil {
		return err
	}
	defer c.app.Close()
	return part(ctx, c)
}

// userCall is one call of the verb, opened.
type userCall struct {
	*flags
	app   *app.App
	actor access.Actor

	email, name, organisation, url string
	roles                          []access.Role
}

func parseRoles(list string) (roles []access.Role, err error) {
	for _, word := range strings.FieldsFunc(list, func(r rune) bool { return r == ',' || r == ' ' }) {
		r, err := access.ParseRole(word)
		if err != nil {
			return nil, err
		}
		roles = append(roles, r)
	}
	return roles, nil
}

func addUser(ctx context.Context, c *userCall) error {
	n := access.NewPerson{Name: c.name, Email: c.email, Roles: c.roles}
	if c.organisation != "" {
		o, err := c.app.Access.OrganisationNamed(ctx, c.actor, c.organisation)
		if err != nil {
			return err
		}
		n.Org = o.ID
	}
	p, token, err := c.app.Access.AddPerson(ctx, c.actor, n)
	if err != nil {
		return err
	}
	return c.showLink(p, token)
}

func linkUser(ctx context.Context, c *userCall) error {
	p, err := c.find(ctx)
	if err != nil {
		return err
	}
	token, err := c.app.Access.NewLink(ctx, c.actor, p.ID)
	if err != nil {
		return err
	}
	return c.showLink(p, token)
}

// showLink prints the link alone, so that it can be piped; what it is for goes
// to standard error.
func (c *userCall) showLink(p access.Person, token string) error {
	link := strings.TrimSuffix(c.url, "/") + accessweb.SetUpPath(token)
	if c.json {
		return writeJSON(c.env.Stdout, map[string]any{"person": p.ID, "name": p.Name, "email": p.Email, "roles": p.Roles, "link": link})
	}
	fmt.Fprintf(c.env.Stderr, "vru: %s chooses a password by opening this link, once, within three days:\n", p.Name)
	_, err := fmt.Fprintln(c.env.Stdout, link)
	return err
}

// find returns the person with the email address that was given.
func (c *userCall) find(ctx context.Context) (access.Person, error) {
	people, err := c.app.Access.People(ctx, c.actor)
	if err != nil {
		return access.Person{}, err
	}
	for _, p := range people {
		if p.Email == c.email {
			return p, nil
		}
	}
	return access.Person{}, errs.New(errs.NotFound, "nobody has the email address %s", c.email).WithHint("run vru user list to see everybody")
}

func setUserRoles(ctx context.Context, c *userCall) error {
	return c.change(ctx, func(p access.Person) (string, error) {
		return "may now do what the roles say: " + rolesText(c.roles), c.app.Access.SetRoles(ctx, c.actor, p.ID, c.roles)
	})
}

func disableUser(ctx context.Context, c *userCall) error {
	return c.change(ctx, func(p access.Person) (string, error) {
		return "can no longer sign in", c.app.Access.Disable(ctx, c.actor, p.ID)
	})
}

func enableUser(ctx context.Context, c *userCall) error {
	return c.change(ctx, func(p access.Person) (string, error) {
		return "can sign in again", c.app.Access.Enable(ctx, c.actor, p.ID)
	})
}

func (c *userCall) change(ctx context.Context, f func(access.Person) (string, error)) error {
	p, err := c.find(ctx)
	if err != nil {
		return err
	}
	done, err := f(p)
	if err == nil {
		fmt.Fprintf(c.env.Stderr, "vru: %s %s\n", p.Name, done)
	}
	return err
}

func listUsers(ctx context.Context, c *userCall) error {
	people, err := c.app.Access.People(ctx, c.actor)
	if err != nil {
		return err
	}
	orgs, err := c.app.Access.Organisations(ctx, c.actor)
	if err != nil {
		return err
	}
	names := map[ids.Org]string{}
	for _, o := range orgs {
		names[o.ID] = o.Name
	}
	t := &table.Table{Name: "people", Columns: []table.Column{
		{Name: "name", Title: "Name"}, {Name: "email", Title: "Email"}, {Name: "roles", Title: "Roles"},
		{Name: "organisation", Title: "Organisation"}, {Name: "state", Title: "State"}, {Name: "added", Title: "Added"}, {Name: "id", Title: "Id"},
	}}
	for _, p := range people {
		t.Add(table.T(p.Name), table.T(p.Email), table.T(rolesText(p.Roles)), table.T(names[p.Org]),
			table.T(string(p.State)), table.T(p.CreatedAt.Format("2006-01-02")), table.T(string(p.ID)))
	}
	if len(people) == 0 {
		io.WriteString(c.env.Stderr, "vru: nobody can sign in yet; vru serve prints the link for the first administrator\n")
	}
	return c.show(t)
}

func rolesText(roles []access.Role) string {
	var words []string
	for _, r := range roles {
		words = append(words, string(r))
	}
	return strings.Join(words, ", ")
}
