package table

import "strconv"

// Thousands writes a whole number as British readers expect: 222,048.
func Thousands(n int64) string {
	if n < 0 {
		return "−" + Thousands(-n)
	}
	s := strconv.FormatInt(n, 10)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
