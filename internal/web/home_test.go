package web

import (
	"testing"

	"openvru/internal/web/kit"
	"openvru/internal/web/kit/kittest"
)

func TestTemplatesFitTheirStructs(t *testing.T) {
	kittest.Pages(t, templates, map[string]kit.Framed{"home": &homePage{}, "jobs": &jobsPage{}})
}
