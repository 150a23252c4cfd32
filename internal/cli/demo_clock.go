package cli

import (
	"sync"
	"time"
)

// demoClock tells invented time while the invented files come in, so that the
// demonstration has a past to be asked about, and real time afterwards. It
// never goes back.
type demoClock struct {
	real func() time.Time

	mu     sync.Mutex
	at     time.Time // invented time when it was set; zero when the time is real
	setAt  time.Time // real time when it was set
	latest time.Time
}

// Now is the time the product is told.
func (c *demoClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := c.real()
	if !c.at.IsZero() {
		now = c.at.Add(now.Sub(c.setAt))
	}
	if now.Before(c.latest) {
		now = c.latest
	}
	c.latest = now
	return now
}

// set goes to an invented time; the zero time goes back to the real one.
func (c *demoClock) set(at time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at, c.setAt = at, c.real()
}
