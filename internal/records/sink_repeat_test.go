package records

import (
	"encoding/binary"
	"math/rand/v2"
	"os"
	"testing"

	"openvru/internal/period"
)

// Repeats are counted alike in memory and by way of a temporary file, which
// leaves nothing behind.
func TestRepeats(t *testing.T) {
	for _, most := range []int{1 << 20, 5000} {
		dir := t.TempDir()
		store := &idStore{dir: dir, most: most}
		sets := []*idSet{store.newSet(), store.newSet()}
		r := rand.New(rand.NewPCG(1, 1))
		seen := map[[2]uint64]bool{}
		var want int64
		var first []uint32
		line := uint32(1)
		for n := range 300 {
			b := &Batch{File: uint16(n / 200)}
			for range 1000 {
				line++
				id, m := r.Uint64N(400_000), r.Uint64N(3)
				row := Row{Line: int64(line), Month: period.Month(m), HasID: id%7 != 0}
				binary.LittleEndian.PutUint64(row.ID[24:], id) // as good as all zeros at the start
				b.Add(row)
				if !row.HasID {
					continue
				}
				if key := [2]uint64{id, m}; seen[key] {
					want++
					if len(first) < maxExamples {
						first = append(first, line)
					}
				} else {
					seen[key] = true
				}
			}
			sets[n%2].add(b)
		}
		got, examples, err := store.repeats(sets)
		if err != nil || got != want || len(examples) != len(first) {
			t.Fatalf("with %d in memory: %d repeats, %d examples, want %d: %v", most, got, len(examples), want, err)
		}
		for i, e := range examples {
			if e.line != first[i] {
				t.Errorf("example %d is line %d, want %d", i, e.line, first[i])
			}
		}
		if (store.file != nil) != (most == 5000) {
			t.Errorf("with %d in memory there is a file: %v", most, store.file != nil)
		}
		store.close()
		if left, err := os.ReadDir(dir); err != nil || len(left) != 0 {
			t.Errorf("%d files are left behind: %v", len(left), err)
		}
	}
}

// Without room for the temporary file there is a sentence that says so.
func TestRepeatsWithoutRoom(t *testing.T) {
	store := &idStore{dir: "/no/such/folder", most: 0}
	set := store.newSet()
	b := &Batch{}
	for i := range idPage * idParts * 2 {
		row := Row{Line: int64(i), HasID: true}
		binary.LittleEndian.PutUint64(row.ID[:], uint64(i))
		b.Add(row)
	}
	set.add(b)
	if _, _, err := store.repeats([]*idSet{set}); err == nil {
		t.Error("no error")
	}
}
