package accessweb

import (
	"testing"

	"openvru/internal/web/kit"
	"openvru/internal/web/kit/kittest"
)

func TestEveryTemplateFitsItsStruct(t *testing.T) {
	kittest.Pages(t, Templates, map[string]kit.Framed{
		"about": &aboutPage{}, "accessibility": &statementPage{}, "audit": &auditPage{}, "link": &linkPage{}, "password": &passwordPage{},
		"people": &peoplePage{}, "person": &personPage{}, "person-new": &newPersonPage{}, "set-up": &setUpPage{}, "sign-in": &signInPage{},
	})
}
