package geofile

import (
	"bufio"
	"io"

	"openvru/internal/errs"
)

func readZip(name string, _ io.Reader, in *bufio.Reader) (Features, error) {
	return Features{}, errs.New(errs.Invalid, "%q", name)
}
