package intake

import (
	"bytes"
	"encoding/binary"

	"openvru/internal/records"
)

// block reads a stretch of whole rows. A line of plain ASCII without quotation
// marks is split at its delimiters; any other is left to Text.
func (w *streetWorker) block(data []byte, line int64, delimiter byte) {
	w.line = line
	plain := allPlain(data)
	for len(data) > 0 {
		n := bytes.IndexByte(data, '\n')
		row, used := data, len(data)
		if n >= 0 {
			row, used = data[:n], n+1
		}
		if len(row) > 0 && row[len(row)-1] == '\r' {
			row = row[:len(row)-1]
		}
		if !plain && !allPlain(row) {
			used = w.oddRow(data, delimiter)
			data = data[used:]
			continue
		}
		if len(row) > 0 {
			w.split(row, delimiter)
			w.row()
		}
		data = data[used:]
		w.line++
	}
}

// split puts a plain row's fields into cells.
func (w *streetWorker) split(row []byte, delimiter byte) {
	w.cells = w.cells[:0]
	for {
		n := bytes.IndexByte(row, delimiter)
		if n < 0 || len(w.cells) >= maxFields {
			w.cells = append(w.cells, row)
			return
		}
		w.cells = append(w.cells, row[:n])
		row = row[n+1:]
	}
}

// oddRow reads the row at the start of data through Text and returns its
// length.
func (w *streetWorker) oddRow(data []byte, delimiter byte) int {
	t := &w.text
	*t = Text{buf: data, eof: true, delimiter: delimiter, line: w.line, next: w.line,
		fields: t.fields[:0], spill: t.spill[:0], notes: t.notes[:0], Note: w.note}
	if !t.split() || !t.finishRow() {
		// A row of more fields than any file has: it is told of as ragged.
		w.found.Add(w.r.rules.ragged, records.Example{File: w.r.fileName, Line: w.line})
	} else if len(t.raw) > 0 {
		t.tellNotes()
		w.textRow(t)
	}
	w.seenUTF8, w.seen1252 = w.seenUTF8 || t.seenUTF8, w.seen1252 || t.seen1252
	w.line = t.next
	return t.used
}

// textRow takes the row that a Text stands on.
func (w *streetWorker) textRow(t *Text) {
	w.line = t.Line()
	w.cells = w.cells[:0]
	for i := range t.Len() {
		w.cells = append(w.cells, t.Field(i))
	}
	w.row()
}

// note counts an oddity of the text.
func (w *streetWorker) note(what TextNote, line int64, column int) {
	rules := [...]int{StrayQuote: w.r.rules.strayQuote, UnclosedQuote: w.r.rules.unclosed, NullByte: w.r.rules.nullByte,
		OtherEncoding: w.r.rules.encoding, Unreadable: w.r.rules.noReading}
	w.found.Add(rules[what], records.Example{File: w.r.fileName, Line: line, Column: character(column)})
}

// allPlain reports whether bytes are ASCII without zeros, quotation marks or
// CR, eight at a time.
func allPlain(b []byte) bool {
	if bytes.IndexByte(b, '"') >= 0 || bytes.IndexByte(b, '\r') >= 0 || bytes.IndexByte(b, 0) >= 0 {
		return false
	}
	for len(b) >= 8 {
		if binary.LittleEndian.Uint64(b)&0x8080808080808080 != 0 {
			return false
		}
		b = b[8:]
	}
	for _, c := range b {
		if c >= 0x80 {
			return false
		}
	}
	return true
}
