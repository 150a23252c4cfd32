package app

import (
	"context"
	"strings"

	"openvru/internal/access"
	"openvru/internal/analysis"
	"openvru/internal/analysis/analysisdb"
	"openvru/internal/ids"
	"openvru/internal/publishing"
)

// inventedNotice stands on every report of a demonstration.
const inventedNotice = "Invented data. The people and the crimes in this report do not exist: it shows how the product works."

// makeAnswers makes the services that answer questions and publish them.
func (a *App) makeAnswers(maker ids.Maker) {
	a.Analysis = analysis.NewService(analysis.Deps{
		Facts: a.Facts, Atlas: a.Places.Atlas, Store: analysisdb.New(a.Database), Now: a.Now, IDs: maker,
	})
	a.Publishing = publishing.NewService(publishing.Deps{
		Analysis: a.Analysis, Atlas: a.Places.Atlas, Source: a.publishedSource,
		Notice: func(context.Context, ids.Unit) (string, error) { return notice(a.Unit), nil },
	})
}

func notice(u access.Unit) string {
	if u.Invented {
		return inventedNotice
	}
	return ""
}

// publishedSource is what a report says of a source. One under the Open
// Government Licence is published for anybody to use; any other is not taken
// to be open.
func (a *App) publishedSource(id ids.Source) (publishing.Source, bool) {
	s, err := a.Records.Source(id)
	if err != nil {
		return publishing.Source{}, false
	}
	return publishing.Source{ID: s.ID, Title: s.Title, Publisher: s.Publisher, Licence: s.Licence,
		Open: strings.Contains(s.Licence, "Open Government Licence")}, true
}
