package web

import (
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"runtime/debug"
	"time"

	"openvru/internal/errs"
	"openvru/internal/web/kit"
)

// policy is the content security policy: nothing but our own files, no inline
// script or style, in no one's frame.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
	"form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// maxBody is how much a request may send, uploads apart.
const maxBody = 1 << 20

// stall is how long an upload or a download may stand still.
const stall = time.Minute

// protect wraps the routes in everything that holds for every request, in the
// order a request meets it.
func (s *Server) protect(h http.Handler) http.Handler {
	h = s.visitors(h)
	h = s.sameOrigin(h)
	h = s.recovered(h)
	h = s.headers(h)
	return s.logged(h)
}

// logged gives each request a reference and writes one line about it.
func (s *Server) logged(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		began := s.cfg.Now()
		r = kit.WithReference(r, s.reference())
		seen := &status{ResponseWriter: w, code: http.StatusOK}
		next.ServeHTTP(seen, r)
		s.cfg.Log.Debug("request", "method", r.Method, "path", kit.LogPath(r), "status", seen.code,
			"milliseconds", s.cfg.Now().Sub(began).Milliseconds(), "reference", kit.Reference(r))
	})
}

// status remembers what was answered, for the log.
type status struct {
	http.ResponseWriter
	code int
}

// WriteHeader implements http.ResponseWriter.
func (s *status) WriteHeader(code int) { s.code = code; s.ResponseWriter.WriteHeader(code) }

// Unwrap lets http.ResponseController reach the connection.
func (s *status) Unwrap() http.ResponseWriter { return s.ResponseWriter }

// reference makes the name that a request goes by in the log.
func (s *Server) reference() string {
	var b [6]byte
	if _, err := io.ReadFull(s.cfg.Rand, b[:]); err != nil {
		return "unnamed" // the log loses a convenience, nothing more
	}
	return hex.EncodeToString(b[:])
}

// headers sets what browsers are told with every answer. Pages are private:
// nothing keeps them; files named by content say otherwise for themselves.
func (s *Server) headers(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
		h.Set("Cache-Control", "no-store")
		if s.cfg.Secure {
			h.Set("Strict-Transport-Security", "max-age=63072000; includeSubDomains")
		}
		next.ServeHTTP(w, r)
	})
}

// recovered turns a panic into the error page and a line with its stack.
func (s *Server) recovered(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			p := recover()
			if p == nil {
				return
			}
			if err, ok := p.(error); ok && errors.Is(err, http.ErrAbortHandler) {
				panic(p) // the server's own way to drop a connection
			}
			s.cfg.Log.Error("panic", "value", fmt.Sprint(p), "reference", kit.Reference(r), "stack", string(debug.Stack()))
			s.kit.Fail(w, r, errs.New(errs.Internal, "panic: %v", p))
		}()
		next.ServeHTTP(w, r)
	})
}

// sameOrigin refuses a changing request that a browser sends for another site.
func (s *Server) sameOrigin(next http.Handler) http.Handler {
	c := http.NewCrossOriginProtection()
	c.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.kit.Fail(w, r, errs.New(errs.Forbidden, "this form was sent from another site").
			WithHint("open the page here and send it again"))
	}))
	return c.Handler(next)
}

// small bounds what a request may send.
func small(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(w, r.Body, maxBody)
		next.ServeHTTP(w, r)
	})
}

// large lets a request send a whole file, and take as long as it needs so long
// as it does not stand still.
func (s *Server) large(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		control := http.NewResponseController(w)
		// A connection that knows no deadlines is a test's; it needs none.
		_ = control.SetWriteDeadline(time.Time{}) // until the first byte is written: an upload comes before it
		r.Body = &patient{http.MaxBytesReader(w, r.Body, s.cfg.MaxUpload), control}
		next.ServeHTTP(&steady{w, control}, r)
	})
}

// patient moves the deadline of a connection on with every piece that comes.
type patient struct {
	io.ReadCloser
	control *http.ResponseController
}

func (p *patient) Read(b []byte) (int, error) {
	_ = p.control.SetReadDeadline(time.Now().Add(stall)) //nolint:forbidigo // a connection keeps time by the machine's clock
	return p.ReadCloser.Read(b)
}

// steady moves the deadline of a connection on with every piece that is taken.
type steady struct {
	http.ResponseWriter
	control *http.ResponseController
}

// Write implements io.Writer.
func (s *steady) Write(b []byte) (int, error) {
	_ = s.control.SetWriteDeadline(time.Now().Add(stall)) //nolint:forbidigo // a connection keeps time by the machine's clock
	return s.ResponseWriter.Write(b)
}

// Unwrap lets http.ResponseController reach the connection.
func (s *steady) Unwrap() http.ResponseWriter { return s.ResponseWriter }
