package places

import (
	"encoding/binary"
	"errors"
	"math"
)

// packer writes values one after the other, texts that come again as numbers:
// the form in which contents and atlases are kept. It is the product's own, so
// that an atlas loads in milliseconds.
type packer struct {
	buf   []byte
	texts map[string]uint64
}

// The versions of the forms; each changes with its form. An atlas of another
// version is worked out again from the contents.
const (
	contentVersion = 1
	shapesVersion  = 1
	atlasVersion   = 2
)

func newPacker(version int) *packer {
	p := &packer{texts: make(map[string]uint64)}
	p.int(version)
	return p
}

func (p *packer) int(n int) { p.buf = binary.AppendVarint(p.buf, int64(n)) }

func (p *packer) bool(b bool) {
	n := 0
	if b {
		n = 1
	}
	p.int(n)
}

func (p *packer) text(s string) {
	if n, ok := p.texts[s]; ok {
		p.buf = binary.AppendUvarint(p.buf, n)
		return
	}
	p.texts[s] = uint64(len(p.texts) + 1)
	p.buf = binary.AppendUvarint(p.buf, 0)
	p.buf = binary.AppendUvarint(p.buf, uint64(len(s)))
	p.buf = append(p.buf, s...)
}

// number writes whole numbers, which populations mostly are, in a few bytes.
func (p *packer) number(v float64) {
	if n := int64(v); float64(n) == v && n >= 0 && n < 1<<40 && !math.Signbit(v) {
		p.buf = binary.AppendUvarint(p.buf, uint64(n)+1)
		return
	}
	p.buf = binary.AppendUvarint(p.buf, 0)
	p.float(v)
}

func (p *packer) float(v float64) {
	p.buf = binary.LittleEndian.AppendUint64(p.buf, math.Float64bits(v))
}

// errPacked is what an unpacker says of bytes that no packer wrote: a damaged
// database, never something a person sent.
var errPacked = errors.New("places: what the database keeps of the places is damaged or of another version")

// unpacker reads what a packer wrote. After the first fault it gives zeros.
type unpacker struct {
	buf   []byte
	texts []string
	err   error
}

func newUnpacker(b []byte, version int) *unpacker {
	u := &unpacker{buf: b}
	if u.int() != version {
		u.fail()
	}
	return u
}

func (u *unpacker) fail() {
	u.err, u.buf = errPacked, nil
}

func (u *unpacker) int() int {
	v, n := binary.Varint(u.buf)
	if n <= 0 {
		u.fail()
		return 0
	}
	u.buf = u.buf[n:]
	return int(v)
}

func (u *unpacker) uint() uint64 {
	v, n := binary.Uvarint(u.buf)
	if n <= 0 {
		u.fail()
		return 0
	}
	u.buf = u.buf[n:]
	return v
}

// count reads how many things follow. Each takes at least a byte, so a number
// greater than what is left is a fault, and nobody makes room for it.
func (u *unpacker) count() int {
	n := u.int()
	if n < 0 || n > len(u.buf) {
		u.fail()
		return 0
	}
	return n
}

func (u *unpacker) bool() bool { return u.int() == 1 }

func (u *unpacker) text() string {
	n := u.uint()
	if n > 0 {
		if n > uint64(len(u.texts)) {
			u.fail()
			return ""
		}
		return u.texts[n-1]
	}
	size := u.uint()
	if size > uint64(len(u.buf)) {
		u.fail()
		return ""
	}
	s := string(u.buf[:size])
	u.buf = u.buf[size:]
	u.texts = append(u.texts, s)
	return s
}

func (u *unpacker) number() float64 {
	if n := u.uint(); n > 0 {
		return float64(n - 1)
	}
	return u.float()
}

func (u *unpacker) float() float64 {
	if len(u.buf) < 8 {
		u.fail()
		return 0
	}
	v := math.Float64frombits(binary.LittleEndian.Uint64(u.buf))
	u.buf = u.buf[8:]
	return v
}
