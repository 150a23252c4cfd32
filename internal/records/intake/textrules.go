package intake

import (
	"fmt"
	"strings"

	"openvru/internal/records"
	"openvru/internal/table"
)

// Rules that every source of delimited text shares. A source declares them
// with textRules and its own after them.
const (
	ruleMissingColumn  = "missing-column"
	ruleRepeatedColumn = "repeated-column"
	ruleUnknownColumn  = "unknown-column"
	ruleRaggedRow      = "ragged-row"
	ruleBadMonth       = "bad-month"
	ruleBadNumber      = "bad-number"
	ruleNegative       = "negative-count"
	ruleMonthGap       = "month-gap"
	ruleStrayQuote     = "stray-quote"
	ruleUnclosedQuote  = "unclosed-quote"
	ruleNullByte       = "null-byte"
	ruleEncoding       = "other-encoding"
	ruleUnreadable     = "unreadable-byte"
	ruleBlankRow       = "blank-row"
	ruleHeaderAgain    = "header-again"
	ruleTitleRow       = "title-row"
)

// textRules are the declarations of the shared rules.
func textRules() []records.Rule {
	return []records.Rule{
		{ID: ruleMissingColumn, Severity: records.Refuse, Title: "Columns missing",
			Meaning: "A column that the source always has is not in the file.",
			Hint:    "check that this is the right file for the source, saved with its header row"},
		{ID: ruleRepeatedColumn, Severity: records.Refuse, Title: "Columns that stand twice",
			Meaning: "Two columns have the same meaning, so it cannot be told which one counts.",
			Hint:    "take one of the two out, or send the file as the publisher made it"},
		{ID: records.RuleNoRows, Severity: records.Refuse, Title: "No rows",
			Meaning: "The file has a header and nothing below it.",
			Hint:    "download or export it again"},
		{ID: ruleRaggedRow, Severity: records.Refuse, Title: "Rows with too few or too many fields",
			Meaning: "The row does not have as many fields as the header, so its numbers may stand in the wrong columns.",
			Hint:    "look for a comma that is not in quotation marks, or a row that was cut off"},
		{ID: ruleBadMonth, Severity: records.Refuse, Title: "Months that cannot be read",
			Meaning: "A month is not written in any way this source uses, or does not exist.",
			Hint:    "write months as the publisher does, for example 202003 or 2020-03"},
		{ID: ruleUnknownColumn, Severity: records.Note, Title: "Columns not used",
			Meaning: "A column that the source does not usually have. It is kept in the file as sent and not read."},
		{ID: ruleStrayQuote, Severity: records.Note, Title: "Quotation marks out of place",
			Meaning: "A quotation mark stands where none belongs. It is read as part of the text."},
		{ID: ruleUnclosedQuote, Severity: records.Warn, Title: "Quotation marks never closed",
			Meaning: "A field opens with a quotation mark that nothing closes. The mark is read as text, and the row ends at its line's end.",
			Hint:    "look whether the row is whole"},
		{ID: ruleNullByte, Severity: records.Warn, Title: "Zero bytes",
			Meaning: "The text holds zero bytes, which a damaged export leaves behind. They are passed over.",
			Hint:    "export the file again if you can"},
		{ID: ruleEncoding, Severity: records.Note, Title: "Characters from Windows",
			Meaning: "The file is not UTF-8 throughout. The bytes that are not are read as Windows-1252, which is what office software in Britain writes."},
		{ID: ruleUnreadable, Severity: records.Warn, Title: "Bytes that stand for no character",
			Meaning: "A byte is neither UTF-8 nor Windows-1252. It is shown as �.",
			Hint:    "save the file as UTF-8 and send it again if a name is damaged"},
		{ID: ruleBlankRow, Severity: records.Note, Title: "Empty rows",
			Meaning: "Rows without anything in them, as spreadsheets leave. They are passed over."},
		{ID: ruleHeaderAgain, Severity: records.Note, Title: "Header repeated",
			Meaning: "The header stands again further down, as when files are joined. It is passed over."},
		{ID: ruleTitleRow, Severity: records.Note, Title: "Lines above the header",
			Meaning: "Lines above the header row, such as a title. They are passed over."},
	}
}

// countRules are the declarations of rules about counts.
func countRules() []records.Rule {
	return []records.Rule{
		{ID: ruleBadNumber, Severity: records.Refuse, Title: "Counts that are not whole numbers",
			Meaning: "A count is not a whole number.",
			Hint:    "send the counts as published: a rounded, hidden or calculated figure cannot be added up"},
		{ID: ruleNegative, Severity: records.Refuse, Title: "Counts below zero",
			Meaning: "A count is negative, which no number of offences or victims can be.",
			Hint:    "a correction belongs into the count itself: send the corrected file"},
	}
}

// gapRule is the declaration of the rule about months missing between others.
func gapRule() records.Rule {
	return records.Rule{ID: ruleMonthGap, Severity: records.Warn, Title: "Months missing between others",
		Meaning: "The months in the file leave a gap. Figures for the months in the gap stay as earlier files told them.",
		Hint:    "send the missing months too if they exist"}
}

// noteRule says which rule an oddity of the text comes under.
var noteRule = map[TextNote]string{
	StrayQuote: ruleStrayQuote, UnclosedQuote: ruleUnclosedQuote, NullByte: ruleNullByte,
	OtherEncoding: ruleEncoding, Unreadable: ruleUnreadable,
}

// character is how an example names a place within a line when the column's
// name says too little.
func character(column int) string { return fmt.Sprintf("character %d", column) }

// listed joins names as a sentence does: "a, b and c".
func listed(names []string) string {
	switch n := len(names); n {
	case 0:
		return ""
	case 1:
		return names[0]
	default:
		return strings.Join(names[:n-1], ", ") + " and " + names[n-1]
	}
}

// plural returns "1 row" or "12 rows".
func plural(n int64, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return table.Thousands(n) + " " + many
}
