package accesstest

import (
	"context"
	"maps"
	"slices"
	"time"

	"openvru/internal/access"
	"openvru/internal/ids"
)

// AddPerson is access.Store's.
func (m *Memory) AddPerson(_ context.Context, p access.Person, l access.Link, e access.Event) error {
	return m.write(e, func() error {
		if err := m.addPerson(p); err != nil {
			return err
		}
		m.links[l.TokenHash] = l
		return nil
	})
}

func (m *Memory) addPerson(p access.Person) error {
	for _, other := range m.people {
		if other.Unit == p.Unit && (other.ID == p.ID || other.Email == p.Email) {
			return conflict()
		}
	}
	m.people = append(m.people, p)
	return nil
}

// find returns the place of a person, or nil.
func (m *Memory) find(unit ids.Unit, id ids.Person) *access.Person {
	for i := range m.people {
		if m.people[i].Unit == unit && m.people[i].ID == id {
			return &m.people[i]
		}
	}
	return nil
}

// ChangePerson is access.Store's.
func (m *Memory) ChangePerson(_ context.Context, p access.Person, e access.Event) error {
	return m.write(e, func() error {
		kept := m.find(p.Unit, p.ID)
		if kept == nil {
			return missing("person")
		}
		p.PasswordHash = kept.PasswordHash
		*kept = p
		m.endSessions(p)
		if p.State == access.Disabled {
			m.endLinks(p.Unit, p.ID, e.At)
		}
		return nil
	})
}

func (m *Memory) endSessions(p access.Person) {
	maps.DeleteFunc(m.sessions, func(_ string, s access.Session) bool { return s.Unit == p.Unit && s.Person == p.ID })
}

func (m *Memory) endLinks(unit ids.Unit, person ids.Person, at time.Time) {
	for hash, l := range m.links {
		if l.Unit == unit && l.Person == person && l.UsedAt.IsZero() {
			l.UsedAt = at
			m.links[hash] = l
		}
	}
}

// Person is access.Store's.
func (m *Memory) Person(_ context.Context, unit ids.Unit, id ids.Person) (access.Person, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if p := m.find(unit, id); p != nil {
		return *p, nil
	}
	return access.Person{}, missing("person")
}

// PersonByEmail is access.Store's.
func (m *Memory) PersonByEmail(_ context.Context, unit ids.Unit, email string) (access.Person, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, p := range m.people {
		if p.Unit == unit && p.Email == email {
			return p, nil
		}
	}
	return access.Person{}, missing("person")
}

// People is access.Store's.
func (m *Memory) People(_ context.Context, unit ids.Unit) (out []access.Person, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, p := range m.people {
		if p.Unit == unit {
			out = append(out, p)
		}
	}
	slices.SortFunc(out, byName)
	return out, nil
}

// AddLink is access.Store's.
func (m *Memory) AddLink(_ context.Context, l access.Link, e access.Event) error {
	return m.write(e, func() error {
		m.endLinks(l.Unit, l.Person, l.CreatedAt)
		m.links[l.TokenHash] = l
		return nil
	})
}

// Link is access.Store's.
func (m *Memory) Link(_ context.Context, tokenHash string) (access.Link, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	l, ok := m.links[tokenHash]
	if !ok {
		return access.Link{}, missing("link")
	}
	return l, nil
}

// UseLink is access.Store's.
func (m *Memory) UseLink(_ context.Context, tokenHash string, at time.Time, p access.Person, e access.Event) error {
	return m.write(e, func() error {
		l, ok := m.links[tokenHash]
		if !ok || !l.UsedAt.IsZero() {
			return conflict()
		}
		give := m.setPassword
		if l.Person == "" {
			give = m.addPerson
		}
		if err := give(p); err != nil {
			return err
		}
		l.UsedAt = at
		m.links[tokenHash] = l
		return nil
	})
}

func (m *Memory) setPassword(p access.Person) error {
	kept := m.find(p.Unit, p.ID)
	if kept == nil || kept.State == access.Disabled {
		return missing("person")
	}
	kept.PasswordHash, kept.State = p.PasswordHash, p.State
	m.endSessions(p)
	return nil
}

// SetPassword is access.Store's.
func (m *Memory) SetPassword(_ context.Context, p access.Person, s access.Session, e access.Event) error {
	return m.write(e, func() error {
		if err := m.setPassword(p); err != nil {
			return err
		}
		m.endLinks(p.Unit, p.ID, e.At)
		m.sessions[s.TokenHash] = s
		return nil
	})
}

// AddSession is access.Store's.
func (m *Memory) AddSession(_ context.Context, s access.Session, e access.Event) error {
	return m.write(e, func() error {
		maps.DeleteFunc(m.sessions, func(_ string, old access.Session) bool { return old.ExpiresAt.Before(s.CreatedAt) })
		m.sessions[s.TokenHash] = s
		return nil
	})
}

// Session is access.Store's.
func (m *Memory) Session(_ context.Context, tokenHash string) (access.Session, access.Person, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	s, ok := m.sessions[tokenHash]
	if !ok {
		return access.Session{}, access.Person{}, missing("session")
	}
	p := m.find(s.Unit, s.Person)
	if p == nil {
		return access.Session{}, access.Person{}, missing("session")
	}
	return s, *p, nil
}

// SeeSession is access.Store's.
func (m *Memory) SeeSession(_ context.Context, tokenHash string, at time.Time) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if s, ok := m.sessions[tokenHash]; ok {
		s.SeenAt = at
		m.sessions[tokenHash] = s
	}
	return nil
}

// EndSession is access.Store's.
func (m *Memory) EndSession(_ context.Context, tokenHash string, e access.Event) error {
	return m.write(e, func() error {
		delete(m.sessions, tokenHash)
		return nil
	})
}
