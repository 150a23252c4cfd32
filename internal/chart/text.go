package chart

import "strings"

// width estimates how wide words are in the font, so that labels can be laid
// out without a browser. The widths are those of the usual sans-serif faces,
// rounded up a little: a label that turns out narrower does no harm.
func width(words string, size float64, bold bool) float64 {
	total := 0.0
	for _, r := range words {
		total += em(r)
	}
	if bold {
		total *= 1.08
	}
	return total * size
}

// em is the width of one character as a part of the font's size.
func em(r rune) float64 {
	switch {
	case strings.ContainsRune("ijl.,:;'|!", r):
		return 0.28
	case strings.ContainsRune("ftrI()[]- /", r):
		return 0.34
	case strings.ContainsRune("mMW%—", r):
		return 0.9
	case r >= 'A' && r <= 'Z', r == 'w', r == '&':
		return 0.73
	case strings.ContainsRune("cksvxyzJ", r):
		return 0.52
	}
	return 0.57
}
