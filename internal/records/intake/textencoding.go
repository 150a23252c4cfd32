package intake

import (
	"bytes"
	"io"
	"unicode/utf8"

	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// Encoding is how a file's characters are written as bytes.
type Encoding int

// The encodings a file may turn out to have.
const (
	ASCII       Encoding = iota // nothing beyond ASCII was met
	UTF8                        // UTF-8 without a byte order mark
	UTF8Mark                    // UTF-8 with a byte order mark
	UTF16Little                 // UTF-16, little end first
	UTF16Big                    // UTF-16, big end first
	Windows1252                 // single bytes of Western European Windows
	Mixed                       // UTF-8 in some places, Windows-1252 in others
)

// String returns the encoding's usual name.
func (e Encoding) String() string {
	switch e {
	case UTF8:
		return "UTF-8"
	case UTF8Mark:
		return "UTF-8 with a byte order mark"
	case UTF16Little, UTF16Big:
		return "UTF-16"
	case Windows1252:
		return "Windows-1252"
	case Mixed:
		return "UTF-8 and Windows-1252 mixed"
	}
	return "plain ASCII"
}

var bomUTF8 = []byte("\xef\xbb\xbf")

// settleEncoding reads the byte order mark, if any. UTF-16 is turned into
// UTF-8 on the way in; the choice between UTF-8 and Windows-1252 is left to
// each byte, so that a file need not be read twice however large it is.
func (t *Text) settleEncoding() {
	if bytes.HasPrefix(t.buf, bomUTF8) {
		t.encoding, t.buf = UTF8Mark, t.buf[len(bomUTF8):]
		return
	}
	order := unicode.LittleEndian
	switch t.encoding = utf16Of(t.buf); t.encoding {
	case UTF16Little:
	case UTF16Big:
		order = unicode.BigEndian
	default:
		return
	}
	whole := io.MultiReader(bytes.NewReader(bytes.Clone(t.buf)), t.src)
	t.src = transform.NewReader(whole, unicode.UTF16(order, unicode.UseBOM).NewDecoder())
	t.buf, t.eof = nil, false
}

// utf16Of recognises UTF-16 by its mark, or without one by a zero in every
// second byte of the first hundred, which text in English always has.
func utf16Of(head []byte) Encoding {
	switch {
	case bytes.HasPrefix(head, []byte("\xff\xfe")):
		return UTF16Little
	case bytes.HasPrefix(head, []byte("\xfe\xff")):
		return UTF16Big
	}
	n := min(len(head), 100) / 2 * 2
	var zeros [2]int
	for i := range n {
		if head[i] == 0 {
			zeros[i%2]++
		}
	}
	switch {
	case n < 4:
		return ASCII
	case zeros[1] > n*2/5 && zeros[0] == 0:
		return UTF16Little
	case zeros[0] > n*2/5 && zeros[1] == 0:
		return UTF16Big
	}
	return ASCII
}

// clean reports whether bytes are ASCII without zeros: nothing to look at.
func clean(b []byte) bool {
	for _, c := range b {
		if c == 0 || c >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// rewrite turns a field with foreign bytes or zeros into clean UTF-8.
func (t *Text) rewrite(f *span) {
	b := t.text(*f)
	if utf8.Valid(b) && bytes.IndexByte(b, 0) < 0 {
		t.seenUTF8 = t.seenUTF8 || !clean(b)
		return
	}
	text := bytes.Clone(b)
	start := len(t.spill)
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRune(text[i:])
		switch {
		case text[i] == 0:
			t.noteAt(NullByte, f, i)
		case r == utf8.RuneError && size == 1:
			t.foreign(text[i], f, i)
		default:
			t.seenUTF8 = t.seenUTF8 || size > 1
			t.spill = append(t.spill, text[i:i+size]...)
		}
		i += size
	}
	f.from, f.to, f.spilt = start, len(t.spill), true
}

// foreign writes one byte that is not UTF-8 as the Windows-1252 character it
// stands for; five bytes stand for none.
func (t *Text) foreign(c byte, f *span, at int) {
	r := rune(c)
	if c < 0xa0 {
		r = windows1252[c-0x80]
	}
	t.spill = utf8.AppendRune(t.spill, r)
	t.seen1252 = true
	if r == utf8.RuneError {
		t.noteAt(Unreadable, f, at)
		return
	}
	t.noteAt(OtherEncoding, f, at)
}

// noteAt keeps an oddity at byte i of a field. In a field that was unquoted
// before, i counts from where the field begins, which is near enough.
func (t *Text) noteAt(what TextNote, f *span, i int) {
	at := f.from + i
	if f.spilt {
		at = f.at + 1
	}
	t.notes = append(t.notes, noted{what, at})
}

// windows1252 is what the bytes 0x80 to 0x9f stand for.
var windows1252 = [32]rune{
	'€', utf8.RuneError, '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', utf8.RuneError, 'Ž', utf8.RuneError,
	utf8.RuneError, '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', utf8.RuneError, 'ž', 'Ÿ',
}
