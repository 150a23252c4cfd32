// Package errs is the product's one kind of error: a kind for machines, a
// sentence for people, and, where one helps, a hint that says what to do next.
//
// Anything that is not an *Error counts as Internal: its text goes to the log
// and never to a page.
package errs

import (
	"errors"
	"fmt"
)

// Kind says what sort of trouble an error is. The list is closed: add new
// kinds at the end, never reorder, because kinds are kept in logs.
type Kind int

const (
	// Internal is a fault of the product or the machine it runs on.
	Internal Kind = iota
	// Invalid is input that cannot be used as it is.
	Invalid
	// NotFound is a name or code that nothing is kept under.
	NotFound
	// Forbidden is an act the person's roles do not allow.
	Forbidden
	// Conflict is an act that the present state does not allow.
	Conflict
	// Unavailable is trouble that will pass: a full disk, a busy database.
	Unavailable
	// Withheld is a number that disclosure control hides.
	Withheld
	// Unauthenticated is a request from nobody we know.
	Unauthenticated
)

// Error is an error with a Kind, a sentence for a person, an optional hint
// and an optional cause. The zero value is an internal error with no message.
type Error struct {
	Kind    Kind
	Message string
	Hint    string
	Cause   error
	told    error // a cause whose text is already in Message
}

// Error returns the sentence, followed by the cause when there is one.
func (e *Error) Error() string {
	if e.Cause == nil {
		return e.Message
	}
	if e.Message == "" {
		return e.Cause.Error()
	}
	return e.Message + ": " + e.Cause.Error()
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error {
	if e.Cause == nil {
		return e.told
	}
	return e.Cause
}

// New returns an error of a kind with a formatted sentence; %w keeps a cause,
// which the sentence then tells in its own place.
func New(kind Kind, format string, args ...any) *Error {
	err := fmt.Errorf(format, args...)
	return &Error{Kind: kind, Message: err.Error(), told: errors.Unwrap(err)}
}

// WithHint returns the error with a hint: a sentence that says what to do.
func (e *Error) WithHint(format string, args ...any) *Error {
	out := *e
	out.Hint = fmt.Sprintf(format, args...)
	return &out
}

// WithCause returns the error with the error that led to it.
func (e *Error) WithCause(cause error) *Error {
	out := *e
	out.Cause = cause
	return &out
}

// KindOf returns the kind of the outermost *Error in the chain, or Internal.
func KindOf(err error) Kind {
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return Internal
}

// Is reports whether err has the kind.
func Is(err error, kind Kind) bool { return err != nil && KindOf(err) == kind }

// HintOf returns the first hint in the chain, or "".
func HintOf(err error) string {
	for err != nil {
		var e *Error
		if !errors.As(err, &e) {
			return ""
		}
		if e.Hint != "" {
			return e.Hint
		}
		err = e.Unwrap()
	}
	return ""
}

// MessageOf returns the sentence a person may read: the error's own for every
// kind but Internal, whose detail belongs in the log.
func MessageOf(err error) string {
	var e *Error
	if errors.As(err, &e) && e.Kind != Internal {
		return e.Message
	}
	return "Something went wrong on our side."
}

// Wrap adds the call to an error that crosses a boundary, keeping its kind and
// hint. Use it deferred, at the top: defer errs.Wrap(&err, "records.Load(%s)", id).
func Wrap(err *error, format string, args ...any) {
	if *err == nil {
		return
	}
	*err = &wrapped{call: fmt.Sprintf(format, args...), err: *err}
}

type wrapped struct {
	call string
	err  error
}

func (w *wrapped) Error() string { return w.call + ": " + w.err.Error() }
func (w *wrapped) Unwrap() error { return w.err }
