// Package recordsweb is the pages about files: what was sent, what was found
// in it, accepting and withdrawing it, and what each source's files hold.
package recordsweb

import (
	"context"
	"embed"
	"net/http"

	"openvru/internal/access"
	"openvru/internal/ids"
	"openvru/internal/places"
	"openvru/internal/records"
	"openvru/internal/web/kit"
)

// Templates holds the pages' templates.
//
//go:embed *.tmpl
var Templates embed.FS

// Pages answers the requests about files.
type Pages struct {
	Kit     *kit.Kit
	Access  *access.Service // notes who is handed records
	Records *records.Service
	Facts   *records.FactReader
	Atlas   func(context.Context, ids.Unit) (*places.Atlas, error)
	Work    Work
	Limit   int64         // how large a file may be, in bytes
	NewKey  func() string // makes the client key of a form
}

// home is where the trail of every page here begins.
var home = kit.Link{Text: "Submissions", Href: "/submissions"}

// get returns the submission a request is about.
func (p *Pages) get(r *http.Request) (records.Submission, error) {
	return p.Records.Get(r.Context(), kit.Actor(r), ids.Submission(r.PathValue("id")))
}

// title returns a source's title, or its id when it is not known any more.
func (p *Pages) title(id ids.Source) string {
	if s, err := p.Records.Source(id); err == nil {
		return s.Title
	}
	return string(id)
}

// may reports whether whoever asks may do the action to the submission.
func may(r *http.Request, a access.Action, s records.Submission) bool {
	return access.CheckFor(kit.Actor(r), a, s.Org) == nil
}

func pathOf(id ids.Submission) string { return "/submissions/" + string(id) }
