package intake

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"time"
	"unicode/utf16"

	"openvru/internal/errs"
)

// Inputs below carry marks that are taken out before reading: § stands before
// each field and ! before each oddity, so that a case shows the lines and
// columns it expects in its own text.
var textCases = []struct {
	name      string
	input     string
	want      string // rows end with ⏎, fields are divided by ·
	notes     string // the oddities in order
	delimiter byte
	encoding  Encoding
}{
	{"plain", "§a,§b\n§1,§2\n", "a·b⏎1·2⏎", "", ',', ASCII},
	{"no last line end", "§a,§b\n§1,§2", "a·b⏎1·2⏎", "", ',', ASCII},
	{"CRLF", "§a,§b\r\n§1,§2\r\n", "a·b⏎1·2⏎", "", ',', ASCII},
	{"CR only, as an old Mac writes", "§a,§b\r§1,§2\r", "a·b⏎1·2⏎", "", ',', ASCII},
	{"line ends mixed", "§a,§b\r§1,§2\n§3,§4\r\n§5,§6", "a·b⏎1·2⏎3·4⏎5·6⏎", "", ',', ASCII},
	{"doubled by a bad transfer", "§a,§b\r\r\n§1,§2\r\r\n", "a·b⏎1·2⏎", "", ',', ASCII},
	{"empty lines passed over", "\n\n§a,§b\n\n\n§1,§2\n\n", "a·b⏎1·2⏎", "", ',', ASCII},
	{"empty fields", "§a,§b,§c\n§,§,§\n", "a·b·c⏎··⏎", "", ',', ASCII},
	{"semicolons", "§a;§b\n§1,5;§2\n", "a·b⏎1,5·2⏎", "", ';', ASCII},
	{"tabs", "§a\t§b c, d\n§1\t§2\n", "a·b c, d⏎1·2⏎", "", '\t', ASCII},
	{"pipes", "§a|§b\n§1|§2, 3\n", "a·b⏎1·2, 3⏎", "", '|', ASCII},
	{"one column", "§a\n§1\n", "a⏎1⏎", "", ',', ASCII},
	{"Excel says which", "sep=;\r\n§a,x;§b,y\r\n§1,2;§3,4\r\n", "a,x·b,y⏎1,2·3,4⏎", "", ';', ASCII},
	{"the even delimiter wins", "§a;§b\n§1,2,3;§4\n§5;§6,7\n", "a·b⏎1,2,3·4⏎5·6,7⏎", "", ';', ASCII},
	{"quoted", "§\"a\",§\"b, c\"\n§\"1\",§2\n", "a·b, c⏎1·2⏎", "", ',', ASCII},
	{"doubled quotes", "§a,§\"say \"\"no\"\" twice\"\n", "a·say \"no\" twice⏎", "", ',', ASCII},
	{"only doubled quotes", "§\"\"\"\",§\"\"\n", "\"·⏎", "", ',', ASCII},
	{"quoted line breaks", "§a,§\"b\nc\r\nd\re\"\n§1,§2\n", "a·b\nc\r\nd\re⏎1·2⏎", "", ',', ASCII},
	{"stray quote inside", "§a,§5!\" nail,§c\n", "a·5\" nail·c⏎", "0", ',', ASCII},
	{"stray quotes in a quoted field", "§\"he said !\"no!\" to me\",§b\n", "he said \"no\" to me·b⏎", "0 0", ',', ASCII},
	{"quote never closed costs its own row", "§a,§b\n§1,§!\"2\n§3,§4\n§\"5\",§6\n", "a·b⏎1·\"2⏎3·4⏎5·6⏎", "1", ',', ASCII},
	{"quote never closed at the end", "§a,§b\n§1,§!\"2\n", "a·b⏎1·\"2⏎", "1", ',', ASCII},
	{"space before a quote", "§a,§ !\"b!\",§c\n", "a·\"b\"·c⏎", "0 0", ',', ASCII},
	{"white space around", "§ a ,§\tb\u00a0\n", "a·b⏎", "", ',', UTF8},
	{"ragged", "§a,§b,§c\n§1\n§1,§2,§3,§4\n", "a·b·c⏎1⏎1·2·3·4⏎", "", ',', ASCII},
	{"byte order mark", "\ufeff§a,§b\n§1,§2\n", "a·b⏎1·2⏎", "", ',', UTF8Mark},
	{"byte order mark and a quote", "\ufeff§\"a\",§b\n", "a·b⏎", "", ',', UTF8Mark},
	{"UTF-8", "§é,§b€\n§ü,§2\n", "é·b€⏎ü·2⏎", "", ',', UTF8},
	{"Windows-1252", "§caf!\xe9,§!\x80 5\n§!\x93a!\x94,§2\n", "café·€ 5⏎“a”·2⏎", "3 3 3 3", ',', Windows1252},
	{"both", "§é,§!\xe9\n", "é·é⏎", "3", ',', Mixed},
	{"a byte nothing explains", "§a!\x81,§b\n", "a\ufffd·b⏎", "4", ',', Windows1252},
	{"zero bytes", "§a!\x00b,§c\n", "ab·c⏎", "2", ',', ASCII},
	{"columns count characters", "§éé,§!\xe9,§z\n", "éé·é·z⏎", "3", ',', Mixed},
}

func TestText(t *testing.T) {
	for _, c := range textCases {
		t.Run(c.name, func(t *testing.T) {
			input, fields, oddities := unmark(c.input)
			for _, slow := range []bool{false, true} {
				var in io.Reader = strings.NewReader(input)
				if slow {
					in = iotest.OneByteReader(in)
				}
				got := readAll(t, in)
				check(t, "rows", got.rows, c.want)
				check(t, "notes", got.notes, c.notes)
				check(t, "places of fields", got.fields, fields)
				check(t, "places of oddities", got.oddities, oddities)
				check(t, "delimiter", string(got.delimiter), string(c.delimiter))
				check(t, "encoding", got.encoding, c.encoding)
			}
		})
	}
}

func check[T comparable](t *testing.T, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("%s:\n got %q\nwant %q", what, fmt.Sprint(got), fmt.Sprint(want))
	}
}

// unmark takes the marks out and returns where they stood.
func unmark(s string) (text, fields, oddities string) {
	var out strings.Builder
	line, column := 1, 1
	b := []byte(strings.TrimPrefix(s, "\ufeff"))
	if len(b) < len(s) {
		out.WriteString("\ufeff")
	}
	for i := 0; i < len(b); {
		rest := b[i:]
		size := 1
		switch {
		case bytes.HasPrefix(rest, []byte("§")):
			fields += fmt.Sprintf("%d:%d ", line, column)
			i += len("§")
			continue
		case rest[0] == '!':
			oddities += fmt.Sprintf("%d:%d ", line, column)
			i++
			continue
		case rest[0] == '\n', rest[0] == '\r':
			size = breakLen(rest)
			line, column = line+1, 0
		case rest[0] >= 0xc2 && len(rest) > 1 && rest[1] >= 0x80 && rest[1] < 0xc0:
			size = len(string([]rune(string(rest))[:1]))
		}
		out.Write(rest[:size])
		i += size
		column++
	}
	return out.String(), fields, oddities
}

type allText struct {
	rows, notes, fields, oddities string
	delimiter                     byte
	encoding                      Encoding
}

func readAll(t *testing.T, in io.Reader) allText {
	t.Helper()
	text, err := OpenText(in)
	if err != nil {
		t.Fatal(err)
	}
	var out allText
	var notes []string
	text.Note = func(what TextNote, line int64, column int) {
		notes = append(notes, fmt.Sprint(int(what)))
		out.oddities += fmt.Sprintf("%d:%d ", line, column)
	}
	for text.Next() {
		var fields []string
		for i := range text.Len() {
			fields = append(fields, string(text.Field(i)))
			line, column := text.Pos(i)
			out.fields += fmt.Sprintf("%d:%d ", line, column)
		}
		out.rows += strings.Join(fields, "·") + "⏎"
	}
	if text.Err() != nil {
		t.Fatal(text.Err())
	}
	out.notes = strings.Join(notes, " ")
	out.delimiter, out.encoding = text.Delimiter(), text.Encoding()
	return out
}

func TestTextUTF16(t *testing.T) {
	words := utf16.Encode([]rune("naïve,b\r\n1,€2\r\n"))
	for _, big := range []bool{false, true} {
		for _, mark := range []bool{false, true} {
			in := words
			if mark {
				in = append([]uint16{0xfeff}, words...)
			}
			var raw []byte
			for _, w := range in {
				if big {
					raw = append(raw, byte(w>>8), byte(w))
				} else {
					raw = append(raw, byte(w), byte(w>>8))
				}
			}
			got := readAll(t, bytes.NewReader(raw))
			check(t, fmt.Sprint("rows, big ", big, " mark ", mark), got.rows, "naïve·b⏎1·€2⏎")
			check(t, "places", got.fields, "1:1 1:7 2:1 2:3 ")
			check(t, "encoding", got.encoding.String(), "UTF-16")
		}
	}
}

// A file longer than any buffer keeps its lines, and one bad quote in the
// middle of it costs one row.
func TestTextLong(t *testing.T) {
	var in strings.Builder
	const rows = 40_000
	for i := range rows {
		switch i {
		case 20_000:
			in.WriteString("\"lost,2\n")
		case 30_000:
			in.WriteString("\"two\nlines\",2\n")
		default:
			fmt.Fprintf(&in, "row %d,2\n", i)
		}
	}
	text, err := OpenText(strings.NewReader(in.String()))
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for text.Next() {
		want := fmt.Sprintf("row %d", n)
		line := int64(n + 1)
		switch {
		case n == 20_000:
			want = "\"lost"
		case n == 30_000:
			want = "two\nlines"
		case n > 30_000:
			line++
		}
		if string(text.Field(0)) != want || text.Line() != line || text.Len() != 2 {
			t.Fatalf("row %d: %q on line %d with %d fields, want %q on line %d", n, text.Field(0), text.Line(), text.Len(), want, line)
		}
		n++
	}
	if n != rows || text.Err() != nil {
		t.Errorf("%d rows, %v; want %d", n, text.Err(), rows)
	}
	if cap(text.store) > 4*sniffBytes {
		t.Errorf("the buffer grew to %d bytes", cap(text.store))
	}
}

func TestTextRefuses(t *testing.T) {
	for _, c := range []struct{ name, input, want string }{
		{"nothing", "", "The file is empty"},
		{"white space", " \n\r\n\t", "The file holds nothing but white space"},
		{"xlsx", "PK\x03\x04.....[Content_Types].xml", "The file is an Excel workbook (.xlsx), not CSV"},
		{"ods", "PK\x03\x04.....mimetypeapplication/vnd.oasis.opendocument.spreadsheet", "The file is an OpenDocument spreadsheet (.ods), not CSV"},
		{"zip", "PK\x03\x04.....a.csv", "The file is a zip archive or a spreadsheet, not CSV"},
		{"xls", "\xd0\xcf\x11\xe0\xa1\xb1", "The file is an old Excel workbook (.xls), not CSV"},
		{"page", "\ufeff\n<!DOCTYPE html><title>404</title>", "The file is a web page, not CSV"},
		{"xml", "<?xml version='1.0'?>", "The file is an XML document, not CSV"},
		{"json", "{\"error\":\"no such file\"}", "The file is a JSON document, not CSV"},
		{"pdf", "%PDF-1.7", "The file is a PDF document, not CSV"},
		{"endless", strings.Repeat("x", maxRowBytes+2), "The row that begins on line 1 goes on for more than a megabyte"},
		{"too wide", "a,b\n" + strings.Repeat(",", maxFields+1), "Line 2 has more than 16384 fields"},
	} {
		t.Run(c.name, func(t *testing.T) {
			text, err := OpenText(strings.NewReader(c.input))
			for err == nil && text.Next() {
			}
			if err == nil {
				err = text.Err()
			}
			if !errs.Is(err, errs.Invalid) || err.Error() != c.want || errs.HintOf(err) == "" {
				t.Errorf("got %v (hint %q), want %s", err, errs.HintOf(err), c.want)
			}
		})
	}
}

func TestTextReadError(t *testing.T) {
	broken := io.MultiReader(strings.NewReader("a,b\n1,2\n"), iotest.ErrReader(io.ErrUnexpectedEOF))
	text, err := OpenText(broken)
	if err == nil || text != nil {
		t.Fatalf("a file that breaks off must not open: %v", err)
	}
	if !errs.Is(err, errs.Unavailable) {
		t.Errorf("kind of %v", err)
	}
}

// A source that brings nothing and never ends does not hang the reading.
func TestTextIdleSource(t *testing.T) {
	if _, err := OpenText(iotest.ErrReader(nil)); !errs.Is(err, errs.Unavailable) {
		t.Errorf("got %v, want that it could not be read to its end", err)
	}
}

func BenchmarkText(b *testing.B) {
	in := []byte(strings.Repeat("Robbery,Robbery of Personal Property,\"Camden, Town\",12,0,7,133\n", 20_000))
	b.SetBytes(int64(len(in)))
	for b.Loop() {
		text, err := OpenText(bytes.NewReader(in))
		if err != nil {
			b.Fatal(err)
		}
		for text.Next() {
			_ = text.Field(3)
		}
	}
}

// FuzzText checks what holds for any bytes: every field is clean UTF-8,
// positions go forward, lines never pass the number of line ends, the same
// text in small pieces gives the same rows, and rows written by the rules of
// RFC 4180 come back as they went in.
func FuzzText(f *testing.F) {
	for _, c := range textCases {
		text, _, _ := unmark(c.input)
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		whole, err := rowsOf(bytes.NewReader(in))
		pieces, err2 := rowsOf(iotest.HalfReader(bytes.NewReader(in)))
		if (err == nil) != (err2 == nil) || !slices.EqualFunc(whole, pieces, slices.Equal[[]string]) {
			t.Fatalf("whole %q %v, in pieces %q %v", whole, err, pieces, err2)
		}
		if err != nil || len(whole) == 0 {
			return
		}
		again, err := rowsOf(strings.NewReader("sep=,\n" + writeRows(whole)))
		if err != nil || !slices.EqualFunc(whole, again, slices.Equal[[]string]) {
			t.Fatalf("read %q, wrote it and read %q, %v", whole, again, err)
		}
	})
}

func rowsOf(in io.Reader) ([][]string, error) {
	text, err := OpenText(in)
	if err != nil {
		return nil, err
	}
	var rows [][]string
	last, lastColumn := int64(0), 0
	text.Note = func(_ TextNote, line int64, column int) {
		if line < text.Line() || column < 1 {
			panic("a note before its row")
		}
	}
	for text.Next() {
		var row []string
		for i := range text.Len() {
			line, column := text.Pos(i)
			if line < last || line == last && column <= lastColumn {
				return nil, fmt.Errorf("position %d:%d does not follow %d:%d", line, column, last, lastColumn)
			}
			last, lastColumn = line, column
			row = append(row, string(text.Field(i)))
		}
		rows = append(rows, row)
	}
	return rows, text.Err()
}

// writeRows writes by RFC 4180. Quoting everything keeps a row of one empty
// field from looking like an empty line.
func writeRows(rows [][]string) string {
	var b strings.Builder
	for _, row := range rows {
		for i, f := range row {
			if i > 0 {
				b.WriteByte(',')
			}
			b.WriteString(`"` + strings.ReplaceAll(f, `"`, `""`) + `"`)
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// A row with an oddity at every byte costs no more than one look at each: this
// took a minute when every place was counted from the start of the row.
func TestTextManyNotes(t *testing.T) {
	const n = 200_000
	began := time.Now()
	text, err := OpenText(strings.NewReader("a,b\n" + strings.Repeat("x\"", n) + "\n"))
	if err != nil {
		t.Fatal(err)
	}
	notes, last := 0, 0
	text.Note = func(what TextNote, line int64, column int) {
		if what != StrayQuote || line != 2 {
			t.Fatalf("note %d on line %d", what, line)
		}
		notes, last = notes+1, column
	}
	for text.Next() {
	}
	if text.Err() != nil || notes != n || last != 2*n {
		t.Errorf("%d notes, the last at column %d (%v), want %d and %d", notes, last, text.Err(), n, 2*n)
	}
	if took := time.Since(began); took > 10*time.Second {
		t.Errorf("it took %v", took)
	}
}
