package rowfile

import (
	"encoding/binary"
	"math/bits"
)

// Numbers of few bits are written in Parquet's hybrid of runs and bit-packing:
// stretches of one value as its count, the rest packed eight at a time, lowest
// bits first.

// minRun is how many equal values, beginning at a multiple of eight, are worth
// a run of their own: a run breaks the packed stretch around it in two.
const minRun = 24

// widthFor returns the bits needed for numbers up to most.
func widthFor(most uint32) int { return bits.Len32(most) }

// appendHybrid appends the numbers, each below 1<<width.
func appendHybrid(out []byte, values []uint32, width int) []byte {
	packed := 0 // values before this are written
	for at := 0; at < len(values); {
		n := runLength(values, at)
		if n < minRun {
			at += max(8, n&^7) // no run begins before the next multiple of eight
			continue
		}
		out = appendPacked(out, values[packed:at], width)
		out = binary.AppendUvarint(out, uint64(n)<<1)
		out = appendFixed(out, values[at], width)
		// What follows a run is counted in eights from there.
		at += n
		packed = at
	}
	return appendPacked(out, values[packed:], width)
}

// runLength returns how many values from at on are equal.
func runLength(values []uint32, at int) int {
	v, n := values[at], at+1
	for n < len(values) && values[n] == v {
		n++
	}
	return n - at
}

// appendFixed writes the value of a run in as few whole bytes as width needs.
func appendFixed(out []byte, v uint32, width int) []byte {
	for i := 0; i < width; i += 8 {
		out = append(out, byte(v>>i))
	}
	return out
}

// appendPacked writes a packed stretch; the last eight are filled up with
// zeros, so only the last stretch may be of another length.
func appendPacked(out []byte, values []uint32, width int) []byte {
	if len(values) == 0 {
		return out
	}
	groups := (len(values) + 7) / 8
	out = binary.AppendUvarint(out, uint64(groups)<<1|1)
	start := len(out)
	out = append(out, make([]byte, groups*width)...)
	pack(out[start:], values, width)
	return out
}

// pack writes values of width bits one after the other.
func pack(out []byte, values []uint32, width int) {
	var acc uint64
	fill, at := 0, 0
	for _, v := range values {
		acc |= uint64(v) << fill
		fill += width
		if fill >= 32 {
			binary.LittleEndian.PutUint32(out[at:], uint32(acc))
			at += 4
			acc >>= 32
			fill -= 32
		}
	}
	for ; fill > 0; fill -= 8 {
		out[at] = byte(acc)
		at++
		acc >>= 8
	}
}

// readHybrid reads n numbers into out and returns what follows; ok is false
// when the bytes are damaged.
func readHybrid(in []byte, out []uint32, width int) (ok bool) {
	for len(out) > 0 {
		head, used := binary.Uvarint(in)
		if used <= 0 {
			return false
		}
		in = in[used:]
		if head&1 == 0 {
			if in, out, ok = readRun(in, out, head>>1, width); !ok {
				return false
			}
			continue
		}
		groups := head >> 1
		if groups == 0 || groups > uint64(len(out)+7)/8 || uint64(len(in)) < groups*uint64(width) {
			return false
		}
		n := min(int(groups)*8, len(out))
		unpack(out[:n], in[:int(groups)*width], width)
		in, out = in[int(groups)*width:], out[n:]
	}
	return true
}

func readRun(in []byte, out []uint32, n uint64, width int) ([]byte, []uint32, bool) {
	size := (width + 7) / 8
	if n == 0 || n > uint64(len(out)) || len(in) < size {
		return nil, nil, false
	}
	var v uint32
	for i := range size {
		v |= uint32(in[i]) << (8 * i)
	}
	if width < 32 && v>>width != 0 {
		return nil, nil, false
	}
	run := out[:n]
	for i := range run {
		run[i] = v
	}
	return in[size:], out[n:], true
}

// unpackBytes reads values of at most eight bits, eight at a time from one
// word, while there are whole words left; it returns how many it read.
func unpackBytes(out []uint32, in []byte, width uint, mask uint64) int {
	i := 0
	for len(in) >= 8 && len(out)-i >= 8 {
		x := binary.LittleEndian.Uint64(in)
		o := out[i : i+8 : i+8]
		o[0] = uint32(x & mask)
		x >>= width & 63
		o[1] = uint32(x & mask)
		x >>= width & 63
		o[2] = uint32(x & mask)
		x >>= width & 63
		o[3] = uint32(x & mask)
		x >>= width & 63
		o[4] = uint32(x & mask)
		x >>= width & 63
		o[5] = uint32(x & mask)
		x >>= width & 63
		o[6] = uint32(x & mask)
		x >>= width & 63
		o[7] = uint32(x & mask)
		in = in[width:]
		i += 8
	}
	return i
}

// unpack reads values of width bits, eight bytes at a time while there are
// that many left.
func unpack(out []uint32, in []byte, width int) {
	if width == 0 {
		clear(out)
		return
	}
	mask := uint64(1)<<width - 1
	i := 0
	if width <= 8 {
		i = unpackBytes(out, in, uint(width), mask)
	}
	bit := i * width
	for ; i < len(out) && bit>>3+8 <= len(in); i++ {
		out[i] = uint32(binary.LittleEndian.Uint64(in[bit>>3:]) >> (bit & 7) & mask)
		bit += width
	}
	for ; i < len(out); i++ {
		var v uint64
		for b := bit >> 3; b < len(in) && b < bit>>3+8; b++ {
			v |= uint64(in[b]) << (8 * (b - bit>>3))
		}
		out[i] = uint32(v >> (bit & 7) & mask)
		bit += width
	}
}
