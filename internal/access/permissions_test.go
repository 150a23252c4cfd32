package access_test

import (
	"strings"
	"testing"

	"openvru/internal/access"
	"openvru/internal/access/accesstest"
	"openvru/internal/errs"
)

// grid is who may do what: A for everything, o for what belongs to their own
// organisation only. It is written out a second time, here, so that a change
// of the rules is a change that somebody reads.
const grid = `
                      administrator analyst programme-manager partner supplier board public
places.read           A             A       A                 A       A        A     -
places.import         A             A       -                 -       -        -     -
submissions.send      -             A       -                 -       o        -     -
submissions.check     -             A       -                 -       o        -     -
submissions.read      A             A       -                 -       o        -     -
submissions.accept    -             A       -                 -       -        -     -
submissions.withdraw  -             A       -                 -       -        -     -
facts.read            A             A       A                 -       -        A     -
figures.read          A             A       A                 A       -        A     -
report.build          -             A       -                 -       -        -     -
report.read           A             A       A                 A       -        A     -
jobs.read             A             A       -                 -       o        -     -
jobs.cancel           A             A       -                 -       -        -     -
organisations.manage  A             -       -                 -       -        -     -
people.read           A             -       -                 -       -        -     -
people.manage         A             -       -                 -       -        -     -
audit.read            A             -       -                 -       -        -     -
`

func TestPermissions(t *testing.T) {
	lines := strings.Split(strings.Trim(grid, "\n"), "\n")
	roles := strings.Fields(lines[0])
	if len(roles) != len(access.Roles()) || len(lines)-1 != len(access.Actions()) {
		t.Fatalf("the grid has %d roles and %d actions, the product %d and %d",
			len(roles), len(lines)-1, len(access.Roles()), len(access.Actions()))
	}
	for _, line := range lines[1:] {
		cells := strings.Fields(line)
		action := access.Action(cells[0])
		for i, want := range cells[1:] {
			actor := accesstest.Actor(access.Role(roles[i]))
			if got := may(t, actor, action); got != want {
				t.Errorf("%s by %s: %q, want %q", action, roles[i], got, want)
			}
		}
	}
}

// may answers in the grid's letters, and checks that the three ways to ask agree.
func may(t *testing.T, a access.Actor, action access.Action) string {
	t.Helper()
	any := access.Check(a, action) == nil
	own := access.CheckFor(a, action, a.Org) == nil
	other := access.CheckFor(a, action, "somebody else's") == nil
	org, limited := access.Own(a, action)
	switch {
	case any && own && other && !limited:
		return "A"
	case any && own && !other && limited && org == a.Org:
		return "o"
	case !any && !own && !other && limited && org == "":
		return "-"
	}
	return "they disagree"
}

func TestRefusalsAreSentences(t *testing.T) {
	for _, c := range []struct {
		err  error
		kind errs.Kind
		want string
		hint string
	}{
		{access.Check(access.Actor{}, access.PlacesRead), errs.Unauthenticated,
			"You are not signed in.", "Sign in and try again."},
		{access.Check(accesstest.Actor(access.Supplier), access.SubmissionsAccept), errs.Forbidden,
			"You may not accept a submission: your role is supplier.",
			"Those who may: analyst. An administrator can change what your account may do."},
		{access.Check(accesstest.Actor(access.Board, access.Partner), access.JobsRead), errs.Forbidden,
			"You may not follow a piece of work: your roles are board and partner.",
			"Those who may: administrator, analyst and supplier. An administrator can change what your account may do."},
		{access.Check(accesstest.Actor(), access.PlacesRead), errs.Forbidden,
			"You may not look at places: you have no role yet.",
			"Those who may: administrator, analyst, programme-manager, partner, supplier and board. An administrator can change what your account may do."},
		{access.CheckFor(accesstest.Actor(access.Supplier), access.SubmissionsRead, "another"), errs.Forbidden,
			"You may not look at a submission that belongs to another organisation.",
			"Ask the organisation it belongs to, or the unit's analyst."},
	} {
		is(t, c.err, c.kind)
		if c.err.Error() != c.want || errs.HintOf(c.err) != c.hint {
			t.Errorf("got  %s (%s)\nwant %s (%s)", c.err, errs.HintOf(c.err), c.want, c.hint)
		}
	}
}

// Somebody of no organisation must not match things of no organisation.
func TestNoOrganisationIsNobodys(t *testing.T) {
	a := accesstest.Actor(access.Supplier)
	a.Org = ""
	is(t, access.CheckFor(a, access.SubmissionsRead, ""), errs.Forbidden)
}

func TestAnActionWithoutARuleIsRefused(t *testing.T) {
	if err := access.Check(accesstest.Actor(access.Administrator, access.Analyst), "figures.invent"); err == nil {
		t.Error("an action that the table does not know was allowed")
	}
}

func TestParseRole(t *testing.T) {
	for _, r := range access.Roles() {
		if got, err := access.ParseRole(" " + strings.ToUpper(string(r))); got != r || err != nil {
			t.Errorf("%s: %s, %v", r, got, err)
		}
	}
	_, err := access.ParseRole("king")
	is(t, err, errs.Invalid)
}
