package dbtest

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/url"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"openvru/migrations"
)

// errNone says that there is no PostgreSQL to test on.
var errNone = errors.New("PostgreSQL is not installed, so this was tested on SQLite only: " +
	"install it (on Debian, apt install postgresql) or set OPENVRU_TEST_POSTGRES to a server's address")

// Postgres makes a migrated, empty PostgreSQL database, dropped when the test
// ends, and returns its address. With no server to be had it skips the test,
// or fails it where CI is set.
func Postgres(t testing.TB) string {
	t.Helper()
	s, err := sharedServer()
	if errors.Is(err, errNone) && os.Getenv("CI") == "" && os.Getenv("OPENVRU_CI") == "" {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	name := fmt.Sprintf("openvru_test_%d_%08x", os.Getpid(), rand.Uint32())
	if err := s.exec("CREATE DATABASE " + name + " TEMPLATE " + s.template); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.exec("DROP DATABASE IF EXISTS " + name + " WITH (FORCE)"); err != nil {
			t.Error(err)
		}
	})
	return s.address(name)
}

// server is a PostgreSQL server with a migrated database to copy.
type server struct {
	base     *url.URL // of its "postgres" database
	template string
	lifeline io.Closer // of a private server: held, never used
}

// sharedServer is the one server of this test process.
var sharedServer = sync.OnceValues(func() (*server, error) {
	address := os.Getenv("OPENVRU_TEST_POSTGRES")
	var lifeline io.Closer
	if address == "" {
		var err error
		if address, lifeline, err = startPrivate(); err != nil {
			return nil, err
		}
	}
	base, err := url.Parse(address)
	if err != nil {
		return nil, errors.New("OPENVRU_TEST_POSTGRES is not an address such as postgres://user@host/postgres")
	}
	s := &server{base: base, lifeline: lifeline}
	return s, s.makeTemplate()
})

func (s *server) address(name string) string {
	u := *s.base
	u.Path = "/" + name
	return u.String()
}

func (s *server) exec(statements ...string) error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	c, err := pgx.Connect(ctx, s.base.String())
	if err != nil {
		return err
	}
	defer c.Close(ctx)
	for _, text := range statements {
		if _, err := c.Exec(ctx, text); err != nil {
			return fmt.Errorf("%s: %w", text, err)
		}
	}
	return nil
}

// makeTemplate migrates a database once for all tests to copy. Its name holds
// the hash of the migrations, so on a lasting server the next run finds it.
func (s *server) makeTemplate() error {
	all, err := migrations.All()
	if err != nil {
		return err
	}
	hash := sha256.New()
	for _, m := range all {
		fmt.Fprintf(hash, "%s\n%s\n", m.Name, m.Text)
	}
	s.template = fmt.Sprintf("openvru_template_%x", hash.Sum(nil)[:8])
	building := fmt.Sprintf("openvru_building_%d_%08x", os.Getpid(), rand.Uint32())
	if s.exec("ALTER DATABASE "+s.template+" CONNECTION LIMIT -1") == nil {
		return nil
	}
	if err := s.exec("CREATE DATABASE " + building); err != nil {
		return err
	}
	if err := migrated(s.address(building)); err != nil {
		return err
	}
	err = s.exec("ALTER DATABASE " + building + " RENAME TO " + s.template)
	var taken *pgconn.PgError
	if errors.As(err, &taken) && taken.Code == "42P04" { // another process was first
		return s.exec("DROP DATABASE " + building + " WITH (FORCE)")
	}
	return err
}
