package main

import (
	"bufio"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"testing"
)

// BenchmarkStartUp measures from starting the program, on the invented London,
// to its first answer.
func BenchmarkStartUp(b *testing.B) {
	dir := b.TempDir()
	vru := filepath.Join(dir, "vru")
	if out, err := exec.Command("go", "build", "-o", vru, ".").CombinedOutput(); err != nil {
		b.Fatalf("%v\n%s", err, out)
	}
	if out, err := exec.Command(vru, "demo", "--dir", dir, "--no-serve", "--incidents", "0.05").CombinedOutput(); err != nil {
		b.Fatalf("%v\n%s", err, out)
	}
	b.ResetTimer()
	for range b.N {
		stop := answer(b, vru, dir)
		b.StopTimer()
		stop()
		b.StartTimer()
	}
}

var served = regexp.MustCompile(`at (http://\S+)`)

// answer starts the program and returns when it has answered.
func answer(b *testing.B, vru, dir string) (stop func()) {
	b.Helper()
	c := exec.Command(vru, "serve", "--addr", "localhost:0", "--db", filepath.Join(dir, "openvru.db"), "--data", filepath.Join(dir, "openvru-data"))
	said, err := c.StderrPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := c.Start(); err != nil {
		b.Fatal(err)
	}
	lines := bufio.NewScanner(said)
	for lines.Scan() {
		if at := served.FindStringSubmatch(lines.Text()); at != nil {
			r, err := http.Get(at[1] + "/health")
			if err != nil {
				b.Fatal(err)
			}
			if r.Body.Close(); r.StatusCode != http.StatusOK {
				b.Fatal(r.Status)
			}
			break
		}
	}
	return func() {
		_ = c.Process.Signal(os.Interrupt)
		_ = c.Wait()
	}
}
