package access

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"io"
	"time"

	"openvru/internal/ids"
)

// How long things last.
const (
	// SessionIdle is how long a session lives without a request.
	SessionIdle = time.Hour
	// SessionLife is how long a session lives at most.
	SessionLife = 12 * time.Hour
	// LinkLife is how long a link to set a password can be used.
	LinkLife = 72 * time.Hour
	// seeEvery is how often a session's last request is written down.
	seeEvery = time.Minute
)

// Session is a person being signed in. Only its token's hash is kept.
type Session struct {
	TokenHash string
	Unit      ids.Unit
	Person    ids.Person
	CreatedAt time.Time
	SeenAt    time.Time
	ExpiresAt time.Time
}

// live reports whether the session may still be used.
func (s Session) live(now time.Time) bool {
	return now.Before(s.ExpiresAt) && now.Before(s.SeenAt.Add(SessionIdle))
}

// Link lets whoever holds it set a password, once. Only its token's hash is
// kept. A link for no person sets the first administrator up.
type Link struct {
	TokenHash string
	Unit      ids.Unit
	Person    ids.Person
	CreatedAt time.Time
	ExpiresAt time.Time
	UsedAt    time.Time // zero while it can be used
}

// usable reports whether the link can be used.
func (l Link) usable(now time.Time) bool { return l.UsedAt.IsZero() && now.Before(l.ExpiresAt) }

// newToken returns a token that nobody can guess, and the hash to keep. It
// panics if the source of randomness fails: no safe token can then be made.
func newToken(rand io.Reader) (token, hash string) {
	var b [32]byte
	if _, err := io.ReadFull(rand, b[:]); err != nil {
		panic("access: no randomness: " + err.Error())
	}
	token = base64.RawURLEncoding.EncodeToString(b[:])
	return token, tokenHash(token)
}

// tokenHash needs no salt and no work: a token has 256 bits of chance.
func tokenHash(token string) string {
	sum := sha256.Sum256([]byte("openvru token\x00" + token))
	return hex.EncodeToString(sum[:])
}
