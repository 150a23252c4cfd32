package intake

import (
	"bufio"
	"bytes"
	"errors"
	"io"

	"github.com/klauspost/compress/gzip"

	"openvru/internal/errs"
)

// What a compressed file may unpack to: text of counts shrinks to a tenth or a
// thirtieth, so two hundred times is no honest file. Small ones are let be.
const (
	maxUnpackRatio = 200
	freeUnpacked   = 16 << 20
)

// unpacked unpacks a stream that is compressed with gzip, and leaves any other
// as it is.
func unpacked(r io.Reader) (io.Reader, error) {
	b := bufio.NewReaderSize(r, 64<<10)
	if head, _ := b.Peek(2); !bytes.Equal(head, []byte("\x1f\x8b")) {
		return b, nil
	}
	u := &unpacking{packed: counting{r: b}}
	var err error
	if u.gz, err = gzip.NewReader(&u.packed); err != nil {
		return nil, damagedGzip(err)
	}
	return u, nil
}

// unpacking is a gzip stream that stops when it grows out of all proportion.
type unpacking struct {
	packed counting
	gz     *gzip.Reader
	out    int64
}

// Read unpacks some more.
func (u *unpacking) Read(p []byte) (int, error) {
	n, err := u.gz.Read(p)
	u.out += int64(n)
	if u.out > freeUnpacked && u.out > u.packed.n*maxUnpackRatio {
		return n, errs.New(errs.Invalid, "The compressed file unpacks to more than %d times its size", maxUnpackRatio).
			WithHint("no file of figures does; unpack it yourself, look at it, and send the CSV file")
	}
	if err != nil && !errors.Is(err, io.EOF) && u.packed.failed == nil {
		err = damagedGzip(err)
	}
	return n, err
}

// counting counts the bytes that pass.
type counting struct {
	r      io.Reader
	n      int64
	failed error
}

// Read reads on and counts.
func (c *counting) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	if err != nil && !errors.Is(err, io.EOF) {
		c.failed = err
	}
	return n, err
}

func damagedGzip(err error) error {
	return errs.New(errs.Invalid, "The compressed file is damaged or cut off: %v", err).
		WithHint("download it again, or unpack it and send the CSV file")
}
