package access

import (
	"strings"
	"unicode"
)

// guessable are the stems of the passwords that are tried first. A password is
// refused when, without its digits and signs, it is made of these alone.
var guessable = []string{
	"password", "passwort", "passphrase", "passw", "pass", "secret", "letmein", "letme", "welcome", "changeme", "change",
	"admin", "administrator", "root", "user", "guest", "login", "test", "testing", "default", "temp", "temporary",
	"qwertyuiop", "qwerty", "qwertz", "azerty", "asdfghjkl", "asdfgh", "asdf", "zxcvbnm", "zxcvbn", "qazwsxedc", "qazwsx", "qaz", "wsx",
	"abcdefghijkl", "abcdefgh", "abcdef", "abcd", "abc",
	"iloveyou", "love", "dragon", "monkey", "football", "baseball", "superman", "batman", "princess", "sunshine",
	"master", "shadow", "liverpool", "arsenal", "chelsea", "everton", "london", "england", "britain",
	"openvru", "vru", "violencereduction", "violence", "reduction", "unit", "police", "hospital",
	"january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december",
	"spring", "summer", "autumn", "winter", "monday", "friday", "hello", "the", "my", "is", "i", "me", "you", "and", "one", "two", "three",
}

// lookalikes are the signs that people write for letters.
var lookalikes = strings.NewReplacer("0", "o", "1", "l", "3", "e", "4", "a", "5", "s", "7", "t", "@", "a", "$", "s", "!", "i")

// isGuessable reports whether a password is all digits, one character over and
// over, or made of nothing but guessable words and the person's own.
func isGuessable(password string, p Person) bool {
	lower := strings.ToLower(password)
	if few(lower) {
		return true
	}
	words := guessable
	for _, own := range strings.FieldsFunc(strings.ToLower(p.Name+" "+p.Email), notLetter) {
		words = append(words[:len(words):len(words)], own)
	}
	bare := strings.TrimFunc(lower, notLetter)
	return madeOf(letters(lower), words) || madeOf(letters(lookalikes.Replace(lower)), words) || madeOf(letters(lookalikes.Replace(bare)), words)
}

// few reports whether a text has too few different characters to be a secret.
func few(s string) bool {
	seen := map[rune]bool{}
	for _, r := range s {
		seen[r] = true
	}
	return len(seen) < 5
}

func notLetter(r rune) bool { return !unicode.IsLetter(r) }

// letters returns the letters of a text alone.
func letters(s string) string {
	return strings.Map(func(r rune) rune {
		if notLetter(r) {
			return -1
		}
		return r
	}, s)
}

// madeOf reports whether a text is a sequence of the words and nothing else;
// the empty text is.
func madeOf(s string, words []string) bool {
	reach := make([]bool, len(s)+1) // reach[i]: s[:i] is made of words
	reach[0] = true
	for i := range s {
		if !reach[i] {
			continue
		}
		for _, w := range words {
			if w != "" && strings.HasPrefix(s[i:], w) {
				reach[i+len(w)] = true
			}
		}
	}
	return reach[len(s)]
}
