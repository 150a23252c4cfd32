package placestest

import (
	"context"
	"maps"
	"slices"
	"sync"

	"openvru/internal/access"
	"openvru/internal/errs"
	"openvru/internal/ids"
	"openvru/internal/places"
)

// Memory is a places.Store that forgets everything when the process ends.
type Memory struct {
	mu     sync.Mutex
	units  map[ids.Unit]*kept
	Events []access.Event // what Save recorded, for tests to look at
}

type kept struct {
	revision int64
	datasets []places.KeptDataset
	atlas    places.Packed
}

var _ places.Store = (*Memory)(nil)

// unit returns what is kept of a unit; the caller holds the lock.
func (m *Memory) unit(unit ids.Unit) *kept {
	if m.units == nil {
		m.units = make(map[ids.Unit]*kept)
	}
	if m.units[unit] == nil {
		m.units[unit] = &kept{}
	}
	return m.units[unit]
}

// Datasets implements places.Store.
func (m *Memory) Datasets(_ context.Context, unit ids.Unit) ([]places.Dataset, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var out []places.Dataset
	for _, d := range m.unit(unit).datasets {
		out = append(out, d.Dataset)
	}
	return out, nil
}

// Contents implements places.Store.
func (m *Memory) Contents(_ context.Context, unit ids.Unit) ([]places.KeptDataset, int64, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	k := m.unit(unit)
	return slices.Clone(k.datasets), k.revision, nil
}

// Revision implements places.Store.
func (m *Memory) Revision(_ context.Context, unit ids.Unit) (int64, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.unit(unit).revision, nil
}

// Atlas implements places.Store.
func (m *Memory) Atlas(_ context.Context, unit ids.Unit) (places.Packed, int64, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	k := m.unit(unit)
	if k.revision == 0 {
		return places.Packed{}, 0, errs.New(errs.NotFound, "no places were imported")
	}
	return places.Packed{Core: k.atlas.Core, Shapes: maps.Clone(k.atlas.Shapes)}, k.revision, nil
}

// Save implements places.Store.
func (m *Memory) Save(_ context.Context, unit ids.Unit, change places.Change, event access.Event) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	k := m.unit(unit)
	if k.revision != change.Base {
		return errs.New(errs.Conflict, "somebody else imported places at the same moment")
	}
	gone := slices.Clone(change.Remove)
	for _, d := range change.Add {
		gone = append(gone, d.File)
	}
	k.datasets = slices.DeleteFunc(k.datasets, func(d places.KeptDataset) bool { return slices.Contains(gone, d.File) })
	k.datasets = append(k.datasets, change.Add...)
	k.revision, k.atlas = k.revision+1, change.Atlas
	m.Events = append(m.Events, event)
	return nil
}
