package intake

import (
	"bytes"
	"strings"

	"openvru/internal/errs"
)

// kinds are the files people send by mistake, known by how they begin, each
// with what it is and what to do about it.
var kinds = []struct{ begins, what, hint string }{
	{"PK\x03\x04", "a zip archive or a spreadsheet", "open it and save the sheet as CSV (comma separated values), or unpack the archive and send the CSV file in it"},
	{"PK\x05\x06", "an empty zip archive", "send the CSV file itself"},
	{"\xd0\xcf\x11\xe0", "an old Excel workbook (.xls)", "open it in a spreadsheet program and save the sheet as CSV (comma separated values)"},
	{"\x1f\x8b", "compressed twice", "unpack it once and send the CSV file"},
	{"%PDF-", "a PDF document", "ask the publisher for the figures as CSV"},
	{"PAR1", "a Parquet file", "send the CSV file it was made from"},
	{"SQLite format 3\x00", "a SQLite database", "export the table as CSV and send that"},
	{"\x89PNG", "a picture", "send the table itself as CSV"},
	{"\xff\xd8\xff", "a picture", "send the table itself as CSV"},
	{"{\\rtf", "a word-processor document", "send the table itself as CSV"},
	{"Rar!", "a RAR archive", "unpack it and send the CSV file"},
	{"7z\xbc\xaf", "a 7-Zip archive", "unpack it and send the CSV file"},
}

// refuseKind refuses a file that is not text with rows, saying what it is.
func refuseKind(head []byte) error {
	if len(head) == 0 {
		return errs.New(errs.Invalid, "The file is empty").
			WithHint("download or export it again: the last attempt wrote nothing")
	}
	for _, k := range kinds {
		if bytes.HasPrefix(head, []byte(k.begins)) {
			return notCSV(refineKind(k.what, head), k.hint)
		}
	}
	start := strings.ToLower(string(bytes.TrimSpace(bytes.TrimPrefix(head[:min(len(head), 512)], bomUTF8))))
	switch {
	case strings.HasPrefix(start, "<!doctype html"), strings.HasPrefix(start, "<html"):
		return notCSV("a web page", "the download link gave a page instead of the file, often an error page or a sign-in page: download the file again and look at it before sending")
	case strings.HasPrefix(start, "<?xml"), strings.HasPrefix(start, "<"):
		return notCSV("an XML document", "ask the publisher for the CSV version")
	case strings.HasPrefix(start, "{"), strings.HasPrefix(start, "["):
		return notCSV("a JSON document", "ask the publisher for the CSV version")
	case len(bytes.Trim(head, "\x00")) == 0:
		return errs.New(errs.Invalid, "The file holds nothing but zero bytes").
			WithHint("the disk or the transfer it comes from lost what was in it: download or export it again")
	case start == "" && len(bytes.TrimSpace(bytes.TrimPrefix(head, bomUTF8))) == 0:
		return errs.New(errs.Invalid, "The file holds nothing but white space").
			WithHint("download or export it again")
	}
	return nil
}

// refineKind tells a spreadsheet from another zip by the names inside.
func refineKind(what string, head []byte) string {
	switch {
	case !bytes.HasPrefix(head, []byte("PK\x03\x04")):
		return what
	case bytes.Contains(head, []byte("xl/")), bytes.Contains(head, []byte("[Content_Types].xml")):
		return "an Excel workbook (.xlsx)"
	case bytes.Contains(head, []byte("opendocument.spreadsheet")):
		return "an OpenDocument spreadsheet (.ods)"
	}
	return what
}

func notCSV(what, hint string) error {
	return errs.New(errs.Invalid, "The file is %s, not CSV", what).WithHint("%s", hint)
}
