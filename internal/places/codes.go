package places

import (
	"slices"
	"strings"

	"openvru/internal/ids"
)

// validCode reports whether a text has the form of a GSS code: a letter and
// eight digits.
func validCode(s string) bool {
	if len(s) != 9 || s[0] < 'A' || s[0] > 'Z' {
		return false
	}
	return strings.Trim(s[1:], "0123456789") == ""
}

// codeOf reports whether a code is one of the kind a level is of. Levels
// without published codes take any.
func codeOf(l ids.Level, code string) bool {
	t, ok := TypeOf(l)
	if !ok || len(t.Prefixes) == 0 {
		return code != ""
	}
	return validCode(code) && slices.Contains(t.Prefixes, code[:3])
}

// kindOfCode returns the kind of place a code is of, told from its first
// letters.
func kindOfCode(code string) (Type, bool) {
	if !validCode(code) {
		return Type{}, false
	}
	i := slices.IndexFunc(types, func(t Type) bool { return slices.Contains(t.Prefixes, code[:3]) })
	if i < 0 {
		return Type{}, false
	}
	return types[i], true
}
