package access

import (
	"context"
	"strconv"
	"strings"
	"time"

	"openvru/internal/errs"
)

// Log returns entries of the unit's audit log, the newest first.
// Errors: Forbidden.
func (s *Service) Log(ctx context.Context, a Actor, q EntryQuery) ([]Entry, error) {
	if err := Check(a, AuditRead); err != nil {
		return nil, err
	}
	return s.store.Entries(ctx, a.Unit, q)
}

// NoteRead keeps that somebody was handed records as they were sent, before
// they are: who has seen them can then be told for good. Errors: Forbidden.
func (s *Service) NoteRead(ctx context.Context, a Actor, action Action, subject string, detail any) error {
	if err := Check(a, action); err != nil {
		return err
	}
	return s.store.Log(ctx, s.record.Event(a, action, subject, detail))
}

// Report is what Verify found.
type Report struct {
	Head  Head      // the end of the log: keep it somewhere else
	First time.Time // when the first and the last entry were written
	Last  time.Time
}

// Verify reads the unit's whole audit log and checks that every entry is as it
// was written and where it was written, and that none is missing. Without a
// head kept elsewhere it cannot see that the whole log has been rewritten, or
// its end cut off together with its register; with one it can.
//
// Errors: Forbidden; Conflict, saying what is wrong with which entry, with the
// Report of what is right before it.
func (s *Service) Verify(ctx context.Context, a Actor, kept Head) (Report, error) {
	if err := Check(a, AuditRead); err != nil {
		return Report{}, err
	}
	var r Report
	c := NewChecker(kept)
	register, err := s.store.Walk(ctx, a.Unit, func(e Entry) error {
		if err := c.Add(e); err != nil {
			return err
		}
		if e.Seq == 1 {
			r.First = e.At
		}
		r.Last = e.At
		return nil
	})
	if r.Head = c.Head(); err != nil {
		return r, err
	}
	if r.Head.Seq == 0 {
		return r, broken("it is empty, and no unit's is")
	}
	return r, c.End(register)
}

// String writes a head for keeping: "1234:9f86d0…".
func (h Head) String() string { return strconv.FormatInt(h.Seq, 10) + ":" + h.Hash }

// ParseHead reads what String wrote. Errors: Invalid.
func ParseHead(s string) (Head, error) {
	n, hash, ok := strings.Cut(strings.TrimSpace(s), ":")
	seq, err := strconv.ParseInt(n, 10, 64)
	if !ok || err != nil || seq < 1 || len(hash) != 64 || strings.Trim(hash, "0123456789abcdef") != "" {
		return Head{}, errs.New(errs.Invalid, "%q is not the end of an audit log.", s).
			WithHint("Give the line that vru audit verify printed: a number, a colon and 64 characters.")
	}
	return Head{seq, hash}, nil
}
