package crashtest

import (
	"context"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// childName is how the server knows a child's connections from the parent's.
const childName = "openvru-crash-child"

// childAddress is the database's address for a child.
func childAddress(address string) string {
	u, err := url.Parse(address)
	if err != nil || !strings.HasPrefix(u.Scheme, "postgres") {
		return address
	}
	q := u.Query()
	q.Set("application_name", childName)
	u.RawQuery = q.Encode()
	return u.String()
}

// settle waits until PostgreSQL has noticed that the child is gone: until then
// a statement or a commit that it sent may still be running.
func settle(t *testing.T, address string) {
	t.Helper()
	if childAddress(address) == address {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	c, err := pgx.Connect(ctx, address)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close(context.Background())
	for {
		var left int
		err := c.QueryRow(ctx, `
			SELECT count(*) FROM pg_stat_activity
			WHERE datname = current_database() AND application_name = $1`, childName).Scan(&left)
		if err != nil {
			t.Fatal(err)
		}
		if left == 0 {
			return
		}
		time.Sleep(2 * time.Millisecond)
	}
}
