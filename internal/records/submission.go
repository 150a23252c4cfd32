package records

import (
	"io"
	"time"

	"openvru/internal/ids"
)

// State is where a submission stands.
type State string

// The states. A submission moves received → checked → accepted or refused;
// an accepted one may later be superseded, when a later edition restates all
// it covers, or withdrawn.
const (
	Received   State = "received"
	Checked    State = "checked"
	Accepted   State = "accepted"
	Refused    State = "refused"
	Superseded State = "superseded"
	Withdrawn  State = "withdrawn"
)

// Submission is one file as it was sent, and what became of it. An accepted
// submission is an edition: it restates, wholesale, the months and places its
// Coverage names.
type Submission struct {
	Unit   ids.Unit
	ID     ids.Submission
	Source ids.Source
	State  State
	File   ids.File // SHA-256 of the bytes as sent
	Name   string   // file name as sent
	Size   int64
	Key    string // client key: a retry with the same key is the same submission; "" for none

	ReceivedAt time.Time
	ReceivedBy ids.Person
	Org        ids.Org   // the sender's organisation; "" for the unit itself
	CheckedAt  time.Time // zero until it was read
	AcceptedAt time.Time // zero unless it is an edition; kept when superseded or withdrawn

	SupersededBy ids.Submission // "" unless State is Superseded
	SupersededAt time.Time
	WithdrawnAt  time.Time
	Reason       string // why it was refused or withdrawn

	Summary Summary // empty until CheckedAt is set
	Parts   []Part  // its records as Parquet; empty unless AcceptedAt is set
}

// Part is one Parquet file of an accepted submission's records.
type Part struct {
	File ids.File
	Rows int64
	Size int64
}

// Incoming is a file on its way in.
type Incoming struct {
	Source ids.Source
	Name   string    // file name as sent
	Key    string    // client key, "" for none
	Body   io.Reader // read once, to its end
}

// Progress is told how far a long piece of work has come; nil is allowed
// wherever one is asked for.
type Progress interface {
	Set(done, total int64) // in bytes of the file
	Note(text string)
}

// Filter chooses submissions for List; zero fields choose all.
type Filter struct {
	Source ids.Source
	Org    ids.Org // those of one organisation
	State  State
	After  ids.Submission // only those listed after this one, for paging
	Limit  int            // 0 means 100
}
