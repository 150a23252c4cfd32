package recordsweb

import (
	"testing"

	"openvru/internal/web/kit"
	"openvru/internal/web/kit/kittest"
)

func TestEveryTemplateFitsItsStruct(t *testing.T) {
	kittest.Pages(t, Templates, map[string]kit.Framed{
		"submissions": &listPage{}, "send": &sendPage{}, "submission": &submissionPage{}, "findings": &findingsPage{}, "changes": &changesPage{},
		"accept": &acceptPage{}, "withdraw": &withdrawPage{}, "sources": &sourcesPage{}, "source": &sourcePage{},
	})
}
