package rowfile

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/parquet-go/parquet-go"
	"pgregory.net/rapid"
)

var sample = []Column{
	{"place", Text, true}, {"kind", Text, false}, {"month", Day, false}, {"hour", Int, true},
	{"lon", Micro, true}, {"line", Int, false}, {"id", Hash32, true}, {"none", Int, true}, {"blank", Text, true},
}

// table draws a table of the sample's columns.
func table(t *rapid.T) ([]Values, int) {
	rows := rapid.IntRange(1, 300).Draw(t, "rows")
	words := []string{"", "Barnet", "Camden", "a, \"b\"", "Ærø"}
	long := rapid.Bool().Draw(t, "runs")
	draw := func(n uint32) uint32 { return rapid.Uint32Range(0, n-1).Draw(t, "v") }
	v := make([]Values, len(sample))
	last := uint32(0)
	for i := range rows {
		if !long || i%40 == 0 {
			last = draw(uint32(len(words)))
		}
		place := last
		if draw(9) == 0 {
			place = Null
		}
		v[0].Codes = append(v[0].Codes, place)
		v[1].Codes = append(v[1].Codes, last)
		v[2].Ints = append(v[2].Ints, 18000+int32(draw(3))*30)
		hour := int32(draw(25))
		if hour == 24 {
			hour = NullInt
		}
		v[3].Ints = append(v[3].Ints, hour)
		lon := int32(draw(400_000)) - 200_000
		if lon%7 == 0 {
			lon = NullInt
		}
		v[4].Ints = append(v[4].Ints, lon)
		v[5].Ints = append(v[5].Ints, int32(i)*100_000)
		v[6].Hashes = append(v[6].Hashes, [32]byte{byte(i), byte(i >> 8), 3})
		v[6].Has = append(v[6].Has, i%3 != 0)
		v[7].Ints = append(v[7].Ints, NullInt)
		v[8].Codes = append(v[8].Codes, Null)
	}
	v[0].Words, v[1].Words, v[8].Words = words, words, words
	return v, rows
}

func write(t interface{ Fatal(...any) }, groups [][]Values, rows []int) []byte {
	var out bytes.Buffer
	w := NewWriter(&out, sample, []string{"place", "month"}, "source", "test")
	e, g := NewEncoder(sample), &Group{}
	for i := range groups {
		if err := e.Encode(g, groups[i], rows[i]); err != nil {
			t.Fatal(err)
		}
		if err := w.Append(g); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// shown is a table's cells as text, from what was put in.
func shown(v []Values, rows int) []string {
	var out []string
	for i := range rows {
		line := ""
		for c, col := range sample {
			switch {
			case col.Kind == Text && v[c].Codes[i] == Null, col.Kind != Text && col.Kind != Hash32 && v[c].Ints[i] == NullInt && col.Optional,
				col.Kind == Hash32 && !v[c].Has[i]:
				line += "|null"
			case col.Kind == Text:
				line += "|" + v[c].Words[v[c].Codes[i]]
			case col.Kind == Hash32:
				line += fmt.Sprintf("|%x", v[c].Hashes[i][:3])
			default:
				line += fmt.Sprintf("|%d", v[c].Ints[i])
			}
		}
		out = append(out, line)
	}
	return out
}

// readBack shows a file's cells as our own reader gives them.
func readBack(f *File) ([]string, error) {
	var out []string
	d := make([]Decoded, len(f.columns))
	for g := range f.Groups() {
		for c := range f.columns {
			if err := f.Read(g, c, &d[c]); err != nil {
				return nil, err
			}
		}
		for i := range f.GroupRows(g) {
			line := ""
			for c := range f.columns {
				line += "|" + d[c].cell(f.columns[c], i)
			}
			out = append(out, line)
		}
	}
	return out, nil
}

func (d *Decoded) cell(c Column, i int) string {
	switch {
	case c.Kind == Hash32 && !d.Has[i]:
		return "null"
	case c.Kind == Hash32:
		return fmt.Sprintf("%x", d.Hashes[i][:3])
	case len(d.Codes) > 0 && d.Codes[i] == Null:
		return "null"
	case c.Kind == Text:
		return d.Words[d.Codes[i]]
	case len(d.Codes) > 0:
		return fmt.Sprint(d.Ints[d.Codes[i]])
	case d.Ints[i] == NullInt && c.Optional:
		return "null"
	}
	return fmt.Sprint(d.Ints[i])
}

// What is written is read back, by our reader and by parquet-go, which is an
// implementation that is not ours.
func TestRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var groups [][]Values
		var rows []int
		var want []string
		for range rapid.IntRange(1, 3).Draw(t, "groups") {
			v, n := table(t)
			groups, rows = append(groups, v), append(rows, n)
			want = append(want, shown(v, n)...)
		}
		raw := write(t, groups, rows)
		f, err := Open(bytes.NewReader(raw), int64(len(raw)))
		if err != nil {
			t.Fatal(err)
		}
		got, err := readBack(f)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(got, want) {
			t.Fatalf("our reader gives\n%q\nwant\n%q", got, want)
		}
		if got := otherReader(t, raw); !slices.Equal(got, want) {
			t.Fatalf("parquet-go gives\n%q\nwant\n%q", got, want)
		}
	})
}

// otherReader shows a file's cells as parquet-go gives them.
func otherReader(t *rapid.T, raw []byte) []string {
	f, err := parquet.OpenFile(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		t.Fatal(err)
	}
	r := parquet.NewReader(f)
	defer r.Close()
	var out []string
	rows := make([]parquet.Row, 50)
	for {
		n, err := r.ReadRows(rows)
		for _, row := range rows[:n] {
			line := ""
			for c, v := range row {
				switch {
				case v.IsNull():
					line += "|null"
				case sample[c].Kind == Text:
					line += "|" + string(v.ByteArray())
				case sample[c].Kind == Hash32:
					line += fmt.Sprintf("|%x", v.ByteArray()[:3])
				default:
					line += fmt.Sprintf("|%d", v.Int32())
				}
			}
			out = append(out, line)
		}
		if errors.Is(err, io.EOF) {
			return out
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

func TestHybridRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		width := rapid.IntRange(0, 24).Draw(t, "width")
		var in []uint32
		for range rapid.IntRange(0, 20).Draw(t, "stretches") {
			v := rapid.Uint32Range(0, uint32(1)<<width-1).Draw(t, "v")
			for i := range rapid.IntRange(1, 70).Draw(t, "n") {
				if rapid.IntRange(0, 9).Draw(t, "odd") == 0 {
					in = append(in, v^uint32(i)&(uint32(1)<<width-1))
					continue
				}
				in = append(in, v)
			}
		}
		raw := appendHybrid(nil, in, width)
		out := make([]uint32, len(in))
		if !readHybrid(raw, out, width) || !slices.Equal(in, out) {
			t.Fatalf("width %d: %v became %v", width, in, out)
		}
	})
}

// A damaged file is refused or gives some answer; it never breaks the reader.
func FuzzOpen(f *testing.F) {
	r := rand.New(rand.NewPCG(1, 2))
	v := make([]Values, len(sample))
	for i := range 40 {
		v[0].Codes, v[1].Codes = append(v[0].Codes, uint32(r.IntN(3))), append(v[1].Codes, 1)
		v[2].Ints, v[3].Ints = append(v[2].Ints, 18000), append(v[3].Ints, int32(i%24))
		v[4].Ints, v[5].Ints = append(v[4].Ints, r.Int32N(1e6)), append(v[5].Ints, int32(i))
		v[6].Hashes, v[6].Has = append(v[6].Hashes, [32]byte{byte(i)}), append(v[6].Has, i%2 == 0)
		v[7].Ints, v[8].Codes = append(v[7].Ints, NullInt), append(v[8].Codes, Null)
	}
	v[0].Words, v[1].Words, v[8].Words = []string{"a", "bb", "ccc"}, []string{"a", "bb"}, nil
	raw := write(f, [][]Values{v}, []int{40})
	f.Add(raw)
	for i := 0; i < len(raw); i += 97 {
		bad := bytes.Clone(raw)
		bad[i] ^= 0x55
		f.Add(bad)
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		file, err := Open(bytes.NewReader(raw), int64(len(raw)))
		if err != nil {
			return
		}
		if file.Rows() > 1<<16 {
			return
		}
		for _, g := range file.groups {
			if g.rows > 1<<16 {
				return
			}
		}
		_, _ = readBack(file)
	})
}
