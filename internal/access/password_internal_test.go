package access

import (
	"context"
	"crypto/rand"
	"strings"
	"testing"

	"openvru/internal/errs"
)

func TestPasswordsThatAreRefused(t *testing.T) {
	p := Person{Name: "Sam O'Supplier", Email: "sam.supplier@stmarys.example"}
	for _, s := range []string{
		"", "short", "elevenchars", "aaaaaaaaaaaaaaaa", "1234567890123456", "2021-03-01 09:00",
		"Password1234", "P@ssw0rd12345!", "passwordpassword", "Qwertyuiop123", "letmein123456",
		"Welcome2021!!", "LondonPolice1", "openvruopenvru", "samsupplier2021", "Sam.Supplier!2021",
		strings.Repeat("long", 51), "adminadminadmin", "!!!!!!!!!!!!!!", "January2021!",
	} {
		if err := checkPassword(s, p); !errs.Is(err, errs.Invalid) {
			t.Errorf("%q was allowed (%v)", s, err)
		}
	}
	for _, s := range []string{
		"walnut tractor lampshade", "Tr0ub4dor&3xyz", "jfh28dkfu39s", "ñandú über größe", "correct horse battery staple",
	} {
		if err := checkPassword(s, p); err != nil {
			t.Errorf("%q was refused: %v", s, err)
		}
	}
}

func TestHashes(t *testing.T) {
	h := newHasher(Argon{Passes: 1, MemoryKiB: 64}, rand.Reader)
	ctx := context.Background()
	one, err := h.hash(ctx, "walnut tractor")
	if err != nil {
		t.Fatal(err)
	}
	two, err := h.hash(ctx, "walnut tractor")
	if err != nil || one == two {
		t.Fatalf("two hashes of one password are the same (%v)", err)
	}
	for _, c := range []struct {
		password, hash string
		want           bool
	}{
		{"walnut tractor", one, true},
		{"walnut tractor", two, true},
		{"walnut tracto", one, false},
		{"", one, false},
		{"", "", false},
		{"walnut tractor", strings.Replace(one, "t=1", "t=2", 1), false},
		{"walnut tractor", strings.Replace(one, "argon2id", "argon2i", 1), false},
		{"walnut tractor", strings.Replace(one, "m=64", "m=99999999", 1), false},
		{"walnut tractor", one[:len(one)-4], false},
		{"walnut tractor", "$argon2id$v=19$m=64,t=1,p=1$$", false},
	} {
		if got, err := h.matches(ctx, c.password, c.hash); got != c.want || err != nil {
			t.Errorf("%q with %q: %v, %v", c.password, c.hash, got, err)
		}
	}
	gone, cancel := context.WithCancel(ctx)
	cancel()
	for range cap(h.turns) {
		h.turns <- struct{}{}
	}
	if _, err := h.hash(gone, "x"); err == nil {
		t.Error("a caller who has gone was given a turn")
	}
}

// The product's own work factor is what the documentation says.
func TestProductArgon(t *testing.T) {
	h := newHasher(Argon{}, rand.Reader)
	s, err := h.hash(context.Background(), "walnut tractor lampshade")
	if err != nil || !strings.HasPrefix(s, "$argon2id$v=19$m=19456,t=2,p=1$") {
		t.Errorf("the hash is %q (%v)", s, err)
	}
	if ok, err := h.matches(context.Background(), "walnut tractor lampshade", s); !ok || err != nil {
		t.Errorf("the password does not match its own hash (%v)", err)
	}
}

func FuzzParseHash(f *testing.F) {
	f.Add("$argon2id$v=19$m=64,t=1,p=1$c2FsdHNhbHRzYWx0c2FsdA$a2V5a2V5a2V5a2V5a2V5a2V5a2V5a2V5a2V5a2V5a2U")
	f.Add("$argon2id$v=19$m=4294967295,t=4294967295,p=1$a$a")
	f.Fuzz(func(t *testing.T, s string) {
		a, salt, key, ok := parseHash(s)
		if ok && (a.MemoryKiB > mostArgon.MemoryKiB || a.Passes > mostArgon.Passes || len(salt) == 0 || len(key) != keyBytes) {
			t.Errorf("a hash that asks for too much was read: %+v", a)
		}
	})
}
