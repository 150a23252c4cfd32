package web_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"openvru/internal/access"
)

// Who may send each request, by role in the order of the columns:
//
//	stranger · administrator · analyst · programme manager · partner · supplier · board · public
//
// y is let through (whatever comes of it), n is refused, s is asked to sign in,
// and – is a form that a stranger may not send. A route without a row fails the
// test, and so does a row without a route.
const rights = `
GET /{$}                                  s yyyyyyy
GET /about                                y yyyyyyy
GET /accessibility                        y yyyyyyy
GET /assets/{file}                        y yyyyyyy
GET /health                               y yyyyyyy
GET /sign-in                              y yyyyyyy
POST /sign-in                             - -------
POST /sign-out                            n yyyyyyy
GET /set-up/{code}                        y yyyyyyy
POST /set-up/{code}                       y yyyyyyy
GET /password                             s yyyyyyy
POST /password                            n yyyyyyy
GET /people                               s ynnnnnn
GET /people.csv                           s ynnnnnn
GET /people.json                          n ynnnnnn
GET /people/new                           s ynnnnnn
POST /people                              n ynnnnnn
GET /people/{id}                          s ynnnnnn
POST /people/{id}/link                    n ynnnnnn
POST /people/{id}/roles                   n ynnnnnn
POST /people/{id}/disable                 n ynnnnnn
POST /people/{id}/enable                  n ynnnnnn
GET /audit                                s ynnnnnn
GET /audit.csv                            s ynnnnnn
GET /audit.json                           n ynnnnnn
GET /submissions                          s yynnynn
GET /submissions.csv                      s yynnynn
GET /submissions.json                     n yynnynn
GET /submissions/new                      s nynnynn
POST /submissions                         n nynnynn
GET /submissions/{id}                     s yynnnnn
GET /submissions/{id}/progress.json       n yynnnnn
GET /submissions/{id}/summary.json        n yynnnnn
GET /submissions/{id}/file                s yynnnnn
POST /submissions/{id}/check              n nynnnnn
GET /submissions/{id}/accept              s nynnnnn
POST /submissions/{id}/accept             n nynnnnn
GET /submissions/{id}/withdraw            s nynnnnn
POST /submissions/{id}/withdraw           n nynnnnn
GET /submissions/{id}/findings            s yynnnnn
GET /submissions/{id}/findings.csv        s yynnnnn
GET /submissions/{id}/findings.json       n yynnnnn
GET /submissions/{id}/changes             s yynnnnn
GET /submissions/{id}/changes.csv         s yynnnnn
GET /submissions/{id}/changes.json        n yynnnnn
GET /jobs                                 s yynnynn
GET /jobs.csv                             s yynnynn
GET /jobs.json                            n yynnynn
GET /sources                              s yyyyyyy
GET /sources.csv                          s yyyyyyy
GET /sources.json                         n yyyyyyy
GET /sources/{source}                     s yyyyyyy
GET /places                               s yyyyyyn
GET /places.csv                           s yyyyyyn
GET /places.json                          n yyyyyyn
GET /places/{level}/{code}                s yyyynyn
GET /places/{level}/{code}/{table}        s yyyynyn
GET /reports/violence                     s yyyynyn
GET /reports/violence/file                s yyyynyn
GET /reports/violence/tables.csv          s yyyynyn
GET /reports/violence/tables.json         n yyyynyn
GET /reports/violence/tables/{table}      s yyyynyn
GET /reports/violence/style/{file}        y yyyyyyy
GET /figures/{figure}                     s yyyynyn
GET /figures/{figure}/{table}             s yyyynyn
GET /files/{hash}                         s yynnynn
`

// columns are the roles in the order of the table.
var columns = []access.Role{access.Administrator, access.Analyst, access.ProgrammeManager, access.Partner, access.Supplier, access.Board, access.Public}

func readRights(t *testing.T) map[string]string {
	t.Helper()
	out := map[string]string{}
	for line := range strings.Lines(rights) {
		f := strings.Fields(line)
		if len(f) == 0 {
			continue
		}
		if len(f) != 4 || len(f[2]) != 1 || len(f[3]) != len(columns) {
			t.Fatalf("not a row: %s", line)
		}
		out[f[0]+" "+f[1]] = f[2] + f[3]
	}
	return out
}

func TestEveryRouteForEveryRole(t *testing.T) {
	s := newSite(t)
	table := readRights(t)
	owner := s.person(access.Analyst)
	path := send(t, owner, "police-uk", "a.csv", sample)
	fill := strings.NewReplacer("{$}", "", "/submissions/{id}", path, "{id}", "nobody", "{code}", "wrong", "{source}", "police-uk",
		"{level}", "borough", "{table}", "trend.csv", "{figure}", "police.robbery.E09000007.2020", "{hash}", "00", "{file}", "none")
	clients := []*client{newClient(t, s)}
	for _, role := range columns {
		if role == access.Analyst {
			clients = append(clients, owner)
			continue
		}
		clients = append(clients, s.person(role))
	}
	for _, pattern := range s.Patterns() {
		row, ok := table[pattern]
		if !ok {
			t.Errorf("%s has no row: say who may send it", pattern)
			continue
		}
		delete(table, pattern)
		method, address, _ := strings.Cut(pattern, " ")
		for i, c := range clients {
			if row[i] == '-' || pattern == "POST /sign-out" && i > 0 {
				continue // signing in is tested by itself; signing out would end the test
			}
			if got := c.rightTo(method, fill.Replace(address)); got != row[i] {
				t.Errorf("%s for %s: %c, want %c", pattern, who(i), got, row[i])
			}
		}
	}
	for _, left := range slices.Sorted(maps.Keys(table)) {
		t.Errorf("the table has a row for %s, which is no route", left)
	}
}

func who(column int) string {
	if column == 0 {
		return "a stranger"
	}
	return string(columns[column-1])
}

// rightTo sends a request and says whether it was let through: y, n or s.
func (c *client) rightTo(method, path string) byte {
	var a *answer
	switch {
	case method == "POST" && path == "/submissions":
		kind, body := multi(c.t, [][2]string{{"token", c.token()}, {"source", "police-uk"}}, "b.csv", []byte(sample))
		a = c.send("POST", path, kind, body)
	case method == "POST":
		a = c.post(path, nil)
	default:
		a = c.send(method, path, "", nil)
	}
	switch {
	case a.Code == 401 || a.Code == 403:
		return 'n'
	case a.Code == 303 && strings.HasPrefix(a.Header.Get("Location"), "/sign-in"):
		return 's'
	case a.Code >= 500:
		c.t.Errorf("%s %s: status %d, %s", method, path, a.Code, a.text("main"))
	}
	return 'y'
}
