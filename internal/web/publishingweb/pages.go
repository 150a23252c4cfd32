// Package publishingweb is the pages of reports: the violence report on the
// screen, as one file to keep, and its tables as data.
package publishingweb

import (
	"context"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"net/http"
	"net/url"

	"openvru/internal/access"
	"openvru/internal/ids"
	"openvru/internal/places"
	"openvru/internal/publishing"
	"openvru/internal/records"
	"openvru/internal/web/kit"
)

// Templates holds the pages' templates.
//
//go:embed *.tmpl
var Templates embed.FS

// Pages answers the requests about reports.
type Pages struct {
	Kit     *kit.Kit
	Reports *publishing.Service
	Facts   *records.FactReader
	Atlas   func(context.Context, ids.Unit) (*places.Atlas, error)
}

// base is the address of the violence report.
const base = "/reports/violence"

// stylePath is the address of the report's style sheet, named by its content.
var stylePath = base + "/style/" + fingerprint(publishing.Style()) + ".css"

func fingerprint(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:6])
}

// Style serves the report's style sheet, to be kept for a year. An older name
// is answered with the present one, not to be kept.
func (p *Pages) Style(w http.ResponseWriter, r *http.Request) error {
	w.Header().Set("Content-Type", "text/css; charset=utf-8")
	if r.URL.Path == stylePath {
		w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	_, err := w.Write([]byte(publishing.Style()))
	return err
}

// figurePath is where a figure's lineage is shown: its own page, or the
// appendix of the report for one that only the report has.
func figurePath(f publishing.Figure) string {
	if f.Kept == "" {
		return ""
	}
	return "/figures/" + url.PathEscape(string(f.Kept))
}

// may reports whether whoever asks may do the action.
func may(r *http.Request, a access.Action) bool { return access.Check(kit.Actor(r), a) == nil }
