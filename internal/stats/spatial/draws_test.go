package spatial

import (
	"math/big"
	"math/bits"
	"slices"
	"testing"

	"openvru/internal/stats"
)

// fairWord is the reference for several draws from one word: a single draw below
// the product of their ranges, by Lemire's method with its remainder worked out
// in whole numbers of any size, taken apart into one draw for each range. It is
// not fair where the remainder is below 2^64 modulo the product.
func fairWord(word uint64, ranges ...uint64) (draws []uint64, fair bool) {
	product := uint64(1)
	for _, n := range ranges {
		product *= n
	}
	at, left := bits.Mul64(word, product)
	fair = left >= product
	if !fair {
		whole := new(big.Int).Lsh(big.NewInt(1), 64)
		fair = left >= whole.Mod(whole, new(big.Int).SetUint64(product)).Uint64()
	}
	for _, n := range ranges {
		product /= n
		draws = append(draws, at/product)
		at %= product
	}
	return draws, fair
}

// Words that would make some draws likelier than others are passed over, all
// others are used: at ranges where as many as one in sixteen are passed over,
// and at those where the number of draws a word changes.
func TestUnfairWordsArePassedOver(t *testing.T) {
	for _, n := range []uint64{1, 3, 1000, 8152, fourAWord, fourAWord + 1, fieldLen - 1, fieldLen, fieldLen + 1, 1_028_576, threeAWord} {
		const count = 120_000 // a multiple of three and four
		from := stats.NewRand(21, n)
		got := make([]uint32, count)
		each := 3
		if n <= fourAWord {
			each = 4
			narrow := make([]uint16, count)
			draw(&from, n, narrow)
			for i, d := range narrow {
				got[i] = uint32(d)
			}
		} else {
			drawWide(&from, uint32(n), got)
		}
		from = stats.NewRand(21, n)
		state, passed := from.Uint64(), 0
		for at := 0; at < count; {
			var word uint64
			state, word = step(state)
			want, fair := fairWord(word, slices.Repeat([]uint64{n}, each)...)
			if !fair {
				passed++
				continue
			}
			for _, d := range want {
				if uint64(got[at]) != d {
					t.Fatalf("below %d: draw %d is %d, not %d", n, at, got[at], d)
				}
				at++
			}
		}
		// Of 8,152⁴ and 1,028,576³ nearly as much is left over 2^64 as can be.
		if n == 8152 && passed == 0 || n == 1_028_576 && passed < 1000 {
			t.Errorf("below %d only %d words are passed over", n, passed)
		}
	}
}

// The same for the exchanges of a shuffle.
func TestUnfairExchangesArePassedOver(t *testing.T) {
	const n = 1<<20 + 2
	got, want := make([]float64, n), make([]float64, n)
	for i := range got {
		got[i], want[i] = float64(i), float64(i)
	}
	from := stats.NewRand(22, 0)
	shuffle(&from, got)
	from = stats.NewRand(22, 0)
	state, passed := from.Uint64(), 0
	for i := n - 1; i >= 2; {
		var word uint64
		state, word = step(state)
		at, fair := fairWord(word, uint64(i+1), uint64(i), uint64(i-1))
		if !fair {
			passed++
			continue
		}
		for _, j := range at {
			want[i], want[j] = want[j], want[i]
			i--
		}
	}
	if _, word := step(state); (n-1)%3 == 1 && word>>63 == 1 {
		want[0], want[1] = want[1], want[0]
	}
	if !slices.Equal(got, want) || passed < 100 {
		t.Errorf("another order, or only %d words passed over", passed)
	}
}

// Sums of as many values as an area can have neighbours are whole numbers that a
// float64 holds, and their tolerance does not make whole values tie.
func TestSumsFit(t *testing.T) {
	for _, most := range []int{1, 255, 256, 5000, 1 << 20} {
		for _, x := range [][]float64{{0.1, -7.3, 2e9}, {0, 1, 1 << 31}, {3, 9, 4}} {
			d := newDealer(x, most)
			for _, v := range d.twice {
				if v != float64(int64(v)) || v*float64(most) > 1<<53 || -v*float64(most) > 1<<53 {
					t.Errorf("%v for %d neighbours is held as %v", x, most, v)
				}
			}
			// Values that are not kept as they are have a tolerance of one unit each.
			if d.tie != 1 && d.tie*float64(most) >= 1 {
				t.Errorf("sums of %d whole numbers tie when %v apart", most, d.tie*float64(most))
			}
		}
	}
}
