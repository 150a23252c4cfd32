package records

import (
	"math"
	"slices"

	"openvru/internal/period"
	"openvru/internal/places"
)

// NoPoint is the longitude and latitude, in millionths of a degree, of a row
// that has no point.
const NoPoint = math.MinInt32

// NoTime marks a minute or weekday that was not given.
const NoTime = -1

// Batch is a run of neighbouring rows of one file by column: row i is the i-th
// element of each. It is what readers hand to the sink, and, once placed, what
// facts are counted from.
type Batch struct {
	File     uint16   // which file of an archive, 0 for a file sent alone
	FileOf   []uint16 // the same by row; filled in by the sink, since a chunk holds many files
	Line     []uint32
	Month    []period.Month
	Minute   []int16  // minute of the day, or NoTime
	Weekday  []int8   // 0 Monday to 6 Sunday, or NoTime
	Category []uint16 // index into Source.Categories, or UnknownCategory
	Force    []uint16 // index into the sink's forces
	Outcome  []uint32 // index into the sink's outcomes; 0 is none
	Place    []uint32 // index into the sink's sent places; 0 is none
	Location []uint32 // index into the sink's locations; 0 is none
	Count    []int32
	HasID    []bool
	ID       [][32]byte
	Lon, Lat []int32 // millionths of a degree, or NoPoint

	// At is filled in by placing: for each of the sink's Levels, the place of
	// every row, places.None where it lies in none.
	At [][]places.Ref

	// Findings are those of this run of rows.
	Findings *Findings
}

// UnknownCategory marks a row whose category the source does not declare. It
// is kept as a record and counts towards no series.
const UnknownCategory = math.MaxUint16

// Len returns the number of rows.
func (b *Batch) Len() int { return len(b.Line) }

// Add appends a row.
func (b *Batch) Add(r Row) {
	b.Line = append(b.Line, uint32(r.Line))
	b.Month = append(b.Month, r.Month)
	b.Minute = append(b.Minute, r.Minute)
	b.Weekday = append(b.Weekday, r.Weekday)
	b.Category = append(b.Category, r.Category)
	b.Force = append(b.Force, r.Force)
	b.Outcome = append(b.Outcome, r.Outcome)
	b.Place = append(b.Place, r.Place)
	b.Location = append(b.Location, r.Location)
	b.Count = append(b.Count, r.Count)
	b.HasID = append(b.HasID, r.HasID)
	b.ID = append(b.ID, r.ID)
	lon, lat := int32(NoPoint), int32(NoPoint)
	if r.HasPoint {
		lon, lat = micro(r.Lon), micro(r.Lat)
	}
	b.Lon = append(b.Lon, lon)
	b.Lat = append(b.Lat, lat)
}

// micro turns degrees into millionths, a tenth of a metre: as fine as any
// source we read is.
func micro(degrees float64) int32 { return int32(math.Round(degrees * 1e6)) }

// join appends the rows of a placed batch.
func (b *Batch) join(o *Batch) {
	for range o.Line {
		b.FileOf = append(b.FileOf, o.File)
	}
	b.Line, b.Month, b.Minute, b.Weekday = append(b.Line, o.Line...), append(b.Month, o.Month...), append(b.Minute, o.Minute...), append(b.Weekday, o.Weekday...)
	b.Category, b.Force, b.Outcome = append(b.Category, o.Category...), append(b.Force, o.Force...), append(b.Outcome, o.Outcome...)
	b.Place, b.Location, b.Count = append(b.Place, o.Place...), append(b.Location, o.Location...), append(b.Count, o.Count...)
	b.HasID, b.ID = append(b.HasID, o.HasID...), append(b.ID, o.ID...)
	b.Lon, b.Lat = append(b.Lon, o.Lon...), append(b.Lat, o.Lat...)
	for i := range o.At {
		b.At[i] = append(b.At[i], o.At[i]...)
	}
}

// reserve makes room for rows in all, so that a batch that grows large is not
// moved again and again.
func (b *Batch) reserve(rows int) {
	more := rows - b.Len()
	b.FileOf, b.Line, b.Month = slices.Grow(b.FileOf, more), slices.Grow(b.Line, more), slices.Grow(b.Month, more)
	b.Minute, b.Weekday, b.Category = slices.Grow(b.Minute, more), slices.Grow(b.Weekday, more), slices.Grow(b.Category, more)
	b.Force, b.Outcome, b.Place = slices.Grow(b.Force, more), slices.Grow(b.Outcome, more), slices.Grow(b.Place, more)
	b.Location, b.Count, b.HasID = slices.Grow(b.Location, more), slices.Grow(b.Count, more), slices.Grow(b.HasID, more)
	b.ID, b.Lon, b.Lat = slices.Grow(b.ID, more), slices.Grow(b.Lon, more), slices.Grow(b.Lat, more)
	for i := range b.At {
		b.At[i] = slices.Grow(b.At[i], more)
	}
}

// reset empties the batch, keeping its memory.
func (b *Batch) reset() {
	b.File, b.FileOf = 0, b.FileOf[:0]
	b.Line, b.Month, b.Minute, b.Weekday = b.Line[:0], b.Month[:0], b.Minute[:0], b.Weekday[:0]
	b.Category, b.Force, b.Outcome, b.Place = b.Category[:0], b.Force[:0], b.Outcome[:0], b.Place[:0]
	b.Location, b.Count, b.HasID, b.ID = b.Location[:0], b.Count[:0], b.HasID[:0], b.ID[:0]
	b.Lon, b.Lat = b.Lon[:0], b.Lat[:0]
	for i := range b.At {
		b.At[i] = b.At[i][:0]
	}
	if b.Findings != nil {
		b.Findings.Reset()
	}
}
