package access

import (
	"slices"

	"openvru/internal/errs"
	"openvru/internal/ids"
)

// The actions of the product. A service names one in every call to Check and
// in every Event. Signing in and out and setting one's own password need no
// role and are not in the table below.
const (
	PlacesRead          Action = "places.read"
	PlacesImport        Action = "places.import"
	SubmissionsSend     Action = "submissions.send"
	SubmissionsCheck    Action = "submissions.check"
	SubmissionsRead     Action = "submissions.read"
	SubmissionsAccept   Action = "submissions.accept"
	SubmissionsWithdraw Action = "submissions.withdraw"
	FactsRead           Action = "facts.read"
	FiguresRead         Action = "figures.read"
	ReportBuild         Action = "report.build"
	ReportRead          Action = "report.read"
	JobsRead            Action = "jobs.read"
	JobsCancel          Action = "jobs.cancel"
	OrganisationsManage Action = "organisations.manage"
	PeopleRead          Action = "people.read"
	PeopleManage        Action = "people.manage"
	AuditRead           Action = "audit.read"
)

// permission is one line of the table: the action in words that end the
// sentence "You may not …", who may do it, and who may do it only to what
// belongs to their own organisation.
type permission struct {
	Action Action
	Words  string
	All    []Role
	Own    []Role
}

// staff are the unit's own people who work with its figures.
var staff = []Role{Administrator, Analyst, ProgrammeManager, Board}

// permissions says who may do what. What is not here nobody may do.
//
// Partners see finished figures and reports only: what else they see will be
// for a sharing agreement to say. Suppliers send files and follow what becomes
// of their own organisation's. The public has no account's rights at all; what
// is published is served to everybody without asking who they are.
var permissions = []permission{
	{PlacesRead, "look at places", []Role{Administrator, Analyst, ProgrammeManager, Partner, Supplier, Board}, nil},
	{PlacesImport, "bring in places, boundaries and populations", []Role{Administrator, Analyst}, nil},
	{SubmissionsSend, "send a file", []Role{Analyst}, []Role{Supplier}},
	{SubmissionsCheck, "have a file checked", []Role{Analyst}, []Role{Supplier}},
	{SubmissionsRead, "look at a submission", []Role{Administrator, Analyst}, []Role{Supplier}},
	{SubmissionsAccept, "accept a submission", []Role{Analyst}, nil},
	{SubmissionsWithdraw, "withdraw a submission", []Role{Analyst}, nil},
	{FactsRead, "look at the counts behind the figures", staff, nil},
	{FiguresRead, "look at figures", append([]Role{Partner}, staff...), nil},
	{ReportBuild, "build a report", []Role{Analyst}, nil},
	{ReportRead, "read a report", append([]Role{Partner}, staff...), nil},
	{JobsRead, "follow a piece of work", []Role{Administrator, Analyst}, []Role{Supplier}},
	{JobsCancel, "stop a piece of work", []Role{Administrator, Analyst}, nil},
	{OrganisationsManage, "add or change organisations", []Role{Administrator}, nil},
	{PeopleRead, "see who has an account", []Role{Administrator}, nil},
	{PeopleManage, "add people or change what they may do", []Role{Administrator}, nil},
	{AuditRead, "read the audit log", []Role{Administrator}, nil},
}

// Actions returns every action that the table of permissions knows.
func Actions() []Action {
	var out []Action
	for _, p := range permissions {
		out = append(out, p.Action)
	}
	return out
}

// Check says whether the actor may do the action at all, be it only to what
// belongs to their own organisation (see CheckFor and Own).
//
// Errors: Unauthenticated for the zero Actor; Forbidden, with a sentence and a
// hint that names who may.
func Check(a Actor, action Action) error {
	p, err := find(a, action)
	if err != nil {
		return err
	}
	if holds(a, p.All) || holds(a, p.Own) {
		return nil
	}
	return refuse(a, p)
}

// CheckFor says whether the actor may do the action to something that belongs
// to an organisation. Errors: as Check.
func CheckFor(a Actor, action Action, owner ids.Org) error {
	p, err := find(a, action)
	if err != nil {
		return err
	}
	switch {
	case holds(a, p.All):
		return nil
	case holds(a, p.Own) && owner == a.Org && owner != "":
		return nil
	case holds(a, p.Own):
		return errs.New(errs.Forbidden, "You may not %s that belongs to another organisation.", p.Words).
			WithHint("Ask the organisation it belongs to, or the unit's analyst.")
	}
	return refuse(a, p)
}

// Own returns the only organisation whose things the actor may do the action
// to, and whether there is such a limit: a listing keeps to it. An actor who
// may not do the action at all is limited to no organisation, "".
func Own(a Actor, action Action) (org ids.Org, limited bool) {
	p, err := find(a, action)
	switch {
	case err != nil:
		return "", true
	case holds(a, p.All):
		return "", false
	case holds(a, p.Own):
		return a.Org, true
	}
	return "", true
}

func find(a Actor, action Action) (permission, error) {
	if a.Person == "" || a.Unit == "" {
		return permission{}, errs.New(errs.Unauthenticated, "You are not signed in.").WithHint("Sign in and try again.")
	}
	for _, p := range permissions {
		if p.Action == action {
			return p, nil
		}
	}
	return permission{}, errs.New(errs.Internal, "no permission is written for the action %q", action)
}

func holds(a Actor, roles []Role) bool {
	return slices.ContainsFunc(a.Roles, func(r Role) bool { return slices.Contains(roles, r) })
}

func refuse(a Actor, p permission) error {
	why := "you have no role yet"
	switch len(a.Roles) {
	case 0:
	case 1:
		why = "your role is " + string(a.Roles[0])
	default:
		why = "your roles are " + join(a.Roles)
	}
	may := append(slices.Clone(p.All), p.Own...)
	return errs.New(errs.Forbidden, "You may not %s: %s.", p.Words, why).
		WithHint("Those who may: %s. An administrator can change what your account may do.", join(may))
}
