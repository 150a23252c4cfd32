package access

import (
	"context"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"io"
	"runtime"
	"strings"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"

	"openvru/internal/errs"
)

// Argon is how much work a password's hash takes. The zero value is the
// product's own: 2 passes over 19 MiB.
type Argon struct {
	Passes    uint32
	MemoryKiB uint32
}

var defaultArgon = Argon{Passes: 2, MemoryKiB: 19 * 1024}

// most that a kept hash may ask for, so that a damaged row cannot take the
// machine's memory.
var mostArgon = Argon{Passes: 16, MemoryKiB: 256 * 1024}

const (
	saltBytes = 16
	keyBytes  = 32
)

// hasher makes and checks password hashes, a few at a time: each takes its
// memory, and a storm of sign-ins must not take it all.
type hasher struct {
	argon Argon
	rand  io.Reader
	turns chan struct{}
}

func newHasher(a Argon, rand io.Reader) *hasher {
	if a == (Argon{}) {
		a = defaultArgon
	}
	return &hasher{a, rand, make(chan struct{}, min(4, runtime.GOMAXPROCS(0)))}
}

// key derives the key when it is this caller's turn.
func (h *hasher) key(ctx context.Context, password string, salt []byte, a Argon) ([]byte, error) {
	select {
	case h.turns <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	defer func() { <-h.turns }()
	return argon2.IDKey([]byte(password), salt, a.Passes, a.MemoryKiB, 1, keyBytes), nil
}

// hash returns a password's hash in PHC form: $argon2id$v=19$m=…,t=…,p=1$salt$key.
func (h *hasher) hash(ctx context.Context, password string) (string, error) {
	salt := make([]byte, saltBytes)
	if _, err := io.ReadFull(h.rand, salt); err != nil {
		return "", err
	}
	key, err := h.key(ctx, password, salt, h.argon)
	if err != nil {
		return "", err
	}
	enc := base64.RawStdEncoding.EncodeToString
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=1$%s$%s", argon2.Version, h.argon.MemoryKiB, h.argon.Passes, enc(salt), enc(key)), nil
}

// matches reports whether the password is the hash's. A hash that is empty or
// cannot be read matches nothing, but takes as long, so that the time says
// nothing about who has an account.
func (h *hasher) matches(ctx context.Context, password, hash string) (bool, error) {
	a, salt, want, ok := parseHash(hash)
	if !ok {
		a, salt, want = h.argon, make([]byte, saltBytes), nil
	}
	got, err := h.key(ctx, password, salt, a)
	if err != nil {
		return false, err
	}
	return ok && subtle.ConstantTimeCompare(got, want) == 1, nil
}

func parseHash(s string) (a Argon, salt, key []byte, ok bool) {
	parts := strings.Split(s, "$")
	if len(parts) != 6 || parts[1] != "argon2id" || parts[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return a, nil, nil, false
	}
	if n, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=1", &a.MemoryKiB, &a.Passes); n != 2 || err != nil {
		return a, nil, nil, false
	}
	if a.Passes == 0 || a.Passes > mostArgon.Passes || a.MemoryKiB > mostArgon.MemoryKiB {
		return a, nil, nil, false
	}
	salt, err1 := base64.RawStdEncoding.DecodeString(parts[4])
	key, err2 := base64.RawStdEncoding.DecodeString(parts[5])
	return a, salt, key, err1 == nil && err2 == nil && len(salt) > 0 && len(key) == keyBytes
}

const (
	shortestPassword = 12
	longestPassword  = 200 // letters; more would only cost time to hash
)

// checkPassword is the whole policy: long, not among the first to be guessed,
// and not the person's own name or address. It asks for no mixture of kinds of
// character, which makes passwords worse. Errors: Invalid.
func checkPassword(password string, p Person) error {
	n := utf8.RuneCountInString(password)
	switch {
	case n < shortestPassword:
		return errs.New(errs.Invalid, "The password has %d characters; it needs at least %d.", n, shortestPassword).
			WithHint("Three or four words that do not belong together are easy to remember and hard to guess.")
	case n > longestPassword:
		return errs.New(errs.Invalid, "The password is longer than %d characters.", longestPassword)
	case isGuessable(password, p):
		return errs.New(errs.Invalid, "The password is one of the first that somebody would try.").
			WithHint("Choose one that has nothing to do with your name, your work or the keyboard.")
	}
	return nil
}
