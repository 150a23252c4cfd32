package analysis

import "fmt"

// explain writes the comparison's notes and its sentence.
func (c *Comparison) explain() {
	c.Sentence = c.sentence()
	if c.LikeWise && c.Why == "" {
		c.note("%s", c.likeWords())
	}
	for _, b := range c.Breaks {
		c.note("%s", b.Sentence)
	}
	if c.Daily && c.Change != nil {
		c.note("The two periods differ in length, so the change is that of the counts a day.")
	}
	if !c.Daily && c.Now.Range.From.Of() != c.Before.Range.From.Of() {
		c.note("The two periods are not the same part of the year, so the change holds the season too.")
	}
	if r := c.Now.Rate; r != nil && c.Now.Summed {
		c.noteRates(r)
	}
	if c.Change != nil && c.Change.Sure > TooFew {
		c.note("The interval takes each event to be by itself; crimes that come in clusters vary more, so it is a little too narrow.")
	}
}

func (c *Comparison) note(format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	for _, n := range c.Notes {
		if n == text {
			return
		}
	}
	c.Notes = append(c.Notes, text)
}

func (c *Comparison) noteRates(now *Rate) {
	note := fmt.Sprintf("Rate: %s, against %s.", now.Text(), c.Before.Rate.Text())
	if !c.Before.Summed {
		note = fmt.Sprintf("Rate: %s.", now.Text())
	}
	if now.Months != 12 {
		note += " The rates are of the months counted, not of a year."
	}
	if now.Note != "" {
		note += " The population is estimated: " + now.Note + "."
	}
	c.note("%s", note)
}

// likeWords says which months stand for the periods.
func (c *Comparison) likeWords() string {
	missing := append(append([]string(nil), sideMissing(&c.Before)...), sideMissing(&c.Now)...)
	if c.Daily {
		return fmt.Sprintf("No figures are kept for %s, so %s is compared with %s.", list(missing), monthList(c.Now.Months), monthList(c.Before.Months))
	}
	return fmt.Sprintf("No figures are kept for %s, so like is compared with like: %s with %s.", list(missing), monthList(c.Now.Months), monthList(c.Before.Months))
}

func sideMissing(s *Side) []string {
	if len(s.Missing) == 0 {
		return nil
	}
	return []string{monthList(s.Missing)}
}

// sentence says the whole: "Robbery in London: 27,586 offences in 2020 against
// 39,928 in 2019, lower by 31%; a fall this size would hardly come from chance
// (95% interval −32% to −30%)."
func (c *Comparison) sentence() string {
	where := c.Series.Title + " in " + placeTitle(c.Place) + ": "
	if c.Change == nil && (len(c.Now.Months) == 0 || len(c.Before.Months) == 0) {
		return where + lowerFirst(c.Why)
	}
	counts := fmt.Sprintf("%s in %s against %s in %s", c.sideCount(&c.Now, true), monthList(c.Now.Months), c.sideCount(&c.Before, false), monthList(c.Before.Months))
	if c.Change == nil {
		return where + counts + ". " + c.Why
	}
	return where + counts + ", " + c.Change.Words() + "."
}

func (c *Comparison) sideCount(s *Side, unit bool) string {
	switch {
	case !s.Summed:
		return "figures that cannot be added up"
	case unit:
		return units(s.Total, c.Series)
	}
	return count(s.Total)
}

func lowerFirst(s string) string {
	if s == "" {
		return s
	}
	return string(s[0]|0x20) + s[1:]
}
