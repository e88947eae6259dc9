package auth

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"taskstack.org/modules/accounts"

	"taskstack.org/internal/testenv"
	"taskstack.org/platform/db"
	"taskstack.org/platform/errs"
	"taskstack.org/platform/events"
	"taskstack.org/platform/i18n"
	"taskstack.org/platform/mail"
	"taskstack.org/platform/module"
	"taskstack.org/platform/realtime"
	"taskstack.org/platform/session"
	"taskstack.org/platform/views"
	"taskstack.org/platform/web"
)

// clock is a time that tests set.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func newClock() *clock { return &clock{now: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)} }

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// sentMails keeps what was to be sent.
type sentMails struct {
	mu   sync.Mutex
	all  []mail.Message
	fail error
}

func (s *sentMails) Enqueue(_ context.Context, m mail.Message) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.fail != nil {
		return s.fail
	}
	s.all = append(s.all, m)
	return m.Validate()
}

func (s *sentMails) last(t *testing.T) mail.Message {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.all) == 0 {
		t.Fatal("no mail was sent")
	}
	return s.all[len(s.all)-1]
}

func (s *sentMails) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.all)
}

// fixture is the services on a real database.
type fixture struct {
	*shared
	*SignUps
	*Passwords
	*SecondSteps
	*SecondFactors
	*Logins
	*Verifications
	*Resets
	*Audit
	*Browsers
	module *Module
	people *accounts.Module
	clock  *clock
	sent   *sentMails
	ended  *[]string // logins of which LoginEnded was published
}

func newFixture(t *testing.T, uri string) fixture {
	t.Helper()
	c := newClock()
	d := testenv.Open(t, uri, db.Options{Now: c.Now})
	catalogue, err := i18n.New(locales)
	must(t, err)
	f := fixture{clock: c, sent: &sentMails{}, ended: &[]string{}}
	deps := module.Deps{
		DB: d, Bus: events.NewBus(d), Log: slog.New(slog.DiscardHandler), Seal: newSealer(t), BcryptCost: 4,
		Views: views.New(), PublicURL: "https://taskstack.example",
	}
	deps.Realtime, err = realtime.New(realtime.Options{Views: deps.Views, Log: deps.Log})
	must(t, err)
	events.After(deps.Bus, func(_ context.Context, e LoginEnded) { *f.ended = append(*f.ended, e.LoginID) })
	f.people = accounts.New(deps)
	m := New(deps, f.people)
	m.Audit.mails = f.sent
	m.Audit.writer = newMailWriter(deps.PublicURL, func() *i18n.Catalogue { return catalogue })
	for _, h := range []*hasher{m.Passwords.hasher, m.Resets.hasher, m.SignUps.hasher} {
		h.places = nil
	}
	f.module, f.shared, f.SignUps, f.Passwords, f.SecondSteps, f.SecondFactors = m, m.shared, m.SignUps, m.Passwords, m.steps, m.SecondFactors
	f.Logins, f.Verifications, f.Resets, f.Audit, f.Browsers = m.Logins, m.Verifications, m.Resets, m.Audit, m.browsers
	reserveRoutes(t, deps, f.people)
	return f
}

// reserveRoutes makes the first segments of some routes reserved names.
func reserveRoutes(t *testing.T, deps module.Deps, people *accounts.Module) {
	t.Helper()
	sessions, err := session.New("a secret for tests", false)
	must(t, err)
	router, err := web.New(web.Options{Views: deps.Views, Sessions: sessions, Log: deps.Log, Authenticate: web.NoViewer})
	must(t, err)
	router.GET("/zebra", func(*web.Context) error { return nil })
	people.Routes(router)
}

// changeName renames the actor as the settings do.
func (f fixture) changeName(ctx context.Context, by accounts.Actor, name, password string, info RequestInfo) error {
	problems := errs.Fields{}
	if err := f.people.CheckNewName(ctx, problems, by, name); err != nil {
		return err
	}
	return f.Confirmed(ctx, by, Confirmation{"password", password}, problems, func(ctx context.Context) error {
		if _, err := f.people.Rename(ctx, by, name); err != nil {
			return err
		}
		return f.RecordRename(ctx, by, info)
	})
}

// deleteAccount deletes the actor's account as the settings do.
func (f fixture) deleteAccount(ctx context.Context, by accounts.Actor, password string) error {
	return f.Confirmed(ctx, by, Confirmation{"password", password}, errs.Fields{}, func(ctx context.Context) error {
		return f.people.Delete(ctx, by)
	})
}

func signUpOf(name string) SignUp {
	return SignUp{Name: name, Email: name + "@example.org", Password: accounts.TestPassword}
}

func each(t *testing.T, test func(t *testing.T, f fixture)) {
	t.Helper()
	testenv.EachMigrated(t, func(t *testing.T, uri string) { test(t, newFixture(t, uri)) })
}

func (f fixture) mustSignUp(t *testing.T, name string) loginResult {
	t.Helper()
	w, err := f.signUp(t.Context(), SignUp{Name: name, Email: name + "@example.org", Password: accounts.TestPassword}, here)
	if err != nil {
		t.Fatalf("sign up %s: %v", name, err)
	}
	return w
}

var (
	here        = RequestInfo{Address: "192.0.2.1", UserAgent: "Mozilla/5.0 (X11; Linux) Firefox/140.0", Lang: "en"}
	codePattern = regexp.MustCompile(`code=([A-Za-z0-9_-]{8})\n`)
)

func (f fixture) mailedCode(t *testing.T) string {
	t.Helper()
	found := codePattern.FindStringSubmatch(f.sent.last(t).Text)
	if found == nil {
		t.Fatalf("no code in the mail:\n%s", f.sent.last(t).Text)
	}
	return found[1]
}

func wantKind(t *testing.T, err error, kind errs.Kind) {
	t.Helper()
	if err == nil || errs.KindOf(err) != kind {
		t.Errorf("error %v, want %s", err, kind)
	}
}

func fieldKeys(err error) map[string]string {
	keys := map[string]string{}
	if err != nil {
		for name, m := range errs.As(err).Fields {
			keys[name] = m.Key
		}
	}
	return keys
}

func TestSignUpVerifyLogIn(t *testing.T) {
	each(t, func(t *testing.T, f fixture) {
		ctx := t.Context()
		w := f.mustSignUp(t, "Bob")
		if _, err := f.identify(ctx, hashSecret(w.Secret)); errs.KindOf(err) != errs.Unauthenticated {
			t.Errorf("somebody unverified is identified: %v", err)
		}
		if _, err := f.people.ByName(ctx, "bob"); errs.KindOf(err) != errs.NotFound {
			t.Errorf("somebody unverified is found by name: %v", err)
		}
		if people, err := f.people.ByIDs(ctx, []int64{w.Actor.UserID}); err != nil || len(people) != 0 {
			t.Errorf("somebody unverified is found by id: %v, %v", people, err)
		}
		v, err := f.verification(ctx, w.VerificationToken)
		if err != nil || v != (verification{Name: "Bob", Email: "Bob@example.org", Token: w.VerificationToken, NewAccount: true, userID: w.Actor.UserID}) {
			t.Fatalf("verification %+v, %v", v, err)
		}
		if _, err := f.verify(ctx, w.VerificationToken, "wrong...", here); errs.KindOf(err) != errs.Invalid {
			t.Errorf("wrong code: %v", err)
		}
		if _, err := f.verify(ctx, w.VerificationToken, " "+f.mailedCode(t)+"\n", here); err != nil {
			t.Fatalf("right code: %v", err)
		}
		_, err = f.verification(ctx, w.VerificationToken)
		wantKind(t, err, errs.NotFound)

		who, err := f.identify(ctx, hashSecret(w.Secret))
		if err != nil || who.Name != "Bob" {
			t.Fatalf("the sign-up's login after verification: %+v, %v", who, err)
		}
		p, err := f.people.ByName(ctx, "bOB")
		if err != nil || p.Name != "Bob" || p.ID != w.Actor.UserID || p.GoToURL != "/Bob" ||
			!regexp.MustCompile(`^/static/default_avatar/b[1-4]s\.png$`).MatchString(p.PicURL) ||
			p.LargePicURL != strings.Replace(p.PicURL, "s.png", "x.png", 1) {
			t.Errorf("person %+v, %v", p, err)
		}
		for _, name := range []string{"Bob", "bob", "BOB@example.ORG"} {
			in, err := f.logIn(ctx, name, accounts.TestPassword, false, here)
			if err != nil || in.VerificationToken != "" || in.Persistent || in.Actor.UserID != p.ID {
				t.Errorf("log in as %q: %+v, %v", name, in, err)
			}
		}
	})
}

func TestSignUpStoresWhatTheContractSays(t *testing.T) {
	each(t, func(t *testing.T, f fixture) {
		w := f.mustSignUp(t, "bob")
		u, err := f.credentials.ByVerificationToken(t.Context(), w.VerificationToken, false)
		if err != nil {
			t.Fatal(err)
		}
		if u.SignUpComplete || u.Email != nil || *u.EmailPendingVerification != "bob@example.org" || !u.EmailPrivate ||
			u.Private || u.BlockAllFriendshipRequests || u.StayLoggedIn || len(*u.EmailVerificationCode) != 8 ||
			!strings.HasPrefix(u.PasswordHash, "$2b$") || !u.CreatedAt.Equal(f.clock.Now()) {
			t.Errorf("row %+v", u)
		}
		l := f.loginRow(t, w)
		if l.Device != "Firefox, Linux" || l.Address != "192.0.2.1" || len(l.Token) != 22 || l.Persistent || l.ID == w.Secret {
			t.Errorf("login %+v", l)
		}
	})
}

// TestSignUpSentAgain: a second press, or a retry after a lost answer, continues the
// sign-up; everyone else learns that the name is taken.
func TestSignUpSentAgain(t *testing.T) {
	each(t, func(t *testing.T, f fixture) {
		in := SignUp{Name: "bob", Email: "bob@example.org", Password: accounts.TestPassword}
		first, err := f.signUp(t.Context(), in, here)
		if err != nil {
			t.Fatal(err)
		}
		mails := f.sent.count()
		again, err := f.signUp(t.Context(), in, here)
		if err != nil || again.Actor.UserID != first.Actor.UserID || again.VerificationToken != first.VerificationToken || again.Secret == first.Secret {
			t.Errorf("again: %+v, %v; at first %+v", again, err, first)
		}
		if n := f.sent.count(); n != mails {
			t.Errorf("%d mails, want %d", n, mails)
		}
		for what, change := range map[string]func(*SignUp){
			"another password": func(in *SignUp) { in.Password = "another password" },
			"another address":  func(in *SignUp) { in.Email = "bobby@example.org" },
		} {
			other := in
			change(&other)
			if _, err := f.signUp(t.Context(), other, here); fieldKeys(err)["username"] != accounts.NameTaken {
				t.Errorf("%s: %v", what, err)
			}
		}
		f.clock.pass(10*time.Minute - time.Second)
		if _, err := f.signUp(t.Context(), in, here); err != nil {
			t.Errorf("after ten minutes less a second: %v", err)
		}
		f.clock.pass(time.Second)
		if _, err := f.signUp(t.Context(), in, here); fieldKeys(err)["username"] != accounts.NameTaken {
			t.Errorf("after ten minutes: %v", err)
		}
		other := SignUp{Name: "carl", Email: "carl@example.org", Password: accounts.TestPassword}
		if first, err = f.signUp(t.Context(), other, here); err != nil {
			t.Fatal(err)
		}
		if _, err := f.verify(t.Context(), first.VerificationToken, f.mailedCode(t), here); err != nil {
			t.Fatal(err)
		}
		if _, err := f.signUp(t.Context(), other, here); fieldKeys(err)["username"] != accounts.NameTaken {
			t.Errorf("of a verified account: %v", err)
		}
	})
}

func (f fixture) loginRow(t *testing.T, w loginResult) login {
	t.Helper()
	var l login
	if err := f.db.From(t.Context()).Where("id = ?", w.Actor.LoginID).Take(&l).Error; err != nil {
		t.Fatal(err)
	}
	return l
}

func TestSignUpRefusals(t *testing.T) {
	each(t, func(t *testing.T, f fixture) {
		accounts.MakeUser(t, f.db, "Anna")
		f.mustSignUp(t, "waiting")
		const name, email, password = "username", "useremail", "password"
		for what, c := range map[string]struct {
			in   SignUp
			want map[string]string
		}{
			"empty": {SignUp{}, map[string]string{name: "accounts.name.malformed", email: "auth.signup.emailMalformed", password: "auth.signup.passwordLength"}},
			"name taken, other case": {
				SignUp{Name: "aNNa", Email: "new@example.org", Password: accounts.TestPassword}, map[string]string{name: "accounts.name.taken"},
			},
			"name of somebody unverified": {
				SignUp{Name: "Waiting", Email: "new@example.org", Password: accounts.TestPassword}, map[string]string{name: "accounts.name.taken"},
			},
			"_ is no wildcard, line break": {
				SignUp{Name: "anna\n", Email: "new@example.org", Password: accounts.TestPassword}, map[string]string{name: "accounts.name.malformed"},
			},
			"reserved": {
				SignUp{Name: "LogIn", Email: "new@example.org", Password: accounts.TestPassword}, map[string]string{name: "accounts.name.taken"},
			},
			"name of a route": {
				SignUp{Name: "healthz", Email: "new@example.org", Password: accounts.TestPassword}, map[string]string{name: "accounts.name.taken"},
			},
			"verified address": {
				SignUp{Name: "bob", Email: "ANNA@example.org", Password: accounts.TestPassword}, map[string]string{email: "auth.signup.emailTaken"},
			},
			"waiting address": {
				SignUp{Name: "bob", Email: "waiting@example.org", Password: accounts.TestPassword}, map[string]string{email: "auth.signup.emailTaken"},
			},
			"everything at once": {
				SignUp{Name: "anna", Email: "anna@example.org", Password: "short"},
				map[string]string{name: "accounts.name.taken", email: "auth.signup.emailTaken", password: "auth.signup.passwordLength"},
			},
		} {
			_, err := f.signUp(t.Context(), c.in, here)
			if got := fieldKeys(err); !mapsEqual(got, c.want) {
				t.Errorf("%s: %v, want %v", what, got, c.want)
			}
		}
		// "_" is no wildcard: "ann_" is not "anna" (defect H11).
		f.mustSignUp(t, "ann_")
		if n := f.sent.count(); n != 2 {
			t.Errorf("%d mails, want one per account", n)
		}
	})
}

func mapsEqual(a, b map[string]string) bool { return fmt.Sprint(a) == fmt.Sprint(b) }

func TestConcurrentSignUpsEndInOneAccount(t *testing.T) {
	each(t, func(t *testing.T, f fixture) {
		const racers = 8
		results := make(chan error, racers)
		for i := range racers {
			in := SignUp{Name: "bob", Email: fmt.Sprintf("bob%d@example.org", i), Password: accounts.TestPassword}
			if i%2 == 1 { // half of them race for the address
				in = SignUp{Name: fmt.Sprintf("bob%d", i), Email: "bob0@example.org", Password: accounts.TestPassword}
			}
			go func() {
				_, err := f.signUp(t.Context(), in, here)
				results <- err
			}()
		}
		accounts := 0
		for range racers {
			err := <-results
			switch {
			case err == nil:
				accounts++
			case errs.KindOf(err) != errs.Invalid || len(errs.As(err).Fields) == 0:
				t.Errorf("loser got %v, want a field's message", err)
			}
		}
		// The winners are one of the name, and one of the address unless the
		// first racer has both.
		if accounts < 1 || accounts > 2 || accounts != f.sent.count() {
			t.Errorf("%d accounts and %d mails", accounts, f.sent.count())
		}
	})
}

func TestAnAddressIsVerifiedOnce(t *testing.T) {
	each(t, func(t *testing.T, f fixture) {
		w := f.mustSignUp(t, "bob")
		code := f.mailedCode(t)
		// Another account got the same address verified in between, as can happen
		// when both signed up at the same moment.
		other := accounts.MakeUser(t, f.db, "bobby")
		f.mustExec(t, "UPDATE `user` SET email = 'BOB@example.org' WHERE id = ?", other.UserID)
		_, err := f.verify(t.Context(), w.VerificationToken, code, here)
		wantKind(t, err, errs.Conflict)
		if errs.As(err).Message.Key != "auth.verify.addressTaken" {
			t.Errorf("message %q", errs.As(err).Message.Key)
		}
	})
}

func (f fixture) mustExec(t *testing.T, sql string, args ...any) {
	t.Helper()
	err := f.db.InTx(t.Context(), func(ctx context.Context) error { return f.db.From(ctx).Exec(sql, args...).Error })
	if err != nil {
		t.Fatal(err)
	}
}

func TestForgottenAccountsGiveTheirNamesFree(t *testing.T) {
	each(t, func(t *testing.T, f fixture) {
		first := f.mustSignUp(t, "bob")
		accounts.MakeUser(t, f.db, "anna")
		f.clock.pass(unverifiedLife - time.Second)
		f.mustTidy(t)
		if _, err := f.verification(t.Context(), first.VerificationToken); err != nil {
			t.Errorf("deleted too early: %v", err)
		}
		f.clock.pass(2 * time.Second)
		f.mustTidy(t)
		_, err := f.verification(t.Context(), first.VerificationToken)
		wantKind(t, err, errs.NotFound)
		f.mustSignUp(t, "bob")
		if _, err := f.people.ByName(t.Context(), "anna"); err != nil {
			t.Errorf("a verified account is gone: %v", err)
		}
	})
}

func (f fixture) mustTidy(t *testing.T) {
	t.Helper()
	if err := f.module.tidy(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func TestResentMailHasTheSameCode(t *testing.T) {
	each(t, func(t *testing.T, f fixture) {
		w := f.mustSignUp(t, "bob")
		code := f.mailedCode(t)
		if err := f.resendVerification(t.Context(), w.VerificationToken, "/anna/board", "de"); err != nil {
			t.Fatal(err)
		}
		m := f.sent.last(t)
		if f.mailedCode(t) != code || !strings.Contains(m.Text, "continue=%2Fanna%2Fboard&code=") || !strings.Contains(m.Subject, "Bestätige") {
			t.Errorf("mail %q\n%s", m.Subject, m.Text)
		}
		wantKind(t, f.resendVerification(t.Context(), strings.Repeat("0", 32), "", "en"), errs.NotFound)
	})
}

// Account and mail are one transaction: no account waits for a code that was never sent.
func TestASignUpWithoutItsMailIsUndone(t *testing.T) {
	each(t, func(t *testing.T, f fixture) {
		f.sent.fail = errors.New("no room")
		if _, err := f.signUp(t.Context(), SignUp{Name: "bob", Email: "bob@example.org", Password: accounts.TestPassword}, here); !errors.Is(err, f.sent.fail) {
			t.Errorf("got %v", err)
		}
		f.sent.fail = nil
		w := f.mustSignUp(t, "bob")
		if _, err := f.verify(t.Context(), w.VerificationToken, f.mailedCode(t), here); err != nil {
			t.Error(err)
		}
	})
}

func TestLogInDoesNotDiscloseAccounts(t *testing.T) {
	each(t, func(t *testing.T, f fixture) {
		accounts.MakeUser(t, f.db, "anna")
		accounts.MakeUnverifiedUser(t, f.db, "bob")
		// An unknown name must cost a comparison all the same; how long it
		// takes cannot be asserted, that it is made can.
		compared, dummy := 0, f.Passwords.hasher.dummyHash
		f.Passwords.hasher.dummyHash = func() string { compared++; return dummy() }
		var want string
		for what, name := range map[string]string{
			"verified": "anna", "her address": "anna@example.org", "unverified": "bob", "his address": "bob@example.org",
			"unknown": "carl", "empty": "", "accents": "ännä", "not UTF-8": "anna\xff", "NUL": "anna\x00",
			"long": strings.Repeat("a", 1<<16), "wildcard": "ann_", "percent": "%",
		} {
			for _, password := range []string{"wrong password", "", "x\x00y", strings.Repeat("x", 1000)} {
				ctx, statements := db.CountStatements(t.Context())
				_, err := f.logIn(ctx, name, password, false, here)
				if err == nil || errs.KindOf(err) != errs.Invalid {
					t.Fatalf("%s: %v", what, err)
				}
				got := fmt.Sprintf("%s, %d statements", err, statements.Load())
				if want == "" {
					want = got
				}
				if got != want {
					t.Errorf("%s: %s, others: %s", what, got, want)
				}
			}
		}
		if want := 4 * 9; compared != want { // all but anna, her address and bob
			t.Errorf("%d comparisons for unknown names, want %d", compared, want)
		}
		if hash := dummy(); outdated(hash, f.Passwords.hasher.cost) || len(hash) != 60 {
			t.Errorf("dummy hash %q", hash)
		}
		// An inexact name does not log in with the right
		// password either.
		for _, name := range []string{"ännä", "an na", "anna\n", "bob@example.org", "anna\x00"} {
			_, err := f.logIn(t.Context(), name, accounts.TestPassword, false, here)
			wantKind(t, err, errs.Invalid)
		}
	})
}

// Checking a password takes long enough for it to be changed meanwhile: the old
// one logs no one in then, and does not come back with a log-in that stores
// something.
func TestAPasswordThatChangesDuringALogIn(t *testing.T) {
	each(t, func(t *testing.T, f fixture) {
		by := accounts.MakeUser(t, f.db, "anna")
		checked, err := f.checkPassword(t.Context(), "anna", accounts.TestPassword)
		if err != nil {
			t.Fatal(err)
		}
		if err := f.ChangePassword(t.Context(), by, accounts.TestPassword, "another horse", here); err != nil {
			t.Fatal(err)
		}
		f.Passwords.hasher.cost = 5 // the hash would be renewed
		_, err = f.logInChecked(t.Context(), checked, accounts.TestPassword, true, here)
		wantKind(t, err, errs.Invalid)
		u, err := f.credentials.ByID(t.Context(), by.UserID)
		if err != nil || !passwordMatches(u.PasswordHash, "another horse") || u.StayLoggedIn {
			t.Errorf("stored: %+v, %v", u, err)
		}
		// A hash that another log-in has renewed in between is no other password.
		again, err := f.checkPassword(t.Context(), "anna", "another horse")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.logIn(t.Context(), "anna", "another horse", false, here); err != nil {
			t.Fatal(err)
		}
		if _, err := f.logInChecked(t.Context(), again, "another horse", false, here); err != nil {
			t.Errorf("two at once: %v", err)
		}
	})
}

func TestUnverifiedPeopleLogInToTheirVerification(t *testing.T) {
	each(t, func(t *testing.T, f fixture) {
		signed := f.mustSignUp(t, "bob")
		w, err := f.logIn(t.Context(), "bob", accounts.TestPassword, false, here)
		if err != nil || w.VerificationToken != signed.VerificationToken {
			t.Fatalf("%+v, %v", w, err)
		}
		_, err = f.identify(t.Context(), w.Actor.LoginID)
		wantKind(t, err, errs.Unauthenticated)
	})
}

func TestStayLoggedIn(t *testing.T) {
	each(t, func(t *testing.T, f fixture) {
		accounts.MakeUser(t, f.db, "anna")
		for i, c := range []struct {
			keep, persistent bool
		}{{false, false}, {true, true}, {false, true}} { // once ticked it stays (contract, section 2)
			w, err := f.logIn(t.Context(), "anna", accounts.TestPassword, c.keep, here)
			if err != nil || w.Persistent != c.persistent {
				t.Fatalf("log in %d: %+v, %v", i, w, err)
			}
			ends := f.clock.Now().Add(browserLogin)
			if c.persistent {
				ends = f.clock.Now().Add(persistentLogin)
			}
			if l := f.loginRow(t, w); l.Persistent != c.persistent || !l.EndsAt.Equal(ends) {
				t.Errorf("log in %d: row %+v", i, l)
			}
		}
		w, err := f.signUp(t.Context(), SignUp{Name: "carl", Email: "c@example.org", Password: accounts.TestPassword, Keep: true}, here)
		if err != nil || !w.Persistent {
			t.Errorf("sign-up with the box: %+v, %v", w, err)
		}
	})
}

func TestCheapHashesAreRenewedAtLogIn(t *testing.T) {
	each(t, func(t *testing.T, f fixture) {
		accounts.MakeUser(t, f.db, "anna")
		f.Passwords.hasher.cost = 5
		for range 2 {
			if _, err := f.logIn(t.Context(), "anna", accounts.TestPassword, false, here); err != nil {
				t.Fatal(err)
			}
		}
		u, err := f.credentials.Find(t.Context(), "anna")
		if err != nil || !strings.HasPrefix(u.PasswordHash, "$2b$05$") {
			t.Errorf("hash %q, %v", u.PasswordHash, err)
		}
	})
}

func TestLoginsEnd(t *testing.T) {
	each(t, func(t *testing.T, f fixture) {
		ctx := t.Context()
		accounts.MakeUser(t, f.db, "anna")
		logIn := func(keep bool, v RequestInfo) loginResult {
			t.Helper()
			w, err := f.logIn(ctx, "anna", accounts.TestPassword, keep, v)
			if err != nil {
				t.Fatal(err)
			}
			return w
		}
		first, second := logIn(false, here), logIn(false, here)
		if err := f.logOut(ctx, first.Actor.LoginID); err != nil {
			t.Fatal(err)
		}
		_, err := f.identify(ctx, first.Actor.LoginID)
		wantKind(t, err, errs.Unauthenticated)
		if _, err := f.identify(ctx, second.Actor.LoginID); err != nil {
			t.Errorf("another browser was logged out too: %v", err)
		}
		if err := f.logOut(ctx, first.Actor.LoginID); err != nil {
			t.Errorf("logging out twice: %v", err)
		}
		// Logging in again in the same browser replaces its login.
		again := here
		again.LoginID = second.Actor.LoginID
		third := logIn(true, again)
		_, err = f.identify(ctx, second.Actor.LoginID)
		wantKind(t, err, errs.Unauthenticated)
		if want := []string{first.Actor.LoginID, second.Actor.LoginID}; !slices.Equal(*f.ended, want) {
			t.Errorf("told the end of %v, want %v", *f.ended, want)
		}
		// The secret's hash is the id: what the database holds logs no one in.
		_, err = f.identify(ctx, hashSecret(third.Actor.LoginID))
		wantKind(t, err, errs.Unauthenticated)
	})
}

func TestLoginsRunOut(t *testing.T) {
	each(t, func(t *testing.T, f fixture) {
		ctx := t.Context()
		accounts.MakeUser(t, f.db, "anna")
		var both []loginResult
		for _, keep := range []bool{false, true} {
			w, err := f.logIn(ctx, "anna", accounts.TestPassword, keep, here)
			if err != nil {
				t.Fatal(err)
			}
			both = append(both, w)
		}
		browser, kept := both[0], both[1]
		// Used every 20 days, a browser's login goes on.
		for range 5 {
			f.clock.pass(20 * 24 * time.Hour)
			for _, w := range both {
				if _, err := f.identify(ctx, w.Actor.LoginID); err != nil {
					t.Fatal(err)
				}
			}
			f.storeSeen(ctx)
		}
		// Unused, it runs out after 30.
		f.clock.pass(browserLogin)
		_, err := f.identify(ctx, browser.Actor.LoginID)
		wantKind(t, err, errs.Unauthenticated)
		if _, err := f.identify(ctx, kept.Actor.LoginID); err != nil {
			t.Errorf("kept login after 130 days: %v", err)
		}
		f.mustTidy(t)
		if !slices.Equal(*f.ended, []string{browser.Actor.LoginID}) {
			t.Errorf("tidying ended %v", *f.ended)
		}
		// A kept one is over a year after it began, used or not.
		f.clock.pass(persistentLogin - 130*24*time.Hour)
		_, err = f.identify(ctx, kept.Actor.LoginID)
		wantKind(t, err, errs.Unauthenticated)
		f.mustTidy(t)
		if !slices.Equal(*f.ended, []string{browser.Actor.LoginID, kept.Actor.LoginID}) {
			t.Errorf("tidying ended %v", *f.ended)
		}
	})
}

func TestIdentifyReadsOnceAndWritesNothing(t *testing.T) {
	each(t, func(t *testing.T, f fixture) {
		accounts.MakeUser(t, f.db, "anna")
		w, err := f.logIn(t.Context(), "anna", accounts.TestPassword, false, here)
		if err != nil {
			t.Fatal(err)
		}
		began := f.clock.Now()
		identify := func() {
			t.Helper()
			ctx, statements := db.CountStatements(t.Context())
			if _, err := f.identify(ctx, w.Actor.LoginID); err != nil || statements.Load() != 1 {
				t.Errorf("%v, %d statements, want 1", err, statements.Load())
			}
		}
		identify()
		f.storeSeen(t.Context())
		if l := f.loginRow(t, w); !l.LastSeenAt.Equal(began) {
			t.Errorf("seen %v within five minutes", l.LastSeenAt)
		}
		f.clock.pass(seenInterval)
		identify()
		if l := f.loginRow(t, w); !l.LastSeenAt.Equal(began) {
			t.Error("identifying wrote")
		}
		f.storeSeen(t.Context())
		if l := f.loginRow(t, w); !l.LastSeenAt.Equal(f.clock.Now()) {
			t.Errorf("last seen %v, want %v", l.LastSeenAt, f.clock.Now())
		}
	})
}

func TestGuessingIsLimited(t *testing.T) {
	uri := testenv.MigratedSQLite(t)
	f := newFixture(t, uri)
	f.limits = newLimits(f.clock.Now, nil, nil)
	accounts.MakeUser(t, f.db, "anna")
	attempt := func(name, password, address string) error {
		_, err := f.logIn(t.Context(), name, password, false, RequestInfo{Address: address})
		return err
	}
	// By account, from one network; the same for an unknown name.
	for i, name := range []string{"anna", "nobody"} {
		address := fmt.Sprintf("192.0.2.%d", 99-i)
		for range 10 {
			wantKind(t, attempt(strings.ToUpper(name), "wrong", address), errs.Invalid)
		}
		err := attempt(name, accounts.TestPassword, address)
		wantKind(t, err, errs.RateLimited)
		if wait := errs.As(err).RetryAfter; wait < time.Second || wait > 31*time.Second {
			t.Errorf("retry after %v", wait)
		}
	}
	f.clock.pass(31 * time.Second)
	if err := attempt("anna", accounts.TestPassword, "192.0.2.99"); err != nil {
		t.Errorf("after waiting as told: %v", err)
	}
	for range 10 { // a right password gave the whole burst back
		wantKind(t, attempt("anna", "wrong", "192.0.2.99"), errs.Invalid)
	}
	// All addresses of an IPv6 network of one customer count as one.
	for i := range 31 {
		err := attempt(fmt.Sprintf("other%d", i), "wrong", fmt.Sprintf("2001:db8:1:2:%x::1", i))
		if limited := errs.KindOf(err) == errs.RateLimited; limited != (i == 30) {
			t.Errorf("attempt %d from IPv6: %v", i, err)
		}
	}
	// By address, over many accounts; logging in to an own one buys no more.
	var err error
	for i := range 31 {
		err = attempt(fmt.Sprintf("name%d", i), "wrong", "198.51.100.1")
	}
	wantKind(t, err, errs.RateLimited)
}

func TestCodesMailsAndSignUpsAreLimited(t *testing.T) {
	uri := testenv.MigratedSQLite(t)
	f := newFixture(t, uri)
	f.limits = newLimits(f.clock.Now, nil, nil)
	w := f.mustSignUp(t, "bob")
	code := f.mailedCode(t)
	for range 10 {
		_, err := f.verify(t.Context(), w.VerificationToken, "wrong...", here)
		wantKind(t, err, errs.Invalid)
	}
	_, err := f.verify(t.Context(), w.VerificationToken, code, here)
	wantKind(t, err, errs.RateLimited)
	for range 3 {
		if err := f.resendVerification(t.Context(), w.VerificationToken, "", "en"); err != nil {
			t.Fatal(err)
		}
	}
	wantKind(t, f.resendVerification(t.Context(), w.VerificationToken, "", "en"), errs.RateLimited)
	for i := range 9 {
		f.mustSignUp(t, fmt.Sprintf("bob%d", i))
	}
	_, err = f.signUp(t.Context(), SignUp{Name: "bob10", Email: "b@example.org", Password: accounts.TestPassword}, here)
	wantKind(t, err, errs.RateLimited)
	// Mistakes in the form do not count.
	_, err = f.signUp(t.Context(), SignUp{Name: "x", Email: "b@example.org", Password: accounts.TestPassword}, here)
	wantKind(t, err, errs.Invalid)
}

func TestTheWorkerEndsAndWritesDownTheLastMinute(t *testing.T) {
	each(t, func(t *testing.T, f fixture) {
		accounts.MakeUser(t, f.db, "anna")
		w, err := f.logIn(t.Context(), "anna", accounts.TestPassword, false, here)
		if err != nil {
			t.Fatal(err)
		}
		f.clock.pass(time.Hour)
		if _, err := f.identify(t.Context(), w.Actor.LoginID); err != nil {
			t.Fatal(err)
		}
		ctx, stop := context.WithCancel(t.Context())
		stop()
		if err := f.module.Run(ctx); err != nil {
			t.Fatal(err)
		}
		if l := f.loginRow(t, w); !l.LastSeenAt.Equal(f.clock.Now()) {
			t.Errorf("last seen %v, want %v", l.LastSeenAt, f.clock.Now())
		}
	})
}

// TestTypedNamesAreTrimmed: keyboards of phones add a blank, some people type in
// full width; log-in, reset, sign-up and changes take it as it was meant.
func TestTypedNamesAreTrimmed(t *testing.T) {
	each(t, func(t *testing.T, f fixture) {
		by := accounts.MakeUser(t, f.db, "ana")
		for _, typed := range []string{"ana ", " ana", "ana\u00a0", "ana\u3000", "ａｎａ", "ana\u200b", "ana@example.org ", "\ufeffana@example．org"} {
			if w, err := f.logIn(t.Context(), typed, accounts.TestPassword, false, here); err != nil || w.Actor.UserID != by.UserID {
				t.Errorf("log in as %q: %v", typed, err)
			}
			before := f.sent.count()
			if f.asked(t, typed); f.sent.count() != before+1 {
				t.Errorf("no mail for %q", typed)
			}
		}
		if _, err := f.logIn(t.Context(), "ana", accounts.TestPassword+" ", false, here); errs.KindOf(err) != errs.Invalid {
			t.Errorf("a password is trimmed: %v", err)
		}
		w, err := f.signUp(t.Context(), SignUp{Name: "bea ", Email: " bea@example.org\u00a0", Password: accounts.TestPassword}, here)
		if err != nil || w.Actor.Name != "bea" {
			t.Errorf("sign up: %+v, %v", w, err)
		}
		if v, err := f.verification(t.Context(), w.VerificationToken); err != nil || v.Email != "bea@example.org" {
			t.Errorf("%+v, %v", v, err)
		}
		if _, err := f.verify(t.Context(), w.VerificationToken, "\u00a0"+f.mailedCode(t)+" ", here); err != nil {
			t.Errorf("the code between blanks: %v", err)
		}
	})
}

// TestNamesThatPagesWillNeed cannot be had by new people, in any case; those who
// have one keep it, and may change its case.
func TestNamesThatPagesWillNeed(t *testing.T) {
	each(t, func(t *testing.T, f fixture) {
		for _, name := range []string{"admin", "API", "root", "support", "Settings", "static", "files", "chat", "help", "about", "login", "zebra", "www", "null"} {
			_, err := f.signUp(t.Context(), SignUp{Name: name, Email: "x@example.org", Password: accounts.TestPassword}, here)
			if fieldKeys(err)["username"] != "accounts.name.taken" {
				t.Errorf("%s: %v", name, err)
			}
		}
		by := f.member(t, "ana")
		err := f.db.InTx(t.Context(), func(ctx context.Context) error {
			return f.db.From(ctx).Exec("UPDATE `user` SET name = ? WHERE id = ?", "admin", by.UserID).Error
		})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.logIn(t.Context(), "admin", accounts.TestPassword, false, here); err != nil {
			t.Errorf("the owner of a reserved name: %v", err)
		}
		if err := f.changeName(t.Context(), by, "Admin", accounts.TestPassword, here); err != nil {
			t.Errorf("another case: %v", err)
		}
		if err := f.changeName(t.Context(), by, "root", accounts.TestPassword, here); fieldKeys(err)["newUsername"] == "" {
			t.Errorf("another reserved name: %v", err)
		}
	})
}

// TestPasswordsAreNotCut: what bcrypt would not look at is refused when a
// password is set; those that were cut by the old application still work.
func TestPasswordsAreNotCut(t *testing.T) {
	each(t, func(t *testing.T, f fixture) {
		fits, long := strings.Repeat("é", 36), strings.Repeat("é", 37)
		_, err := f.signUp(t.Context(), SignUp{Name: "ana", Email: "ana@example.org", Password: long}, here)
		if fieldKeys(err)["password"] != "auth.signup.passwordBytes" {
			t.Errorf("74 bytes: %v", err)
		}
		if _, err := f.signUp(t.Context(), SignUp{Name: "ana", Email: "ana@example.org", Password: fits}, here); err != nil {
			t.Errorf("72 bytes: %v", err)
		}
		by := f.member(t, "bob")
		if err := f.ChangePassword(t.Context(), by, accounts.TestPassword, long, here); fieldKeys(err)["newPassword"] != "auth.signup.passwordBytes" {
			t.Errorf("change to 74 bytes: %v", err)
		}
		old, err := hashPassword(fits, 4) // what bcrypt made of 74 bytes, and of 72
		if err != nil {
			t.Fatal(err)
		}
		if err := f.db.InTx(t.Context(), func(ctx context.Context) error { return f.credentials.SetPassword(ctx, by.UserID, old) }); err != nil {
			t.Fatal(err)
		}
		if _, err := f.logIn(t.Context(), "bob", long, false, here); err != nil {
			t.Errorf("a password that the old application had cut: %v", err)
		}
	})
}
