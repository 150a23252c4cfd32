package recordstest

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"openvru/internal/access"
	"openvru/internal/errs"
	"openvru/internal/ids"
	"openvru/internal/records"
)

// FactMemory is a records.FactStore held in memory, with the events it was
// given. It is safe for use by many goroutines.
type FactMemory struct {
	mu     sync.Mutex
	units  map[ids.Unit]*factUnit
	Events []access.Event
}

type factUnit struct {
	editions []records.Edition
	rebuilt  int
	blocks   []records.Block
}

// NewFactMemory returns an empty store.
func NewFactMemory() *FactMemory { return &FactMemory{units: map[ids.Unit]*factUnit{}} }

func (m *FactMemory) unit(id ids.Unit) *factUnit {
	u := m.units[id]
	if u == nil {
		u = &factUnit{}
		m.units[id] = u
	}
	return u
}

func (u *factUnit) find(id ids.Submission) *records.Edition {
	for i := range u.editions {
		if u.editions[i].Submission == id {
			return &u.editions[i]
		}
	}
	return nil
}

// PutEdition keeps an edition and its blocks.
func (m *FactMemory) PutEdition(_ context.Context, unit ids.Unit, e records.Edition, blocks []records.Block, event access.Event) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	u := m.unit(unit)
	if u.find(e.Submission) != nil {
		return errs.New(errs.Conflict, "the facts of submission %s are kept already", e.Submission)
	}
	u.editions = append(u.editions, e)
	u.put(e.Submission, blocks)
	m.Events = append(m.Events, event)
	return nil
}

func (u *factUnit) put(id ids.Submission, blocks []records.Block) {
	for _, b := range blocks {
		b.Submission = id
		u.blocks = append(u.blocks, b)
	}
}

// WithdrawEdition marks an edition withdrawn.
func (m *FactMemory) WithdrawEdition(_ context.Context, unit ids.Unit, id ids.Submission, at time.Time, event access.Event) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	e := m.unit(unit).find(id)
	switch {
	case e == nil:
		return errs.New(errs.NotFound, "no facts of a submission %s are kept", id)
	case !e.WithdrawnAt.IsZero():
		return errs.New(errs.Conflict, "submission %s was withdrawn already", id)
	}
	e.WithdrawnAt = at.UTC()
	m.Events = append(m.Events, event)
	return nil
}

// ReplaceFacts puts facts counted again in the place of an edition's own.
func (m *FactMemory) ReplaceFacts(_ context.Context, unit ids.Unit, id ids.Submission, facts records.EditionFacts, event access.Event) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	u := m.unit(unit)
	e := u.find(id)
	if e == nil {
		return errs.New(errs.NotFound, "no facts of a submission %s are kept", id)
	}
	e.Coverage = facts.Coverage
	u.rebuilt++
	u.blocks = slices.DeleteFunc(u.blocks, func(b records.Block) bool { return b.Submission == id })
	u.put(id, facts.Blocks)
	m.Events = append(m.Events, event)
	return nil
}

// EditionsMark counts the editions, the withdrawn ones and the rebuilds.
func (m *FactMemory) EditionsMark(_ context.Context, unit ids.Unit) (string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	withdrawn := 0
	u := m.unit(unit)
	for _, e := range u.editions {
		if !e.WithdrawnAt.IsZero() {
			withdrawn++
		}
	}
	return fmt.Sprint(len(u.editions), "/", withdrawn, "/", u.rebuilt), nil
}

// Editions returns every edition, oldest first.
func (m *FactMemory) Editions(_ context.Context, unit ids.Unit) ([]records.Edition, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	out := slices.Clone(m.unit(unit).editions)
	slices.SortFunc(out, func(a, b records.Edition) int {
		if d := a.AcceptedAt.Compare(b.AcceptedAt); d != 0 {
			return d
		}
		return strings.Compare(string(a.Submission), string(b.Submission))
	})
	return out, nil
}

// Blocks returns the blocks asked for.
func (m *FactMemory) Blocks(_ context.Context, unit ids.Unit, q records.BlockQuery) ([]records.Block, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var out []records.Block
	for _, b := range m.unit(unit).blocks {
		if b.Level == q.Level && q.From <= b.Year && b.Year <= q.To && slices.Contains(q.Blocks, b.Block) &&
			slices.Contains(q.Series, b.Series) && slices.Contains(q.Submissions, b.Submission) {
			out = append(out, b)
		}
	}
	records.SortBlocks(out)
	return out, nil
}

// EditionBlocks returns every block of an edition.
func (m *FactMemory) EditionBlocks(_ context.Context, unit ids.Unit, id ids.Submission) ([]records.Block, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var out []records.Block
	for _, b := range m.unit(unit).blocks {
		if b.Submission == id {
			out = append(out, b)
		}
	}
	records.SortBlocks(out)
	return out, nil
}
