package stats

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// Workers returns how many goroutines Parallel uses at most.
func Workers() int { return runtime.GOMAXPROCS(0) }

// Parallel calls work once for each piece from 0 to n−1, on Workers()
// goroutines, and returns when all are done. The first argument is the number
// of the goroutine, from 0, for scratch space of its own. Pieces are handed out
// as goroutines come free, so a result must depend on the piece alone; a random
// stream belongs to a piece, never to a worker. Pieces should take ten
// microseconds or more each.
func Parallel(n int, work func(worker, piece int)) {
	workers := min(Workers(), n)
	if workers <= 1 {
		for piece := range n {
			work(0, piece)
		}
		return
	}
	var next atomic.Int64
	var wait sync.WaitGroup
	for worker := range workers {
		wait.Go(func() {
			for {
				piece := int(next.Add(1)) - 1
				if piece >= n {
					return
				}
				work(worker, piece)
			}
		})
	}
	wait.Wait()
}
