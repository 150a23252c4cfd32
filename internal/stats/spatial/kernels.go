package spatial

import (
	"math/bits"

	"openvru/internal/stats"
)

// Draws come 16 bits wide, so a field of 2^16 values can be looked into without
// a check of bounds.
const fieldLen = 1 << 16

type field = [fieldLen]float64

// A word of 64 random bits gives four draws below up to fourAWord and three
// below up to fieldLen: multiplied by n, its upper half is a draw and its lower
// half the random bits that are left for the next (Brackett-Rozinsky and Lemire
// 2024).
const (
	fourAWord  = 1 << 13
	threeAWord = 1 << 20
)

// draw fills the list, and up to three more if there is room, with numbers from
// 0 to n−1, each exactly as likely as the others, and returns how many. n must
// be 1 to fieldLen.
func draw(r *stats.Rand, n uint64, list []uint16) int {
	if n <= fourAWord {
		return drawFour(r, n, list)
	}
	return drawThree(r, n, list)
}

// drawFour and drawThree keep the generator's state to themselves: the compiler
// holds a variable of theirs in a register, which it does not for a Rand.

func drawFour(from *stats.Rand, n uint64, list []uint16) int {
	at, state, all := 0, from.Uint64(), n*n*n*n
	floor := -all % all
	for ; at < len(list)-3; at += 4 {
		for {
			var left, a, b, c, d uint64
			state, left = step(state)
			a, left = bits.Mul64(left, n)
			list[at] = uint16(a)
			b, left = bits.Mul64(left, n)
			list[at+1] = uint16(b)
			c, left = bits.Mul64(left, n)
			list[at+2] = uint16(c)
			d, left = bits.Mul64(left, n)
			list[at+3] = uint16(d)
			if left >= floor { // else some draws would be likelier than others
				break
			}
		}
	}
	return at
}

// drawThree is for n up to threeAWord.
func drawThree[T uint16 | uint32](from *stats.Rand, n uint64, list []T) int {
	at, state, all := 0, from.Uint64(), n*n*n
	floor := -all % all
	for ; at < len(list)-2; at += 3 {
		for {
			var left, a, b, c uint64
			state, left = step(state)
			a, left = bits.Mul64(left, n)
			list[at] = T(a)
			b, left = bits.Mul64(left, n)
			list[at+1] = T(b)
			c, left = bits.Mul64(left, n)
			list[at+2] = T(c)
			if left >= floor {
				break
			}
		}
	}
	return at
}

// drawWide is draw for any n of 32 bits.
func drawWide(r *stats.Rand, n uint32, list []uint32) int {
	if n <= threeAWord {
		return drawThree(r, uint64(n), list)
	}
	for at := range list {
		list[at] = r.Below(n)
	}
	return len(list)
}

// step is the generator of stats.Rand.
func step(state uint64) (next, word uint64) {
	state += 0xa0761d6478bd642f
	hi, lo := bits.Mul64(state, state^0xe7037ed1a0b428db)
	return state, hi ^ lo
}

// unrolled is the most neighbours that have a loop of their own. They are most
// of any map, and a loop that knows how many draws it takes runs twice as fast.
const unrolled = 8

// sumDraws adds up the values at so many draws at a time and returns how many
// sums it made. Draws that hold a number twice are passed over, which leaves
// every choice without repeats as likely as any other.
func sumDraws(k int, draws []uint16, v *field, sums []float64) int {
	switch k {
	case 1:
		return sum1(draws, v, sums)
	case 2:
		return sum2(draws, v, sums)
	case 3:
		return sum3(draws, v, sums)
	case 4:
		return sum4(draws, v, sums)
	case 5:
		return sum5(draws, v, sums)
	case 6:
		return sum6(draws, v, sums)
	case 7:
		return sum7(draws, v, sums)
	}
	return sum8(draws, v, sums)
}

func sum1(draws []uint16, v *field, sums []float64) int {
	sums = sums[:len(draws)]
	for at, d := range draws {
		sums[at] = v[d]
	}
	return len(draws)
}

func sum2(draws []uint16, v *field, sums []float64) int {
	made := 0
	for ; len(draws) >= 2; draws = draws[2:] {
		a, b := draws[0], draws[1]
		if a == b {
			continue
		}
		sums[made] = v[a] + v[b]
		made++
	}
	return made
}

func sum3(draws []uint16, v *field, sums []float64) int {
	made := 0
	for ; len(draws) >= 3; draws = draws[3:] {
		a, b, c := draws[0], draws[1], draws[2]
		if a == b || a == c || b == c {
			continue
		}
		sums[made] = v[a] + v[b] + v[c]
		made++
	}
	return made
}

func sum4(draws []uint16, v *field, sums []float64) int {
	made := 0
	for ; len(draws) >= 4; draws = draws[4:] {
		a, b, c, d := draws[0], draws[1], draws[2], draws[3]
		if a == b || a == c || b == c || a == d || b == d || c == d {
			continue
		}
		sums[made] = v[a] + v[b] + v[c] + v[d]
		made++
	}
	return made
}

func sum5(draws []uint16, v *field, sums []float64) int {
	made := 0
	for ; len(draws) >= 5; draws = draws[5:] {
		a, b, c, d, e := draws[0], draws[1], draws[2], draws[3], draws[4]
		if a == b || a == c || b == c || a == d || b == d || c == d || a == e || b == e || c == e || d == e {
			continue
		}
		sums[made] = v[a] + v[b] + v[c] + v[d] + v[e]
		made++
	}
	return made
}

func sum6(draws []uint16, v *field, sums []float64) int {
	made := 0
	for ; len(draws) >= 6; draws = draws[6:] {
		a, b, c, d, e, f := draws[0], draws[1], draws[2], draws[3], draws[4], draws[5]
		if a == b || a == c || b == c || a == d || b == d || c == d || a == e || b == e || c == e || d == e ||
			a == f || b == f || c == f || d == f || e == f {
			continue
		}
		sums[made] = (v[a] + v[b] + v[c]) + (v[d] + v[e] + v[f])
		made++
	}
	return made
}

func sum7(draws []uint16, v *field, sums []float64) int {
	made := 0
	for ; len(draws) >= 7; draws = draws[7:] {
		a, b, c, d, e, f, g := draws[0], draws[1], draws[2], draws[3], draws[4], draws[5], draws[6]
		if a == b || a == c || b == c || a == d || b == d || c == d || a == e || b == e || c == e || d == e ||
			a == f || b == f || c == f || d == f || e == f || a == g || b == g || c == g || d == g || e == g || f == g {
			continue
		}
		sums[made] = (v[a] + v[b] + v[c]) + (v[d] + v[e] + v[f] + v[g])
		made++
	}
	return made
}

func sum8(draws []uint16, v *field, sums []float64) int {
	made := 0
	for ; len(draws) >= 8; draws = draws[8:] {
		a, b, c, d, e, f, g, h := draws[0], draws[1], draws[2], draws[3], draws[4], draws[5], draws[6], draws[7]
		if a == b || a == c || b == c || a == d || b == d || c == d || a == e || b == e || c == e || d == e ||
			a == f || b == f || c == f || d == f || e == f || a == g || b == g || c == g || d == g || e == g || f == g ||
			a == h || b == h || c == h || d == h || e == h || f == h || g == h {
			continue
		}
		sums[made] = (v[a] + v[b] + v[c] + v[d]) + (v[e] + v[f] + v[g] + v[h])
		made++
	}
	return made
}
