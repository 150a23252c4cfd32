package cli

import (
	"context"
	"fmt"
	"runtime/debug"
)

const versionUsage = `Usage: vru version

Prints the version of the program and of the Go release that built it.
`

func runVersion(_ context.Context, env *Env, args []string) error {
	if _, err := newFlags(env, "version", versionUsage).parse(args); err != nil {
		return err
	}
	version, goVersion := "development", ""
	if info, ok := debug.ReadBuildInfo(); ok {
		goVersion = info.GoVersion
		if info.Main.Version != "" && info.Main.Version != "(devel)" {
			version = info.Main.Version
		}
	}
	fmt.Fprintf(env.Stdout, "vru %s %s\n", version, goVersion)
	return nil
}
