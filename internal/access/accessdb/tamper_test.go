package accessdb

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"openvru/internal/access"
	"openvru/internal/access/accesstest"
	"openvru/internal/db"
	"openvru/internal/db/dbtest"
	"openvru/internal/errs"
)

const (
	entries    = 60
	tamperings = 1000
)

var errRollBack = errors.New("roll back")

// chain fills a log and returns its end, as somebody would keep it elsewhere.
func chain(t *testing.T, d *db.DB) access.Head {
	t.Helper()
	s, record := New(d), accesstest.Recorder()
	for i := range entries {
		e := record.Event(accesstest.Actor(access.Analyst), access.SubmissionsAccept, fmt.Sprintf("submission %d", i%7), map[string]int{"rows": i})
		if err := s.Log(context.Background(), e); err != nil {
			t.Fatal(err)
		}
	}
	head, err := s.Walk(context.Background(), accesstest.Unit, func(access.Entry) error { return nil })
	if err != nil {
		t.Fatal(err)
	}
	return head
}

// disarm takes away what stops UPDATE and DELETE, as somebody with the
// database's own password could.
func disarm(tx *db.Tx) error {
	text := `DROP TRIGGER event_no_update; DROP TRIGGER event_no_delete`
	if tx.Engine == db.Postgres {
		text = `ALTER TABLE event DISABLE TRIGGER ALL`
	}
	_, err := tx.Exec(text)
	return err
}

// verify checks the log as the transaction sees it.
func verify(tx *db.Tx, kept access.Head) error {
	c := access.NewChecker(kept)
	register, err := walk(context.Background(), tx, accesstest.Unit, c.Add)
	if err != nil {
		return err
	}
	return c.End(register)
}

// tampering is one way to change a log behind the product's back. It says in
// words what it did.
type tampering func(tx *db.Tx, r *rand.Rand) (string, error)

var columns = []string{"event_id", "at", "person_id", "person_name", "action", "subject", "detail", "hash"}

func edit(tx *db.Tx, r *rand.Rand) (string, error) {
	column, seq := columns[r.IntN(len(columns))], 1+r.IntN(entries)
	var old string
	if err := tx.QueryRow(`SELECT `+column+` FROM event WHERE seq = $1`, seq).Scan(&old); err != nil {
		return "", err
	}
	changed := scramble(old, r)
	_, err := tx.Exec(`UPDATE event SET `+column+` = $2 WHERE seq = $1`, seq, changed)
	return fmt.Sprintf("%s of entry %d from %q to %q", column, seq, old, changed), err
}

// scramble changes one letter, drops one or adds one; never to the same text.
func scramble(s string, r *rand.Rand) string {
	for {
		at := r.IntN(len(s) + 1)
		letter := string(rune(' ' + r.IntN(95)))
		end := min(len(s), at+1)
		out := []string{s[:at] + letter + s[end:], s[:at] + s[end:], s[:at] + letter + s[at:]}[r.IntN(3)]
		if out != s && strings.ToValidUTF8(out, "") == out {
			return out
		}
	}
}

func remove(tx *db.Tx, r *rand.Rand) (string, error) {
	seq := 1 + r.IntN(entries)
	_, err := tx.Exec(`DELETE FROM event WHERE seq = $1`, seq)
	return fmt.Sprintf("entry %d deleted", seq), err
}

// removeAndClose deletes an entry and closes the gap.
func removeAndClose(tx *db.Tx, r *rand.Rand) (string, error) {
	what, err := remove(tx, r)
	if err != nil {
		return "", err
	}
	var gap int
	fmt.Sscanf(what, "entry %d", &gap)
	for seq := gap + 1; seq <= entries; seq++ {
		if _, err := tx.Exec(`UPDATE event SET seq = seq - 1 WHERE seq = $1`, seq); err != nil {
			return "", err
		}
	}
	_, err = tx.Exec(`UPDATE event_head SET seq = seq - 1`)
	return what + " and the gap closed", err
}

// insert puts an entry of its own in, with the right hash for its place.
func insert(tx *db.Tx, r *rand.Rand) (string, error) {
	at := 1 + r.IntN(entries+1)
	for seq := entries; seq >= at; seq-- {
		if _, err := tx.Exec(`UPDATE event SET seq = seq + 1 WHERE seq = $1`, seq); err != nil {
			return "", err
		}
	}
	head := access.Head{Seq: int64(at - 1)}
	if at > 1 {
		if err := tx.QueryRow(`SELECT hash FROM event WHERE seq = $1`, at-1).Scan(&head.Hash); err != nil {
			return "", err
		}
	}
	e := head.Next(access.Event{ID: "forged", Unit: accesstest.Unit, At: accesstest.Start, Action: "forged.act", Detail: "{}"})
	_, err := tx.Exec(`
		INSERT INTO event (unit_id, seq, event_id, at, person_id, person_name, action, subject, detail, hash)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		e.Unit, e.Seq, e.ID, db.Stamp(e.At), e.Person, e.Name, e.Action, e.Subject, e.Detail, e.Hash)
	return fmt.Sprintf("an entry put in at %d", at), err
}

func swap(tx *db.Tx, r *rand.Rand) (string, error) {
	a, b := 1+r.IntN(entries), 1+r.IntN(entries-1)
	if b >= a {
		b++
	}
	for _, step := range [][2]int{{a, -1}, {b, a}, {-1, b}} {
		if _, err := tx.Exec(`UPDATE event SET seq = $2 WHERE seq = $1`, step[0], step[1]); err != nil {
			return "", err
		}
	}
	return fmt.Sprintf("entries %d and %d changed places", a, b), nil
}

// cut takes entries off the end and puts the register right. Only a head kept
// elsewhere can show that.
func cut(tx *db.Tx, r *rand.Rand) (string, error) {
	left := r.IntN(entries)
	if _, err := tx.Exec(`DELETE FROM event WHERE seq > $1`, left); err != nil {
		return "", err
	}
	hash := ""
	if left > 0 {
		if err := tx.QueryRow(`SELECT hash FROM event WHERE seq = $1`, left).Scan(&hash); err != nil {
			return "", err
		}
	}
	_, err := tx.Exec(`UPDATE event_head SET seq = $1, hash = $2`, left, hash)
	return fmt.Sprintf("cut off after %d", left), err
}

// rewrite changes an entry and gives it and all that follow new hashes.
func rewrite(tx *db.Tx, r *rand.Rand) (string, error) {
	from := 1 + r.IntN(entries)
	var head access.Head
	var all []access.Entry
	if _, err := walk(context.Background(), tx, accesstest.Unit, func(e access.Entry) error {
		all = append(all, e)
		return nil
	}); err != nil {
		return "", err
	}
	for _, e := range all {
		if e.Seq == int64(from) {
			e.Name = "somebody else"
		}
		next := head.Next(e.Event)
		if _, err := tx.Exec(`UPDATE event SET person_name = $2, hash = $3 WHERE seq = $1`, e.Seq, next.Name, next.Hash); err != nil {
			return "", err
		}
		head = access.Head{Seq: next.Seq, Hash: next.Hash}
	}
	_, err := tx.Exec(`UPDATE event_head SET hash = $1`, head.Hash)
	return fmt.Sprintf("rewritten from %d", from), err
}

func TestTamperingIsFound(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		kept := chain(t, d)
		r := rand.New(rand.NewPCG(1, 2))
		seen, needed := []tampering{edit, edit, edit, remove, removeAndClose, insert, swap}, []tampering{cut, rewrite}
		for i := range tamperings {
			if i%10 == 9 { // these need the head that was kept elsewhere
				try(t, d, r, needed[r.IntN(len(needed))], kept)
				continue
			}
			try(t, d, r, seen[r.IntN(len(seen))], access.Head{})
		}
	})
}

// try tampers, verifies, and undoes it.
func try(t *testing.T, d *db.DB, r *rand.Rand, tamper tampering, kept access.Head) {
	t.Helper()
	err := d.Write(context.Background(), func(tx *db.Tx) error {
		if err := disarm(tx); err != nil {
			return err
		}
		what, err := tamper(tx, r)
		if err != nil {
			return err
		}
		if err := verify(tx, kept); !errs.Is(err, errs.Conflict) || !strings.Contains(err.Error(), "tampered") {
			t.Errorf("%s: %v, want a sentence about tampering", what, err)
		}
		return errRollBack
	})
	if !errors.Is(err, errRollBack) {
		t.Fatal(err)
	}
}

// The log is whole before and after all that, and refuses to be changed.
func TestTheLogIsAppendOnly(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		kept := chain(t, d)
		for _, text := range []string{`UPDATE event SET detail = '{}' WHERE seq = 1`, `DELETE FROM event WHERE seq = 1`, `DELETE FROM event`} {
			err := d.Write(context.Background(), func(tx *db.Tx) error {
				_, err := tx.Exec(text)
				return err
			})
			if err == nil || !strings.Contains(err.Error(), "append-only") {
				t.Errorf("%s: %v, want a refusal", text, err)
			}
		}
		if err := d.Read(context.Background(), func(tx *db.Tx) error { return verify(tx, kept) }); err != nil {
			t.Error(err)
		}
	})
}

// A session is looked up at every request: it must cost next to nothing.
func BenchmarkSession(b *testing.B) {
	d := dbtest.Open(b, dbtest.SQLite(b))
	s := New(d)
	ctx, record := context.Background(), accesstest.Recorder()
	org := access.Organisation{Unit: accesstest.Unit, ID: "o", Name: "O", CreatedAt: accesstest.Start}
	must := func(err error) {
		if err != nil {
			b.Fatal(err)
		}
	}
	must(s.AddFirstUnit(ctx, access.Unit{ID: accesstest.Unit, Name: "U", CreatedAt: accesstest.Start}, org, accesstest.Event(record, "u")))
	p := access.Person{Unit: accesstest.Unit, ID: "p", Org: "o", Name: "P", Email: "p@example.org", State: access.Active, CreatedAt: accesstest.Start}
	must(s.AddPerson(ctx, p, access.Link{TokenHash: "l", Unit: p.Unit, Person: p.ID}, accesstest.Event(record, "p")))
	must(s.AddSession(ctx, access.Session{TokenHash: "s", Unit: p.Unit, Person: p.ID}, accesstest.Event(record, "s")))
	for b.Loop() {
		_, _, err := s.Session(ctx, "s")
		must(err)
	}
}
