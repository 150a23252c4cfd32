package cli

import (
	"context"
	"fmt"

	"openvru/internal/notices"
)

const licencesUsage = `Usage: vru licences [--json]

Prints the licence of the program, then the notices of the modules, the Go
library and the map figures it contains. The notices of what the pages' styles
and scripts contain are linked from About this service.

Example: vru licences > licences.txt
`

func runLicences(_ context.Context, env *Env, args []string) error {
	f := newFlags(env, "licences", licencesUsage)
	if _, err := f.parse(args); err != nil {
		return err
	}
	if f.json {
		return writeJSON(env.Stdout, struct {
			Licence string           `json:"licence"`
			Notices []notices.Notice `json:"notices"`
		}{notices.Own, notices.All()})
	}
	_, err := fmt.Fprintf(env.Stdout, "vru is under the %s licence.\n\n%s", notices.Own, notices.Text())
	return err
}
