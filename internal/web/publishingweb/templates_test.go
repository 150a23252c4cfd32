package publishingweb

import (
	"testing"

	"openvru/internal/web/kit"
	"openvru/internal/web/kit/kittest"
)

func TestEveryTemplateFitsItsStruct(t *testing.T) {
	kittest.Pages(t, Templates, map[string]kit.Framed{
		"report": &reportPage{},
	})
}
