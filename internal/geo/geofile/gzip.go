package geofile

import (
	"bufio"
	"compress/gzip"
	"io"

	"openvru/internal/errs"
)

// readGzip reads the one file in a gzip.
func readGzip(name string, in *bufio.Reader) (Features, error) {
	packed := &counter{r: in}
	unpacked, err := gzip.NewReader(packed)
	if err != nil {
		return Features{}, cannotRead(name, err)
	}
	return read(file{name: name, r: &guard{name: name, r: unpacked, packed: packed}})
}

// counter counts the bytes that pass.
type counter struct {
	r io.Reader
	n int64
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}

// guard stops a packed file that unpacks to far more than boundaries do, which
// is how a small file is made to fill a disk.
type guard struct {
	name   string
	r      io.Reader
	packed *counter
	n      int64
}

func (g *guard) Read(p []byte) (int, error) {
	n, err := g.r.Read(p)
	g.n += int64(n)
	// The first megabyte is let through: there a ratio says little.
	if g.n > maxBytes || (g.n > 1<<20 && g.n > maxRatio*g.packed.n) {
		return 0, errBomb(g.name)
	}
	return n, err
}

func errBomb(name string) error {
	return errs.New(errs.Invalid, "%q unpacks to far more than a file of boundaries does, and was not read further.", name).
		WithHint("Give the file unpacked, if you trust where it is from.")
}
