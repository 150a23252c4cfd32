package intake

import (
	"context"
	"slices"
	"strings"

	"openvru/internal/records"
	"openvru/internal/table"
)

// sheet is a delimited file read by a source's declaration: it finds the
// header, knows which field each declared column is in, and turns the oddities
// of the text into findings.
type sheet struct {
	*Text
	source  *records.Source
	found   *records.Findings
	header  []string
	columns []int // field of each of source.Columns, -1 when it is not there
	free    []int // fields that no declared column has
	row     int64 // rows read below the header
	ctx     context.Context
}

// headerRows is how many rows are searched for the header: some files begin
// with a title.
const headerRows = 20

// openSheet opens the file and reads to its header. ok is false when required
// columns are missing; the findings then say which, and there is nothing more
// to read.
func openSheet(ctx context.Context, in *records.Input, out *records.Sink) (s *sheet, ok bool, err error) {
	return newSheet(ctx, in, out.Source(), out.Findings())
}

func newSheet(ctx context.Context, in *records.Input, src *records.Source, found *records.Findings) (s *sheet, ok bool, err error) {
	stream, err := unpacked(in.Stream)
	if err != nil {
		return nil, false, err
	}
	text, err := OpenText(stream)
	if err != nil {
		return nil, false, err
	}
	s = &sheet{Text: text, source: src, found: found, ctx: ctx}
	text.Note = func(what TextNote, line int64, column int) {
		s.add(noteRule[what], records.Example{Line: line, Column: character(column)})
	}
	ok = s.findHeader()
	return s, ok, text.Err()
}

// add counts a case of a rule.
func (s *sheet) add(rule string, e records.Example) { s.found.Add(s.found.Index(rule), e) }

// wants counts a case of a rule without an example, unless one would still be
// kept: then it does nothing and returns true.
func (s *sheet) wants(rule string) bool {
	i := s.found.Index(rule)
	if s.found.Wants(i) {
		return true
	}
	s.found.AddMany(i, 1)
	return false
}

// tell counts a case of a rule at field i of the row.
func (s *sheet) tell(rule string, i int) {
	if s.wants(rule) {
		s.add(rule, s.at(i))
	}
}

// say sets the sentence of a rule.
func (s *sheet) say(rule, sentence string) { s.found.Say(s.found.Index(rule), sentence) }

// at is an example that shows field i of the row.
func (s *sheet) at(i int) records.Example {
	line, column := s.Pos(i)
	name := character(column)
	if i >= 0 && i < len(s.header) && s.header[i] != "" {
		name = shortName(s.header[i]) + ", " + name
	}
	return records.Example{Line: line, Column: name, Value: string(s.Field(i))}
}

// findHeader reads until the row that has every required column. When none of
// the first rows has, the one with most of them is taken for the header and
// what it lacks is told.
func (s *sheet) findHeader() bool {
	var best []string
	var titles []records.Example
	bestLine, bestHas := int64(1), -1
	for range headerRows {
		if !s.Next() {
			break
		}
		row := s.strings()
		has, all := s.required(row)
		if all {
			for _, e := range titles {
				s.add(ruleTitleRow, e)
			}
			s.settleHeader(row)
			return true
		}
		if has > bestHas {
			best, bestLine, bestHas = row, s.Line(), has
		}
		titles = append(titles, records.Example{Line: s.Line(), Value: strings.Join(row, " ")})
	}
	if s.Err() == nil {
		s.missing(best, bestLine)
	}
	return false
}

func (s *sheet) strings() []string {
	out := make([]string, s.Len())
	for i := range out {
		out[i] = string(s.Field(i))
	}
	return out
}

// required counts the required columns that a row has headings of, and says
// whether it has all of them.
func (s *sheet) required(row []string) (has int, all bool) {
	all = true
	for i := range s.source.Columns {
		c := &s.source.Columns[i]
		if !c.Required {
			continue
		}
		met := hasHeading(c, row)
		if met && !c.Repeats { // a month may stand in any row
			has++
		}
		all = all && met
	}
	return has, all
}

func hasHeading(c *records.Column, row []string) bool {
	return slices.ContainsFunc(row, func(h string) bool { return isHeading(c, h) })
}

// isHeading reports whether a heading names a column; a column that repeats is
// named by any month.
func isHeading(c *records.Column, heading string) bool {
	if c.Repeats {
		_, ok := parseMonth(heading)
		return ok
	}
	want := foldHeading(heading)
	if want == foldHeading(c.Name) {
		return want != ""
	}
	for _, a := range c.Aliases {
		if want == foldHeading(a) {
			return true
		}
	}
	return false
}

// foldHeading brings spellings of a heading together: "Month_Year",
// "month year " and "MonthYear" are one.
func foldHeading(s string) string { return strings.ReplaceAll(records.Fold(s), " ", "") }

// settleHeader finds each declared column in the header.
func (s *sheet) settleHeader(row []string) {
	for len(row) > 0 && row[len(row)-1] == "" {
		row = row[:len(row)-1] // empty columns at the edge of a spreadsheet
	}
	s.header, s.columns = row, make([]int, len(s.source.Columns))
	taken := make([]bool, len(row))
	for c := range s.source.Columns {
		col := &s.source.Columns[c]
		s.columns[c] = -1
		for i, h := range row {
			if col.Repeats || taken[i] || !isHeading(col, h) {
				continue
			}
			taken[i] = true
			if s.columns[c] >= 0 {
				s.add(ruleRepeatedColumn, s.at(i))
				continue
			}
			s.columns[c] = i
		}
	}
	for i := range row {
		if !taken[i] {
			s.free = append(s.free, i)
		}
	}
}

// column returns the field of a declared column, -1 when the file lacks it.
func (s *sheet) column(name string) int {
	for i := range s.source.Columns {
		if s.source.Columns[i].Name == name {
			return s.columns[i]
		}
	}
	panic("intake: source " + string(s.source.ID) + " declares no column " + name)
}

// notUsed tells of a column that the source does not have. Columns without a
// heading are what spreadsheets leave at the edge, and worth no word.
func (s *sheet) notUsed(i int) {
	if s.header[i] != "" {
		s.add(ruleUnknownColumn, s.at(i))
	}
}

// missing tells which required columns the file lacks and, where the header
// shows it, what the file is instead.
func (s *sheet) missing(row []string, line int64) {
	var lacks []string
	for i := range s.source.Columns {
		c := &s.source.Columns[i]
		if c.Required && !hasHeading(c, row) {
			name := c.Name
			if c.Repeats {
				name = c.Example + " (one for each month)"
			}
			lacks = append(lacks, name)
			s.add(ruleMissingColumn, records.Example{Line: line, Column: c.Name})
		}
	}
	sentence := "The file has no column " + listed(lacks) + "."
	if len(lacks) > 1 {
		sentence = "The file lacks these columns: " + listed(lacks) + "."
	}
	if what := knownHeader(s.source.ID, row); what != "" {
		sentence += " It looks like " + what + "."
	} else if shown := shownHeader(row); shown != "" {
		sentence += " Its header has: " + shown + "."
	}
	s.say(ruleMissingColumn, sentence)
}

// shownHeadings is how many headings a sentence names.
const shownHeadings = 12

// shownHeader is the start of a header as a sentence shows it: what was taken
// for the header may be a page of a book.
func shownHeader(row []string) string {
	row = slices.DeleteFunc(slices.Clone(row), func(h string) bool { return h == "" })
	var names []string
	for _, h := range row[:min(len(row), shownHeadings)] {
		names = append(names, shortName(h))
	}
	if more := len(row) - shownHeadings; more > 0 {
		names = append(names, "and "+table.Thousands(int64(more))+" more")
	}
	return strings.Join(names, ", ")
}

// maxName is how many characters of a name a finding shows.
const maxName = 60

// shortName cuts a name short, at a character's edge.
func shortName(name string) string {
	if n := 0; len(name) > maxName {
		for at := range name {
			if n++; n > maxName {
				return name[:at] + "…"
			}
		}
	}
	return name
}

// NextRow reads the next row of data. Empty rows and repeated headers are
// passed over and rows of the wrong length told of: only a row that can be
// used is returned.
func (s *sheet) NextRow() bool {
	for s.Next() {
		if s.Rows()%1024 == 0 && s.ctx.Err() != nil {
			s.err = s.ctx.Err()
			return false
		}
		switch {
		case s.Blank():
			s.add(ruleBlankRow, records.Example{Line: s.Line()})
		case s.isHeader():
			s.add(ruleHeaderAgain, records.Example{Line: s.Line()})
		case !s.even():
			s.row++
			s.ragged()
		default:
			s.row++
			return true
		}
	}
	return false
}

func (s *sheet) isHeader() bool {
	for i, h := range s.header {
		if string(s.Field(i)) != h {
			return false
		}
	}
	return true
}

// even reports whether the row has the header's fields; empty ones beyond do
// no harm.
func (s *sheet) even() bool {
	for i := len(s.header); i < s.Len(); i++ {
		if len(s.Field(i)) > 0 {
			return false
		}
	}
	return s.Len() >= len(s.header)
}

func (s *sheet) ragged() {
	e := records.Example{Line: s.Line(), Value: plural(int64(s.Len()), "field", "fields") + " where the header has " + table.Thousands(int64(len(s.header)))}
	s.add(ruleRaggedRow, e)
}
