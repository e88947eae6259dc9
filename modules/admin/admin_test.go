package admin_test

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"taskstack.org/internal/boardtest"
	"taskstack.org/internal/testenv"
	"taskstack.org/modules/accounts"
	"taskstack.org/modules/admin"
	"taskstack.org/modules/auth"
	"taskstack.org/platform/db"
	"taskstack.org/platform/doctor"
	"taskstack.org/platform/errs"
	"taskstack.org/platform/jobs"
	"taskstack.org/platform/module"
)

// site is a board's world whose owner and reader administrate it: olive has confirmed
// who she is.
type site struct {
	*boardtest.World
	t     *testing.T
	m     *admin.Module
	olive admin.Acting
}

func each(t *testing.T, fn func(t *testing.T, s *site)) {
	t.Helper()
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		s := &site{World: boardtest.New(t, uri), t: t}
		s.m = boardtest.Feature[*admin.Module](s.World)
		s.makeAdmin("olive")
		s.olive = s.enter(s.Owner)
		s.confirm(s.olive)
		fn(t, s)
	})
}

func (s *site) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

func (s *site) want(err error, kind errs.Kind) {
	s.t.Helper()
	if errs.KindOf(err) != kind {
		s.t.Errorf("%v, want %q", err, kind)
	}
}

func (s *site) makeAdmin(name string) {
	s.t.Helper()
	_, err := s.m.AddByCommand(s.t.Context(), name)
	s.must(err)
}

// enter logs a person in.
func (s *site) enter(by accounts.Actor) admin.Acting {
	s.t.Helper()
	by, _ = auth.MakeLogin(s.t, s.DB, s.Deps.Sessions, by)
	return admin.Acting{Actor: by, Address: "192.0.2.7", Lang: "en", Reason: "a reason", Password: accounts.TestPassword}
}

func (s *site) confirm(by admin.Acting) {
	s.t.Helper()
	s.must(s.m.Confirm(s.t.Context(), by.Actor, auth.Proof{Password: accounts.TestPassword}, auth.RequestInfo{}))
}

func (s *site) act(by admin.Acting, who accounts.Actor, name string) error {
	return s.m.ActOn(s.t.Context(), by, who.UserID, name, admin.PersonInput{Days: "7"})
}

func (s *site) person(id int64) admin.PersonState {
	s.t.Helper()
	p, err := s.m.Person(s.t.Context(), s.olive.Actor, id)
	s.must(err)
	return p
}

// unconfirm makes the confirmation of a login older.
func (s *site) unconfirm(by admin.Acting, age time.Duration) {
	s.t.Helper()
	s.must(s.DB.InTx(s.t.Context(), func(ctx context.Context) error {
		return s.DB.From(ctx).Exec("UPDATE site_admin_confirmation SET confirmed_at = ? WHERE login_id = ?", s.DB.Now(ctx).Add(-age), by.LoginID).Error
	}))
}

// acts are all acts on a person.
var acts = []string{"verify", "sendReset", "endLogins", "suspend", "unsuspend", "makeAdmin", "removeAdmin", "delete"}

// TestEveryActOnAPerson does each act once, checks what it has done and that it is in
// the audit log with all that belongs there.
func TestEveryActOnAPerson(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		newcomer := accounts.MakeUnverifiedUser(t, s.DB, "newcomer")
		steve, _ := auth.MakeLogin(t, s.DB, s.Deps.Sessions, s.Stranger)
		for _, c := range []struct {
			act   string
			who   accounts.Actor
			check func(p admin.PersonState) bool
			after string
		}{
			{"verify", newcomer, func(p admin.PersonState) bool { return p.Verified && p.Email == "newcomer@example.org" }, "newcomer@example.org"},
			{"sendReset", newcomer, func(p admin.PersonState) bool { return true }, ""},
			{"endLogins", steve, func(p admin.PersonState) bool { return len(p.Logins) == 0 }, "0"},
			{"suspend", steve, func(p admin.PersonState) bool {
				return p.Suspension != nil && p.Suspension.Reason == "a reason" && p.Suspension.Until.Sub(p.Suspension.CreatedAt) == 7*24*time.Hour
			}, "until "},
			{"unsuspend", steve, func(p admin.PersonState) bool { return p.Suspension == nil }, ""},
			{"makeAdmin", steve, func(p admin.PersonState) bool { return p.Admin }, ""},
			{"removeAdmin", steve, func(p admin.PersonState) bool { return !p.Admin }, ""},
		} {
			if !slices.ContainsFunc(s.person(c.who.UserID).Offered(), func(a admin.PersonAct) bool { return a.Name == c.act }) {
				t.Errorf("%s is not offered", c.act)
			}
			if err := s.act(s.olive, c.who, c.act); err != nil {
				t.Fatalf("%s: %v", c.act, err)
			}
			p := s.person(c.who.UserID)
			if !c.check(p) {
				t.Errorf("%s: %+v", c.act, p)
			}
			e := p.Audit[0]
			if e.Act != "admin:"+c.act || e.ByName != "olive" || *e.ByID != s.Owner.UserID || e.Subject != c.who.Name || e.Reason != "a reason" ||
				e.Address != "192.0.2.7" || !strings.HasPrefix(e.AfterText, c.after) || time.Since(e.At) > time.Minute {
				t.Errorf("%s is recorded as %+v", c.act, e)
			}
		}
		if err := s.act(s.olive, steve, "delete"); err != nil {
			t.Fatal(err)
		}
		_, err := s.m.Person(t.Context(), s.olive.Actor, steve.UserID)
		s.want(err, errs.NotFound)
		log, err := s.m.Audit(t.Context(), s.olive.Actor, admin.AuditQuery{Name: "steve"})
		s.must(err)
		if e := log.Entries[0]; e.Act != "admin:delete" || e.Subject != "steve" || e.BeforeText != "projects: 0, with members: 0" {
			t.Errorf("the deletion is recorded as %+v", e)
		}
		for _, e := range log.Entries {
			if e.SubjectPersonID != nil {
				t.Errorf("the id of a deleted account stays in %+v", e)
			}
		}
	})
}

// TestActsNeedAnAdministratorWhoHasConfirmed: every act of anyone else leaves all as it
// was, even if the right was lost a moment ago.
func TestActsNeedAnAdministratorWhoHasConfirmed(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		s.makeAdmin("adam")
		s.makeAdmin("rita")
		never := s.enter(s.Admin)
		lost := s.enter(s.Reader)
		s.confirm(lost)
		_, err := s.m.RemoveByCommand(t.Context(), "rita")
		s.must(err)
		expired := s.enter(s.Owner)
		s.confirm(expired)
		s.unconfirm(expired, 30*time.Minute)
		ended := s.enter(s.Owner)
		s.confirm(ended)
		s.must(s.DB.InTx(t.Context(), func(ctx context.Context) error {
			return s.DB.From(ctx).Exec("DELETE FROM login WHERE id = ?", ended.LoginID).Error
		}))
		before := testenv.Dump(t, s.DB)
		for what, by := range map[string]admin.Acting{
			"a visitor": {}, "a person": s.enterOnce(s.Stranger), "an administrator who never confirmed": never, "one who lost the right": lost,
			"one whose confirmation expired": expired, "one whose login ended": ended,
		} {
			for _, act := range acts {
				if err := s.act(by, s.Stranger, act); err == nil {
					t.Errorf("%s: %s was done", what, act)
				}
			}
			_, people := s.m.People(t.Context(), by.Actor, admin.PeopleQuery{})
			_, person := s.m.Person(t.Context(), by.Actor, s.Stranger.UserID)
			_, log := s.m.Audit(t.Context(), by.Actor, admin.AuditQuery{})
			_, export := s.m.AuditExport(t.Context(), by.Actor, admin.AuditQuery{})
			for name, err := range map[string]error{"people": people, "person": person, "audit": log, "export": export} {
				if err == nil {
					t.Errorf("%s reads %s", what, name)
				}
			}
		}
		after := testenv.Dump(t, s.DB)
		for table, rows := range after {
			if table != "login" && !slices.Equal(rows, before[table]) {
				t.Errorf("%s changed:\n%v\n%v", table, before[table], rows)
			}
		}
		s.unconfirm(expired, 29*time.Minute)
		if err := s.act(expired, s.Stranger, "suspend"); err != nil {
			t.Errorf("within half an hour: %v", err)
		}
	})
}

// enterOnce is enter for a map of people.
func (s *site) enterOnce(by accounts.Actor) admin.Acting {
	s.t.Helper()
	return s.enter(by)
}

// TestDangerousActsAskForThePassword: a wrong one does nothing, and neither does an
// act whose reason is missing or too long.
func TestDangerousActsAskForThePassword(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		field := func(err error) string {
			for name := range errs.As(err).Fields {
				return name
			}
			return fmt.Sprint(err)
		}
		wrong, silent, long, broken := s.olive, s.olive, s.olive, s.olive
		wrong.Password = "wrong horse"
		silent.Reason = " \t"
		long.Reason = strings.Repeat("ä", 257)
		broken.Reason = "a\x00b"
		for _, act := range []string{"suspend", "makeAdmin", "delete"} {
			if got := field(s.act(wrong, s.Stranger, act)); got != "password" {
				t.Errorf("%s: %s", act, got)
			}
			for _, by := range []admin.Acting{long, broken} {
				if got := field(s.act(by, s.Stranger, act)); got != "reason" {
					t.Errorf("%s: %s", act, got)
				}
			}
		}
		for _, act := range []string{"suspend", "delete"} {
			if got := field(s.act(silent, s.Stranger, act)); got != "reason" {
				t.Errorf("%s without a reason: %s", act, got)
			}
		}
		s.want(s.m.ActOn(t.Context(), s.olive, s.Stranger.UserID, "suspend", admin.PersonInput{Days: "2"}), errs.Invalid)
		s.want(s.act(s.olive, s.Stranger, "setPassword"), errs.NotFound)
		s.want(s.act(s.olive, accounts.Actor{UserID: 999_999}, "suspend"), errs.NotFound)
		s.want(s.act(s.olive, s.Stranger, "verify"), errs.Conflict)
		s.want(s.act(s.olive, s.Owner, "suspend"), errs.Conflict)
		s.want(s.act(s.olive, s.Owner, "delete"), errs.Conflict)
		s.want(s.act(s.olive, accounts.MakeUnverifiedUser(t, s.DB, "newcomer"), "makeAdmin"), errs.Conflict)
		if p := s.person(s.Stranger.UserID); p.Suspension != nil || p.Admin || len(p.Audit) > 0 {
			t.Errorf("%+v", p)
		}
	})
}

// TestTheLastAdministratorStays however the right is taken away, also when two take it
// from each other at the same time.
func TestTheLastAdministratorStays(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		_, err := s.m.RemoveByCommand(t.Context(), "olive")
		s.want(err, errs.Conflict)
		s.want(s.act(s.olive, s.Owner, "removeAdmin"), errs.Conflict)
		s.want(s.Accounts.Delete(t.Context(), s.Owner), errs.Conflict)
		_, err = s.m.AddByCommand(t.Context(), "olive")
		s.want(err, errs.Conflict)
		_, err = s.m.RemoveByCommand(t.Context(), "steve")
		s.want(err, errs.Conflict)

		s.makeAdmin("adam")
		adam := s.enter(s.Admin)
		s.confirm(adam)
		results := make([]error, 2)
		var both sync.WaitGroup
		both.Go(func() { results[0] = s.act(s.olive, s.Admin, "removeAdmin") })
		both.Go(func() { results[1] = s.act(adam, s.Owner, "removeAdmin") })
		both.Wait()
		all, err := s.m.Administrators(t.Context())
		s.must(err)
		if (results[0] == nil) == (results[1] == nil) || len(all) != 1 {
			t.Errorf("%v, left are %v", results, all)
		}
	})
}

// TestDeletedAdministratorsLeaveTheirNames: the account takes its ids out of the audit
// log, and what was done stays.
func TestDeletedAdministratorsLeaveTheirNames(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		s.makeAdmin("adam")
		s.must(s.act(s.olive, s.Stranger, "endLogins"))
		s.must(s.Accounts.Delete(t.Context(), s.Owner))
		adam := s.enter(s.Admin)
		s.confirm(adam)
		log, err := s.m.Audit(t.Context(), adam.Actor, admin.AuditQuery{Act: "admin:endLogins"})
		s.must(err)
		if len(log.Entries) != 1 || log.Entries[0].ByName != "olive" || log.Entries[0].ByID != nil {
			t.Errorf("%+v", log.Entries)
		}
	})
}

// TestPeopleAreFound by the beginning of each of their names, by state, and page by
// page in both orders, each exactly once.
func TestPeopleAreFound(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		for i := range 115 {
			accounts.MakeUser(t, s.DB, fmt.Sprintf("Page-%03d", i))
		}
		zoe, display := accounts.MakeUser(t, s.DB, "zz_top"), "Änne Øst"
		_, err := s.Accounts.EditProfile(t.Context(), zoe, accounts.ProfileEdit{DisplayName: &display})
		s.must(err)
		accounts.MakeUnverifiedUser(t, s.DB, "newcomer")
		s.must(s.act(s.olive, s.Stranger, "suspend"))

		find := func(q admin.PeopleQuery) (names []string, pages int) {
			t.Helper()
			for pages = 1; pages < 10; pages++ {
				page, err := s.m.People(t.Context(), s.olive.Actor, q)
				s.must(err)
				for _, p := range page.People {
					names = append(names, p.Name)
				}
				if q.After = page.Next; q.After == nil {
					break
				}
			}
			return names, pages
		}
		for text, want := range map[string]string{
			"OLIV": "olive", "änne": "zz_top", "zz_top@ex": "zz_top", "newcomer@": "newcomer", "zz_": "zz_top", "zz%": "", "z__top": "", "top": "", "\xff": "",
			strings.Repeat("x", 65): "", "a\x00": "",
		} {
			if text == "änne" && s.DB.Dialect() == db.SQLite {
				text = "Änne" // SQLite folds ASCII only
			}
			if got, _ := find(admin.PeopleQuery{Text: text}); strings.Join(got, " ") != want {
				t.Errorf("%q finds %v, want %q", text, got, want)
			}
		}
		for state, want := range map[admin.State]string{admin.Unverified: "newcomer", admin.Suspended: "steve", admin.Admins: "olive"} {
			if got, _ := find(admin.PeopleQuery{State: state}); strings.Join(got, " ") != want {
				t.Errorf("%s are %v, want %s", state, got, want)
			}
		}
		byName, pages := find(admin.PeopleQuery{})
		if len(byName) != 4+115+1+1 || pages != 3 || !slices.IsSortedFunc(byName, func(a, b string) int { return strings.Compare(strings.ToLower(a), strings.ToLower(b)) }) {
			t.Errorf("%d people by name on %d pages: %v", len(byName), pages, byName)
		}
		newest, _ := find(admin.PeopleQuery{Newest: true})
		if len(newest) != len(byName) || newest[0] != "newcomer" || len(slices.Compact(slices.Sorted(slices.Values(newest)))) != len(byName) {
			t.Errorf("the newest are %v", newest)
		}
		some, _ := find(admin.PeopleQuery{Text: "page-", State: admin.Verified, Newest: true})
		if len(some) != 115 || some[0] != "Page-114" {
			t.Errorf("%d begin with page-, the newest is %v", len(some), some[:min(1, len(some))])
		}
		_, err = s.m.People(t.Context(), s.olive.Actor, admin.PeopleQuery{State: "rich"})
		s.want(err, errs.Invalid)

		ctx, statements := db.CountStatements(t.Context())
		_, err = s.m.People(ctx, s.olive.Actor, admin.PeopleQuery{Text: "page"})
		s.must(err)
		if n := statements.Load(); n != 5 {
			t.Errorf("a page takes %d statements, want 5", n)
		}
	})
}

// TestAnAdministratorSeesNoPrivateBoards: their number, and the titles of public ones.
func TestAnAdministratorSeesNoPrivateBoards(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		s.MakeProject(t, "open-to-all", false)
		p := s.person(s.Owner.UserID)
		if p.Owned != 2 || p.Shared != 2 || len(p.Public) != 1 || p.Public[0].Title != "open-to-all" {
			t.Errorf("%+v", p)
		}
		if p := s.person(s.Reader.UserID); p.Joined != 2 || p.Owned != 0 {
			t.Errorf("%+v", p)
		}
		s.makeAdmin("steve")
		if _, err := s.Projects.Board(t.Context(), s.Stranger, s.Project.OwnerName, s.Project.Name); errs.KindOf(err) != errs.NotFound {
			t.Errorf("an administrator opens a private board: %v", err)
		}
	})
}

// TestTheAuditLogIsFiltered by name, act and day, and paged.
func TestTheAuditLogIsFiltered(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		for range 55 {
			s.must(s.act(s.olive, s.Stranger, "endLogins"))
		}
		s.must(s.act(s.olive, s.Reader, "sendReset"))
		now := time.Now().UTC()
		for what, c := range map[string]struct {
			q    admin.AuditQuery
			want int
		}{
			"all": {admin.AuditQuery{}, 57}, "an act": {admin.AuditQuery{Act: "admin:sendReset"}, 1}, "a subject": {admin.AuditQuery{Name: "steve"}, 55},
			"an administrator": {admin.AuditQuery{Name: "Olive"}, 57}, "no one": {admin.AuditQuery{Name: "nobody"}, 0}, "broken": {admin.AuditQuery{Name: "\xff"}, 0},
			"since": {admin.AuditQuery{From: now.Add(-time.Minute)}, 57}, "until": {admin.AuditQuery{Until: now.Add(-time.Hour)}, 0},
		} {
			all, err := s.m.AuditExport(t.Context(), s.olive.Actor, c.q)
			s.must(err)
			if len(all) != c.want {
				t.Errorf("%s: %d rows, want %d", what, len(all), c.want)
			}
		}
		first, err := s.m.Audit(t.Context(), s.olive.Actor, admin.AuditQuery{})
		s.must(err)
		second, err := s.m.Audit(t.Context(), s.olive.Actor, admin.AuditQuery{Before: first.Next})
		s.must(err)
		if len(first.Entries) != 50 || len(second.Entries) != 7 || second.Next != 0 || second.Entries[0].ID >= first.Entries[49].ID {
			t.Errorf("%d and %d rows, %d", len(first.Entries), len(second.Entries), second.Next)
		}
	})
}

// guest is a module with a page and a figure.
type guest struct {
	value int64
	fail  error
	done  int
}

func (*guest) Name() string { return "guest" }

func (g *guest) AdminPart() module.AdminPart {
	do := func(context.Context, module.AdminInput) (module.AdminDone, error) {
		g.done++
		return module.AdminDone{Subject: "thing", Before: "off", After: "on"}, g.fail
	}
	return module.AdminPart{
		Pages: []module.AdminPage{{Path: "things", Title: "things", Acts: []module.AdminAct{
			{Name: "turn", Title: "turn", Do: do}, {Name: "burn", Title: "burn", Dangerous: true, Do: do},
		}}},
		Figures: []module.AdminFigure{{Name: "guest:all", Title: "all", Read: func(context.Context, time.Time) (int64, error) { return g.value, g.fail }}},
	}
}

// TestModulesAddPagesActsAndFigures: their acts are recorded with what they say, and
// their figures are kept by day.
func TestModulesAddPagesActsAndFigures(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		g := &guest{value: 41}
		s.m.Connect([]module.Module{g})
		s.must(s.m.ActOfPage(t.Context(), s.olive, "things", "turn"))
		s.must(s.m.ActOfPage(t.Context(), s.olive, "things", "burn"))
		wrong := s.olive
		wrong.Password = "wrong"
		s.want(s.m.ActOfPage(t.Context(), wrong, "things", "burn"), errs.Invalid)
		s.want(s.m.ActOfPage(t.Context(), s.enter(s.Stranger), "things", "turn"), errs.NotFound)
		s.want(s.m.ActOfPage(t.Context(), s.olive, "things", "learn"), errs.NotFound)
		s.want(s.m.ActOfPage(t.Context(), s.olive, "others", "turn"), errs.NotFound)
		log, err := s.m.Audit(t.Context(), s.olive.Actor, admin.AuditQuery{Name: "thing"})
		s.must(err)
		if g.done != 2 || len(log.Entries) != 2 || log.Entries[0].Act != "guest:burn" || log.Entries[0].BeforeText != "off" || log.Entries[0].AfterText != "on" {
			t.Errorf("%d done, %+v", g.done, log.Entries)
		}

		chart := func() admin.Chart {
			t.Helper()
			all, err := s.m.Charts(t.Context(), s.olive.Actor)
			s.must(err)
			return all[slices.IndexFunc(all, func(c admin.Chart) bool { return c.Name == "guest:all" })]
		}
		if c := chart(); c.Known {
			t.Errorf("before the job: %+v", c)
		}
		s.must(s.m.KeepFigures(t.Context()))
		g.value = 42
		s.must(s.m.KeepFigures(t.Context()))
		if c := chart(); c.Present != "42" || len(c.Days) != 1 {
			t.Errorf("%+v", c)
		}
		g.fail = errs.Of(errs.Internal)
		if err := s.m.KeepFigures(t.Context()); err == nil {
			t.Error("a figure that cannot be read is no problem")
		}
		_, err = s.m.Charts(t.Context(), s.enter(s.Stranger).Actor)
		s.want(err, errs.NotFound)
	})
}

// TestOneClaimMakesOneAdministrator: of people who use tokens of a fresh installation at
// the same moment, also two different ones, one becomes an administrator.
func TestOneClaimMakesOneAdministrator(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		m := boardtest.Feature[*admin.Module](w)
		if token, err := m.NewClaim(t.Context()); token != "" || err != nil {
			t.Fatalf("an installation with accounts has the token %q, %v", token, err)
		}
		err := w.DB.InTx(t.Context(), func(ctx context.Context) error { // as if a server had started before there were accounts
			return w.DB.From(ctx).Exec("INSERT INTO site_admin_claim (id, token_hash, created_at) VALUES (1, 'x', ?)", w.DB.Now(ctx)).Error
		})
		if err != nil {
			t.Fatal(err)
		}
		tokens := make([]string, 18)
		for i := range tokens {
			var err error
			if tokens[i], err = m.NewClaim(t.Context()); err != nil || tokens[i] == "" {
				t.Fatal(tokens[i], err)
			}
		}
		people := make([]admin.Acting, 4)
		for i := range people {
			people[i] = admin.Acting{Actor: accounts.MakeUser(t, w.DB, fmt.Sprintf("person-%d", i))}
		}
		if err := m.Claim(t.Context(), people[0], tokens[0]); errs.KindOf(err) != errs.Invalid {
			t.Errorf("a token that 17 others have followed: %v", err)
		}
		results := make([]error, len(people))
		var all sync.WaitGroup
		for i, p := range people {
			all.Go(func() { results[i] = m.Claim(t.Context(), p, tokens[2+i/2*15]) })
		}
		all.Wait()
		admins, err := m.Administrators(t.Context())
		if err != nil || len(admins) != 1 {
			t.Fatalf("%d administrators, %v, %v", len(admins), results, err)
		}
		for i, err := range results {
			if want := admins[0].ID != people[i].UserID; want != (errs.KindOf(err) == errs.NotFound) || !want && err != nil {
				t.Errorf("%s: %v", people[i].Name, err)
			}
		}
		if waits, err := m.CanClaim(t.Context()); waits || err != nil {
			t.Errorf("tokens are left: %v", err)
		}
	})
}

// TestJobsAreAskedFor by name, from the page, with a row of the audit log.
func TestJobsAreAskedFor(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		s.must(s.DB.InTx(t.Context(), func(ctx context.Context) error {
			return s.DB.From(ctx).Create(&jobs.Run{Name: "cards: count cards", EverySeconds: 60, NextAt: s.DB.Now(ctx).Add(time.Hour)}).Error
		}))
		run := func(by admin.Acting, name string) error {
			return s.m.ActOfPageWith(t.Context(), by, "jobs", "runNow", url.Values{"job": {name}})
		}
		for _, name := range []string{"", "cards: count lists", "\xff", strings.Repeat("x", 500)} {
			s.want(run(s.olive, name), errs.NotFound)
		}
		s.want(run(s.enter(s.Stranger), "cards: count cards"), errs.NotFound)
		asked := func() bool {
			all, err := s.Deps.Jobs.All(t.Context())
			s.must(err)
			return all[0].AskedAt != nil
		}
		if asked() {
			t.Error("what was refused was done")
		}
		s.must(run(s.olive, "cards: count cards"))
		log, err := s.m.Audit(t.Context(), s.olive.Actor, admin.AuditQuery{Act: "admin:runNow"})
		s.must(err)
		if !asked() || len(log.Entries) != 1 || log.Entries[0].Subject != "cards: count cards" {
			t.Errorf("asked %v, %+v", asked(), log.Entries)
		}
	})
}

// TestTheExaminationOfTheSiteIsKept, the worst first, until the next one.
func TestTheExaminationOfTheSiteIsKept(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		if examined, _, _, err := s.m.Health(t.Context()); examined || err != nil {
			t.Errorf("before the first: %v, %v", examined, err)
		}
		s.want(s.m.ActOfPage(t.Context(), s.olive, "health", "examine"), errs.Conflict)
		fine := doctor.Finding{Subject: "clock", Level: doctor.OK, Says: "agrees"}
		bad := doctor.Finding{Subject: "mail", Level: doctor.Problem, Says: "is refused", Do: "Check it."}
		odd := doctor.Finding{Subject: "redis", Level: doctor.Warning, Says: "is slow", Do: "Look."}
		for _, found := range [][]doctor.Finding{{fine}, {fine, odd, bad}} {
			s.must(s.m.Examine(t.Context(), found...))
		}
		examined, findings, problems, err := s.m.Health(t.Context())
		if !examined || err != nil || problems != 1 || !slices.Equal(findings, []doctor.Finding{bad, odd, fine}) {
			t.Errorf("%v %+v, %v", examined, findings, err)
		}
	})
}
