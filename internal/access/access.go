// Package access says who is acting and what they may do, and is the record of
// what they did: an Actor goes into every service call, an Event into every
// write.
//
// It also keeps the people and organisations of a unit and lets people sign in
// (Service). What a role may do is one table in permissions.go.
package access

import (
	"slices"
	"strings"
	"time"

	"openvru/internal/errs"
	"openvru/internal/ids"
)

// Role is what a person does for the unit.
type Role string

// The roles.
const (
	Administrator    Role = "administrator"
	Analyst          Role = "analyst"
	Supplier         Role = "supplier"
	Partner          Role = "partner"
	ProgrammeManager Role = "programme-manager"
	Board            Role = "board"
	Public           Role = "public"
)

// Roles returns every role, the one that may do most first.
func Roles() []Role {
	return []Role{Administrator, Analyst, ProgrammeManager, Partner, Supplier, Board, Public}
}

// ParseRole reads a role's name. Errors: Invalid, naming the roles there are.
func ParseRole(s string) (Role, error) {
	r := Role(strings.ToLower(strings.TrimSpace(s)))
	if slices.Contains(Roles(), r) {
		return r, nil
	}
	return "", errs.New(errs.Invalid, "%q is not a role.", s).WithHint("The roles are %s.", join(Roles()))
}

// Actor is who acts: a person of an organisation, in a unit, with their roles.
// The zero Actor may do nothing.
type Actor struct {
	Unit   ids.Unit
	Person ids.Person
	Org    ids.Org
	Name   string
	Roles  []Role
}

// Has reports whether the actor has the role.
func (a Actor) Has(r Role) bool { return slices.Contains(a.Roles, r) }

// Operator is whoever runs the command line on the machine that holds the
// data: they can read the files anyway, so they act as administrator and
// analyst, and the log says "operator".
func Operator(unit ids.Unit) Actor {
	return Actor{Unit: unit, Person: "operator", Name: "operator at the command line", Roles: []Role{Administrator, Analyst}}
}

// Action is one thing a service can be asked to do: "submissions.accept".
type Action string

// Event is one line of the audit log: who did what to what, when. The chain
// fields are filled in when it is appended.
type Event struct {
	ID      ids.Event
	Unit    ids.Unit
	At      time.Time // UTC
	Person  ids.Person
	Name    string
	Action  Action
	Subject string // what it was done to: "submission 0198…"
	Detail  string // JSON object with what a reader will ask; never a raw record
}

// join writes a list of names for a sentence: "analyst, partner and board".
func join[S ~string](list []S) string {
	var b strings.Builder
	for i, s := range list {
		switch {
		case i > 0 && i == len(list)-1:
			b.WriteString(" and ")
		case i > 0:
			b.WriteString(", ")
		}
		b.WriteString(string(s))
	}
	return b.String()
}
