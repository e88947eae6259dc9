package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"taskstack.org/internal/boardtest"
	"taskstack.org/internal/testenv"
	"taskstack.org/modules/accounts"
	"taskstack.org/modules/admin"
	"taskstack.org/modules/auth"
	"taskstack.org/modules/lists"
	"taskstack.org/modules/projects"
	"taskstack.org/platform/config"
	"taskstack.org/platform/errs"
	"taskstack.org/platform/module"
	"taskstack.org/platform/realtime"
	"taskstack.org/platform/session"
	"taskstack.org/platform/web"
)

// ana and ben administrate the site, so that ana's account can be deleted.
var _ = actsOf(func(l *leaver, _ projects.Project) {
	at := time.Now().UTC().Truncate(time.Second)
	entry := map[string]any{"at": at, "by_id": l.ana.UserID, "by_name": "ana", "act": "admin:suspend", "subject_person_id": l.ana.UserID, "subject": "ana", "before_text": "", "after_text": "", "reason": "", "address": ""}
	l.write(
		row{"site_admin", map[string]any{"user_id": l.ana.UserID, "origin": "ben", "added_at": at}},
		row{"site_admin", map[string]any{"user_id": l.ben.UserID, "origin": "ana", "added_at": at}},
		row{"site_admin_audit", entry},
		row{"site_disconnect", map[string]any{"user_id": l.ana.UserID, "asked_at": at}},
	)
})

// adminActs are the acts on a person, and paths of no act.
var adminActs = []string{"verify", "sendReset", "endLogins", "suspend", "unsuspend", "makeAdmin", "removeAdmin", "delete", "setPassword", "logIn", "tryNow", "sendTest", "runNow", "examine", "set", "narrow", "transfer", "open", "restore", "drain", "resume", "disconnect", "sendPreview"}

// adminPages are the pages of modules, and one that does not exist.
var adminPages = []string{"mails", "jobs", "health", "settings", "limits", "projects", "live", "files", "secrets"}

// adminPaths are the paths of a route of administrators.
func adminPaths(pattern string, person int64) (paths []string) {
	for _, page := range adminPages {
		for _, act := range adminActs {
			path := strings.NewReplacer(":id", strconv.FormatInt(person, 10), ":act", act, ":page", page).Replace(pattern)
			if paths = append(paths, path); !strings.Contains(pattern, ":act") {
				break
			}
		}
		if !strings.Contains(pattern, ":page") {
			break
		}
	}
	return paths
}

// eachAdminRoute requests every route and act of administrators as a person.
func (s *stage) eachAdminRoute(p *person, check func(method, path string, got answer)) {
	s.t.Helper()
	target := s.people[projects.Friend].UserID
	form := url.Values{"reason": {"because"}, "password": {accounts.TestPassword}, "days": {"7"}, "code": {"000000"}}
	for _, route := range s.routesOf(web.SiteAdmin) {
		method, pattern, _ := strings.Cut(route, " ")
		for _, path := range adminPaths(pattern, target) {
			check(method, path, s.request(p, method, path, form))
		}
	}
}

func (s *stage) confirmAdmin(p *person) {
	s.t.Helper()
	if got := s.request(p, http.MethodPost, "/admin/confirm", url.Values{"password": {accounts.TestPassword}}); got.status != http.StatusFound {
		s.t.Fatalf("confirm: %d %s", got.status, got.body)
	}
}

// TestAdminPagesAreThereForAdministratorsOnly: for everyone else, and for one who has
// just lost the right, no route exists, whatever token comes with the form.
func TestAdminPagesAreThereForAdministratorsOnly(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		s := newStage(t, uri)
		m := feature[*admin.Module](t, s.app)
		boss, lost := s.people[projects.Owner], s.people[projects.Admin]
		for _, p := range []*person{boss, lost} {
			_, err := m.AddByCommand(t.Context(), p.Name)
			s.must(err)
		}
		s.confirmAdmin(lost)
		if got := s.request(lost, http.MethodGet, "/admin/people", nil); got.status != http.StatusOK {
			t.Fatalf("an administrator gets %d", got.status)
		}
		_, err := m.RemoveByCommand(t.Context(), lost.Name)
		s.must(err)
		before := s.dump()
		for who, p := range s.people {
			if p == boss {
				continue
			}
			old := *p
			old.token = "outdated"
			for _, one := range []*person{p, &old} {
				s.eachAdminRoute(one, func(method, path string, got answer) {
					if got.status != http.StatusNotFound {
						t.Errorf("%s %s of %s: %d", method, path, who, got.status)
					}
				})
			}
		}
		// One who has not confirmed is asked to, and nothing is done meanwhile.
		s.eachAdminRoute(boss, func(method, path string, got answer) {
			// Of acts that there are none the form is not found.
			if path != "/admin/confirm" && got.status != http.StatusFound && got.status != http.StatusNotFound {
				t.Errorf("%s %s before the confirmation: %d", method, path, got.status)
			}
			if method == http.MethodPost && path == "/admin/confirm" {
				s.must(s.app.db.InTx(t.Context(), func(ctx context.Context) error {
					return s.app.db.From(ctx).Exec("DELETE FROM site_admin_confirmation WHERE login_id = ?", boss.LoginID).Error
				}))
			}
		})
		delete(before, "site_admin_confirmation")
		after := s.dump()
		delete(after, "site_admin_confirmation")
		for table, rows := range after {
			if strings.Join(rows, "\n") != strings.Join(before[table], "\n") {
				t.Errorf("%s changed from %v to %v", table, before[table], rows)
			}
		}
	})
}

// TestAdminActsReachEveryone suspends a person through the pages: the socket is closed,
// the login ends and the next one is refused with the reason.
func TestAdminActsReachEveryone(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		s := newStage(t, uri)
		m := feature[*admin.Module](t, s.app)
		boss, friend := s.people[projects.Owner], s.people[projects.Friend]
		_, err := m.AddByCommand(t.Context(), boss.Name)
		s.must(err)
		if got := s.request(boss, http.MethodPost, "/admin/confirm", url.Values{"password": {"wrong horse"}}); got.status != http.StatusBadRequest {
			t.Errorf("a wrong password: %d", got.status)
		}
		s.confirmAdmin(boss)
		base := "/admin/people/" + strconv.FormatInt(friend.UserID, 10)
		form := url.Values{"reason": {"selling <b>things</b>"}, "password": {accounts.TestPassword}, "days": {"7"}}
		if got := s.request(boss, http.MethodPost, base+"/suspend", form); got.status != http.StatusFound {
			t.Fatalf("suspend: %d %s", got.status, got.body)
		}
		friend.tab.Closed(t)
		if got := s.request(friend, http.MethodGet, "/new", nil); got.status != http.StatusFound {
			t.Errorf("the login of the suspended: %d", got.status)
		}
		answer := s.request(&person{}, http.MethodPost, "/login", url.Values{"username": {friend.Name}, "password": {accounts.TestPassword}})
		if answer.status != http.StatusForbidden || !strings.Contains(answer.body, "selling &lt;b&gt;things&lt;/b&gt;") {
			t.Errorf("the next login: %d %s", answer.status, answer.body)
		}
		for _, lang := range []string{"en", "de"} {
			reader := &person{Actor: boss.Actor, cookie: boss.cookie + "; lang=" + lang, token: boss.token}
			for _, path := range []string{"/admin", "/admin/people", "/admin/people?q=the-&state=suspended&sort=newest", base, base + "/delete", base + "/suspend", "/admin/audit", "/admin/audit?name=" + friend.Name, "/admin/mails", "/admin/jobs", "/admin/health", "/admin/settings", "/admin/settings?name=auth.signUp", "/admin/limits", "/admin/live", "/admin/files", "/admin/projects", "/admin/confirm"} {
				got := s.request(reader, http.MethodGet, path, nil)
				if got.status != http.StatusOK || strings.Contains(got.body, "admin.") && regexp.MustCompile(`>admin\.[a-z]`).MatchString(got.body) {
					t.Errorf("%s in %s: %d %s", path, lang, got.status, got.body)
				}
			}
		}
		if got := s.request(boss, http.MethodGet, "/admin", nil); !regexp.MustCompile(`[1-9][0-9]* clients are connected`).MatchString(got.body) {
			t.Errorf("the overview counts no connections: %s", got.body)
		}
		if got := s.request(boss, http.MethodGet, "/admin/audit/export.csv?act=admin:suspend", nil); !strings.Contains(got.body, "the-friend,,until ") || !strings.Contains(got.body, "selling <b>things</b>") {
			t.Errorf("csv: %s", got.body)
		}
		if got := s.request(boss, http.MethodGet, "/admin/audit/export.json?act=admin:suspend", nil); !strings.Contains(got.body, `"act":"admin:suspend"`) {
			t.Errorf("json: %s", got.body)
		}
		if got := s.request(boss, http.MethodPost, "/admin/mails/sendTest", nil); got.status != http.StatusFound {
			t.Errorf("test mail: %d", got.status)
		}
		if got := s.request(boss, http.MethodGet, "/admin/mails", nil); !strings.Contains(got.body, boss.Name+"@example.org") {
			t.Errorf("the queue lacks the test mail: %s", got.body)
		}
		if got := s.request(boss, http.MethodPost, base+"/unsuspend", url.Values{"reason": {""}}); got.status != http.StatusFound {
			t.Errorf("unsuspend: %d", got.status)
		}
	})
}

// TestAdminPagesOfProjectsShowNoPrivateBoards: neither title nor address of one is on the
// page or in the log, and what is done to it is done for its members.
func TestAdminPagesOfProjectsShowNoPrivateBoards(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		s := newStage(t, uri)
		boss, owner := s.people[projects.Visitor], s.people[projects.Owner]
		_, err := feature[*admin.Module](t, s.app).AddByCommand(t.Context(), boss.Name)
		s.must(err)
		s.confirmAdmin(boss)
		private, public := s.makeBoard(owner.Actor, "secret-plan", projects.Private), s.makeBoard(owner.Actor, "open-plan", projects.Public)
		id := func(b board) string { return strconv.FormatInt(b.ID, 10) }
		for _, path := range []string{"", "?q=" + owner.Name, "?id=" + id(private), "?q=THE-OWNER@example.org", "?state=private", "?q=" + id(private)} {
			got := s.request(boss, http.MethodGet, "/admin/projects"+path, nil)
			if got.status != http.StatusOK || strings.Contains(got.body, "secret-plan") || !strings.Contains(got.body, "Project "+id(private)) && path != "" {
				t.Errorf("%s: %d %s", path, got.status, got.body)
			}
		}
		for _, sought := range []string{"nobody-here", "secret", "%00", "%ff", "x@example.org", strings.Repeat("x", 300), "%25", "_"} {
			if got := s.request(boss, http.MethodGet, "/admin/projects?q="+sought, nil); got.status != http.StatusOK || !strings.Contains(got.body, "No matching projects") {
				t.Errorf("sought %q: %d %s", sought, got.status, got.body)
			}
		}
		if got := s.request(boss, http.MethodGet, "/admin/projects?q=OPEN-p", nil); !strings.Contains(got.body, ">open-plan</bdi>") {
			t.Errorf("a public one by its title: %s", got.body)
		}
		if got := s.request(boss, http.MethodGet, "/admin/projects?state=none", nil); got.status != http.StatusBadRequest {
			t.Errorf("an unknown state: %d", got.status)
		}
		for _, query := range []string{"id=0", "id=x", "id=999999999", "before=x"} {
			if got := s.request(boss, http.MethodGet, "/admin/projects?"+query, nil); got.status != http.StatusNotFound {
				t.Errorf("%s: %d", query, got.status)
			}
		}
		form := func(b board, reason, password string) url.Values {
			return url.Values{"id": {id(b)}, "reason": {reason}, "password": {password}}
		}
		for what, c := range map[string]struct {
			form   url.Values
			status int
		}{
			"a wrong password": {form(private, "because", "wrong"), http.StatusBadRequest}, "no reason": {form(private, "", accounts.TestPassword), http.StatusBadRequest},
			"no project": {form(board{}, "because", accounts.TestPassword), http.StatusNotFound},
		} {
			if got := s.request(boss, http.MethodPost, "/admin/projects/delete?id="+id(private), c.form); got.status != c.status {
				t.Errorf("%s: %d", what, got.status)
			}
		}
		act := func(name string, b board, more url.Values, status int) answer {
			t.Helper()
			in := form(b, "because", accounts.TestPassword)
			for field, values := range more {
				in[field] = values
			}
			got := s.request(boss, http.MethodPost, "/admin/projects/"+name+"?id="+id(b), in)
			if got.status != status {
				t.Errorf("%s %v: %d, want %d: %s", name, more, got.status, status, got.body)
			}
			return got
		}
		for _, wider := range []string{"public", "friends", "private", "", "x"} {
			act("narrow", private, url.Values{"visibility": {wider}}, http.StatusBadRequest)
		}
		act("narrow", public, url.Values{"visibility": {"public"}}, http.StatusBadRequest)
		act("narrow", public, url.Values{"visibility": {"private"}, "reason": {"spam"}}, http.StatusFound)
		act("restore", private, nil, http.StatusNotFound)
		act("transfer", private, url.Values{"nameOrEmail": {boss.Name}}, http.StatusBadRequest)
		// A private board is opened with a reason, for reading, and its owner is told.
		if got := s.request(boss, http.MethodGet, private.URL(), nil); got.status != http.StatusNotFound {
			t.Errorf("the private board: %d", got.status)
		}
		act("open", private, url.Values{"reason": {""}}, http.StatusBadRequest)
		act("open", private, url.Values{"password": {"wrong"}}, http.StatusBadRequest)
		if got := act("open", private, url.Values{"reason": {"a report of abuse"}}, http.StatusFound); got.location != private.URL() {
			t.Errorf("the opened board is at %q", got.location)
		}
		if got := s.request(boss, http.MethodGet, private.URL(), nil); got.status != http.StatusOK {
			t.Errorf("the opened board: %d", got.status)
		}
		if _, err := s.app.modules.Projects.Require(t.Context(), boss.Actor, private.ID, projects.Write); errs.KindOf(err) != errs.Forbidden {
			t.Errorf("an administrator who reads may write: %v", err)
		}
		if got := s.request(owner, http.MethodGet, "/notifications", nil); !strings.Contains(got.body, "a report of abuse") || !strings.Contains(got.body, "opened “secret-plan”") {
			t.Errorf("the owner is not told: %s", got.body)
		}
		// It is closed to one who has lost the right, and after its time.
		_, err = feature[*admin.Module](t, s.app).AddByCommand(t.Context(), owner.Name)
		s.must(err)
		_, err = feature[*admin.Module](t, s.app).RemoveByCommand(t.Context(), boss.Name)
		s.must(err)
		if got := s.request(boss, http.MethodGet, private.URL(), nil); got.status != http.StatusNotFound {
			t.Errorf("the board that was opened by one who is no administrator now: %d", got.status)
		}
		_, err = feature[*admin.Module](t, s.app).AddByCommand(t.Context(), boss.Name)
		s.must(err)
		act("open", private, url.Values{"reason": {"again"}}, http.StatusFound)
		s.must(s.app.db.InTx(t.Context(), func(ctx context.Context) error {
			return s.app.db.From(ctx).Exec("UPDATE project_opened SET until = ?", s.app.db.Now(ctx)).Error
		}))
		if got := s.request(boss, http.MethodGet, private.URL(), nil); got.status != http.StatusNotFound {
			t.Errorf("the board that is open no more: %d", got.status)
		}
		if got := s.request(&person{}, http.MethodGet, public.URL(), nil); got.status != http.StatusNotFound {
			t.Errorf("the board that was public: %d", got.status)
		}
		if got := s.request(boss, http.MethodPost, "/admin/projects/delete?id="+id(private), form(private, "because", accounts.TestPassword)); got.status != http.StatusFound {
			t.Errorf("delete: %d %s", got.status, got.body)
		}
		if got := s.request(owner, http.MethodGet, private.URL(), nil); got.status != http.StatusNotFound {
			t.Errorf("the deleted board: %d", got.status)
		}
		act("delete", private, nil, http.StatusConflict)
		act("narrow", private, url.Values{"visibility": {"private"}}, http.StatusConflict)
		if got := s.request(boss, http.MethodGet, "/admin/projects?state=deleted", nil); !strings.Contains(got.body, "Project "+id(private)) || strings.Contains(got.body, "secret-plan") {
			t.Errorf("the deleted ones: %s", got.body)
		}
		// What an administrator has deleted is not the owner's to restore.
		if got := s.request(owner, http.MethodPost, "/trash", url.Values{"id": {id(private)}}); got.status != http.StatusNotFound {
			t.Errorf("restored by the owner: %d", got.status)
		}
		act("restore", private, nil, http.StatusFound)
		if got := s.request(owner, http.MethodGet, private.URL(), nil); got.status != http.StatusOK {
			t.Errorf("the restored board: %d", got.status)
		}
		act("open", public, url.Values{"id": {"999999999"}}, http.StatusNotFound)
		s.must(s.app.modules.Projects.Delete(t.Context(), owner.Actor, private.ID, nil))
		if got := s.request(owner, http.MethodGet, "/trash", nil); got.status != http.StatusOK || !strings.Contains(got.body, "secret-plan") {
			t.Errorf("the owner's deleted projects: %d %s", got.status, got.body)
		}
		for _, bad := range []string{"", "x", "0", "999999999"} {
			if got := s.request(owner, http.MethodPost, "/trash", url.Values{"id": {bad}}); got.status != http.StatusNotFound {
				t.Errorf("restored %q: %d", bad, got.status)
			}
		}
		if got := s.request(owner, http.MethodPost, "/trash", url.Values{"id": {id(private)}}); got.status != http.StatusFound || got.location != private.URL() {
			t.Errorf("restored by its owner: %d %s", got.status, got.body)
		}
		log := s.request(boss, http.MethodGet, "/admin/audit/export.csv", nil).body
		if strings.Contains(log, "secret-plan") || !strings.Contains(log, "projects:delete,project "+id(private)+" of the-owner,private,,because") ||
			!strings.Contains(log, "projects:narrow,/the-owner/open-plan,public,private,spam") ||
			!strings.Contains(log, "projects:open,project "+id(private)+" of the-owner,,30m0s,a report of abuse") {
			t.Errorf("the log: %s", log)
		}
	})
}

// TestAdminFormsRefuseBadInput: nothing of it changes anything, and each answer is an
// error of the sender.
func TestAdminFormsRefuseBadInput(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		s := newStage(t, uri)
		_, err := feature[*admin.Module](t, s.app).AddByCommand(t.Context(), s.people[projects.Owner].Name)
		s.must(err)
		boss := s.people[projects.Owner]
		s.confirmAdmin(boss)
		base := "/admin/people/" + strconv.FormatInt(s.people[projects.Friend].UserID, 10)
		before := s.dump()
		for _, id := range []string{"0", "-1", "1.5", "007", "+7", "x", "%00", "999999999", "99999999999999999999", strings.Repeat("9", 400)} {
			for _, act := range []string{"", "/suspend"} {
				if got := s.request(boss, http.MethodGet, "/admin/people/"+id+act, nil); got.status != http.StatusNotFound {
					t.Errorf("GET id %q%s: %d", id, act, got.status)
				}
			}
		}
		for _, query := range []string{"people?after=x&sort=newest", "people?after=1-", "people?sort=newest&after=-1-1", "people?sort=newest&after=999999999999999-1", "people?state=x", "audit?before=x", "audit?before=-1", "audit?from=2026-13-01", "audit?until=yesterday", "audit?from=0001-01-01", "audit/export.csv?from=x", "audit/export.json?until=%00"} {
			got := s.request(boss, http.MethodGet, "/admin/"+query, nil)
			if got.status != http.StatusBadRequest && query != "people?after=1-" {
				t.Errorf("%s: %d", query, got.status)
			}
		}
		for _, query := range []string{"people?q=%00", "people?q=%ff", "people?q=" + strings.Repeat("x", 1000), "people?q=%25", "people?after=%F0%9F%98%80", "audit?name=%00", "audit?name=%ff&act=%ff", "audit?act=" + strings.Repeat("x", 1000)} {
			if got := s.request(boss, http.MethodGet, "/admin/"+query, nil); got.status != http.StatusOK && got.status != http.StatusBadRequest {
				t.Errorf("%s: %d", query, got.status)
			}
		}
		right := url.Values{"reason": {"because"}, "password": {accounts.TestPassword}, "days": {"7"}}
		for what, c := range map[string]struct {
			act, field, value string
			status            int
		}{
			"a wrong password": {"suspend", "password", "wrong", 400}, "no password": {"delete", "password", "", 400}, "a password with a NUL": {"makeAdmin", "password", "a\x00", 400},
			"no reason": {"delete", "reason", " ", 400}, "a long reason": {"suspend", "reason", strings.Repeat("x", 257), 400}, "a broken reason": {"suspend", "reason", "\xff", 400},
			"unknown days": {"suspend", "days", "8", 400}, "an unknown act": {"setPassword", "days", "7", 404}, "nothing to verify": {"verify", "days", "7", 409},
			"no administrator": {"removeAdmin", "days", "7", 409},
		} {
			form := url.Values{}
			for k, v := range right {
				form[k] = v
			}
			form.Set(c.field, c.value)
			if got := s.request(boss, http.MethodPost, base+"/"+c.act, form); got.status != c.status {
				t.Errorf("%s: %d, want %d", what, got.status, c.status)
			}
		}
		s.unchanged(before, "bad input")
	})
}

// setting changes a setting as an administrator does on its page.
func (s *stage) setting(boss *person, name, value string, want int) answer {
	s.t.Helper()
	got := s.request(boss, http.MethodPost, "/admin/settings/set?name="+name, url.Values{"name": {name}, "value": {value}, "reason": {"because"}})
	if got.status != want {
		s.t.Fatalf("%s = %q: %d, want %d: %s", name, value, got.status, want, got.body)
	}
	return got
}

// TestAdminPagesChangeSettings: a right value holds at once and is in the log and in the
// history with a way back; a wrong one is said in the form, with what was typed.
func TestAdminPagesChangeSettings(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		s := newStage(t, uri)
		boss := s.people[projects.Owner]
		_, err := feature[*admin.Module](t, s.app).AddByCommand(t.Context(), boss.Name)
		s.must(err)
		s.confirmAdmin(boss)
		before := s.dump()
		for _, c := range []struct {
			name, value string
			status      int
			says        string
		}{
			{"auth.signUp", "never", http.StatusBadRequest, "choose one of the values"},
			{"auth.mailDomains", "example.org <nonsense>", http.StatusBadRequest, "example.org &lt;nonsense&gt;</textarea>"},
			{"admin.announcement.en", strings.Repeat("ä", 301), http.StatusBadRequest, "at most 300 characters"},
			{"admin.announcement.from", "tomorrow", http.StatusBadRequest, "a date and a time"},
			{"admin.announcement.en", "a\x00", http.StatusBadRequest, ""},
			{"auth.unknown", "x", http.StatusNotFound, ""},
			{"", "x", http.StatusNotFound, ""},
		} {
			if got := s.setting(boss, c.name, c.value, c.status); !strings.Contains(got.body, c.says) {
				t.Errorf("%s = %q does not say %q: %s", c.name, c.value, c.says, got.body)
			}
		}
		s.unchanged(before, "wrong settings")
		for _, query := range []string{"name=auth.unknown", "name=%00", "name=%ff"} {
			if got := s.request(boss, http.MethodGet, "/admin/settings?"+query, nil); got.status != http.StatusNotFound {
				t.Errorf("%s: %d", query, got.status)
			}
		}
		s.setting(boss, "auth.mailDomains", "Example.org, example.com", http.StatusFound)
		s.setting(boss, "auth.mailDomains", "example.net", http.StatusFound)
		got := s.request(boss, http.MethodGet, "/admin/settings?name=auth.mailDomains", nil)
		if !strings.Contains(got.body, "example.net</textarea>") || !strings.Contains(got.body, `name="value" value="example.com
example.org"`) {
			t.Errorf("the page of the setting: %s", got.body)
		}
		log := s.request(boss, http.MethodGet, "/admin/audit/export.json?act=admin:set", nil).body
		if !strings.Contains(log, `"subject":"auth.mailDomains","before":"example.com\nexample.org","after":"example.net","reason":"because"`) {
			t.Errorf("the log: %s", log)
		}
		if list := s.request(boss, http.MethodGet, "/admin/settings", nil).body; !strings.Contains(list, "TASKSTACK_DB_URI") || !strings.Contains(list, "<bdi>example.net</bdi>") {
			t.Errorf("the list: %s", list)
		}
	})
}

// TestAdminActsDecideWhoSignsUp: everyone, people with an invitation, or no one, and with
// which addresses.
func TestAdminActsDecideWhoSignsUp(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		s := newStage(t, uri)
		boss := s.people[projects.Owner]
		_, err := feature[*admin.Module](t, s.app).AddByCommand(t.Context(), boss.Name)
		s.must(err)
		s.confirmAdmin(boss)
		b := s.makeBoard(boss.Actor, "invited", projects.Private)
		link := "/invite/" + b.InviteCode
		n := 0
		signUp := func(email, path string) (int, string) {
			n++
			got := s.request(&person{}, http.MethodPost, "/signup?continue="+url.QueryEscape(path), url.Values{
				"username": {"newcomer" + strconv.Itoa(n)}, "useremail": {strconv.Itoa(n) + "@" + email}, "password": {accounts.TestPassword},
			})
			return got.status, got.body
		}
		want := func(what string, wantStatus int, email, path, says string) {
			t.Helper()
			if status, body := signUp(email, path); status != wantStatus || !strings.Contains(body, says) {
				t.Errorf("%s: %d, want %d with %q: %s", what, status, wantStatus, says, body)
			}
		}
		want("open", http.StatusFound, "example.org", "/", "")
		s.setting(boss, "auth.signUp", "invitation", http.StatusFound)
		want("without an invitation", http.StatusForbidden, "example.org", "/", "You need an invitation")
		want("with a wrong one", http.StatusForbidden, "example.org", "/invite/nonsense", "You need an invitation")
		want("with an invitation", http.StatusFound, "example.org", link, "")
		s.setting(boss, "auth.signUp", "closed", http.StatusFound)
		want("closed", http.StatusForbidden, "example.org", link, "can’t be created")
		if got := s.request(&person{}, http.MethodGet, "/signup", nil); !strings.Contains(got.body, "can’t be created") || strings.Contains(got.body, `name="useremail"`) {
			t.Errorf("the closed form: %s", got.body)
		}
		s.setting(boss, "auth.signUp", "open", http.StatusFound)
		s.setting(boss, "auth.mailDomains", "example.org", http.StatusFound)
		want("a wrong domain", http.StatusOK, "evil.example", "/", "one of these domains: example.org")
		want("a domain that ends alike", http.StatusOK, "not-example.org", "/", "one of these domains")
		s.setting(boss, "auth.mailDomains", "", http.StatusFound)
		s.setting(boss, "auth.blockedMailDomains", "trash.example", http.StatusFound)
		want("a blocked domain", http.StatusOK, "trash.example", "/", "Addresses of trash.example can")
		want("one below it", http.StatusOK, "mail.trash.example", "/", "can’t be used here")
		want("one that ends alike", http.StatusFound, "nottrash.example", "/", "")
		s.setting(boss, "auth.mailDomains", "example.org", http.StatusFound)
		want("the domain in capitals", http.StatusFound, "EXAMPLE.org", "/", "")
	})
}

// TestAdminActsBlockNetworks: all requests of a blocked network are refused, pages and
// sockets alike, and counted; no one locks themselves or everyone out.
func TestAdminActsBlockNetworks(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		s := newStage(t, uri)
		boss := s.people[projects.Owner]
		_, err := feature[*admin.Module](t, s.app).AddByCommand(t.Context(), boss.Name)
		s.must(err)
		s.confirmAdmin(boss)
		ask := func(address, path string) int {
			req := httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil)
			req.RemoteAddr = address
			answer := httptest.NewRecorder()
			s.app.handler.ServeHTTP(answer, req)
			return answer.Code
		}
		for _, wrong := range []string{"0.0.0.0/0", "10.0.0.0/7", "::/0", "2001::/15", "127.0.0.1", "::1", "example.org", "203.0.113.0/33", "fe80::1%eth0"} {
			s.setting(boss, "admin.blockedNetworks", wrong, http.StatusBadRequest)
		}
		own := regexp.MustCompile(`192\.0\.2\.1|127\.0\.0\.1`)
		if got := s.setting(boss, "admin.blockedNetworks", "203.0.113.0/24 192.0.2.0/24", http.StatusBadRequest); !own.MatchString(got.body) || !strings.Contains(got.body, "Your own address") {
			t.Errorf("the own address: %s", got.body)
		}
		if got := ask("203.0.113.9:1", "/login"); got != http.StatusOK {
			t.Errorf("before: %d", got)
		}
		s.setting(boss, "admin.blockedNetworks", "203.0.113.0/24, 2001:db8::/32 198.51.100.7", http.StatusFound)
		for address, want := range map[string]int{
			"203.0.113.9:1": http.StatusForbidden, "[2001:db8:7::1]:1": http.StatusForbidden, "[::ffff:198.51.100.7]:1": http.StatusForbidden, "198.51.100.8:1": http.StatusOK,
		} {
			if got := ask(address, "/login"); got != want {
				t.Errorf("%s: %d, want %d", address, got, want)
			}
		}
		if got := ask("203.0.113.9:1", "/socket.io/?EIO=4&transport=polling"); got != http.StatusForbidden {
			t.Errorf("a socket: %d", got)
		}
		if got := s.request(boss, http.MethodGet, "/admin/limits", nil); !strings.Contains(got.body, `blocked_network</th><td>4</td>`) {
			t.Errorf("the page: %s", got.body)
		}
		s.setting(boss, "admin.blockedNetworks", "", http.StatusFound)
		if got := ask("203.0.113.9:1", "/login"); got != http.StatusOK {
			t.Errorf("afterwards: %d", got)
		}
	})
}

// TestAdminActsMakeTheSiteReadOnly: during the maintenance everyone reads and logs in, only
// administrators change anything, and everyone is told why.
func TestAdminActsMakeTheSiteReadOnly(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		s := newStage(t, uri)
		boss, other := s.people[projects.Owner], s.people[projects.Admin]
		_, err := feature[*admin.Module](t, s.app).AddByCommand(t.Context(), boss.Name)
		s.must(err)
		s.confirmAdmin(boss)
		b := s.makeBoard(boss.Actor, "shared", projects.Private)
		for _, p := range []*person{boss, other} {
			p.tab.Join(t, b.ID)
		}
		s.heard()
		s.setting(boss, "admin.maintenance", "on", http.StatusFound)
		const sentence = "nothing can be changed for now"
		for _, path := range []string{b.URL(), "/", "/admin/settings"} {
			if got := s.request(other, http.MethodGet, path, nil); got.status == http.StatusOK && !strings.Contains(got.body, sentence) {
				t.Errorf("%s does not say that it is read-only: %s", path, got.body)
			}
		}
		if got := s.request(&person{}, http.MethodGet, "/login", nil); !strings.Contains(got.body, sentence) {
			t.Errorf("the log-in does not say it: %s", got.body)
		}
		if told := other.root.Heard(t); !slices.Contains(told, "site_banners") {
			t.Errorf("open pages are told %v", told)
		}
		before := s.dump()
		if got := s.request(&person{}, http.MethodPost, "/language", url.Values{"lang": {"de"}}); got.status != http.StatusFound {
			t.Errorf("the language: %d", got.status)
		}
		if got := s.request(other, http.MethodPost, "/admin/settings/set", url.Values{}); got.status != http.StatusNotFound {
			t.Errorf("an act of an administrator: %d", got.status)
		}
		if got := s.request(other, http.MethodPost, "/new", url.Values{"name": {"another"}}); got.status != http.StatusServiceUnavailable || !strings.Contains(got.body, "during maintenance") {
			t.Errorf("a form: %d %s", got.status, got.body)
		}
		list := fmt.Sprintf(`{"projectId":%d,"name":"more","listDesc":"","attachedFiles":{}}`, b.ID)
		if ack := other.tab.Call(t, "create_list", list); ack.Error != "forbidden" || !strings.Contains(ack.Message, "during maintenance") {
			t.Errorf("a change of a board: %+v", ack)
		}
		s.unchanged(before, "maintenance")
		if ack := boss.tab.Call(t, "create_list", list); !ack.OK {
			t.Errorf("a change by an administrator: %+v", ack)
		}
		login := s.request(&person{}, http.MethodPost, "/login", url.Values{"username": {other.Name}, "password": {accounts.TestPassword}})
		if login.status != http.StatusFound {
			t.Errorf("the log-in: %d", login.status)
		}
		s.setting(boss, "admin.maintenance", "off", http.StatusFound)
		if ack := other.tab.Call(t, "create_list", list); !ack.OK {
			t.Errorf("a change afterwards: %+v", ack)
		}
		if got := s.request(other, http.MethodGet, b.URL(), nil); strings.Contains(got.body, sentence) {
			t.Errorf("afterwards: %s", got.body)
		}
	})
}

// TestTheFirstAdministratorHasAToken: each start of a fresh installation prints one; one of
// them works once, for a person who is signed in. An installation with accounts prints none.
func TestTheFirstAdministratorHasAToken(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		cfg, err := config.Load([]string{"TASKSTACK_DATA_DIR=" + t.TempDir(), "TASKSTACK_DB_URI=" + uri, "TASKSTACK_BCRYPT_COST=4", "TASKSTACK_RATE_LIMIT=off"}, "")
		mustBeNil(t, err)
		a, err := newApp(t.Context(), cfg, slog.New(slog.DiscardHandler), time.Now, testPages(t, cfg))
		mustBeNil(t, err)
		t.Cleanup(func() { mustBeNil(t, a.Close()) })
		printed := func() string {
			var out bytes.Buffer
			a.announceModules(t.Context(), &out)
			return out.String()
		}
		token := regexp.MustCompile(`[0-9a-f]{32}`)
		first := token.FindString(printed())
		anna := accounts.MakeUser(t, a.db, "anna")
		second := token.FindString(printed())
		if first == "" || second == "" || first == second {
			t.Fatalf("tokens %q and %q", first, second)
		}
		sessions, err := session.New(string(cfg.SecretKey), false)
		mustBeNil(t, err)
		_, cookie := auth.MakeLogin(t, a.db, sessions, anna)
		s := &stage{t: t, app: a}
		p := &person{cookie: cookie.String()}
		p.token = regexp.MustCompile(`name="token" content="([^"]+)"`).FindStringSubmatch(s.request(p, http.MethodGet, "/privacy", nil).body)[1]
		claim := func(p *person, token string) int {
			return s.request(p, http.MethodPost, "/admin/claim", url.Values{"claim": {token}}).status
		}
		for what, c := range map[string]struct {
			p     *person
			token string
			want  int
		}{
			"a visitor": {&person{}, second, http.StatusNotFound}, "another token": {p, strings.Repeat("0", 32), http.StatusBadRequest}, "no token": {p, "", http.StatusBadRequest},
		} {
			if got := claim(c.p, c.token); got != c.want {
				t.Errorf("%s: %d, want %d", what, got, c.want)
			}
		}
		if got := claim(p, " "+strings.ToUpper(first)+" "); got != http.StatusFound {
			t.Errorf("the token: %d", got)
		}
		for _, token := range []string{first, second} { // that of another server, too
			if got := claim(p, token); got != http.StatusNotFound {
				t.Errorf("a token afterwards: %d", got)
			}
		}
		if got := s.request(p, http.MethodGet, "/admin/claim", nil).status; got != http.StatusNotFound {
			t.Errorf("the form afterwards: %d", got)
		}
		if got := printed(); got != "" {
			t.Errorf("printed although there is an administrator: %s", got)
		}
	})
	s := newStage(t, testenv.MigratedSQLite(t))
	var out bytes.Buffer
	s.app.announceModules(t.Context(), &out)
	if out.Len() > 0 {
		t.Errorf("an installation with accounts prints %s", out.String())
	}
}

// TestAdminCommand adds, lists and removes administrators as the program is called.
func TestAdminCommand(t *testing.T) {
	s := newStage(t, testenv.MigratedSQLite(t))
	t.Setenv("TASKSTACK_DATA_DIR", t.TempDir())
	t.Setenv("TASKSTACK_DB_URI", s.uri)
	call := func(args ...string) (code int, text string) {
		var out bytes.Buffer
		code = run(t.Context(), append([]string{"admin"}, args...), &out, &out)
		return code, out.String()
	}
	for _, c := range []struct {
		args []string
		code int
		says string
	}{
		{[]string{"list"}, 0, "There is no administrator"},
		{[]string{"add", "the-friend"}, 0, "the-friend is an administrator of the site now"},
		{[]string{"add", "the-friend"}, 1, "is an administrator already"},
		{[]string{"add", "nobody-here"}, 1, "there is no verified account with the name nobody-here"},
		{[]string{"remove", "the-friend"}, 1, "the last administrator"},
		{[]string{"add", "the-owner"}, 0, "the-owner is an administrator"},
		{[]string{"remove", "the-friend"}, 0, "the-friend is no administrator"},
		{[]string{"remove", "the-friend"}, 1, "the-friend is no administrator"},
		{[]string{"list"}, 0, "the-owner"},
		{nil, 2, "list | add NAME | remove NAME"},
		{[]string{"add"}, 2, "list | add NAME | remove NAME"},
	} {
		if code, text := call(c.args...); code != c.code || !strings.Contains(text, c.says) {
			t.Errorf("taskstack admin %v: %d %s", c.args, code, text)
		}
	}
	var usage bytes.Buffer
	if code := run(t.Context(), []string{"no-such-command"}, io.Discard, &usage); code != 2 || !strings.Contains(usage.String(), "admin list | add NAME") {
		t.Errorf("usage: %d %s", code, usage.String())
	}
}

// TestAdminPagesKeepToTheirStatements: the number does not grow with the people.
func TestAdminPagesKeepToTheirStatements(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		var log bytes.Buffer
		cfg, err := config.Load([]string{"TASKSTACK_DATA_DIR=" + t.TempDir(), "TASKSTACK_DB_URI=" + uri, "TASKSTACK_BCRYPT_COST=4"}, "")
		mustBeNil(t, err)
		a, err := newApp(t.Context(), cfg, slog.New(slog.NewTextHandler(&log, nil)), time.Now, testPages(t, cfg))
		mustBeNil(t, err)
		t.Cleanup(func() { mustBeNil(t, a.Close()) })
		sessions, err := session.New(string(cfg.SecretKey), false)
		mustBeNil(t, err)
		by, cookie := auth.MakeLogin(t, a.db, sessions, accounts.MakeUser(t, a.db, "olive"))
		_, err = feature[*admin.Module](t, a).AddByCommand(t.Context(), "olive")
		mustBeNil(t, err)
		mustBeNil(t, feature[*admin.Module](t, a).Confirm(t.Context(), by, auth.Proof{Password: accounts.TestPassword}, auth.RequestInfo{}))
		badge := 0
		for _, m := range a.modules.All() {
			if _, ok := m.(module.BadgeCounter); ok {
				badge++
			}
			if _, ok := m.(module.NotificationChooser); ok {
				badge++
			}
		}
		for path, most := range map[string]int{"/admin": 6, "/admin/people?q=o": 6, "/admin/audit": 4, "/admin/jobs": 4, "/admin/health": 4, "/admin/settings": 3, "/admin/limits": 3, "/admin/projects?q=o": 6, "/admin/live": 4, "/admin/files": 8, "/admin/settings?name=auth.signUp": 4, "/admin/people/" + strconv.FormatInt(by.UserID, 10): 14} {
			log.Reset()
			req := httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil)
			req.AddCookie(cookie)
			answer := httptest.NewRecorder()
			a.handler.ServeHTTP(answer, req)
			m := regexp.MustCompile(`statements=(\d+)`).FindStringSubmatch(log.String())
			if answer.Code != http.StatusOK || m == nil {
				t.Fatalf("%s: %d, %s", path, answer.Code, log.String())
			}
			if n, err := strconv.Atoi(m[1]); err != nil || n > most+badge+1 {
				t.Errorf("%s: %d statements, at most %d are wanted beside those of the bell", path, n, most)
			}
		}
	})
}

// TestAdminActsDrainServersAndDisconnectPeople: over two servers that know each other
// through the database, each says who is connected to it; one of them is drained, takes
// no client and says that it is not ready, and takes clients again; the last one stays.
func TestAdminActsDrainServersAndDisconnectPeople(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		s := newStage(t, uri)
		boss, friend := s.people[projects.Owner], s.people[projects.Friend]
		_, err := feature[*admin.Module](t, s.app).AddByCommand(t.Context(), boss.Name)
		s.must(err)
		s.confirmAdmin(boss)
		addresses := []string{s.secondServer(), s.secondServer()}
		dial := func(address string, p *person) *boardtest.Client {
			return boardtest.Dial(t, address+"/socket.io/?EIO=4&transport=websocket", realtime.RootNamespace, http.Header{"Cookie": {p.cookie}})
		}
		ready := func(address string) bool {
			req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http"+strings.TrimPrefix(address, "ws")+"/readyz", nil)
			s.must(err)
			res, err := http.DefaultClient.Do(req)
			s.must(err)
			s.must(res.Body.Close())
			return res.StatusCode == http.StatusOK
		}
		page := func(want func(body string) bool, what string) string {
			t.Helper()
			for body := ""; ; body = s.request(boss, http.MethodGet, "/admin/live", nil).body {
				if want(body) {
					return body
				}
				if t.Context().Err() != nil {
					t.Fatalf("%s: %s", what, body)
				}
			}
		}
		rowOf := regexp.MustCompile(`<th scope="row" class="adminRowHead">([^ <]+)`)
		body := page(func(body string) bool { return len(rowOf.FindAllString(body, -1)) == 2 }, "two servers")
		names := rowOf.FindAllStringSubmatch(body, -1)
		act := func(name, server string, status int) {
			t.Helper()
			form := url.Values{"server": {server}, "name": {server}, "password": {accounts.TestPassword}}
			if got := s.request(boss, http.MethodPost, "/admin/live/"+name, form); got.status != status {
				t.Errorf("%s %q: %d, want %d: %s", name, server, got.status, status, got.body)
			}
		}
		tabs := []*boardtest.Client{dial(addresses[0], friend), dial(addresses[1], friend)}
		page(func(body string) bool { return strings.Count(body, "Engine.IO 4 websocket: 1") == 2 }, "one connection each")
		page(func(body string) bool {
			return regexp.MustCompile(`<bdi>` + friend.Name + `</bdi></a></td><td>2</td>`).MatchString(body)
		}, "the person with two connections")

		act("disconnect", friend.Name, http.StatusFound)
		tabs[0].Closed(t)
		tabs[1].Closed(t)
		tabs = []*boardtest.Client{dial(addresses[0], friend), dial(addresses[1], friend)}
		for _, bad := range []string{"", "no-such", "\x00", "\xff"} {
			act("disconnect", bad, http.StatusBadRequest)
			act("drain", bad, http.StatusNotFound)
		}

		act("drain", names[0][1], http.StatusFound)
		act("drain", names[1][1], http.StatusConflict)
		drained := -1
		for drained < 0 {
			for i, address := range addresses {
				if !ready(address) {
					drained = i
				}
			}
		}
		tabs[drained].Closed(t)
		if !ready(addresses[1-drained]) {
			t.Error("the other server is not ready")
		}
		if ack := tabs[1-drained].Call(t, "mark_notifications_read", "[]"); ack.Error == "unauthenticated" {
			t.Errorf("the client of the other server: %+v", ack)
		}
		act("resume", names[0][1], http.StatusFound)
		for !ready(addresses[drained]) {
			if t.Context().Err() != nil {
				t.Fatal("it does not take clients again")
			}
		}
		dial(addresses[drained], friend)
	})
}

// TestAdminPagesOfFilesSayWhoUsesWhat: by project and owner, deleted and private ones
// too, without their titles; the sweeper's runs; and a quota that holds at once.
func TestAdminPagesOfFilesSayWhoUsesWhat(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		s := newStage(t, uri)
		boss, owner := s.people[projects.Visitor], s.people[projects.Owner]
		_, err := feature[*admin.Module](t, s.app).AddByCommand(t.Context(), boss.Name)
		s.must(err)
		s.confirmAdmin(boss)
		files := s.app.modules.Files
		s.must(files.CountUse(t.Context()))
		empty := s.request(boss, http.MethodGet, "/admin/files", nil)
		if empty.status != http.StatusOK {
			t.Fatalf("%d %s", empty.status, empty.body)
		}
		attach := func(b board, name string, size int) error {
			_, _, err := s.app.modules.Lists.Create(t.Context(), projects.By(owner.Actor, b.ID), lists.Draft{Name: name, Files: map[string][]byte{"plan.txt": bytes.Repeat([]byte("x"), size)}})
			return err
		}
		private, gone, public := s.makeBoard(owner.Actor, "secret-plan", projects.Private), s.makeBoard(owner.Actor, "gone-plan", projects.Private), s.makeBoard(owner.Actor, "open-plan", projects.Public)
		s.must(attach(private, "one", 1_500_000))
		s.must(attach(gone, "one", 2_600_000))
		s.must(attach(public, "one", 3_700_000))
		s.must(s.app.modules.Projects.Delete(t.Context(), owner.Actor, gone.ID, nil))
		s.must(files.CountUse(t.Context()))
		s.must(files.SweepAndNote(t.Context()))
		got := s.request(boss, http.MethodGet, "/admin/files", nil).body
		row := func(b board, title, size string) string {
			return fmt.Sprintf(`<td><a href="/admin/projects?id=%d">%s</a></td><td><a href="/admin/people/%d"><bdi>the-owner</bdi></a></td><td>%s</td><td>3</td>`, b.ID, title, owner.UserID, size)
		}
		for _, want := range []string{
			row(private, fmt.Sprintf("Project %d (not public)", private.ID), "1.5 MB"), row(gone, fmt.Sprintf("Project %d (not public)", gone.ID), "2.6 MB"),
			row(public, "<bdi>open-plan</bdi>", "3.7 MB"), "7.8 MB",
		} {
			if !strings.Contains(got, want) {
				t.Errorf("the page lacks %s: %s", want, got)
			}
		}
		if strings.Contains(got, "secret-plan") || strings.Contains(got, "gone-plan") {
			t.Error("the title of a private project")
		}
		if !regexp.MustCompile(`<td>\d+</td><td>0</td><td>0</td></tr>`).MatchString(got) {
			t.Errorf("no run of the sweeper: %s", got)
		}
		if page := s.request(boss, http.MethodGet, "/admin/people/"+strconv.FormatInt(owner.UserID, 10), nil).body; !regexp.MustCompile(`<dt>Storage</dt><dd>7\.[89] MB</dd>`).MatchString(page) {
			t.Errorf("the owner's page: %s", page)
		}
		s.setting(boss, "files.projectQuota", "5", http.StatusFound)
		s.must(s.app.settings.Load(t.Context()))
		if err := attach(public, "two", 2_000_000); errs.KindOf(err) != errs.TooLarge {
			t.Errorf("above the new quota: %v", err)
		}
		s.must(attach(private, "two", 2_000_000))
		s.setting(boss, "files.projectQuota", "0", http.StatusFound)
		s.must(s.app.settings.Load(t.Context()))
		s.must(attach(public, "two", 2_000_000))
		for _, bad := range []string{"-1", "x", "1.5", "", "1000000001", "\x00"} {
			s.setting(boss, "files.totalQuota", bad, http.StatusBadRequest)
		}
	})
}

// TestAdminPagesSayWhoMetALimit: people with a link, addresses as they are.
func TestAdminPagesSayWhoMetALimit(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		s := newStage(t, uri)
		boss, friend := s.people[projects.Owner], s.people[projects.Friend]
		_, err := feature[*admin.Module](t, s.app).AddByCommand(t.Context(), boss.Name)
		s.must(err)
		s.confirmAdmin(boss)
		id := strconv.FormatInt(friend.UserID, 10)
		for _, key := range []string{id, "user:" + id, "192.0.2.7", "999999999", "<b>typed</b>"} {
			s.app.refused.Func("searches")(key)
		}
		got := s.request(boss, http.MethodGet, "/admin/limits", nil).body
		for _, want := range []string{
			`<a href="/admin/people/` + id + `"><bdi>the-friend</bdi></a></td><td lang="en">searches</td><td>2</td>`,
			`<td>192.0.2.7</td><td lang="en">searches</td><td>1</td>`,
		} {
			if !strings.Contains(got, want) {
				t.Errorf("the page lacks %s: %s", want, got)
			}
		}
		if strings.Contains(got, "999999999") || strings.Contains(got, "typed&lt;") {
			t.Errorf("the page names no account, or what was typed: %s", got)
		}
	})
}

// TestAdminPagesShowEveryMail: each template in both languages, and it can be sent to
// oneself.
func TestAdminPagesShowEveryMail(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		s := newStage(t, uri)
		boss := s.people[projects.Owner]
		_, err := feature[*admin.Module](t, s.app).AddByCommand(t.Context(), boss.Name)
		s.must(err)
		s.confirmAdmin(boss)
		list := s.request(boss, http.MethodGet, "/admin/mails", nil).body
		names := regexp.MustCompile(`<option value="([a-zA-Z.]+)">`).FindAllStringSubmatch(list, -1)
		if len(names) < 12 {
			t.Fatalf("templates %v", names)
		}
		for _, name := range names {
			got := s.request(boss, http.MethodGet, "/admin/mails?preview="+name[1], nil)
			texts := regexp.MustCompile(`(?s)<article class="stack" lang="(en|de)"><h3>\[Taskstack\] [^<]+</h3><pre class="adminMail">([^<]+)</pre>`).FindAllStringSubmatch(got.body, -1)
			if len(texts) != 2 || texts[0][1] == texts[1][1] || texts[0][2] == texts[1][2] || regexp.MustCompile(`\b(auth|invites|notifications|projects)\.[a-z]+\.[a-z]`).MatchString(texts[0][2]+texts[1][2]) {
				t.Errorf("%s: %v", name[1], texts)
			}
		}
		for _, bad := range []string{"x", "%00", "%ff"} {
			if got := s.request(boss, http.MethodGet, "/admin/mails?preview="+bad, nil); got.status != http.StatusNotFound {
				t.Errorf("preview %q: %d", bad, got.status)
			}
		}
		for _, bad := range []string{"", "x"} {
			if got := s.request(boss, http.MethodPost, "/admin/mails/sendPreview", url.Values{"template": {bad}}); got.status != http.StatusNotFound {
				t.Errorf("send %q: %d", bad, got.status)
			}
		}
		if got := s.request(boss, http.MethodPost, "/admin/mails/sendPreview", url.Values{"template": {names[0][1]}}); got.status != http.StatusFound {
			t.Errorf("send: %d %s", got.status, got.body)
		}
		if got := s.request(boss, http.MethodGet, "/admin/mails", nil).body; strings.Count(got, "<td>the-owner@example.org</td>") != 2 {
			t.Errorf("the queue: %s", got)
		}
	})
}
