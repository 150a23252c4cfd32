package records

// counters is a page of counts. Nearly all are small, so each has sixteen bits
// of its own and the few that need more keep the rest beside: ten million rows
// then count in half the memory, and most of it stays in the processor's cache.
type counters struct {
	low  []uint16
	high map[int]int64 // what is above sixteen bits, in units of 65,536; nil while nothing is
}

func newCounters(n int) *counters { return &counters{low: make([]uint16, n)} }

// add counts n more at i.
func (c *counters) add(i int, n int32) {
	v := int64(c.low[i]) + int64(n)
	c.low[i] = uint16(v)
	if v>>16 != 0 {
		c.carry(i, v>>16)
	}
}

func (c *counters) carry(i int, units int64) {
	if c.high == nil {
		c.high = map[int]int64{}
	}
	c.high[i] += units
}

// at returns the count at i.
func (c *counters) at(i int) int64 {
	if c.high == nil {
		return int64(c.low[i])
	}
	return int64(c.low[i]) + c.high[i]<<16
}

// merge adds another page's counts.
func (c *counters) merge(from *counters) {
	for i, n := range from.low {
		if n != 0 {
			c.add(i, int32(n))
		}
	}
	for i, units := range from.high {
		c.carry(i, units)
	}
}
