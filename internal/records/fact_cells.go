package records

import (
	"encoding/binary"
	"math/bits"
	"slices"
	"strings"

	"openvru/internal/errs"
)

// YearCells is the counts of one place in one year; index 0 is January.
type YearCells struct {
	Code   string
	Months [12]int64
}

// The compact form of a block, all numbers unsigned varints:
//
//	version, months (bit 0 is January), number of places,
//	then a place at a time, in the order of their codes:
//	  letters shared with the code before, length of the rest, the rest,
//	  one count for each month of the year that the block tells.
//
// Codes of neighbouring places differ in their last digits, so a place costs
// some five bytes and most counts one.
const cellsVersion = 1

// maxPlaces bounds what a damaged block can make the reader allocate.
const maxPlaces = 1 << 20

// EncodeCells writes places, which must be in the order of their codes, as a
// block's bytes. A month in which every place has none costs nothing.
func EncodeCells(places []YearCells) []byte {
	var mask uint64
	for i := range places {
		for m, n := range places[i].Months {
			if n != 0 {
				mask |= 1 << m
			}
		}
	}
	out := make([]byte, 0, 8+len(places)*(6+bits.OnesCount64(mask)))
	out = append(out, cellsVersion)
	out = binary.AppendUvarint(out, mask)
	out = binary.AppendUvarint(out, uint64(len(places)))
	before := ""
	for i := range places {
		out = appendPlace(out, before, &places[i], mask)
		before = places[i].Code
	}
	return out
}

func appendPlace(out []byte, before string, p *YearCells, mask uint64) []byte {
	shared := 0
	for shared < len(before) && shared < len(p.Code) && before[shared] == p.Code[shared] {
		shared++
	}
	out = binary.AppendUvarint(out, uint64(shared))
	out = binary.AppendUvarint(out, uint64(len(p.Code)-shared))
	out = append(out, p.Code[shared:]...)
	for m := mask; m != 0; m &= m - 1 {
		out = binary.AppendUvarint(out, uint64(p.Months[bits.TrailingZeros64(m)]))
	}
	return out
}

// DecodeCells reads what EncodeCells wrote. Errors: Internal, if the bytes are
// damaged.
func DecodeCells(cells []byte) ([]YearCells, error) {
	var out []YearCells
	err := ReadCells(cells, func(code []byte, months *[12]int64) {
		out = append(out, YearCells{string(code), *months})
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// ReadCells calls f with each place of a block in the order of their codes,
// without keeping anything: code and months are good only during the call.
// Errors: Internal, if the bytes are damaged.
func ReadCells(cells []byte, f func(code []byte, months *[12]int64)) error {
	r := cellReader{rest: cells}
	if v := r.number(); r.bad || v != cellsVersion {
		return damaged("it has version %d", v)
	}
	mask, n := r.number(), r.number()
	if r.bad || mask >= 1<<12 || n > maxPlaces {
		return damaged("its heading cannot be read")
	}
	var code []byte
	var months [12]int64
	for range n {
		code = r.code(code)
		for m := mask; m != 0; m &= m - 1 {
			months[bits.TrailingZeros64(m)] = int64(r.number() & (1<<63 - 1))
		}
		if r.bad {
			return damaged("it ends in the middle of a place")
		}
		f(code, &months)
	}
	if len(r.rest) > 0 {
		return damaged("%d bytes follow its last place", len(r.rest))
	}
	return nil
}

func damaged(format string, args ...any) error {
	return errs.New(errs.Internal, "a block of facts is damaged: "+format, args...).
		WithHint("vru facts rebuild makes it again from the records")
}

// cellReader reads varints and codes; after the first thing that cannot be
// read it is bad and reads zeros.
type cellReader struct {
	rest []byte
	bad  bool
}

func (r *cellReader) number() uint64 {
	if len(r.rest) > 0 && r.rest[0] < 0x80 { // most numbers are one byte
		v := r.rest[0]
		r.rest = r.rest[1:]
		return uint64(v)
	}
	v, n := binary.Uvarint(r.rest)
	if n <= 0 {
		r.bad, r.rest = true, nil
		return 0
	}
	r.rest = r.rest[n:]
	return v
}

func (r *cellReader) code(before []byte) []byte {
	shared, n := r.number(), r.number()
	if shared > uint64(len(before)) || n > uint64(len(r.rest)) {
		r.bad, r.rest = true, nil
		return nil
	}
	code := append(before[:shared:cap(before)], r.rest[:n]...)
	r.rest = r.rest[n:]
	return code
}

// sortCells puts places in the order EncodeCells needs.
func sortCells(places []YearCells) {
	slices.SortFunc(places, func(a, b YearCells) int { return strings.Compare(a.Code, b.Code) })
}
