package web

import (
	"testing"

	"openvru/internal/web/kit"
	"openvru/internal/web/kit/kittest"
)

func TestHomeTemplateFitsItsStruct(t *testing.T) {
	kittest.Pages(t, templates, map[string]kit.Framed{"home": &homePage{}})
}
