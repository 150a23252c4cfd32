// Package crashtest kills the program at random moments and lets a test look
// at what is left. It shows that nothing acknowledged is lost, that nothing is
// kept by half, and that doing the same again counts nothing twice.
//
// The test runs its own binary again as a child that does the work, and tells
// the parent of each thing that was acknowledged to it; the parent kills it
// with SIGKILL and compares what the database holds with what was told:
//
//	func TestKilledIngest(t *testing.T) {
//		crashtest.Child(func(c *crashtest.Work) error { …; c.Ack("submission %s", id); … })
//		dbtest.RunAt(t, func(t *testing.T, address string) {
//			crashtest.Kill(t, crashtest.Plan{
//				Kills: crashtest.Kills(300), Address: address, Folder: t.TempDir(),
//				Check: func(r crashtest.Round) { … },
//			})
//		})
//	}
//
// A kill leaves what the operating system has in its memory, so this proves
// the program against crashes of the program, not against power cuts.
package crashtest

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"
)

// Plan is how a child is killed, and what is looked at between kills.
type Plan struct {
	Kills   int           // how many
	Address string        // of the database, for the child
	Folder  string        // for the child's files
	Longest time.Duration // a child's longest life once at work; 0 is 60 ms
	Seed    uint64        // of the random lives and of the children's own chance
	Check   func(Round)   // after each kill; it may fail the test
}

// Round is one child's life.
type Round struct {
	Number int      // 0, 1, 2, …
	Acked  []string // what it acknowledged, in order
	Killed bool     // false when its work was done before the kill
}

// Work is what a child is given.
type Work struct {
	Round   int
	Address string
	Folder  string
	Rand    *rand.Rand // the same in the same round of the same plan
	acks    *os.File
}

// The words between parent and child.
const (
	envRound, envAddress, envFolder, envSeed = "OPENVRU_CRASH_ROUND", "OPENVRU_CRASH_ADDRESS", "OPENVRU_CRASH_FOLDER", "OPENVRU_CRASH_SEED"

	ready = "ready"
	told  = "acked "
)

// Kills returns how many kills to make: what OPENVRU_KILLS says, or few with
// -short, or usual.
func Kills(usual int) int {
	if n, err := strconv.Atoi(os.Getenv("OPENVRU_KILLS")); err == nil && n > 0 {
		return n
	}
	if testing.Short() {
		return min(usual, 20)
	}
	return usual
}

// Child does the work and ends the process, if this process is a child; in the
// parent it does nothing. Call it first in the test.
func Child(work func(*Work) error) {
	round, err := strconv.Atoi(os.Getenv(envRound))
	if err != nil {
		return
	}
	seed, _ := strconv.ParseUint(os.Getenv(envSeed), 10, 64)
	w := &Work{
		Round: round, Address: os.Getenv(envAddress), Folder: os.Getenv(envFolder),
		Rand: rand.New(rand.NewPCG(seed, uint64(round))),
		acks: os.NewFile(3, "acks"), // the first of exec.Cmd's ExtraFiles
	}
	w.tell(ready)
	if err := work(w); err != nil {
		fmt.Fprintln(os.Stderr, "the child's work failed:", err)
		os.Exit(3)
	}
	os.Exit(0)
}

// Ack tells the parent, in one line, of something that was acknowledged: from
// now on it must be there.
func (w *Work) Ack(format string, args ...any) {
	w.tell(told + strings.ReplaceAll(fmt.Sprintf(format, args...), "\n", " "))
}

// tell writes a whole line at once: it arrives whole or not at all.
func (w *Work) tell(line string) {
	if _, err := w.acks.WriteString(line + "\n"); err != nil {
		os.Exit(4) // the parent is gone
	}
}

// Kill runs and kills children as the plan says, and checks after each.
func Kill(t *testing.T, p Plan) {
	t.Helper()
	if p.Longest == 0 {
		p.Longest = 60 * time.Millisecond
	}
	r := rand.New(rand.NewPCG(p.Seed, 0x6b696c6c))
	killed := 0
	for n := 0; killed < p.Kills; n++ {
		if n > 10*p.Kills {
			t.Fatalf("of %d children only %d lived long enough to be killed: give them more work, or a shorter life", n, killed)
		}
		round := life(t, p, n, time.Duration(r.Int64N(int64(p.Longest))))
		if round.Killed {
			killed++
		}
		if p.Check != nil {
			p.Check(round)
		}
		if t.Failed() {
			t.Fatalf("seen after kill %d of %d (seed %d)", killed, p.Kills, p.Seed)
		}
	}
}

// life runs one child and kills it after a time at work.
func life(t *testing.T, p Plan, n int, long time.Duration) Round {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer read.Close()
	test, _, _ := strings.Cut(t.Name(), "/")
	var output bytes.Buffer
	cmd := exec.CommandContext(ctx, os.Args[0], "-test.run=^"+test+"$", "-test.count=1", "-test.timeout=5m")
	cmd.Env = append(os.Environ(), envRound+"="+strconv.Itoa(n), envAddress+"="+childAddress(p.Address),
		envFolder+"="+p.Folder, envSeed+"="+strconv.FormatUint(p.Seed, 10))
	cmd.ExtraFiles = []*os.File{write}
	cmd.Stdout, cmd.Stderr = &output, &output
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	write.Close()
	round := Round{Number: n, Acked: listen(read, func() { time.AfterFunc(long, func() { _ = cmd.Process.Kill() }) })}
	err = cmd.Wait()
	switch state := cmd.ProcessState; {
	case err == nil:
	case ctx.Err() == nil && state.ExitCode() == -1: // by a signal, ours
		round.Killed = true
	default:
		t.Fatalf("child %d ended by itself: %v\n%s", n, err, output.String())
	}
	settle(t, p.Address)
	return round
}

// listen collects what the child acknowledges until it is gone, and calls
// started when it is at work.
func listen(from io.Reader, started func()) (acked []string) {
	lines := bufio.NewReader(from)
	for {
		line, err := lines.ReadString('\n')
		if err != nil {
			return acked // what has no line end was not wholly told
		}
		line = strings.TrimSuffix(line, "\n")
		if line == ready {
			started()
		} else if ack, ok := strings.CutPrefix(line, told); ok {
			acked = append(acked, ack)
		}
	}
}
