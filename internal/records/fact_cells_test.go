package records

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestCellsComeBackAsTheyWere(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 40).Draw(t, "places")
		codes := map[string]bool{}
		for range n {
			codes[rapid.StringMatching(`E0[0-9]{0,7}`).Draw(t, "code")] = true
		}
		var want []YearCells
		for code := range codes {
			c := YearCells{Code: code}
			for m := range c.Months {
				c.Months[m] = rapid.SampledFrom([]int64{0, 0, 1, 127, 128, 70000, 1 << 40}).Draw(t, "n")
			}
			want = append(want, c)
		}
		sortCells(want)
		got, err := DecodeCells(EncodeCells(want))
		if err != nil || !slices.Equal(got, want) {
			t.Fatalf("got %v (%v), want %v", got, err, want)
		}
	})
}

func TestABoroughYearIsSmall(t *testing.T) {
	var places []YearCells
	for i := range 150 {
		c := YearCells{Code: fmt.Sprintf("E010%05d", 3000+i)}
		for m := range c.Months {
			c.Months[m] = int64((i*7 + m) % 20)
		}
		places = append(places, c)
	}
	if n := len(EncodeCells(places)); n > 150*17 {
		t.Errorf("150 places take %d bytes, more than 17 each", n)
	}
}

func FuzzReadCells(f *testing.F) {
	f.Add(EncodeCells([]YearCells{{"E01000001", [12]int64{1, 2}}, {"E01000002", [12]int64{0, 300}}}))
	f.Add([]byte{1, 0xff, 0xff})
	f.Fuzz(func(t *testing.T, cells []byte) {
		got, err := DecodeCells(cells)
		if err != nil {
			return
		}
		again, err := DecodeCells(EncodeCells(got))
		if err != nil || !slices.Equal(again, got) {
			t.Fatalf("read %v, and after writing it %v (%v)", got, again, err)
		}
	})
}
