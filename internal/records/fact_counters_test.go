package records

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

// TestCountersCountLikeWholeNumbers: sixteen bits and a carry are a count of
// any size, whichever page counted what.
func TestCountersCountLikeWholeNumbers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		const size = 4
		a, b := newCounters(size), newCounters(size)
		var want [size]int64
		for range rapid.IntRange(0, 60).Draw(t, "adds") {
			i := rapid.IntRange(0, size-1).Draw(t, "at")
			n := rapid.OneOf(rapid.Int32Range(0, 3), rapid.Int32Range(65_000, 66_000), rapid.Int32Range(0, math.MaxInt32)).Draw(t, "n")
			page := a
			if rapid.Bool().Draw(t, "second") {
				page = b
			}
			page.add(i, n)
			want[i] += int64(n)
		}
		a.merge(b)
		for i := range want {
			if got := a.at(i); got != want[i] {
				t.Fatalf("at %d: %d, counted %d", i, got, want[i])
			}
		}
	})
}
