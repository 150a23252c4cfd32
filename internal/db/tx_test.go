package db_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"openvru/internal/db"
	"openvru/internal/db/dbtest"
	"openvru/internal/errs"
)

// Two transactions that lock two rows in opposite order are a deadlock: one of
// them loses, is run again, and both succeed.
func TestALostRaceIsRunAgain(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		mustExec(t, d, `CREATE TABLE purse (id TEXT PRIMARY KEY, pence INTEGER NOT NULL)`)
		mustExec(t, d, `INSERT INTO purse (id, pence) VALUES ('a', 0), ('b', 0)`)
		var wait sync.WaitGroup
		const moves = 4
		for i := range 2 * moves {
			from, to := "a", "b"
			if i%2 == 1 {
				from, to = to, from
			}
			wait.Go(func() {
				err := d.Write(context.Background(), func(tx *db.Tx) error {
					if _, err := tx.Exec(`UPDATE purse SET pence = pence - 1 WHERE id = $1`, from); err != nil {
						return err
					}
					time.Sleep(time.Millisecond)
					_, err := tx.Exec(`UPDATE purse SET pence = pence + 1 WHERE id = $1`, to)
					return err
				})
				if err != nil && !errs.Is(err, errs.Unavailable) {
					t.Error(err)
				}
			})
		}
		wait.Wait()
		var sum int
		if err := d.Read(context.Background(), func(tx *db.Tx) error {
			return tx.QueryRow(`SELECT sum(pence) FROM purse`).Scan(&sum)
		}); err != nil || sum != 0 {
			t.Errorf("the purses hold %d together (%v), want 0", sum, err)
		}
	})
}

func TestRetriesEnd(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		runs := 0
		err := d.Write(context.Background(), func(*db.Tx) error {
			runs++
			return &pgconn.PgError{Code: "40001"}
		})
		if !errs.Is(err, errs.Unavailable) || errs.HintOf(err) == "" || runs < 2 || runs > 20 {
			t.Errorf("after %d runs: %v", runs, err)
		}
		runs = 0
		trouble := errors.New("no luck")
		err = d.Write(context.Background(), func(*db.Tx) error { runs++; return trouble })
		if !errors.Is(err, trouble) || runs != 1 {
			t.Errorf("an ordinary error was tried %d times (%v)", runs, err)
		}
	})
}

// Without the lock the check and the act of two transactions interleave on
// PostgreSQL, and there are two.
func TestLockMakesTurns(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		mustExec(t, d, `CREATE TABLE thing (id INTEGER)`)
		var wait sync.WaitGroup
		for i := range 8 {
			wait.Go(func() {
				err := d.Write(context.Background(), func(tx *db.Tx) error {
					if err := tx.Lock(context.Background(), "the only thing"); err != nil {
						return err
					}
					var n int
					if err := tx.QueryRow(`SELECT count(*) FROM thing`).Scan(&n); err != nil || n > 0 {
						return err
					}
					time.Sleep(5 * time.Millisecond)
					_, err := tx.Exec(`INSERT INTO thing (id) VALUES ($1)`, i)
					return err
				})
				if err != nil {
					t.Error(err)
				}
			})
		}
		wait.Wait()
		if n := count(t, d, "thing"); n != 1 {
			t.Errorf("there are %d things, want 1", n)
		}
	})
}

func TestReadIsOfOneMoment(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		mustExec(t, d, `CREATE TABLE thing (id INTEGER)`)
		err := d.Read(context.Background(), func(tx *db.Tx) error {
			var before, after int
			if err := tx.QueryRow(`SELECT count(*) FROM thing`).Scan(&before); err != nil {
				return err
			}
			mustExec(t, d, `INSERT INTO thing (id) VALUES (1)`)
			if err := tx.QueryRow(`SELECT count(*) FROM thing`).Scan(&after); err != nil {
				return err
			}
			if before != after {
				t.Errorf("one read saw %d and %d", before, after)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

func TestNativeIsInTheTransaction(t *testing.T) {
	d := dbtest.Open(t, dbtest.Postgres(t))
	mustExec(t, d, `CREATE TABLE thing (id INTEGER)`)
	stop := errors.New("stop")
	err := d.Write(context.Background(), func(tx *db.Tx) error {
		err := tx.Native(func(c *pgx.Conn) error {
			_, err := c.Exec(context.Background(), `INSERT INTO thing (id) VALUES (1)`)
			return err
		})
		return errors.Join(err, stop)
	})
	if !errors.Is(err, stop) || count(t, d, "thing") != 0 {
		t.Errorf("what the native connection wrote outlived its transaction (%v)", err)
	}
	s := dbtest.Open(t, dbtest.SQLite(t))
	if err := s.Write(context.Background(), func(tx *db.Tx) error { return tx.Native(nil) }); err == nil {
		t.Error("SQLite lent a PostgreSQL connection")
	}
}

// Another process that holds the file makes a writer wait, and in the end gives
// it a sentence; readers go on.
func TestABusyDatabase(t *testing.T) {
	path := dbtest.SQLite(t)
	holder, other := dbtest.Open(t, path), dbtest.Open(t, path)
	err := holder.Write(context.Background(), func(*db.Tx) error {
		count(t, other, "unit")
		ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
		defer cancel()
		err := other.Write(ctx, func(*db.Tx) error { return nil })
		if err == nil {
			t.Error("two processes wrote at once")
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	mustExec(t, other, `INSERT INTO event_head (unit_id, seq, hash) VALUES ('u', 0, '')`)
}

// A server that ends every connection, as a restart does, is not noticed by
// the next write.
func TestABrokenConnectionIsReplaced(t *testing.T) {
	address := dbtest.Postgres(t)
	d := dbtest.Open(t, address)
	mustExec(t, d, `CREATE TABLE thing (id INTEGER)`)
	killer := dbtest.Open(t, address)
	for i := range 5 {
		mustExec(t, killer, endOthers)
		mustExec(t, d, `INSERT INTO thing (id) VALUES ($1)`, i)
	}
	if n := count(t, d, "thing"); n != 5 {
		t.Errorf("%d rows are there, want 5", n)
	}
}

const endOthers = `
	SELECT pg_terminate_backend(pid) FROM pg_stat_activity
	WHERE datname = current_database() AND pid <> pg_backend_pid()`

// Once the transaction has begun it may have been kept: the caller is told.
func TestALostConnectionIsSaid(t *testing.T) {
	address := dbtest.Postgres(t)
	d, killer := dbtest.Open(t, address), dbtest.Open(t, address)
	runs := 0
	err := d.Write(context.Background(), func(tx *db.Tx) error {
		runs++
		mustExec(t, killer, endOthers)
		_, err := tx.Exec(`SELECT 1`)
		return err
	})
	if !errs.Is(err, errs.Unavailable) || runs != 1 {
		t.Errorf("after %d runs: %v, want Unavailable", runs, err)
	}
}

func TestStamp(t *testing.T) {
	summer := time.Date(2020, 7, 1, 12, 30, 0, 5, time.FixedZone("BST", 3600))
	text := db.Stamp(summer)
	if text != "2020-07-01T11:30:00.000000005Z" {
		t.Errorf("got %s", text)
	}
	back, err := db.ParseStamp(text)
	if err != nil || !back.Equal(summer) {
		t.Errorf("got back %s (%v)", back, err)
	}
	if zero, err := db.ParseStamp(db.Stamp(time.Time{})); !zero.IsZero() || err != nil {
		t.Errorf("the zero time came back as %s (%v)", zero, err)
	}
	if _, err := db.ParseStamp("yesterday"); err == nil {
		t.Error("a text that is no time was read")
	}
}

// SQLite keeps bytes that are no text; PostgreSQL does not, and whoever typed
// them reads why instead of being told that the service is broken.
func TestBytesThatAreNoText(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		for _, text := range []string{"a\x00b", "a\xffb"} {
			err := d.Read(context.Background(), func(tx *db.Tx) error {
				return tx.QueryRow(`SELECT CAST($1 AS TEXT)`, text).Scan(new(string))
			})
			if d.Engine == db.SQLite && err == nil {
				continue
			}
			if errs.KindOf(err) != errs.Invalid || errs.HintOf(err) == "" {
				t.Errorf("%s: %q gives %v", d.Engine, text, err)
			}
		}
	})
}
