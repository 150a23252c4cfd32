package dbtest

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
)

// supervisor starts the server, waits for its standard input to close, stops
// the server and removes its folder.
const supervisor = `
"$1/postgres" -D "$2/data" -k "$2" -c listen_addresses= -c fsync=off -c full_page_writes=off \
	-c synchronous_commit=off -c shared_buffers=64MB -c max_connections=200 -c deadlock_timeout=50ms >"$2/log" 2>&1 &
server=$!
cat >/dev/null
kill -QUIT $server
wait $server
rm -rf "$2"`

// startPrivate makes and starts a server that only this process uses, through
// a socket in a folder of its own, and returns its address. It is told not to
// wait for the disk: its data is worth nothing after the test.
//
// The lifeline is the writing end of the supervisor's standard input. While it
// is held the server runs; it ends with the process, however that ends.
func startPrivate() (address string, lifeline io.Closer, err error) {
	programs, ok := findPrograms()
	if !ok {
		return "", nil, errNone
	}
	folder, err := os.MkdirTemp("", "openvru-pg-")
	if err != nil {
		return "", nil, err
	}
	owner, err := ownerOf(folder)
	if err != nil {
		return "", nil, err
	}
	if err := initialise(programs, folder, owner); err != nil {
		return "", nil, err
	}
	sh := exec.Command("/bin/sh", "-c", supervisor, "sh", programs, folder)
	sh.SysProcAttr, sh.Dir = owner, folder
	if lifeline, err = sh.StdinPipe(); err != nil {
		return "", nil, err
	}
	if err := sh.Start(); err != nil {
		return "", nil, err
	}
	address = "postgres://vru@/postgres?host=" + folder
	return address, lifeline, await(address, filepath.Join(folder, "log"))
}

// initialise makes the server's data folder. The databases sort as English
// dictionaries do, where the server can: a test must not pass only because
// PostgreSQL happens to sort by bytes, as SQLite does.
func initialise(programs, folder string, owner *syscall.SysProcAttr) error {
	data := filepath.Join(folder, "data")
	var out []byte
	var err error
	for _, locale := range [][]string{{"--locale-provider=icu", "--icu-locale=en-GB", "--locale=C"}, {"--locale=C"}} {
		args := append([]string{"-D", data, "--no-sync", "-A", "trust", "-U", "vru", "-E", "UTF8"}, locale...)
		initdb := exec.Command(filepath.Join(programs, "initdb"), args...)
		initdb.SysProcAttr, initdb.Dir = owner, folder
		if out, err = initdb.CombinedOutput(); err == nil {
			return nil
		}
		os.RemoveAll(data)
	}
	return fmt.Errorf("making a private PostgreSQL: %w\n%s", err, out)
}

// await waits until the server answers.
func await(address, log string) error {
	deadline := time.Now().Add(time.Minute)
	for {
		ctx, cancel := context.WithDeadline(context.Background(), deadline)
		c, err := pgx.Connect(ctx, address)
		cancel()
		if err == nil {
			return c.Close(context.Background())
		}
		if time.Now().After(deadline) {
			text, _ := os.ReadFile(log)
			return fmt.Errorf("the private PostgreSQL does not answer: %w\n%s", err, text)
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// findPrograms returns the folder of initdb and postgres: on the path, or
// where the usual packages put them, newest version first.
func findPrograms() (string, bool) {
	if path, err := exec.LookPath("initdb"); err == nil {
		if real, err := filepath.EvalSymlinks(path); err == nil {
			return filepath.Dir(real), true
		}
	}
	for _, pattern := range []string{"/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql@*/bin"} {
		found, _ := filepath.Glob(pattern + "/initdb")
		if len(found) > 0 {
			return filepath.Dir(slices.Max(found)), true
		}
	}
	return "", false
}

// ownerOf gives the folder to a user who may run PostgreSQL, which refuses to
// run as root, and returns how to start a program as that user. For anybody
// but root it is the user that runs the test.
func ownerOf(folder string) (*syscall.SysProcAttr, error) {
	attr := &syscall.SysProcAttr{Setpgid: true} // an interrupt at the terminal ends the test, and through it the server
	if os.Getuid() != 0 {
		return attr, nil
	}
	u, err := user.Lookup("postgres")
	if err != nil {
		if u, err = user.Lookup("nobody"); err != nil {
			return nil, fmt.Errorf("PostgreSQL will not run as root and there is no user postgres or nobody: %w", err)
		}
	}
	uid, _ := strconv.Atoi(u.Uid)
	gid, _ := strconv.Atoi(u.Gid)
	attr.Credential = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
	return attr, os.Chown(folder, uid, gid)
}
