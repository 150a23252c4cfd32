package records

import (
	"math/bits"
	"time"

	"openvru/internal/ids"
	"openvru/internal/period"
	"openvru/internal/places"
)

// rowBits is how many low bits of a sort key number the row within its chunk.
const rowBits = 21

// rowMask picks the row from a sort key.
const rowMask = 1<<rowBits - 1

// sorter orders a chunk's rows by borough, small place, month and category.
// Places are numbered in the order of their codes, so that the order of
// numbers is the order of codes.
type sorter struct {
	borough, small int // indexes into the sink's levels, -1 for none
	settled        bool
	keys, spare    []uint64
}

// settle chooses the levels to sort by: the borough, and the smallest there is.
func (o *sorter) settle(levels []ids.Level) {
	if o.settled {
		return
	}
	o.settled, o.borough, o.small = true, -1, -1
	for i, l := range levels {
		switch {
		case l == LevelBorough:
			o.borough = i
		case o.small < 0:
			o.small = i
		}
	}
}

// by names the columns that rows are sorted by.
func (o *sorter) by(s *Sink) []string {
	o.settle(s.levels)
	var out []string
	for _, i := range []int{o.borough, o.small} {
		if i >= 0 {
			out = append(out, ColumnOf(s.levels[i]))
		}
	}
	return append(out, "month")
}

// sort returns a key for each row, in order; its low bits number the row. Rows
// that are alike keep the order of the file.
func (o *sorter) sort(s *Sink, b *Batch) []uint64 {
	o.settle(s.levels)
	n := b.Len()
	o.keys, o.spare = grow(o.keys, n), grow(o.spare, n)
	for i := range o.keys {
		o.keys[i] = uint64(i)
	}
	at := rowBits
	at = o.mixCategory(b, at, len(s.source.Categories))
	at = o.mixMonth(b, at)
	at = o.mixPlace(s, b, o.small, at)
	at = o.mixPlace(s, b, o.borough, at)
	o.radix(at)
	return o.keys
}

func (o *sorter) mixCategory(b *Batch, at, categories int) int {
	width := bits.Len(uint(categories))
	if width > 6 {
		return at // there is no room, and nothing is lost but order
	}
	for i, c := range b.Category {
		o.keys[i] |= uint64(min(int(c), categories)) << at
	}
	return at + width
}

func (o *sorter) mixMonth(b *Batch, at int) int {
	least, most := b.Month[0], b.Month[0]
	for _, m := range b.Month {
		least, most = min(least, m), max(most, m)
	}
	for i, m := range b.Month {
		o.keys[i] |= uint64(m-least) << at
	}
	return at + bits.Len(uint(most-least))
}

func (o *sorter) mixPlace(s *Sink, b *Batch, level, at int) int {
	if level < 0 {
		return at
	}
	for i, ref := range b.At[level] {
		o.keys[i] |= uint64(ref-places.None) << at // rows in no place come first
	}
	return at + bits.Len(uint(s.atlas.Len(s.levels[level])))
}

// radix sorts by the bits from rowBits up to the given one, eleven at a time.
func (o *sorter) radix(to int) {
	const digit = 11
	var count [1 << digit]int
	for shift := rowBits; shift < to; shift += digit {
		clear(count[:])
		for _, k := range o.keys {
			count[k>>shift&(1<<digit-1)]++
		}
		sum := 0
		for d, c := range count {
			count[d] = sum
			sum += c
		}
		for _, k := range o.keys {
			d := k >> shift & (1<<digit - 1)
			o.spare[count[d]] = k
			count[d]++
		}
		o.keys, o.spare = o.spare, o.keys
	}
}

// firstDay returns the first day of a month as days since 1 January 1970.
func firstDay(m period.Month) int32 {
	return int32(time.Date(m.Year(), time.Month(m.Of()), 1, 0, 0, 0, 0, time.UTC).Unix() / 86400)
}
