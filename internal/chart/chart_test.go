package chart

import (
	"math"
	"strings"
	"testing"
	"time"

	"openvru/internal/period"
	"pgregory.net/rapid"
)

func TestScaleStartsAtZeroAndEndsAboveTheHighest(t *testing.T) {
	for _, c := range []struct {
		highest   float64
		whole     bool
		top, step float64
		label     string
	}{
		{3620, true, 4000, 1000, "1,000"},
		{222048, true, 250000, 50000, "50,000"},
		{3, true, 3, 1, "1"},
		{0, true, 1, 1, "1"},
		{math.NaN(), true, 1, 1, "1"},
		{0.03, false, 0.03, 0.01, "0.01"},
		{9.8, false, 10, 2, "2"},
		{2.4, false, 2.5, 0.5, "0.5"},
	} {
		s := newScale(c.highest, 5, c.whole)
		if math.Abs(s.top-c.top) > 1e-9 || math.Abs(s.step-c.step) > 1e-9 || s.label(s.step) != c.label {
			t.Errorf("newScale(%v): top %v step %v label %q, want %v %v %q", c.highest, s.top, s.step, s.label(s.step), c.top, c.step, c.label)
		}
	}
}

func TestScaleHasFewRoundTicks(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		highest := rapid.Float64Range(1, 1e9).Draw(t, "highest")
		s := newScale(highest, 5, true)
		ticks := s.ticks()
		if ticks[0] != 0 || ticks[len(ticks)-1] < highest*(1-1e-6) || len(ticks) > 6+1 {
			t.Fatalf("ticks of %v: %v", highest, ticks)
		}
	})
}

func TestMonthLabelsNeverCollide(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		months := rapid.IntRange(1, 240).Draw(t, "months")
		step := rapid.Float64Range(200, 640).Draw(t, "width") / float64(months)
		last := -1e9
		for i, name := range monthLabels(period.NewMonth(2011, 4), months, step) {
			if name == "" {
				continue
			}
			left := float64(i)*step - width(name, smallSize, false)/2
			if left < last {
				t.Fatalf("%q at %v begins before the last label ends at %v", name, left, last)
			}
			last = left + width(name, smallSize, false)
		}
	})
}

func TestEndLabelsKeepApartAndInside(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ys := rapid.SliceOfN(rapid.Float64Range(50, 250), 1, 5).Draw(t, "ys")
		ends := make([]end, len(ys))
		for i, y := range ys {
			ends[i].y = y
		}
		spread(ends, 50, 250)
		for i := range ends {
			if ends[i].place < 50 || ends[i].place > 250 {
				t.Fatalf("label at %v of a plot from 50 to 250", ends[i].place)
			}
			for j := range i {
				if math.Abs(ends[i].place-ends[j].place) < endHeight-1e-9 {
					t.Fatalf("labels at %v and %v lie on each other", ends[i].place, ends[j].place)
				}
			}
		}
	})
}

func TestEventLabelsNeverLieOnEachOther(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		size := rapid.SampledFrom([]Size{Wide, Narrow}).Draw(t, "size")
		p := plot{left: 40, right: float64(size) - 60}
		p.step = (p.right - p.left) / 12
		var events []placed
		for _, at := range rapid.SliceOfN(rapid.Float64Range(0, 12), 1, 6).Draw(t, "at") {
			events = append(events, placed{Event: Event{day("2020-12-16"), "London in Tier 3"}, months: at})
		}
		got := placeEvents(events, p, float64(size))
		for i, a := range got {
			if a.left < 0 || a.right > float64(size)+1e-9 {
				t.Fatalf("%q runs from %v to %v of %v", a.words, a.left, a.right, size)
			}
			for _, b := range got[:i] {
				if a.row == b.row && a.left < b.right && b.left < a.right {
					t.Fatalf("two labels share row %d", a.row)
				}
			}
		}
	})
}

// A line turns on the very day: the part before and the part after meet where
// the day lies between the months.
func TestLineTurnsOnTheDay(t *testing.T) {
	run := []point{{x: 0, y: 0}, {x: 10, y: 100, after: true}, {x: 20, y: 50, after: true}}
	before, after := split(run, 4)
	if len(before) != 2 || len(after) != 3 || before[1].x != 4 || before[1].y != 40 || after[0] != before[1] {
		t.Fatalf("split: %+v and %+v", before, after)
	}
}

func TestDayOnTheAxis(t *testing.T) {
	first := period.NewMonth(2020, 1)
	for d, want := range map[string]float64{"2020-01-01": 0, "2020-03-23": 2 + 22.0/31, "2020-12-16": 11 + 15.0/31, "2019-12-01": -1} {
		if got := monthsFrom(first, day(d)); math.Abs(got-want) > 1e-12 {
			t.Errorf("%s lies at %v, want %v", d, got, want)
		}
	}
}

// Grey print and colour blindness: looks differ in more than colour.
func TestLooksDifferInMoreThanColour(t *testing.T) {
	seen := map[string]bool{}
	for look, p := range pens {
		var d drawing
		p.marker(&d, 0, 0, "")
		shape := d.b.String()
		for _, colour := range []string{blue, yellow, red, "#5c4500"} {
			shape = strings.ReplaceAll(shape, colour, "")
		}
		key := p.dash + p.edge + coord(p.width) + shape
		if seen[key] {
			t.Errorf("look %d differs from another in colour only", look)
		}
		seen[key] = true
	}
}

// Contrast of what carries meaning with the white page: WCAG 2.2, 1.4.3 and 1.4.11.
func TestContrast(t *testing.T) {
	for colour, least := range map[string]float64{ink: 4.5, grey: 4.5, blue: 4.5, red: 4.5, "#5c4500": 3} {
		if got := 1.05 / (luminance(colour) + 0.05); got < least {
			t.Errorf("%s on white has %.1f to 1, want %v", colour, got, least)
		}
	}
}

func luminance(colour string) float64 {
	total := 0.0
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		var v int
		for _, c := range colour[1+2*i : 3+2*i] {
			v = v*16 + strings.IndexRune("0123456789abcdef", c)
		}
		s := float64(v) / 255
		if s <= 0.04045 {
			s /= 12.92
		} else {
			s = math.Pow((s+0.055)/1.055, 2.4)
		}
		total += weight * s
	}
	return total
}

func TestWordsAreEscaped(t *testing.T) {
	tr := robbery()
	tr.Title, tr.Lines[0].Name = `<script>"&'`, "<b>"
	if svg := tr.SVG(Wide); strings.Contains(svg, "<script>") || strings.Contains(svg, "<b>") {
		t.Error("words reached the picture unescaped")
	}
}

func TestEmptyAndLoneValuesDraw(t *testing.T) {
	tr := Trend{ID: "x", First: period.NewMonth(2020, 1), Months: 12, Turn: time.Time{}}
	tr.Lines = []Line{{Name: "2020", Look: Now, Turns: true, Values: []float64{math.NaN(), 4, math.NaN()}}, {Name: "none"}}
	if svg := tr.SVG(Narrow); strings.Contains(svg, "NaN") || !strings.Contains(svg, "February 2020: 4") {
		t.Errorf("a lone month is not drawn:\n%s", svg)
	}
}
