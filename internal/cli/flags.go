package cli

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"

	"openvru/internal/errs"
)

// flags is a command's flag set: the standard library's, with the settings
// every command shares, and flags allowed after file names too.
type flags struct {
	*flag.FlagSet
	env   *Env
	usage string
	json  bool
}

// newFlags begins a command's flags. The usage text is what --help prints.
func newFlags(env *Env, name, usage string) *flags {
	f := &flags{FlagSet: flag.NewFlagSet(name, flag.ContinueOnError), env: env, usage: usage}
	f.SetOutput(io.Discard)
	f.StringVar(&env.DB, "db", setting(env.DB, env.Getenv("OPENVRU_DB"), "openvru.db"), "")
	f.StringVar(&env.Data, "data", setting(env.Data, env.Getenv("OPENVRU_DATA"), "openvru-data"), "")
	f.BoolVar(&f.json, "json", false, "")
	return f
}

func setting(values ...string) string {
	for _, v := range values {
		if v != "" {
			return v
		}
	}
	return ""
}

// parse reads the arguments and returns the ones that are not flags, wherever
// they stand: age's users, and ours, put flags last.
func (f *flags) parse(args []string) ([]string, error) {
	var rest []string
	for {
		if err := f.Parse(args); err != nil {
			return nil, f.refuse(err)
		}
		args = f.Args()
		if len(args) == 0 {
			return rest, nil
		}
		rest = append(rest, args[0])
		args = args[1:]
	}
}

// refuse turns the flag package's error into ours; --help prints the usage.
func (f *flags) refuse(err error) error {
	if errors.Is(err, flag.ErrHelp) {
		fmt.Fprint(f.env.Stdout, f.usage)
		return err
	}
	message := strings.TrimPrefix(err.Error(), "flag provided but not defined: ")
	if message != err.Error() {
		message = "there is no flag -" + message
	}
	return errs.New(errs.Invalid, "%s", message).WithHint("run vru %s --help", f.Name())
}

// need refuses a call without its required arguments.
func (f *flags) need(rest []string, n int, what string) error {
	if len(rest) >= n {
		return nil
	}
	return errs.New(errs.Invalid, "missing %s", what).WithHint("run vru %s --help", f.Name())
}
