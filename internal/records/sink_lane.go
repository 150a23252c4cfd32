package records

import (
	"fmt"

	"openvru/internal/ids"
	"openvru/internal/period"
	"openvru/internal/places"
)

// lane is what one goroutine needs to take batches in: its own placer, counts
// and facts, so that lanes never wait for each other. Lanes are added up at
// the end; nothing in them depends on which lane took which batch.
type lane struct {
	sink    *Sink
	placer  *placer
	facts   *FactBuilder
	ids     *idSet
	sums    sums
	borough int          // index of the borough level, -1 for none
	force   []places.Ref // for each borough, the police area it lies in
	rules   [3]int       // unlocated, out of area, outside the force; -1 for those not declared
	home    []places.Ref // for each of the sink's forces, its police area
}

// sums is what a lane counts for the Summary.
type sums struct {
	rows, count                             int64
	unlocated, outOfArea, outside, blankIDs int64
	months                                  map[period.Month]*MonthCount
	forces                                  map[uint16]*[2]int64
	categories                              [][2]int64 // the last is unknown
	files                                   map[uint16]*FileSummary
	vintages                                map[ids.Level]*VintageCount
}

func newLane(s *Sink, set *idSet) *lane {
	l := &lane{sink: s, placer: newPlacer(s), facts: s.facts.Fork(), ids: set, borough: -1}
	l.sums = sums{months: map[period.Month]*MonthCount{}, forces: map[uint16]*[2]int64{},
		categories: make([][2]int64, len(s.source.Categories)+1), files: map[uint16]*FileSummary{}, vintages: map[ids.Level]*VintageCount{}}
	for i, id := range []string{RuleUnlocated, RuleOutOfArea, RuleOutsideForce} {
		l.rules[i] = -1
		if n, ok := s.source.hasRule(id); ok {
			l.rules[i] = n
		}
	}
	for i, level := range s.levels {
		if level == LevelBorough {
			l.borough, l.force = i, s.atlas.UpTable(level, LevelForce)
		}
	}
	return l
}

// take places a batch and counts it.
func (l *lane) take(b *Batch) {
	if b.Len() == 0 {
		return
	}
	l.placer.place(b)
	l.count(b)
	l.countPlaces(b)
	l.facts.AddBatch(b)
	l.ids.add(b)
}

// count sums rows by month, force, category and file. Rows come in runs, so
// the counters of the row before are kept at hand.
func (l *lane) count(b *Batch) {
	s := &l.sums
	file := s.file(b.File)
	file.Rows += int64(b.Len())
	s.rows += int64(b.Len())
	var month *MonthCount
	var force *[2]int64
	lastForce := -1
	for r := range b.Line {
		n := int64(b.Count[r])
		if month == nil || month.Month != b.Month[r] {
			month = s.month(b.Month[r])
			file.span(b.Month[r])
		}
		if int(b.Force[r]) != lastForce {
			lastForce = int(b.Force[r])
			force = s.force(b.Force[r])
		}
		category := &s.categories[min(int(b.Category[r]), len(s.categories)-1)]
		month.Rows++
		month.Count += n
		force[0]++
		force[1] += n
		category[0]++
		category[1] += n
		s.count += n
		if !b.HasID[r] {
			s.blankIDs++
		}
	}
}

func (s *sums) file(n uint16) *FileSummary {
	f := s.files[n]
	if f == nil {
		f = &FileSummary{}
		s.files[n] = f
	}
	return f
}

func (s *sums) month(m period.Month) *MonthCount {
	c := s.months[m]
	if c == nil {
		c = &MonthCount{Month: m}
		s.months[m] = c
	}
	return c
}

func (s *sums) force(n uint16) *[2]int64 {
	c := s.forces[n]
	if c == nil {
		c = &[2]int64{}
		s.forces[n] = c
	}
	return c
}

// span widens the months a file is known to hold.
func (f *FileSummary) span(m period.Month) {
	if f.From == 0 || m < f.From {
		f.From = m
	}
	if m > f.To {
		f.To = m
	}
}

// countPlaces sums rows without a place, outside all we know or in another
// force's area, and the vintages of the codes as sent.
func (l *lane) countPlaces(b *Batch) {
	var last uint32
	var vintage *VintageCount
	for r := range b.Line {
		if vintage == nil || b.Place[r] != last {
			last = b.Place[r]
			vintage = l.vintage(last)
		}
		if last != 0 {
			vintage.Rows++
			vintage.span(b.Month[r])
		}
		if l.borough < 0 {
			continue
		}
		switch at := b.At[l.borough][r]; {
		case at != places.None:
			if l.force != nil && l.outside(b.Force[r], l.force[at]) {
				l.sums.outside++
				l.doubt(b, l.rules[2], r)
			}
		case b.Lon[r] == NoPoint && !l.placer.sentPlace(last).known:
			l.sums.unlocated++
			l.doubt(b, l.rules[0], r)
		default:
			l.sums.outOfArea++
			l.doubt(b, l.rules[1], r)
		}
	}
}

// doubt adds a row to the batch's findings, if the source declares the rule.
func (l *lane) doubt(b *Batch, rule, r int) {
	switch {
	case rule < 0:
	case b.Findings.Wants(rule):
		b.Findings.Add(rule, Example{File: l.sink.fileName(b.File), Line: int64(b.Line[r]), Value: l.whereabouts(b, r)})
	default:
		b.Findings.AddMany(rule, 1)
	}
}

// whereabouts says where a row lies as it was sent.
func (l *lane) whereabouts(b *Batch, r int) string {
	if b.Lon[r] == NoPoint {
		return l.placer.sentPlace(b.Place[r]).text
	}
	return fmt.Sprintf("%.6f, %.6f", degrees(b.Lon[r]), degrees(b.Lat[r]))
}

func (v *VintageCount) span(m period.Month) {
	if v.From == 0 || m < v.From {
		v.From = m
	}
	if m > v.To {
		v.To = m
	}
}

// vintage returns the count a sent place belongs to.
func (l *lane) vintage(place uint32) *VintageCount {
	p := l.placer.sentPlace(place)
	level := p.only
	if !p.known {
		level = unknownVintage
	}
	c := l.sums.vintages[level]
	if c == nil {
		c = &VintageCount{Level: level}
		l.sums.vintages[level] = c
	}
	return c
}

// unknownVintage is the level under which codes are counted that no vintage has.
const unknownVintage ids.Level = "unknown"

// outside reports whether a police area is another than the force's own.
func (l *lane) outside(force uint16, area places.Ref) bool {
	for int(force) >= len(l.home) {
		l.sink.mu.Lock()
		code := l.sink.forces[len(l.home)].Code
		l.sink.mu.Unlock()
		ref, _ := l.sink.atlas.Ref(ids.Place{Level: LevelForce, Code: code})
		l.home = append(l.home, ref)
	}
	home := l.home[force]
	return home != places.None && area != places.None && home != area
}
