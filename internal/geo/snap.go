package geo

import "math"

// snapper gives points that are near each other one number: that of the first
// of them. It looks points up by squares a few times as wide as the distance,
// so that most times one square is enough.
type snapper struct {
	snap   float64
	square float64
	points []Point
	next   []int32 // the point before in the same square, or -1
	latest map[[2]int64]int32
}

func newSnapper(snap float64) *snapper {
	return &snapper{snap: snap, square: max(8*snap, 1e-12), latest: map[[2]int64]int32{}}
}

func (s *snapper) squareOf(x, y float64) [2]int64 {
	return [2]int64{int64(math.Floor(x / s.square)), int64(math.Floor(y / s.square))}
}

// number returns the number of the first known point within the distance, or
// a new one.
func (s *snapper) number(p Point) int32 {
	home := s.squareOf(p.X, p.Y)
	low, high := s.squareOf(p.X-s.snap, p.Y-s.snap), s.squareOf(p.X+s.snap, p.Y+s.snap)
	found := int32(-1)
	for x := low[0]; x <= high[0]; x++ {
		for y := low[1]; y <= high[1]; y++ {
			found = s.first(found, [2]int64{x, y}, p)
		}
	}
	if found >= 0 {
		return found
	}
	number := int32(len(s.points))
	before, known := s.latest[home]
	if !known {
		before = -1
	}
	s.points, s.next = append(s.points, p), append(s.next, before)
	s.latest[home] = number
	return number
}

// first returns the lowest of found and the square's points near p.
func (s *snapper) first(found int32, square [2]int64, p Point) int32 {
	at, known := s.latest[square]
	for known && at >= 0 {
		if squared(p, s.points[at]) <= s.snap*s.snap && (found < 0 || at < found) {
			found = at
		}
		at = s.next[at]
	}
	return found
}
