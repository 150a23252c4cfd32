package access

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"hash"

	"openvru/internal/errs"
)

// Entry is an Event at its place in the unit's chain.
type Entry struct {
	Seq int64 // 1, 2, 3, … without a gap
	Event
	Hash string // Hash(previous entry's hash, Seq, Event), in lower-case hexadecimal
}

// Head is the end of a chain: how many entries and the last one's hash. Kept
// somewhere else, it shows that nothing before it has been changed, and that
// nothing has been cut off the end. The zero Head is the empty chain's.
type Head struct {
	Seq  int64
	Hash string
}

// Next returns the entry that an event becomes at the end of a chain.
func (h Head) Next(e Event) Entry {
	return Entry{h.Seq + 1, e, hashOf(h, e)}
}

// hashOf is the SHA-256 of every field of an entry and the hash of the entry
// before it. Each field is written with its length, so that moving a letter
// from one field to the next is a change.
func hashOf(h Head, e Event) string {
	sum := sha256.New()
	for _, field := range []string{
		"openvru event 1", h.Hash, fmt.Sprint(h.Seq + 1),
		string(e.Unit), string(e.ID), e.At.UTC().Format("2006-01-02T15:04:05.000000000Z"),
		string(e.Person), e.Name, string(e.Action), e.Subject, e.Detail,
	} {
		writeField(sum, field)
	}
	return hex.EncodeToString(sum.Sum(nil))
}

func writeField(sum hash.Hash, s string) {
	var n [8]byte
	binary.BigEndian.PutUint64(n[:], uint64(len(s)))
	sum.Write(n[:])
	sum.Write([]byte(s))
}

// Checker reads a chain from its first entry and finds the first place where
// it is not as it was written.
type Checker struct {
	head Head
	at   Head // the head that must be met on the way, when given
	met  bool
}

// NewChecker returns a Checker that also demands to pass a head kept earlier;
// the zero Head demands nothing.
func NewChecker(kept Head) *Checker { return &Checker{at: kept, met: kept.Seq == 0} }

// Add checks the next entry. Errors: Conflict, saying what is wrong and where.
func (c *Checker) Add(e Entry) error {
	if want := c.head.Seq + 1; e.Seq != want {
		return broken("entry %d is missing or out of order: entry %d stands in its place", want, e.Seq)
	}
	if e.Hash != hashOf(c.head, e.Event) {
		return broken("entry %d (%s on %s) is not as it was written, or the one before it has been changed", e.Seq, e.Action, e.Subject)
	}
	c.head = Head{e.Seq, e.Hash}
	if e.Seq == c.at.Seq {
		if e.Hash != c.at.Hash {
			return broken("entry %d is not the one that was last when the log's end was noted: the log has been rewritten", e.Seq)
		}
		c.met = true
	}
	return nil
}

// End checks that the chain ends where its register says it does, and that the
// head kept earlier was passed. Errors: Conflict.
func (c *Checker) End(register Head) error {
	if !c.met {
		return broken("the log ends at entry %d, but it once had %d: entries have been cut off its end", c.head.Seq, c.at.Seq)
	}
	if c.head != register {
		return broken("the log ends at entry %d, but its register says %d: entries have been cut off or added at its end", c.head.Seq, register.Seq)
	}
	return nil
}

// Head returns the end of what has been checked.
func (c *Checker) Head() Head { return c.head }

func broken(format string, args ...any) error {
	return errs.New(errs.Conflict, "The audit log has been tampered with: "+format+".", args...).
		WithHint("Keep the database as it is, and compare it with the last backup whose log is whole.")
}
