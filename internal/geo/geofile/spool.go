package geofile

import (
	"errors"
	"io"
	"os"

	"openvru/internal/errs"
)

// spool copies what is read to a temporary file, for the kinds that cannot be
// read from front to back, and returns how to remove it.
func spool(name string, in io.Reader) (path string, remove func(), err error) {
	f, err := os.CreateTemp("", "boundaries-*")
	if err != nil {
		return "", nil, errs.New(errs.Unavailable, "No temporary file could be made for %q.", name).WithCause(err).
			WithHint("Check that the folder for temporary files exists and has room.")
	}
	remove = func() { _ = os.Remove(f.Name()) } // nothing to be done about a left-over
	n, err := io.Copy(f, io.LimitReader(in, maxBytes+1))
	err = errors.Join(err, f.Close())
	if err == nil && n > maxBytes {
		err = errBomb(name)
	}
	if err != nil {
		remove()
		return "", nil, cannotRead(name, err)
	}
	return f.Name(), remove, nil
}
