package intake

import (
	"openvru/internal/errs"
)

// readRow reads one line, or several when a quoted field holds line breaks,
// into raw and fields. It returns false at the end of the file or at an error.
func (t *Text) readRow() bool {
	t.buf, t.used, t.line = t.buf[t.used:], 0, t.next
	want := 1
	for {
		if t.err = t.fill(want); t.err != nil {
			return false
		}
		if len(t.buf) == 0 {
			return false
		}
		if t.split() {
			return t.finishRow()
		}
		if len(t.buf) >= maxRowBytes {
			t.err = tooLong(t.line)
			return false
		}
		want = min(max(2*len(t.buf), sniffBytes), maxRowBytes)
	}
}

// split finds the row's fields in buf; false means more bytes are needed. When
// an opening quote proves to be text, the row is split again with that quote
// and those after it taken as text, so one bad quote costs one row.
func (t *Text) split() bool {
	plainFrom := len(t.buf) + 1
	for {
		n, badQuote, ok := t.splitOnce(plainFrom)
		if badQuote >= 0 {
			plainFrom = badQuote
			continue
		}
		if !ok {
			return false
		}
		if plainFrom <= n {
			t.notes = append(t.notes, noted{UnclosedQuote, plainFrom})
		}
		t.raw = t.buf[:n]
		return true
	}
}

// splitOnce splits the row at the start of buf. It returns the row's length
// without its line end; or, in badQuote, an opening quote that does not close.
// Quotes at or after plainFrom are text.
func (t *Text) splitOnce(plainFrom int) (n, badQuote int, ok bool) {
	t.fields, t.spill, t.notes = t.fields[:0], t.spill[:0], t.notes[:0]
	b, at := t.buf, 0
	for {
		var end int
		if at < len(b) && b[at] == '"' && at < plainFrom {
			var need bool
			end, badQuote, need = t.quoted(at)
			if need || badQuote >= 0 {
				return 0, badQuote, false
			}
		} else {
			end = t.plain(at, plainFrom)
		}
		if end >= len(b) && !t.eof {
			return 0, -1, false
		}
		if end >= len(b) || b[end] != t.delimiter {
			t.used = min(end+t.lineEnd(end), len(b))
			// A CR at the very end of what is read may be half of a CRLF.
			return end, -1, t.eof || end+1 < len(b) || b[end] == '\n'
		}
		at = end + 1
	}
}

// plain takes the unquoted field that begins at a byte and returns its end. The
// quote at known is told of elsewhere.
func (t *Text) plain(at, known int) (end int) {
	end = at
	for end < len(t.buf) {
		switch c := t.buf[end]; c {
		case t.delimiter, '\n', '\r':
			t.fields = append(t.fields, span{at: at, from: at, to: end})
			return end
		case '"':
			if end != known {
				t.notes = append(t.notes, noted{StrayQuote, end})
			}
		}
		end++
	}
	t.fields = append(t.fields, span{at: at, from: at, to: end})
	return end
}

// quoted takes the quoted field that begins at a byte. A quote inside that is
// neither doubled nor at the end is text; but when that happens after a line
// break, it is the opening quote that was text.
func (t *Text) quoted(at int) (end, badQuote int, need bool) {
	b, from, broken, rewritten := t.buf, at+1, false, false
	start := len(t.spill)
	for i := from; ; i++ {
		if i-at > maxQuotedBytes {
			return 0, at, false
		}
		if i >= len(b) || b[i] == '"' && i+1 >= len(b) && !t.eof {
			if t.eof {
				return 0, at, false
			}
			return 0, -1, true
		}
		switch {
		case b[i] == '\n' || b[i] == '\r':
			broken = true
		case b[i] != '"':
		case i+1 < len(b) && b[i+1] == '"':
			t.spill, rewritten = append(t.spill, b[from:i+1]...), true
			i++
			from = i + 1
		case t.closes(i + 1):
			f := span{at: at, from: from, to: i}
			if rewritten {
				t.spill = append(t.spill, b[from:i]...)
				f = span{at: at, from: start, to: len(t.spill), spilt: true}
			}
			t.fields = append(t.fields, f)
			return i + 1, -1, false
		case broken:
			return 0, at, false
		default:
			t.notes = append(t.notes, noted{StrayQuote, i})
		}
	}
}

// closes reports whether a quoted field may end before this byte.
func (t *Text) closes(i int) bool {
	return i >= len(t.buf) || t.buf[i] == t.delimiter || t.buf[i] == '\n' || t.buf[i] == '\r'
}

// lineEnd returns the length of the line end at a byte: 2 for CRLF, 1 for CR
// or LF, 0 at the end of the file.
func (t *Text) lineEnd(at int) int {
	if at >= len(t.buf) {
		return 0
	}
	return breakLen(t.buf[at:])
}

func breakLen(b []byte) int {
	if len(b) > 1 && b[0] == '\r' && b[1] == '\n' {
		return 2
	}
	return 1
}

// finishRow counts lines and rewrites the fields that are not clean UTF-8.
func (t *Text) finishRow() bool {
	if len(t.fields) > maxFields {
		t.err = errs.New(errs.Invalid, "Line %d has more than %d fields", t.line, maxFields).
			WithHint("send the file as the publisher made it, one record a line")
		return false
	}
	t.next = t.line + 1
	for i := 0; i < len(t.raw); i++ {
		if t.raw[i] == '\n' || t.raw[i] == '\r' {
			i += breakLen(t.raw[i:]) - 1
			t.next++
		}
	}
	if clean(t.raw) {
		return true
	}
	for i := range t.fields {
		t.rewrite(&t.fields[i])
	}
	return true
}

func tooLong(line int64) error {
	return errs.New(errs.Invalid, "The row that begins on line %d goes on for more than a megabyte", line).
		WithHint("this is not a table of records: look at the file in a text editor and send it as the publisher made it")
}
