package records

import (
	"cmp"
	"encoding/binary"
	"math/bits"
	"os"
	"slices"
	"sync"
	"unsafe"

	"openvru/internal/errs"
	"openvru/internal/period"
)

// idParts is how many parts the ids of a submission are divided into, so that
// each can be searched for repeats in little memory.
const idParts = 64

// idPage is how many ids of one part are collected before they are put by.
const idPage = 2048

// idsInMemory is how many ids are held before pages go to a temporary file.
const idsInMemory = 1 << 20

// idEntry is one row's id: 64 bits of it mixed with its month. Two different
// ids of ten million would be taken for one with a chance of three in a
// million.
type idEntry struct {
	key  uint64
	line uint32
	file uint32
}

// idSet collects the ids of one lane, in parts.
type idSet struct {
	store *idStore
	parts [idParts][]idEntry
}

// idStore keeps full pages of ids for all lanes, in memory while there are few
// and in a temporary file from then on, so that memory does not grow with the
// file that is read.
type idStore struct {
	mu     sync.Mutex
	dir    string
	most   int // ids held in memory
	held   [idParts][][]idEntry
	count  int
	file   *os.File
	size   int64
	filed  [idParts][]int64 // where pages of a part begin in the file
	failed error
}

func (s *idStore) newSet() *idSet { return &idSet{store: s} }

// add takes the ids of a batch.
func (s *idSet) add(b *Batch) {
	for r, has := range b.HasID {
		if !has {
			continue
		}
		key := idKey(&b.ID[r], b.Month[r])
		part := key >> 58
		s.parts[part] = append(s.parts[part], idEntry{key, b.Line[r], uint32(b.File)})
		if len(s.parts[part]) == idPage {
			s.parts[part] = s.store.put(int(part), s.parts[part])
		}
	}
}

// idKey mixes an id's four words with its month.
func idKey(id *[32]byte, m period.Month) uint64 {
	k := uint64(m) * 0x9e3779b97f4a7c15
	for i := 0; i < 32; i += 8 {
		hi, lo := bits.Mul64(k^binary.LittleEndian.Uint64(id[i:]), 0xd6e8feb86659fd93)
		k = hi ^ lo
	}
	return k * 0x9e3779b97f4a7c15
}

// put takes a full page and returns an empty one.
func (s *idStore) put(part int, page []idEntry) []idEntry {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.count += len(page)
	if s.count <= s.most {
		s.held[part] = append(s.held[part], page)
		return make([]idEntry, 0, idPage)
	}
	s.write(part, page)
	return page[:0]
}

func (s *idStore) write(part int, page []idEntry) {
	if s.failed != nil {
		return
	}
	if s.file == nil {
		if s.file, s.failed = os.CreateTemp(s.dir, "ids-*"); s.failed != nil {
			return
		}
		// The name goes at once, so that nothing is left behind however we end.
		s.failed = os.Remove(s.file.Name())
	}
	raw := unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(page))), len(page)*int(unsafe.Sizeof(idEntry{})))
	if _, err := s.file.WriteAt(raw, s.size); err != nil {
		s.failed = err
		return
	}
	s.filed[part] = append(s.filed[part], s.size)
	s.size += int64(len(raw))
}

func (s *idStore) close() {
	if s.file != nil {
		s.file.Close()
	}
}

// repeats counts the rows whose id was met on an earlier row of the same month,
// and returns the first of them.
func (s *idStore) repeats(sets []*idSet) (n int64, first []idEntry, err error) {
	if s.failed != nil {
		return 0, nil, errs.New(errs.Unavailable, "the ids of the file could not be compared, because a temporary file could not be written").
			WithHint("make room on the disk and send the file again").WithCause(s.failed)
	}
	var counts [2]int64
	var firsts [2][]idEntry
	var failed [2]error
	var wg sync.WaitGroup
	for half := range 2 {
		wg.Go(func() {
			for part := half; part < idParts && failed[half] == nil; part += 2 {
				var all []idEntry
				if all, failed[half] = s.part(part, sets); failed[half] == nil {
					counts[half] += repeatsIn(all, &firsts[half])
				}
			}
		})
	}
	wg.Wait()
	if err := cmp.Or(failed[0], failed[1]); err != nil {
		return 0, nil, err
	}
	first = append(firsts[0], firsts[1]...)
	return counts[0] + counts[1], firstEntries(first), nil
}

// part gathers every id of one part.
func (s *idStore) part(part int, sets []*idSet) ([]idEntry, error) {
	n := (len(s.held[part]) + len(s.filed[part])) * idPage
	for _, set := range sets {
		n += len(set.parts[part])
	}
	all := make([]idEntry, 0, n)
	for _, page := range s.held[part] {
		all = append(all, page...)
	}
	for _, set := range sets {
		all = append(all, set.parts[part]...)
	}
	for _, at := range s.filed[part] {
		page := make([]idEntry, idPage)
		raw := unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(page))), len(page)*int(unsafe.Sizeof(idEntry{})))
		if _, err := s.file.ReadAt(raw, at); err != nil {
			return nil, err
		}
		all = append(all, page...)
	}
	return all, nil
}

// repeatsIn counts the entries whose key another entry has, less one a key,
// and keeps the first of them by place in the file.
func repeatsIn(all []idEntry, first *[]idEntry) int64 {
	size := 1
	for size < 2*len(all) {
		size *= 2
	}
	table := make([]uint32, size) // index into all plus one
	var twice map[uint64][]idEntry
	for i, e := range all {
		at := e.key & uint64(size-1)
		for table[at] != 0 && all[table[at]-1].key != e.key {
			at = (at + 1) & uint64(size-1)
		}
		if table[at] == 0 {
			table[at] = uint32(i + 1)
			continue
		}
		if twice == nil {
			twice = map[uint64][]idEntry{}
		}
		if twice[e.key] == nil {
			twice[e.key] = []idEntry{all[table[at]-1]}
		}
		twice[e.key] = append(twice[e.key], e)
	}
	var n int64
	for _, same := range twice {
		slices.SortFunc(same, compareEntries)
		n += int64(len(same) - 1)
		*first = append(*first, same[1:]...)
		if len(*first) > 64*maxExamples {
			*first = firstEntries(*first)
		}
	}
	return n
}

func firstEntries(e []idEntry) []idEntry {
	slices.SortFunc(e, compareEntries)
	return e[:min(len(e), maxExamples)]
}

func compareEntries(a, b idEntry) int {
	return cmp.Or(cmp.Compare(a.file, b.file), cmp.Compare(a.line, b.line))
}
