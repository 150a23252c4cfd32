// Package analysistest holds an analysis.Store in memory and what every Store
// must do.
package analysistest

import (
	"context"
	"encoding/json"
	"sync"

	"openvru/internal/access"
	"openvru/internal/analysis"
	"openvru/internal/errs"
	"openvru/internal/ids"
)

// Memory is an analysis.Store held in memory, with the events it was given.
type Memory struct {
	mu     sync.Mutex
	runs   map[key][]byte // as JSON, so that nobody can change what is kept
	of     map[key]ids.Run
	Events []access.Event
}

type key struct {
	unit ids.Unit
	id   string
}

// NewMemory returns an empty store.
func NewMemory() *Memory { return &Memory{runs: map[key][]byte{}, of: map[key]ids.Run{}} }

// KeepRuns keeps runs that are not kept yet.
func (m *Memory) KeepRuns(_ context.Context, unit ids.Unit, runs []*analysis.Run, event access.Event) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, r := range runs {
		k := key{unit, string(r.ID)}
		if m.runs[k] != nil {
			continue
		}
		body, err := json.Marshal(r)
		if err != nil {
			return err
		}
		m.runs[k] = body
		for _, f := range r.Figures {
			m.of[key{unit, string(f.ID)}] = r.ID
		}
	}
	m.Events = append(m.Events, event)
	return nil
}

// Run returns a kept run.
func (m *Memory) Run(_ context.Context, unit ids.Unit, id ids.Run) (*analysis.Run, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	body := m.runs[key{unit, string(id)}]
	if body == nil {
		return nil, errs.New(errs.NotFound, "There is no run %s.", id)
	}
	var run analysis.Run
	err := json.Unmarshal(body, &run)
	return &run, err
}

// RunOf returns the kept run that a figure belongs to.
func (m *Memory) RunOf(ctx context.Context, unit ids.Unit, figure ids.Figure) (*analysis.Run, error) {
	m.mu.Lock()
	id, ok := m.of[key{unit, string(figure)}]
	m.mu.Unlock()
	if !ok {
		return nil, errs.New(errs.NotFound, "No kept run has a figure %s.", figure)
	}
	return m.Run(ctx, unit, id)
}
