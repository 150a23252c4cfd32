package bng

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"openvru/internal/errs"
	"openvru/internal/geo"
)

// gridLetters names the squares of a block of five by five, from the
// north-west corner along the rows; the grid does without I.
const gridLetters = "ABCDEFGHJKLMNOPQRSTUVWXYZ"

// squareSize is the side of the squares that two letters name, in metres.
const squareSize = 100_000

// FormatGridRef returns the grid reference of an easting and northing with the
// given number of digits for each, 0 to 5: 3 gives the usual hundred-metre
// square, "TQ 300 803". A reference names the square's south-west corner, so
// digits are cut and not rounded.
func FormatGridRef(p geo.Point, digits int) (string, error) {
	if !Contains(p) {
		return "", offGrid("The position %.0f,%.0f", p.X, p.Y)
	}
	if digits < 0 || digits > 5 {
		return "", errs.New(errs.Invalid, "A grid reference has 0 to 5 digits for each direction, not %d.", digits)
	}
	e, n := int(p.X), int(p.Y)
	name := squareName(e/squareSize, n/squareSize)
	if digits == 0 {
		return name, nil
	}
	cut := int(math.Pow10(5 - digits))
	return fmt.Sprintf("%s %0*d %0*d", name, digits, e%squareSize/cut, digits, n%squareSize/cut), nil
}

// squareName returns the two letters of a square, counted from the grid's
// origin, which is the south-west corner of SV.
func squareName(column, row int) string {
	column, row = column+10, row+5 // from the corner of the lettering, below V
	block := (4-row/5)*5 + column/5
	square := (4-row%5)*5 + column%5
	return string([]byte{gridLetters[block], gridLetters[square]})
}

// ParseGridRef returns the south-west corner of the square that a grid
// reference names: "TQ 300 803", "tq300803" or "TQ".
func ParseGridRef(ref string) (geo.Point, error) {
	text := strings.ToUpper(strings.Join(strings.Fields(ref), ""))
	if len(text) < 2 || len(text) > 12 || len(text)%2 != 0 {
		return geo.Point{}, badRef(ref)
	}
	block, square := strings.IndexByte(gridLetters, text[0]), strings.IndexByte(gridLetters, text[1])
	if block < 0 || square < 0 {
		return geo.Point{}, badRef(ref)
	}
	half := (len(text) - 2) / 2
	e, okE := digitsOf(text[2 : 2+half])
	n, okN := digitsOf(text[2+half:])
	if !okE || !okN {
		return geo.Point{}, badRef(ref)
	}
	p := geo.Point{
		X: float64(((block%5)*5+square%5-10)*squareSize + e),
		Y: float64(((4-block/5)*5+4-square/5-5)*squareSize + n),
	}
	if !Contains(p) {
		return geo.Point{}, offGrid("The grid reference %q", ref)
	}
	return p, nil
}

// digitsOf reads up to five digits as metres: "3" is 30,000.
func digitsOf(text string) (int, bool) {
	for _, r := range text {
		if r < '0' || r > '9' {
			return 0, false
		}
	}
	n, err := strconv.Atoi((text + "00000")[:5])
	return n, err == nil
}

func badRef(ref string) error {
	return errs.New(errs.Invalid, "%q is not a National Grid reference.", ref).
		WithHint("Write two letters and the same number of digits for easting and northing, such as TQ 300 803.")
}
