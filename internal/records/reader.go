package records

import (
	"context"
	"io"

	"openvru/internal/ids"
	"openvru/internal/places"
)

// Reader turns the files of one source into rows. Package intake holds one a
// source. A Reader keeps nothing between files and may be used by many
// goroutines.
type Reader interface {
	// Source returns the source's declaration.
	Source() *Source

	// Read hands the file's rows to the sink. What is doubtful goes to the
	// sink's findings and never stops the reading of the rest; an error is
	// for a file that cannot be read on at all. It is of kind Invalid, with a
	// hint, when the file is at fault: the submission is then refused with
	// that sentence.
	Read(ctx context.Context, in *Input, out *Sink) error
}

// Input is the file to read, with the map to place it on.
type Input struct {
	Name   string      // file name as sent
	Size   int64       // of File
	File   io.ReaderAt // the whole of an archive (PK…); of other files perhaps only the beginning
	Stream io.Reader   // the same from its start; read at most one of the two beyond a look
	Atlas  *places.Atlas
}

// Place is a place as a row names it: what was sent and what it is at each
// level it belongs to. Readers make one for each distinct value they meet.
type SentPlace struct {
	Text string      // as sent: "E01000001", "Barking & Dagenham"; "" for no place
	At   []ids.Place // the places it is, at most one a level; none when unknown
}
