package records

import (
	"openvru/internal/ids"
	"openvru/internal/places"
)

// words numbers texts in the order they are first met; 0 is the empty text.
type words struct {
	text  []string
	index map[string]uint32
}

// maxWords bounds how many different texts of one kind a submission keeps: a
// source whose every row says something else would not be words but free
// text, which stays in the file as sent.
const maxWords = 1 << 20

// otherWords is kept in the place of texts past maxWords.
const otherWords = "(see the file as sent)"

func newWords() words { return words{text: []string{""}, index: map[string]uint32{"": 0}} }

func (w *words) number(text string) uint32 {
	if n, ok := w.index[text]; ok {
		return n
	}
	if len(w.text) >= maxWords && text != otherWords {
		return w.number(otherWords)
	}
	n := uint32(len(w.text))
	w.text = append(w.text, text)
	w.index[text] = n
	return n
}

// sentPlace is a place as sent, resolved once however many rows name it.
type sentPlace struct {
	text  string
	known bool
	at    []places.Ref // at each of the sink's levels, None where the code says nothing
	only  ids.Level    // the one vintage the code belongs to; "" when several or none
}

// resolve finds a sent place at each of the sink's levels.
func (s *Sink) resolve(p SentPlace) sentPlace {
	out := sentPlace{text: p.Text, at: make([]places.Ref, len(s.levels))}
	for i := range out.at {
		out.at[i] = places.None
	}
	vintages := 0
	for _, q := range p.At {
		ref, ok := s.atlas.Ref(q)
		if !ok {
			continue
		}
		out.known = true
		out.only = q.Level
		vintages++
		for i, l := range s.levels {
			if l == q.Level {
				out.at[i] = ref
			}
		}
	}
	if vintages != 1 {
		out.only = ""
	}
	return out
}
