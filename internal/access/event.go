package access

import (
	"encoding/json"
	"strings"
	"time"

	"openvru/internal/ids"
)

// Recorder makes Events with a clock and ids that are given, so that tests are
// repeatable. Every domain's Service holds one.
type Recorder struct {
	Now func() time.Time
	IDs ids.Maker
}

// Event returns the record of the actor doing the action to the subject, now.
// The detail is kept as JSON; nil is none. It panics when the detail cannot be
// written as JSON, which is a fault of the program.
func (r Recorder) Event(a Actor, action Action, subject string, detail any) Event {
	text := []byte("{}")
	if detail != nil {
		var err error
		if text, err = json.Marshal(detail); err != nil {
			panic("access: the detail of " + string(action) + " is not JSON: " + err.Error())
		}
	}
	return Event{
		ID: ids.Event(r.IDs.New()), Unit: a.Unit, At: r.Now().UTC(),
		Person: a.Person, Name: a.Name,
		Action: action, Subject: plain(subject), Detail: string(text),
	}
}

// plain makes a text that both databases can keep: UTF-8 without NUL.
func plain(s string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "")
}
