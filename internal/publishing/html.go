package publishing

import (
	"bytes"
	"crypto/sha256"
	_ "embed" // the templates and the style are part of the program
	"encoding/base64"
	"html/template"
	"io"
	"strings"
)

//go:embed report.css
var style string

//go:embed report.html.tmpl
var bodyText string

//go:embed page.html.tmpl
var pageText string

var templates = template.Must(template.Must(template.New("report").Parse(bodyText)).New("page").Parse(pageText))

// Links says where a report's links go. The zero value keeps them all inside
// the one page: figures to its appendix, tables to data in the links.
type Links struct {
	Figure func(Figure) string         // where a number's lineage is shown; "" keeps it in the page
	CSV    func(exhibit string) string // where a table is handed over as a file
}

// Style returns the style sheet that Body needs; every rule is about elements
// inside class "report".
func Style() string { return style }

// WriteHTML writes the report as one page that needs nothing else: readable
// without a network, printable, safe under the policy it states itself.
func WriteHTML(w io.Writer, r Report) error {
	body, err := Body(r, Links{})
	if err != nil {
		return err
	}
	sum := sha256.Sum256([]byte(style))
	var out bytes.Buffer
	err = templates.ExecuteTemplate(&out, "page", pageView{
		Title:  r.Title,
		Policy: "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'",
		Style:  template.CSS(style),
		Body:   body,
	})
	if err != nil {
		return err
	}
	_, err = w.Write(out.Bytes())
	return err
}

// Body returns the report for a page of another's making: everything from the
// first heading down, in a <div class="report">.
func Body(r Report, links Links) (template.HTML, error) {
	var out strings.Builder
	if err := templates.ExecuteTemplate(&out, "report", newView(r, links)); err != nil {
		return "", err
	}
	return template.HTML(out.String()), nil
}

// pageView is what the template of the one-file page shows.
type pageView struct {
	Title  string
	Policy string
	Style  template.CSS
	Body   template.HTML
}
