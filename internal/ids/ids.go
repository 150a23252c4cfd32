// Package ids names things: typed identifiers that are made in Go, never by a
// database, so that the same id can be written to two engines and retried.
package ids

import (
	"encoding/hex"
	"io"
	"strings"
	"time"

	"openvru/internal/errs"
)

// Typed identifiers. Unit, Org, Person, Submission, Job, Run and Event hold a
// UUIDv7 in its usual text form; Source, Series and Figure are readable names.
type (
	// Unit is the Violence Reduction Unit; it starts the key of large tables.
	Unit string
	// Org is an organisation.
	Org string
	// Person is somebody who can sign in.
	Person string
	// Submission is one file as it was sent.
	Submission string
	// Job is a piece of work that outlives the request that asked for it.
	Job string
	// Event is one line of the audit log.
	Event string
	// Run is one question asked of facts or records.
	Run string
	// Source is where files come from: "police-uk", "mps-monthly", …
	Source string
	// Series is a defined measure over time: "police.robbery".
	Series string
	// Figure is a named number, series or table of a run.
	Figure string
	// File is the SHA-256 of a file's bytes in lower-case hexadecimal.
	File string
)

// Level is a kind of place with, where its codes are redrawn from time to
// time, the vintage of the set: "lsoa-2011", "lsoa-2021", "ward-2018",
// "borough", "pfa", "region".
type Level string

// Type returns the level without its vintage: "lsoa" for "lsoa-2021".
func (l Level) Type() string {
	t, _, _ := strings.Cut(string(l), "-")
	return t
}

// Vintage returns the year of the level's set of codes, or "" for a level
// whose codes name one boundary for good.
func (l Level) Vintage() string {
	_, v, _ := strings.Cut(string(l), "-")
	return v
}

// Place is a place's whole name: its level, which carries the vintage, and its
// code. The zero value names no place.
type Place struct {
	Level Level
	Code  string
}

// String returns "lsoa-2021/E01000001".
func (p Place) String() string { return string(p.Level) + "/" + p.Code }

// IsZero reports whether p names no place.
func (p Place) IsZero() bool { return p.Code == "" }

// ParsePlace reads what Place.String wrote. Errors: Invalid.
func ParsePlace(s string) (Place, error) {
	level, code, ok := strings.Cut(s, "/")
	if !ok || level == "" || code == "" {
		return Place{}, errs.New(errs.Invalid, "%q is not a place", s).
			WithHint("write the level and the code, for example lsoa-2021/E01000001")
	}
	return Place{Level(level), code}, nil
}

// Maker makes UUIDv7 identifiers from a clock and a source of randomness, both
// given, so that tests and rebuilds are repeatable.
type Maker struct {
	Now  func() time.Time
	Rand io.Reader
}

// New returns a new UUIDv7 (RFC 9562, section 5.7). It panics if the source of
// randomness fails, since no safe identifier can then be made.
func (m Maker) New() string {
	var b [16]byte
	if _, err := io.ReadFull(m.Rand, b[6:]); err != nil {
		panic("ids: no randomness: " + err.Error())
	}
	ms := uint64(m.Now().UnixMilli())
	for i := range 6 {
		b[i] = byte(ms >> (40 - 8*i))
	}
	b[6] = b[6]&0x0f | 0x70
	b[8] = b[8]&0x3f | 0x80
	h := hex.EncodeToString(b[:])
	return h[:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:20] + "-" + h[20:]
}
