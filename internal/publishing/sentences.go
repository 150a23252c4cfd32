package publishing

import (
	"math"

	"openvru/internal/analysis"
	"openvru/internal/disclosure"
	"openvru/internal/ids"
	"openvru/internal/table"
)

// Sentences are computed from figures that have passed the gate. What a figure
// does not say, no sentence says.

// headline is the message of a measure, as short as it is true.
func (b *builder) headline(spec measure, sp span, c comparison) Text {
	t := Text{}.words(spec.noun)
	when := " in " + sp.of(yearName(b.m.Year))
	x, okA := b.reg.value(c.a)
	y, okB := b.reg.value(c.b)
	percent, okP := b.reg.value(c.percent)
	switch {
	case !okA || !okB:
		return t.words(": the counts" + when + " are too small to show")
	case x == y:
		return t.words(spec.verb(" was", " were") + " the same" + when + " as in " + sp.of(yearName(b.m.Against)))
	case b.reg.rule != disclosure.Open:
		// Without an interval nothing can be said of chance, so only the counts are given.
		return t.words(": ").figure(b.shown(c.b), c.b).words(when+", against ").figure(b.shown(c.a), c.a).words(" in " + sp.of(yearName(b.m.Against)))
	case c.exact.Sure == analysis.TooFew:
		return t.words(": too few" + when + " to say whether anything changed")
	case c.exact.Sure == analysis.Unclear:
		return Text{}.words("No clear change in " + lowerFirst(spec.noun) + when)
	case !okP:
		return b.both(t.words(fellOrRose(y-x)+" from "), c).words(when)
	}
	return t.words(fellOrRose(y-x)+" by ").figure(size(percent, 1)+"%", c.percent).words(when)
}

func (m measure) verb(one, many string) string {
	if m.plural {
		return many
	}
	return one
}

// both appends "39,928 to 27,586".
func (b *builder) both(t Text, c comparison) Text {
	return t.figure(b.shown(c.a), c.a).words(" to ").figure(b.shown(c.b), c.b)
}

func (b *builder) shown(id ids.Figure) string { return b.reg.figures[id].Shown }

// body gives the counts, the difference and how sure it is.
func (b *builder) body(s *Series, sp span, c comparison) Text {
	if b.hidden(c) {
		return Text{}.words("The counts are too small to show without a risk of identifying somebody.")
	}
	t := Text{}.words("There were ").figure(b.shown(c.b), c.b).words(" "+s.Unit+" in "+sp.of(yearName(b.m.Year))+", against ").
		figure(b.shown(c.a), c.a).words(" in " + sp.of(yearName(b.m.Against)))
	return b.difference(t, c).words(".").join(b.surety(c))
}

// afterBody says the same of the months after the day that divides the year.
func (b *builder) afterBody(s *Series, c comparison) Text {
	if b.hidden(c) {
		return nil
	}
	t := Text{}.words("In "+c.label+", there were ").figure(b.shown(c.b), c.b).words(", against ").
		figure(b.shown(c.a), c.a).words(" in the same months of " + yearName(b.m.Against))
	return b.difference(t, c).words(".").join(b.surety(c))
}

func (b *builder) hidden(c comparison) bool {
	_, okA := b.reg.value(c.a)
	_, okB := b.reg.value(c.b)
	return !okA || !okB
}

// difference appends ": 12,342 fewer (30.9%)".
func (b *builder) difference(t Text, c comparison) Text {
	d, ok := b.reg.value(c.difference)
	if !ok {
		return t
	}
	if d == 0 {
		return t.words(": no difference")
	}
	t = t.words(": ").figure(size(d, 0), c.difference).words(moreOrFewer(d))
	if p, ok := b.reg.value(c.percent); ok {
		t = t.words(" (").figure(size(p, 1)+"%", c.percent).words(")")
	}
	return t
}

// surety puts the interval of a change into words.
func (b *builder) surety(c comparison) Text {
	low, okL := b.reg.value(c.low)
	high, okH := b.reg.value(c.high)
	if !okL || !okH {
		return b.suretyInWords(c)
	}
	t := Text{}.words("Allowing for chance, the change lies between ").figure(change(low), c.low).
		words(" and ").figure(change(high), c.high).words(" (95% interval)")
	if low <= 0 && high >= 0 {
		return t.words(", so there may have been no change.")
	}
	return t.words(".")
}

// suretyInWords is what is said of chance where the counts are too small for a
// percentage. Under a rule that hides or rounds, the exact counts may not speak.
func (b *builder) suretyInWords(c comparison) Text {
	switch {
	case b.reg.rule != disclosure.Open, c.exact.Difference == 0:
		return nil
	case c.exact.Sure == analysis.TooFew:
		return Text{}.words("These are too few to say whether anything changed.")
	case c.exact.Sure == analysis.Unclear:
		return Text{}.words("A difference of this size could well be chance.")
	}
	return Text{}.words("A difference of this size is unlikely to be chance alone.")
}

// change is a percentage change in words: "a fall of 31.9%".
func change(percent float64) string {
	switch p := math.Round(percent*10) / 10; {
	case p < 0:
		return "a fall of " + size(percent, 1) + "%"
	case p > 0:
		return "a rise of " + size(percent, 1) + "%"
	}
	return "no change"
}

// size is a number without its sign, which the words carry.
func size(v float64, decimals int) string { return table.Fixed(math.Abs(v), decimals) }

func fellOrRose(d float64) string {
	if d < 0 {
		return " fell"
	}
	return " rose"
}

func moreOrFewer(d float64) string {
	if d < 0 {
		return " fewer"
	}
	return " more"
}
