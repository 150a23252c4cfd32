package errs_test

import (
	"errors"
	"io"
	"testing"

	"openvru/internal/errs"
)

func TestAnErrorKeepsItsKindAndHintThroughWraps(t *testing.T) {
	load := func() (err error) {
		defer errs.Wrap(&err, "records.Load(%s)", "s1")
		return errs.New(errs.NotFound, "there is no submission s1").WithHint("list them with vru submissions").WithCause(io.EOF)
	}
	err := load()
	if !errs.Is(err, errs.NotFound) {
		t.Errorf("kind = %v, want NotFound", errs.KindOf(err))
	}
	if got := errs.HintOf(err); got != "list them with vru submissions" {
		t.Errorf("hint = %q", got)
	}
	if got := errs.MessageOf(err); got != "there is no submission s1" {
		t.Errorf("message = %q", got)
	}
	if got := err.Error(); got != "records.Load(s1): there is no submission s1: EOF" {
		t.Errorf("text for the log = %q", got)
	}
	if !errors.Is(err, io.EOF) {
		t.Error("the cause is lost")
	}
}

func TestASentenceMayTellItsCause(t *testing.T) {
	err := errs.New(errs.Invalid, "line 3: %w", errs.New(errs.NotFound, "there is no such place").WithHint("see vru places"))
	if got := err.Error(); got != "line 3: there is no such place" {
		t.Errorf("text = %q", got)
	}
	if got := errs.HintOf(err); got != "see vru places" {
		t.Errorf("hint = %q", got)
	}
	if err := errs.New(errs.Invalid, "line 3: %w", io.EOF); !errors.Is(err, io.EOF) {
		t.Error("the cause is lost")
	}
}

func TestInternalDetailIsNotForPeople(t *testing.T) {
	if got := errs.MessageOf(io.ErrUnexpectedEOF); got != "Something went wrong on our side." {
		t.Errorf("a foreign error reads %q", got)
	}
	if errs.KindOf(io.EOF) != errs.Internal {
		t.Error("a foreign error is not Internal")
	}
	if errs.Is(nil, errs.Internal) {
		t.Error("no error has a kind")
	}
	if errs.HintOf(nil) != "" || errs.HintOf(io.EOF) != "" {
		t.Error("a hint from nowhere")
	}
}

func TestAHintDeeperInTheChainIsFound(t *testing.T) {
	inner := errs.New(errs.Unavailable, "the disk is full").WithHint("free some room")
	outer := errs.New(errs.Unavailable, "the file could not be kept").WithCause(inner)
	if got := errs.HintOf(outer); got != "free some room" {
		t.Errorf("hint = %q", got)
	}
}
