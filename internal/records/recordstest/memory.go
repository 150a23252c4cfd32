package recordstest

import (
	"context"
	"slices"
	"sync"
	"time"

	"openvru/internal/access"
	"openvru/internal/errs"
	"openvru/internal/ids"
	"openvru/internal/records"
)

// Memory is a records.Store held in memory, with the events it was given. It
// is safe for use by many goroutines.
type Memory struct {
	*FactMemory
	turn     sync.Mutex // held through a change, which touches the facts too
	kept     []records.Submission
	findings map[ids.Submission][]records.Finding
}

var _ records.Store = (*Memory)(nil)

// NewMemory returns an empty store.
func NewMemory() *Memory {
	return &Memory{FactMemory: NewFactMemory(), findings: map[ids.Submission][]records.Finding{}}
}

func (m *Memory) log(e access.Event) {
	m.FactMemory.mu.Lock()
	defer m.FactMemory.mu.Unlock()
	m.Events = append(m.Events, e)
}

// AddSubmission keeps a new submission, or returns the one it is already.
func (m *Memory) AddSubmission(_ context.Context, s records.Submission, e access.Event) (records.Submission, bool, error) {
	m.turn.Lock()
	defer m.turn.Unlock()
	if have := m.same(s); have != nil {
		return *have, false, nil
	}
	m.kept = append(m.kept, s)
	m.log(e)
	return s, true, nil
}

func (m *Memory) same(s records.Submission) *records.Submission {
	var withdrawn *records.Submission
	for i := range m.kept {
		k := &m.kept[i]
		if k.Unit == s.Unit && k.Key == s.Key && s.Key != "" {
			return k
		}
	}
	for i := range m.kept {
		k := &m.kept[i]
		if k.Unit != s.Unit || k.Source != s.Source || k.File != s.File {
			continue
		}
		if k.State != records.Withdrawn {
			return k
		}
		if s.Key == "" {
			withdrawn = k
		}
	}
	return withdrawn
}

func (m *Memory) find(unit ids.Unit, id ids.Submission) (*records.Submission, error) {
	for i := range m.kept {
		if m.kept[i].Unit == unit && m.kept[i].ID == id {
			return &m.kept[i], nil
		}
	}
	return nil, errs.New(errs.NotFound, "There is no submission %s.", id).WithHint("vru submissions lists them.")
}

// SaveCheck keeps what reading a submission found.
func (m *Memory) SaveCheck(_ context.Context, s records.Submission, f []records.Finding, e access.Event) error {
	m.turn.Lock()
	defer m.turn.Unlock()
	have, err := m.find(s.Unit, s.ID)
	if err != nil || !have.AcceptedAt.IsZero() || have.State == records.Withdrawn {
		return err
	}
	have.State, have.CheckedAt, have.Reason, have.Summary = s.State, s.CheckedAt, s.Reason, s.Summary
	m.findings[s.ID] = f
	m.log(e)
	return nil
}

// Accept makes a submission an edition.
func (m *Memory) Accept(ctx context.Context, a records.Acceptance, e access.Event) (records.Submission, error) {
	m.turn.Lock()
	defer m.turn.Unlock()
	s := a.Submission
	have, err := m.find(s.Unit, s.ID)
	switch {
	case err != nil:
		return records.Submission{}, err
	case !have.AcceptedAt.IsZero():
		return *have, nil
	case have.State == records.Withdrawn:
		return records.Submission{}, errs.New(errs.Conflict, "%s was withdrawn while it was being read, so it is not accepted", s.Name)
	}
	edition := records.Edition{Submission: s.ID, Source: s.Source, FileName: s.Name, File: s.File, AcceptedAt: s.AcceptedAt, Coverage: a.Facts.Coverage}
	before, err := m.Editions(ctx, s.Unit)
	if err != nil {
		return records.Submission{}, err
	}
	for old, by := range records.SupersededBy(append(before, edition)) {
		if by == s.ID && old > edition.Supersedes {
			edition.Supersedes = old
		}
	}
	if err := m.PutEdition(ctx, s.Unit, edition, a.Facts.Blocks, e); err != nil {
		return records.Submission{}, err
	}
	*have = s
	m.findings[s.ID] = a.Findings
	return *have, m.settle(ctx, s.Unit, s.AcceptedAt)
}

// settle brings the register in line with which edition restates which.
func (m *Memory) settle(ctx context.Context, unit ids.Unit, at time.Time) error {
	editions, err := m.Editions(ctx, unit)
	if err != nil {
		return err
	}
	superseded := records.SupersededBy(editions)
	for i := range m.kept {
		k := &m.kept[i]
		if k.Unit != unit || k.AcceptedAt.IsZero() || k.State == records.Withdrawn || k.SupersededBy == superseded[k.ID] {
			continue
		}
		k.State, k.SupersededBy, k.SupersededAt = records.Accepted, superseded[k.ID], time.Time{}
		if k.SupersededBy != "" {
			k.State, k.SupersededAt = records.Superseded, at
		}
	}
	return nil
}

// Withdraw takes a submission out of use.
func (m *Memory) Withdraw(ctx context.Context, s records.Submission, e access.Event) (records.Submission, error) {
	m.turn.Lock()
	defer m.turn.Unlock()
	have, err := m.find(s.Unit, s.ID)
	if err != nil || have.State == records.Withdrawn {
		if err != nil {
			return records.Submission{}, err
		}
		return *have, nil
	}
	edition := !have.AcceptedAt.IsZero()
	have.State, have.Reason, have.WithdrawnAt = records.Withdrawn, s.Reason, s.WithdrawnAt
	have.SupersededBy, have.SupersededAt = "", time.Time{}
	if !edition {
		m.log(e)
		return *have, nil
	}
	if err := m.WithdrawEdition(ctx, s.Unit, s.ID, s.WithdrawnAt, e); err != nil {
		return records.Submission{}, err
	}
	return *have, m.settle(ctx, s.Unit, s.WithdrawnAt)
}

// Submission returns one.
func (m *Memory) Submission(_ context.Context, unit ids.Unit, id ids.Submission) (records.Submission, error) {
	m.turn.Lock()
	defer m.turn.Unlock()
	have, err := m.find(unit, id)
	if err != nil {
		return records.Submission{}, err
	}
	return *have, nil
}

// Submissions lists a unit's, newest first.
func (m *Memory) Submissions(_ context.Context, unit ids.Unit, f records.Filter) ([]records.Submission, error) {
	m.turn.Lock()
	defer m.turn.Unlock()
	all := slices.Clone(m.kept)
	slices.SortFunc(all, newestFirst)
	if f.Limit <= 0 {
		f.Limit = 100
	}
	var after *records.Submission
	if f.After != "" {
		var err error
		if after, err = m.find(unit, f.After); err != nil {
			return nil, nil
		}
	}
	var out []records.Submission
	for _, s := range all {
		if s.Unit == unit && (f.Source == "" || s.Source == f.Source) && (f.Org == "" || s.Org == f.Org) && (f.State == "" || s.State == f.State) &&
			(after == nil || newestFirst(*after, s) < 0) && len(out) < f.Limit {
			out = append(out, s)
		}
	}
	return out, nil
}

func newestFirst(a, b records.Submission) int {
	if d := b.ReceivedAt.Compare(a.ReceivedAt); d != 0 {
		return d
	}
	switch {
	case a.ID > b.ID:
		return -1
	case a.ID < b.ID:
		return 1
	}
	return 0
}

// Findings returns those of a submission.
func (m *Memory) Findings(_ context.Context, unit ids.Unit, id ids.Submission) ([]records.Finding, error) {
	m.turn.Lock()
	defer m.turn.Unlock()
	if _, err := m.find(unit, id); err != nil {
		return nil, nil
	}
	return m.findings[id], nil
}

// LiveFiles calls f with every file that a submission names.
func (m *Memory) LiveFiles(_ context.Context, f func(ids.File)) error {
	m.turn.Lock()
	defer m.turn.Unlock()
	seen := map[ids.File]bool{}
	for _, s := range m.kept {
		seen[s.File] = true
		for _, p := range s.Parts {
			seen[p.File] = true
		}
	}
	for id := range seen {
		f(id)
	}
	return nil
}
