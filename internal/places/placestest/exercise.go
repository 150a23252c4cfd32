package placestest

import (
	"bytes"
	"context"
	"errors"
	"reflect"
	"testing"
	"time"

	"openvru/internal/access"
	"openvru/internal/errs"
	"openvru/internal/ids"
	"openvru/internal/places"
)

// Exercise is the suite that every places.Store passes. open returns an empty
// store.
func Exercise(t *testing.T, open func(t *testing.T) places.Store) {
	for name, test := range map[string]func(*testing.T, places.Store){
		"empty":                  exerciseEmpty,
		"what is saved is found": exerciseSave,
		"a stale change":         exerciseStale,
		"replace and remove":     exerciseReplace,
		"units are apart":        exerciseUnits,
		"all or nothing":         exerciseAllOrNothing,
	} {
		t.Run(name, func(t *testing.T) { test(t, open(t)) })
	}
}

const unit ids.Unit = "unit-of-tests"

// sampleTime has a fraction that only nanoseconds keep.
var sampleTime = time.Date(2026, 11, 22, 9, 30, 0, 123456789, time.UTC)

// SampleDataset returns a dataset with every field set, told from others by a
// digit.
func SampleDataset(digit string) places.KeptDataset {
	file := ids.File(bytes.Repeat([]byte(digit), 64))
	return places.KeptDataset{
		Dataset: places.Dataset{
			File: file, Name: "file " + digit + ".csv", Kind: places.Lookup, Level: LSOA2021, Size: 1234,
			Options: places.Options{Level: LSOA2021, Year: 2020, Source: "a test", Today: 2026},
			At:      sampleTime, By: "Ann Analyst",
			Summary: places.Summary{File: file, Name: "file " + digit + ".csv", Kind: places.Lookup, Level: LSOA2021, Places: 3, Own: 2, Links: 1,
				Years: []int{2019}, Problems: []places.Problem{{Rule: "r", Severity: places.Warn, Message: "m", Count: 1, Examples: []places.Example{{Line: 2, Column: 3, Value: "v"}}}}},
		},
		Content: []byte{0, 1, 2, 255, digit[0]},
	}
}

func sampleEvent(id string, unit ids.Unit) access.Event {
	return access.Event{ID: ids.Event(id), Unit: unit, At: sampleTime, Person: "ann", Name: "Ann Analyst", Action: access.PlacesImport, Subject: "places", Detail: "{}"}
}

func save(t *testing.T, s places.Store, unit ids.Unit, id string, c places.Change) {
	t.Helper()
	if err := s.Save(context.Background(), unit, c, sampleEvent(id, unit)); err != nil {
		t.Fatalf("save %s: %v", id, err)
	}
}

// check compares what the store holds with what it should.
func check(t *testing.T, s places.Store, unit ids.Unit, revision int64, want []places.KeptDataset) {
	t.Helper()
	got, base, err := s.Contents(context.Background(), unit)
	if err != nil || base != revision || !reflect.DeepEqual(got, want) {
		t.Errorf("the contents are\n%+v of revision %d (%v), want\n%+v of %d", got, base, err, want, revision)
	}
	register, err := s.Datasets(context.Background(), unit)
	if err != nil || len(register) != len(want) {
		t.Fatalf("the register has %d entries (%v), want %d", len(register), err, len(want))
	}
	for i, d := range register {
		if !reflect.DeepEqual(d, want[i].Dataset) {
			t.Errorf("entry %d is %+v, want %+v", i, d, want[i].Dataset)
		}
	}
	if n, err := s.Revision(context.Background(), unit); err != nil || n != revision {
		t.Errorf("the revision is %d (%v), want %d", n, err, revision)
	}
}

func exerciseEmpty(t *testing.T, s places.Store) {
	check(t, s, unit, 0, nil)
	if _, _, err := s.Atlas(context.Background(), unit); !errs.Is(err, errs.NotFound) {
		t.Errorf("the atlas of an empty store gives %v, want NotFound", err)
	}
}

func exerciseSave(t *testing.T, s places.Store) {
	one, two, three := SampleDataset("3"), SampleDataset("2"), SampleDataset("1")
	atlas := places.Packed{Core: []byte("core"), Shapes: map[ids.Level][]byte{LSOA2021: []byte("shapes"), "borough": {0}}}
	save(t, s, unit, "e1", places.Change{Add: []places.KeptDataset{one, two}, Atlas: atlas})
	save(t, s, unit, "e2", places.Change{Base: 1, Add: []places.KeptDataset{three}, Atlas: atlas})
	check(t, s, unit, 2, []places.KeptDataset{one, two, three})
	got, revision, err := s.Atlas(context.Background(), unit)
	if err != nil || revision != 2 || !reflect.DeepEqual(got, atlas) {
		t.Errorf("the atlas is %+v of %d (%v), want %+v of 2", got, revision, err, atlas)
	}
}

func exerciseStale(t *testing.T, s places.Store) {
	one, two := SampleDataset("1"), SampleDataset("2")
	save(t, s, unit, "e1", places.Change{Add: []places.KeptDataset{one}, Atlas: places.Packed{Core: []byte("first")}})
	for _, base := range []int64{0, 2} {
		err := s.Save(context.Background(), unit, places.Change{Base: base, Add: []places.KeptDataset{two}, Atlas: places.Packed{Core: []byte("second")}}, sampleEvent("e2", unit))
		if !errs.Is(err, errs.Conflict) {
			t.Errorf("a change of revision %d to a store of 1 gives %v, want Conflict", base, err)
		}
	}
	check(t, s, unit, 1, []places.KeptDataset{one})
}

func exerciseReplace(t *testing.T, s places.Store) {
	one, two := SampleDataset("1"), SampleDataset("2")
	shapes := map[ids.Level][]byte{LSOA2021: []byte("a"), LSOA2011: []byte("b")}
	save(t, s, unit, "e1", places.Change{Add: []places.KeptDataset{one, two}, Atlas: places.Packed{Core: []byte("c1"), Shapes: shapes}})
	again := SampleDataset("1")
	again.Name, again.Content = "renamed.csv", []byte("other")
	after := places.Packed{Core: []byte("c2"), Shapes: map[ids.Level][]byte{LSOA2021: []byte("z")}}
	save(t, s, unit, "e2", places.Change{Base: 1, Add: []places.KeptDataset{again}, Atlas: after})
	check(t, s, unit, 2, []places.KeptDataset{two, again})
	if got, _, err := s.Atlas(context.Background(), unit); err != nil || !reflect.DeepEqual(got, after) {
		t.Errorf("the atlas is %+v (%v), want %+v: the level without boundaries is gone", got, err, after)
	}
	save(t, s, unit, "e3", places.Change{Base: 2, Remove: []ids.File{two.File}, Atlas: places.Packed{Core: []byte("c3")}})
	check(t, s, unit, 3, []places.KeptDataset{again})
}

func exerciseUnits(t *testing.T, s places.Store) {
	one, two := SampleDataset("1"), SampleDataset("2")
	save(t, s, unit, "e1", places.Change{Add: []places.KeptDataset{one}, Atlas: places.Packed{Core: []byte("c")}})
	save(t, s, "another", "e2", places.Change{Add: []places.KeptDataset{one, two}, Atlas: places.Packed{Core: []byte("d")}})
	check(t, s, unit, 1, []places.KeptDataset{one})
	check(t, s, "another", 1, []places.KeptDataset{one, two})
}

// exerciseAllOrNothing saves with a context that has ended.
func exerciseAllOrNothing(t *testing.T, s places.Store) {
	if _, ok := s.(*Memory); ok {
		t.Skip("memory does not look at the context")
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	err := s.Save(ctx, unit, places.Change{Add: []places.KeptDataset{SampleDataset("1")}, Atlas: places.Packed{Core: []byte("c")}}, sampleEvent("e1", unit))
	if err == nil || !errors.Is(err, context.Canceled) {
		t.Errorf("a save whose context has ended gives %v", err)
	}
	check(t, s, unit, 0, nil)
}
