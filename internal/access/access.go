// Package access says who is acting and what they may do, and is the record of
// what they did: an Actor goes into every service call, an Event into every
// write.
package access

import (
	"time"

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

// Actor is who acts: a person of an organisation, in a unit, with their roles.
// The zero Actor may do nothing.
type Actor struct {
	Unit   ids.Unit
	Person ids.Person
	Org    ids.Org
	Name   string
	Roles  []Role
}

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
