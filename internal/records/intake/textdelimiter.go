package intake

import (
	"bytes"
	"strings"
)

// sniffBytes is how much of a file is looked at before it is read.
const sniffBytes = 64 << 10

// delimiters are the bytes that may divide fields, likeliest first: a tie goes
// to the earlier.
const delimiters = ",\t;|"

// settleDelimiter lets the first rows vote. Excel's own "sep=;" line decides
// without a vote and is passed over.
func (t *Text) settleDelimiter() byte {
	if d, n := sepLine(t.buf); d != 0 {
		t.buf, t.next = t.buf[n:], 2
		return d
	}
	best, bestScore := delimiters[0], 0
	for _, d := range []byte(delimiters) {
		if score := t.vote(d); score > bestScore {
			best, bestScore = d, score
		}
	}
	return best
}

// sepLine recognises a first line of "sep=" and one character, and returns
// that character and the line's length with its end.
func sepLine(b []byte) (delimiter byte, n int) {
	if len(b) < 6 || !strings.EqualFold(string(b[:4]), "sep=") || strings.IndexByte(delimiters, b[4]) < 0 {
		return 0, 0
	}
	if b[5] != '\r' && b[5] != '\n' {
		return 0, 0
	}
	return b[4], 5 + breakLen(b[5:])
}

// vote scores a delimiter: how evenly it divides the first rows, then into how
// many fields. A delimiter that divides nothing scores nothing.
func (t *Text) vote(d byte) int {
	const rows = 50
	trial := &Text{src: bytes.NewReader(nil), buf: t.buf, eof: t.eof, delimiter: d, line: 1, next: 1}
	counts := map[int]int{}
	seen := 0
	for seen < rows && trial.trialRow() {
		if len(trial.raw) == 0 {
			continue
		}
		counts[len(trial.fields)]++
		seen++
	}
	agree, fields := 0, 0
	for n, c := range counts {
		if c > agree || c == agree && n > fields {
			agree, fields = c, n
		}
	}
	if fields < 2 {
		return 0
	}
	return agree*1000/seen*maxFields + min(fields, maxFields-1)
}

// trialRow splits the next row of the sample; a last row cut off by the end of
// the sample does not count.
func (t *Text) trialRow() bool {
	t.buf, t.used = t.buf[t.used:], 0
	return len(t.buf) > 0 && t.split()
}
