// Package accesstest has what other packages' tests need of access: the suite
// that every access.Store passes, a Store in memory, and sample people.
package accesstest

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"openvru/internal/access"
	"openvru/internal/errs"
	"openvru/internal/ids"
)

// Memory is an access.Store in memory, safe for use by many goroutines.
type Memory struct {
	mu       sync.Mutex
	units    []access.Unit
	orgs     []access.Organisation
	people   []access.Person
	links    map[string]access.Link
	sessions map[string]access.Session
	tries    map[string]try
	log      map[ids.Unit][]access.Entry
	events   map[ids.Event]bool
}

type try struct {
	n     int
	since time.Time
}

var _ access.Store = (*Memory)(nil)

// NewMemory returns an empty Store in memory.
func NewMemory() *Memory {
	return &Memory{
		links: map[string]access.Link{}, sessions: map[string]access.Session{},
		tries: map[string]try{}, log: map[ids.Unit][]access.Entry{}, events: map[ids.Event]bool{},
	}
}

// Append puts an event at the end of its unit's chain: what the stores in
// memory of other domains do with theirs.
func (m *Memory) Append(e access.Event) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.append(e)
}

func (m *Memory) append(e access.Event) {
	var head access.Head
	if log := m.log[e.Unit]; len(log) > 0 {
		head = access.Head{Seq: log[len(log)-1].Seq, Hash: log[len(log)-1].Hash}
	}
	m.log[e.Unit] = append(m.log[e.Unit], head.Next(e))
	m.events[e.ID] = true
}

// write runs f and, when it succeeds, keeps the event. f must check before it
// changes anything.
func (m *Memory) write(e access.Event, f func() error) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.events[e.ID] {
		return conflict()
	}
	if err := f(); err != nil {
		return err
	}
	m.append(e)
	return nil
}

func conflict() error { return errs.New(errs.Conflict, "that is kept already") }

func missing(what string) error { return errs.New(errs.NotFound, "There is no such %s.", what) }

// AddFirstUnit is access.Store's.
func (m *Memory) AddFirstUnit(_ context.Context, u access.Unit, own access.Organisation, e access.Event) error {
	return m.write(e, func() error {
		if len(m.units) > 0 {
			return conflict()
		}
		m.units, m.orgs = append(m.units, u), append(m.orgs, own)
		return nil
	})
}

// RenameUnit is access.Store's.
func (m *Memory) RenameUnit(_ context.Context, unit ids.Unit, name string, e access.Event) error {
	return m.write(e, func() error {
		for i := range m.units {
			if m.units[i].ID == unit {
				m.units[i].Name = name
				return nil
			}
		}
		return missing("unit")
	})
}

// Units is access.Store's.
func (m *Memory) Units(context.Context) ([]access.Unit, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.units), nil
}

// AddOrganisation is access.Store's.
func (m *Memory) AddOrganisation(_ context.Context, o access.Organisation, e access.Event) error {
	return m.write(e, func() error {
		for _, other := range m.orgs {
			if other.Unit == o.Unit && (other.ID == o.ID || other.Folded() == o.Folded()) {
				return conflict()
			}
		}
		m.orgs = append(m.orgs, o)
		return nil
	})
}

// Organisations is access.Store's.
func (m *Memory) Organisations(_ context.Context, unit ids.Unit) (out []access.Organisation, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, o := range m.orgs {
		if o.Unit == unit {
			out = append(out, o)
		}
	}
	slices.SortFunc(out, func(a, b access.Organisation) int {
		return cmp.Or(a.CreatedAt.Compare(b.CreatedAt), cmp.Compare(a.ID, b.ID))
	})
	return out, nil
}

// Log is access.Store's.
func (m *Memory) Log(_ context.Context, e access.Event) error {
	return m.write(e, func() error { return nil })
}

// Entries is access.Store's.
func (m *Memory) Entries(_ context.Context, unit ids.Unit, q access.EntryQuery) (out []access.Entry, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if q.Limit <= 0 {
		q.Limit = 100
	}
	for _, e := range slices.Backward(m.log[unit]) {
		if len(out) < q.Limit && (q.Subject == "" || e.Subject == q.Subject) && (q.Before == 0 || e.Seq < q.Before) {
			out = append(out, e)
		}
	}
	return out, nil
}

// Walk is access.Store's.
func (m *Memory) Walk(_ context.Context, unit ids.Unit, f func(access.Entry) error) (head access.Head, err error) {
	m.mu.Lock()
	log := slices.Clone(m.log[unit])
	m.mu.Unlock()
	for _, e := range log {
		head = access.Head{Seq: e.Seq, Hash: e.Hash}
		if err := f(e); err != nil {
			return head, err
		}
	}
	return head, nil
}

// Try is access.Store's.
func (m *Memory) Try(_ context.Context, key string, at time.Time, window time.Duration) (int, time.Time, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	t := m.tries[key]
	if t.n == 0 && t.since.IsZero() || !t.since.After(at.Add(-window)) {
		t = try{0, at}
	}
	t.n++
	m.tries[key] = t
	return t.n, t.since, nil
}

// Forgive is access.Store's.
func (m *Memory) Forgive(_ context.Context, account, address string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.tries, account)
	if t, ok := m.tries[address]; ok && t.n > 0 {
		t.n--
		m.tries[address] = t
	}
	return nil
}

// byName is the order of a listing of people.
func byName(a, b access.Person) int {
	return cmp.Or(cmp.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)), cmp.Compare(a.ID, b.ID))
}
