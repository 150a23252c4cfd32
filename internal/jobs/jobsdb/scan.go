package jobsdb

import (
	"strconv"
	"strings"
	"time"

	"openvru/internal/access"
	"openvru/internal/db"
	"openvru/internal/jobs"
)

const columns = `unit_id, job_id, kind, key, subject, args, person_id, person_name, org_id, roles,
	state, cancel, attempts, done, total, note, message, hint, result, worker,
	asked_at, not_before, started_at, beat_at, finished_at`

// scan reads columns.
func scan(scan func(...any) error) (j jobs.Job, err error) {
	var roles string
	var cancel int
	var at [5]string
	err = scan(&j.Unit, &j.ID, &j.Kind, &j.Key, &j.Subject, &j.Args, &j.Actor.Person, &j.Actor.Name, &j.Actor.Org, &roles,
		&j.State, &cancel, &j.Attempts, &j.Done, &j.Total, &j.Note, &j.Message, &j.Hint, &j.Result, &j.Worker,
		&at[0], &at[1], &at[2], &at[3], &at[4])
	if err != nil {
		return j, err
	}
	j.Actor.Unit, j.Cancel = j.Unit, cancel == 1
	for _, r := range strings.Fields(roles) {
		j.Actor.Roles = append(j.Actor.Roles, access.Role(r))
	}
	for i, into := range []*time.Time{&j.AskedAt, &j.NotBefore, &j.StartedAt, &j.BeatAt, &j.FinishedAt} {
		if *into, err = db.ParseStamp(at[i]); err != nil {
			return j, err
		}
	}
	return j, nil
}

func writeRoles(roles []access.Role) string {
	var words []string
	for _, r := range roles {
		words = append(words, string(r))
	}
	return strings.Join(words, " ")
}

func flag(b bool) int {
	if b {
		return 1
	}
	return 0
}

// place adds values to a query's arguments and returns their places: "$3, $4".
func place[S ~string](args *[]any, values []S) string {
	var places []string
	for _, v := range values {
		*args = append(*args, string(v))
		places = append(places, "$"+strconv.Itoa(len(*args)))
	}
	return strings.Join(places, ", ")
}
