package access

import (
	"net/mail"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"openvru/internal/errs"
	"openvru/internal/ids"
)

// Unit is a Violence Reduction Unit that keeps its data here.
type Unit struct {
	ID        ids.Unit
	Name      string
	Invented  bool // its data are invented: every page and report says so, for good
	CreatedAt time.Time
}

// Organisation is a body that people belong to: the unit itself, a hospital,
// a police force, a borough.
type Organisation struct {
	Unit      ids.Unit
	ID        ids.Org
	Name      string
	CreatedAt time.Time
}

// ownOrg is the id of a unit's own organisation: the unit's.
func ownOrg(unit ids.Unit) ids.Org { return ids.Org(unit) }

// IsUnit reports whether the organisation is the unit itself.
func (o Organisation) IsUnit() bool { return o.ID == ownOrg(o.Unit) }

// State says whether a person can sign in.
type State string

// The states of a person.
const (
	Invited  State = "invited"  // has a link, and no password yet
	Active   State = "active"   // has a password
	Disabled State = "disabled" // may not sign in; kept, because the log names them
)

// Person is somebody with an account.
type Person struct {
	Unit         ids.Unit
	ID           ids.Person
	Org          ids.Org
	Name         string
	Email        string // in lower case; unique in the unit
	Roles        []Role // in the order of Roles
	State        State
	PasswordHash string `json:"-"` // argon2id in PHC form; "" before the first
	CreatedAt    time.Time
}

// Actor returns the person as an Actor.
func (p Person) Actor() Actor {
	return Actor{Unit: p.Unit, Person: p.ID, Org: p.Org, Name: p.Name, Roles: p.Roles}
}

// subject names the person in an Event.
func (p Person) subject() string { return "person " + string(p.ID) }

const longestName = 200

// cleanName tidies a name of a person, organisation or unit. Errors: Invalid.
func cleanName(what, s string) (string, error) {
	s = strings.Join(strings.Fields(s), " ")
	switch {
	case s == "":
		return "", errs.New(errs.Invalid, "The name of the %s is missing.", what)
	case utf8.RuneCountInString(s) > longestName:
		return "", errs.New(errs.Invalid, "The name of the %s is longer than %d letters.", what, longestName)
	case !utf8.ValidString(s), strings.ContainsFunc(s, unicode.IsControl):
		return "", errs.New(errs.Invalid, "The name of the %s has characters that cannot be shown.", what)
	}
	return s, nil
}

// cleanEmail tidies an email address. Errors: Invalid.
func cleanEmail(s string) (string, error) {
	s = strings.ToLower(strings.TrimSpace(s))
	a, err := mail.ParseAddress(s)
	if err != nil || a.Address != s || len(s) > 254 || strings.ContainsFunc(s, unicode.IsControl) {
		return "", errs.New(errs.Invalid, "%q is not an email address.", s).
			WithHint("Write it as name@example.org.")
	}
	return s, nil
}

// cleanRoles puts roles in order, each once. Errors: Invalid for one that does
// not exist, or none.
func cleanRoles(roles []Role) ([]Role, error) {
	var out []Role
	for _, r := range Roles() {
		if slices.Contains(roles, r) {
			out = append(out, r)
		}
	}
	for _, r := range roles {
		if _, err := ParseRole(string(r)); err != nil {
			return nil, err
		}
	}
	if len(out) == 0 {
		return nil, errs.New(errs.Invalid, "No role is named.").WithHint("The roles are %s.", join(Roles()))
	}
	return out, nil
}

// fold writes a name so that two which differ only in case or spacing are one.
func fold(name string) string { return strings.ToLower(strings.Join(strings.Fields(name), " ")) }

// Folded returns the organisation's name as it is compared with others.
func (o Organisation) Folded() string { return fold(o.Name) }
