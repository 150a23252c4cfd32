// Package cli is the command line, one file a verb.
//
// Rules of this interface:
//
//   - results go to standard output, and nothing else does;
//   - progress, notes and errors go to standard error, prefixed "vru: ";
//   - an error is one sentence, without a capital or a full stop of ours, and
//     a hint on its own line says what to do next;
//   - every listing has --json, with the same content as the table;
//   - nothing asks a question when standard input is not a terminal.
//
// The one exception to the first rule is the set-up link, which is printed to
// standard error by serve because it is for a person, not for a pipe.
package cli

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"time"

	"openvru/internal/errs"
)

const usage = `vru: the working system of a Violence Reduction Unit

Usage:
  vru demo [--dir DIR] [--addr HOST:PORT] [--no-serve]    an invented London, loaded and served
  vru serve [--addr HOST:PORT]                            the pages, for the people of the unit
  vru places [import FILE…]                               places held; boundaries, lookups, populations in
  vru submit SOURCE FILE… [--dry-run]                     check a supplier's files and take them in
  vru submissions [ID]                                    what was sent, its summary and findings
  vru series                                              the measures and their definitions
  vru facts SERIES --place CODE --from 2019-01 --to 2020-12 [--as-known 2020-07-01]
  vru compare SERIES --period 2020 --against 2019 [--place CODE]
  vru report violence --year 2020 --against 2019 [--place CODE] -o FILE
  vru user add|list                                       who may sign in
  vru audit verify                                        proves that the event log is whole
  vru jobs                                                work in the background
  vru version; vru licences                               what this is; the licences of what it contains

Every command has --help; every listing has --json. Settings, by flag or by environment:
  --db    OPENVRU_DB     a SQLite file or a postgres:// address (openvru.db)
  --data  OPENVRU_DATA   the folder for files as they were sent (openvru-data)

Example, from police files to the violent-crime report:
  vru places import boundaries.geojson lookup.csv population.csv
  vru submit mps-monthly borough-level.csv
  vru report violence --year 2020 --against 2019 -o report.html
`

// Env is the world a command runs in. Nothing below it reads a global.
type Env struct {
	Stdin          io.Reader
	Stdout, Stderr io.Writer
	Getenv         func(string) string
	Now            func() time.Time
	Rand           io.Reader
	Terminal       bool // standard error is a terminal: progress bars may move

	DB, Data string // settled by flags, environment and defaults, in that order
}

// verb is one command.
type verb struct {
	name string
	run  func(ctx context.Context, env *Env, args []string) error
}

// errUsage asks for the usage text to be shown and the exit code 2.
var errUsage = errors.New("usage")

// Main runs the command the arguments name and returns the exit code: 0 when
// it is done, 1 when it failed, 2 when it was asked wrongly.
func Main(ctx context.Context, env *Env, args []string) int {
	if len(args) == 0 || args[0] == "help" || args[0] == "--help" || args[0] == "-h" {
		fmt.Fprint(env.Stdout, usage)
		return 0
	}
	for _, v := range verbs() {
		if v.name == args[0] {
			return env.report(args[0], v.run(ctx, env, args[1:]))
		}
	}
	fmt.Fprintf(env.Stderr, "vru: there is no command %q\nhint: %s\n", args[0], suggest(args[0]))
	return 2
}

// report writes an error as the rules above say and returns the exit code.
func (env *Env) report(name string, err error) int {
	switch {
	case err == nil, errors.Is(err, flag.ErrHelp):
		return 0
	case errors.Is(err, errUsage):
		return 2
	case errors.Is(err, context.Canceled):
		fmt.Fprintln(env.Stderr, "vru: stopped")
		return 1
	}
	w := plain{env.Stderr}
	fmt.Fprintf(w, "vru: %s: %s\n", name, sentence(err))
	if hint := errs.HintOf(err); hint != "" {
		fmt.Fprintf(w, "hint: %s\n", hint)
	}
	return 1
}

// sentence is what a person at a terminal reads. The operator may see internal
// detail, since they are the one who will look for its cause.
func sentence(err error) string {
	if errs.KindOf(err) != errs.Internal {
		return errs.MessageOf(err)
	}
	return err.Error()
}

// suggest offers the verb a misspelling was most likely meant to be.
func suggest(word string) string {
	best, name := 3, ""
	for _, v := range verbs() {
		if d := distance(word, v.name); d < best {
			best, name = d, v.name
		}
	}
	if name == "" {
		return "run vru help for the list"
	}
	return "did you mean vru " + name + "?"
}

// distance is the number of letters to change, add or drop (Levenshtein 1966).
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diag := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			diag, row[j+1] = row[j+1], min(row[j+1]+1, row[j]+1, diag+cost)
		}
	}
	return row[len(b)]
}
