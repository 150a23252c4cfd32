package rowfile

import (
	"bytes"
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// naive adds up rows one by one, from what was put into the file.
func naive(groups [][]Values, rows []int, q Query, pairs func(a, b Value) bool) map[[maxBy]Value]Sum {
	out := map[[maxBy]Value]Sum{}
	column := func(name string) int {
		return slices.IndexFunc(sample, func(c Column) bool { return c.Name == name })
	}
	value := func(g, i int, name string) Value {
		c := column(name)
		switch {
		case c < 0:
			return Value{Null: true}
		case sample[c].Kind == Text && groups[g][c].Codes[i] == Null, sample[c].Kind != Text && groups[g][c].Ints[i] == NullInt:
			return Value{Null: true}
		case sample[c].Kind == Text:
			return Value{Text: groups[g][c].Words[groups[g][c].Codes[i]]}
		}
		return Value{Int: groups[g][c].Ints[i]}
	}
	for g := range groups {
	row:
		for i := range rows[g] {
			for _, m := range q.Where {
				v := value(g, i, m.Column)
				if v.Null || m.Words != nil && !slices.Contains(m.Words, v.Text) || m.Words == nil && (v.Int < m.From || v.Int > m.To) {
					continue row
				}
			}
			if pairs != nil && !pairs(value(g, i, "kind"), value(g, i, "month")) {
				continue
			}
			var key [maxBy]Value
			for k, name := range q.By {
				key[k] = value(g, i, name)
			}
			s := out[key]
			s.Values = key
			s.Rows++
			if q.Sum == "" {
				s.Total++
			} else {
				s.Total += int64(value(g, i, q.Sum).Int)
			}
			out[key] = s
		}
	}
	return out
}

func TestScan(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var groups [][]Values
		var rows []int
		for range rapid.IntRange(1, 4).Draw(t, "groups") {
			v, n := table(t)
			groups, rows = append(groups, v), append(rows, n)
		}
		raw := write(t, groups, rows)
		f, err := Open(bytes.NewReader(raw), int64(len(raw)))
		if err != nil {
			t.Fatal(err)
		}
		var q Query
		q.By = rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"place", "kind", "month", "hour", "none", "blank", "absent"}), 0, 3, rapid.ID).Draw(t, "by")
		if rapid.Bool().Draw(t, "where place") {
			q.Where = append(q.Where, Match{Column: "place", Words: rapid.SliceOfN(rapid.SampledFrom([]string{"", "Barnet", "Camden", "Zennor"}), 1, 2).Draw(t, "places")})
		}
		if rapid.Bool().Draw(t, "where hour") {
			q.Where = append(q.Where, Match{Column: "hour", From: rapid.Int32Range(0, 12).Draw(t, "from"), To: rapid.Int32Range(5, 30).Draw(t, "to")})
		}
		if rapid.Bool().Draw(t, "sum") {
			q.Sum = "line"
		}
		var pairs func(a, b Value) bool
		if rapid.Bool().Draw(t, "pairs") {
			pairs = func(a, b Value) bool { return a.Text != "Barnet" || b.Int == 18030 }
		}
		var only *Only
		if pairs != nil {
			only = &Only{Columns: []string{"kind", "month"}, Holds: func(v []Value) bool { return pairs(v[0], v[1]) }}
		}
		got, err := Scan([]Source{{File: f, Only: only}}, q, rapid.IntRange(1, 3).Draw(t, "workers"))
		if err != nil {
			t.Fatal(err)
		}
		want := naive(groups, rows, q, pairs)
		if len(got) != len(want) {
			t.Fatalf("%+v: %d sums, want %d", q, len(got), len(want))
		}
		for _, s := range got {
			if s != want[s.Values] {
				t.Fatalf("%+v: %+v, want %+v", q, s, want[s.Values])
			}
		}
	})
}

func TestScanRefuses(t *testing.T) {
	raw := write(t, nil, nil)
	f, err := Open(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Scan([]Source{{File: f}}, Query{By: []string{"a", "b", "c", "d", "e"}}, 1); err == nil {
		t.Error("five columns were accepted")
	}
	if got, err := Scan([]Source{{File: f}}, Query{By: []string{"kind"}}, 2); err != nil || len(got) != 0 {
		t.Error("an empty file gave", fmt.Sprint(got, err))
	}
}
