package chart

// keyed is a look with what it stands for.
type keyed struct {
	look  Look
	words string
	x, y  float64
}

// key says above the picture what each kind of line stands for.
type key struct {
	entries []keyed
	height  float64
}

const (
	keySample = 34.0
	keyRow    = 22.0
)

// key lays the entries out in rows as wide as the picture.
func (t Trend) key(size Size) key {
	var k key
	for _, l := range t.Lines {
		if l.Key != "" {
			k.entries = append(k.entries, keyed{look: l.Look, words: l.Key})
		}
		if l.Turns && l.After != "" {
			k.entries = append(k.entries, keyed{look: After, words: l.After})
		}
	}
	x, y := 0.0, keyRow-6
	for i := range k.entries {
		e := &k.entries[i]
		w := keySample + 6 + width(e.words, textSize, false)
		if x > 0 && x+w > float64(size) {
			x, y = 0, y+keyRow
		}
		e.x, e.y = x, y
		x += w + 20
	}
	if len(k.entries) > 0 {
		k.height = y + 8
	}
	return k
}

func (k key) draw(d *drawing) {
	for _, e := range k.entries {
		y := e.y - 5
		pens[e.look].stroke(d, commands([]point{{x: e.x, y: y}, {x: e.x + keySample, y: y}}))
		pens[e.look].marker(d, e.x+keySample/2, y, e.words)
		d.text(e.x+keySample+6, e.y, "start", e.words, textSize, false, ink)
	}
}
