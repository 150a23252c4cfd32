package cli

import (
	"fmt"

	"github.com/schollz/progressbar/v3"
)

// bar shows how far a long piece of work has come: a moving bar on a terminal,
// nothing elsewhere, so that logs stay readable. The zero bar shows nothing.
type bar struct {
	env  *Env
	what string
	bar  *progressbar.ProgressBar
}

// newBar returns a bar for one named piece of work.
func newBar(env *Env, what string) *bar { return &bar{env: env, what: printable(what)} }

// Set moves the bar.
func (b *bar) Set(done, total int64) {
	if !b.env.Terminal || total <= 0 {
		return
	}
	if b.bar == nil {
		b.bar = progressbar.NewOptions64(total,
			progressbar.OptionSetWriter(b.env.Stderr), progressbar.OptionSetDescription(b.what),
			progressbar.OptionShowBytes(true), progressbar.OptionClearOnFinish(), progressbar.OptionSetWidth(30))
	}
	_ = b.bar.Set64(done) // a bar that cannot be drawn stops nothing
}

// Note writes a line about what is being done, on a terminal only.
func (b *bar) Note(text string) {
	if b.env.Terminal && text != "" {
		fmt.Fprintf(b.env.Stderr, "\r%s: %s\n", b.what, printable(text))
	}
}

// end clears the bar.
func (b *bar) end() {
	if b.bar != nil {
		_ = b.bar.Finish() // as above
	}
}
