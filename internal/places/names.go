package places

import (
	"strings"
	"unicode"

	"openvru/internal/ids"
)

// FindName returns the place of a level that has a name, however it is
// written: capitals, "&" for "and" and punctuation do not matter. A name that
// two places of the level share finds neither.
func (a *Atlas) FindName(l ids.Level, name string) (Place, bool) {
	y := a.layers[l]
	if y == nil {
		return Place{}, false
	}
	y.namesOnce.Do(y.indexNames)
	r, ok := y.byName[Fold(name)]
	if !ok || r == None {
		return Place{}, false
	}
	return a.Place(l, r), true
}

func (y *layer) indexNames() {
	y.byName = make(map[string]Ref, len(y.names))
	for r, name := range y.names {
		key := Fold(name)
		if _, twice := y.byName[key]; twice {
			y.byName[key] = None
			continue
		}
		y.byName[key] = Ref(r)
	}
}

// Fold returns a name as names are compared: lower case, "&" as "and", spaces
// and punctuation taken out, and without the words that some files put around
// a borough's name.
func Fold(name string) string {
	words := strings.FieldsFunc(strings.ReplaceAll(strings.ToLower(name), "&", " and "), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '\'' && r != '’' && r != '.'
	})
	for i, w := range words {
		words[i] = strings.Map(lettersOnly, w)
	}
	key := strings.Join(words, " ")
	for _, prefix := range []string{"london borough of ", "royal borough of "} {
		key = strings.TrimPrefix(key, prefix)
	}
	if other, ok := otherNames[key]; ok {
		return other
	}
	return key
}

// lettersOnly drops the marks inside a word: "St. John's" is "st johns".
func lettersOnly(r rune) rune {
	if unicode.IsLetter(r) || unicode.IsDigit(r) {
		return r
	}
	return -1
}

// otherNames are names by which published files call a place, folded.
var otherNames = map[string]string{
	"city of westminster":                   "westminster",
	"westminster city of":                   "westminster",
	"london city of":                        "city of london",
	"city and county of the city of london": "city of london",
}
