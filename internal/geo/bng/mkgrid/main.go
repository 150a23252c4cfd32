// Command mkgrid makes the table of shifts that package bng embeds, from two
// files of Ordnance Survey's OSTN15 figures: for each of 701 × 1,251 nodes the
// shift in millimetres less a constant, as two bytes, the lower first.
//
//	go run ./internal/geo/bng/mkgrid EAST NORTH internal/geo/bng/ostn15/ostn15.bin
package main

import (
	"bytes"
	"compress/flate"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"os"

	"openvru/internal/geo/bng"
)

const width, height = 701, 1251

// The files that the table was made from; ostn15/README.md tells of them.
var sums = [2]string{
	"2f19f318b3c72569983a43e9e19a83011d39edad68f506d7ac268370ef448b96",
	"dc1d2c94a15cca4493013072a8c8fbc2b6a054e11337671b9f972782a7450e7f",
}

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "mkgrid:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) != 3 {
		return fmt.Errorf("give three files: the east shifts, the north shifts and where to write")
	}
	var out bytes.Buffer
	w, err := flate.NewWriter(&out, flate.BestCompression)
	if err != nil {
		return err
	}
	for i, name := range args[:2] {
		values, err := read(name, sums[i])
		if err != nil {
			return err
		}
		if _, err := w.Write(bng.Pack(values, width)); err != nil {
			return err
		}
	}
	if err := w.Close(); err != nil {
		return err
	}
	return os.WriteFile(args[2], out.Bytes(), 0o644)
}

func read(name, sum string) ([]uint16, error) {
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	if got := fmt.Sprintf("%x", sha256.Sum256(data)); got != sum {
		return nil, fmt.Errorf("%s is not the file expected: its SHA-256 is %s, not %s", name, got, sum)
	}
	if len(data) != 2*width*height {
		return nil, fmt.Errorf("%s holds %d bytes, not %d", name, len(data), 2*width*height)
	}
	values := make([]uint16, width*height)
	return values, binary.Read(bytes.NewReader(data), binary.LittleEndian, values)
}
