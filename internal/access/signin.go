package access

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"math"
	"net/netip"
	"time"

	"openvru/internal/errs"
	"openvru/internal/ids"
)

// How many tries to sign in are too many.
const (
	TryWindow      = 15 * time.Minute
	AccountTries   = 10 // wrong passwords for one account
	AddressTries   = 30 // tries from one address, which an office may share
	longestAttempt = 1000
)

// Credentials are what somebody signs in with, and where from.
type Credentials struct {
	Unit     ids.Unit
	Email    string
	Password string
	Address  string // the network address, for the lock-out
}

// SignIn lets a person in and returns the token of a new session.
//
// Errors: Unauthenticated, the same words for an unknown address, a wrong
// password and a disabled account; Forbidden when there were too many tries.
func (s *Service) SignIn(ctx context.Context, c Credentials) (token string, a Actor, err error) {
	if len(c.Email) > longestAttempt || len(c.Password) > longestAttempt {
		return "", Actor{}, wrong()
	}
	c.Email = plain(fold(c.Email))
	p, err := s.byEmail(ctx, c)
	if err != nil {
		return "", Actor{}, err
	}
	if err := s.count(ctx, c, p); err != nil {
		return "", Actor{}, err
	}
	if err := s.checkSecret(ctx, p, c.Password); err != nil {
		return "", Actor{}, err
	}
	if err := s.store.Forgive(ctx, c.accountKey(), c.addressKey()); err != nil {
		return "", Actor{}, err
	}
	token, session := s.newSession(p)
	return token, p.Actor(), s.store.AddSession(ctx, session, s.record.Event(p.Actor(), SignedIn, p.subject(), nil))
}

// byEmail returns the person with an address, or one who matches no password.
func (s *Service) byEmail(ctx context.Context, c Credentials) (Person, error) {
	p, err := s.store.PersonByEmail(ctx, c.Unit, c.Email)
	if errs.Is(err, errs.NotFound) {
		return Person{}, nil
	}
	return p, err
}

func (s *Service) checkSecret(ctx context.Context, p Person, password string) error {
	ok, err := s.hash.matches(ctx, password, p.PasswordHash)
	if err != nil {
		return err
	}
	if !ok || p.State != Active {
		return wrong()
	}
	return nil
}

// count counts the try before the password is looked at, so that many at once
// are no way round the limit. A try from an address that is locked out is not
// held against the account.
func (s *Service) count(ctx context.Context, c Credentials, p Person) error {
	now := s.record.Now().UTC()
	tries, since, err := s.store.Try(ctx, c.addressKey(), now, TryWindow)
	if err != nil {
		return err
	}
	if tries > AddressTries {
		return tooMany("from your network", now, since)
	}
	tries, since, err = s.store.Try(ctx, c.accountKey(), now, TryWindow)
	if err != nil || tries <= AccountTries {
		return err
	}
	if tries == AccountTries+1 && p.ID != "" {
		e := s.record.Event(machine(p.Unit), LockedOut, p.subject(), map[string]any{"until": since.Add(TryWindow)})
		if err := s.store.Log(ctx, e); err != nil {
			return err
		}
	}
	return tooMany("for this account", now, since)
}

func tooMany(where string, now, since time.Time) error {
	minutes := max(1, int(math.Ceil(since.Add(TryWindow).Sub(now).Minutes())))
	unit := "minutes"
	if minutes == 1 {
		unit = "minute"
	}
	return errs.New(errs.Forbidden, "There have been too many tries to sign in %s.", where).
		WithHint("Wait %d %s and try again, or ask an administrator for a link to choose a new password.", minutes, unit)
}

func wrong() error {
	return errs.New(errs.Unauthenticated, "The email address or the password is not right.").
		WithHint("Check both. If you have forgotten the password, an administrator can make you a link to choose a new one.")
}

// The keys are hashes, so that the table of tries holds no addresses of
// people who have no account, and no network addresses.
func (c Credentials) accountKey() string { return tryKey("account", string(c.Unit), c.Email) }
func (c Credentials) addressKey() string {
	return tryKey("address", string(c.Unit), network(c.Address))
}

// network is whom an address is counted against: itself or, in version 6, the
// /64 network it is in, all of which a single machine can use.
func network(address string) string {
	a, err := netip.ParseAddr(address)
	if err != nil {
		return address
	}
	a = a.Unmap().WithZone("")
	if a.Is4() {
		return a.String()
	}
	return netip.PrefixFrom(a, 64).Masked().String()
}

func tryKey(kind, unit, name string) string {
	sum := sha256.Sum256([]byte(kind + "\x00" + unit + "\x00" + name))
	return kind + ":" + hex.EncodeToString(sum[:16])
}

func (s *Service) newSession(p Person) (token string, session Session) {
	now := s.record.Now().UTC()
	token, hash := newToken(s.rand)
	return token, Session{TokenHash: hash, Unit: p.Unit, Person: p.ID, CreatedAt: now, SeenAt: now, ExpiresAt: now.Add(SessionLife)}
}

// Authenticate returns who a session's token belongs to, with the roles they
// have now. Errors: Unauthenticated for a session that is unknown, over, or of
// a person who may no longer sign in.
func (s *Service) Authenticate(ctx context.Context, token string) (Actor, error) {
	if token == "" {
		return Actor{}, over()
	}
	session, p, err := s.store.Session(ctx, tokenHash(token))
	if err != nil && !errs.Is(err, errs.NotFound) {
		return Actor{}, err
	}
	now := s.record.Now().UTC()
	if err != nil || !session.live(now) || p.State != Active {
		return Actor{}, over()
	}
	if now.Sub(session.SeenAt) >= seeEvery {
		s.see(ctx, session.TokenHash, now)
	}
	return p.Actor(), nil
}

// see notes that the session is in use, if that can be done at once: a page
// must not wait for a large submission that is being written, and the next
// request tries again.
func (s *Service) see(ctx context.Context, hash string, now time.Time) {
	ctx, cancel := context.WithTimeout(ctx, 20*time.Millisecond)
	defer cancel()
	_ = s.store.SeeSession(ctx, hash, now)
}

func over() error {
	return errs.New(errs.Unauthenticated, "You are not signed in, or your session is over.").WithHint("Sign in again.")
}

// SignOut ends a session. Ending one that is over already is no error.
func (s *Service) SignOut(ctx context.Context, token string) error {
	session, p, err := s.store.Session(ctx, tokenHash(token))
	if errs.Is(err, errs.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	return s.store.EndSession(ctx, session.TokenHash, s.record.Event(p.Actor(), SignedOut, p.subject(), nil))
}

// ChangePassword changes the actor's own password, ends all their sessions and
// returns the token of a new one. Errors: Unauthenticated for a wrong old
// password; Forbidden after too many; Invalid for the new one.
func (s *Service) ChangePassword(ctx context.Context, a Actor, address, old, new string) (token string, err error) {
	p, err := s.store.Person(ctx, a.Unit, a.Person)
	if err != nil {
		return "", err
	}
	c := Credentials{Unit: p.Unit, Email: p.Email, Address: address}
	if err := s.count(ctx, c, p); err != nil {
		return "", err
	}
	if err := s.checkSecret(ctx, p, old); err != nil {
		return "", errs.New(errs.KindOf(err), "The present password is not right.")
	}
	if err := s.setPassword(ctx, &p, new); err != nil {
		return "", err
	}
	if err := s.store.Forgive(ctx, c.accountKey(), c.addressKey()); err != nil {
		return "", err
	}
	token, session := s.newSession(p)
	return token, s.store.SetPassword(ctx, p, session, s.record.Event(a, PasswordChanged, p.subject(), nil))
}
