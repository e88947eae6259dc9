package notifications_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"taskstack.org/internal/boardtest"
	"taskstack.org/internal/testenv"
	"taskstack.org/modules/accounts"
	"taskstack.org/modules/auth"
	"taskstack.org/modules/notifications"
	"taskstack.org/modules/projects"
	"taskstack.org/platform/db"
	"taskstack.org/platform/errs"
	"taskstack.org/platform/module"
	"taskstack.org/platform/push"
)

// browsers is a push service with the browsers that subscribe there.
type browsers struct {
	*httptest.Server
	t      *testing.T
	mu     sync.Mutex
	by     map[string]*push.Browser
	status int
	shown  []string
	tries  int
}

// newBrowsers makes the module send to a push service of the test.
func newBrowsers(t *testing.T, w *boardtest.World) *browsers {
	t.Helper()
	b := &browsers{t: t, by: map[string]*push.Browser{}, status: http.StatusCreated}
	b.Server = httptest.NewServer(http.HandlerFunc(b.take))
	t.Cleanup(b.Close)
	notifications.PushBy(newNotifications(w), push.NewForTests(boardtest.PublicURL))
	return b
}

// take is the push service: it decrypts what is sent as the browser does.
func (b *browsers) take(w http.ResponseWriter, r *http.Request) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.tries++
	if b.status != http.StatusCreated {
		w.WriteHeader(b.status)
		return
	}
	body, _ := io.ReadAll(r.Body)
	text, err := b.by[r.URL.Path].Read(body)
	var p struct{ Title, Body, URL, Tag, Lang string }
	if err == nil {
		err = json.Unmarshal(text, &p)
	}
	if err != nil {
		b.t.Error(err)
	}
	b.shown = append(b.shown, strings.TrimSpace(fmt.Sprintf("%s %s: %s | %s", r.URL.Path, p.Lang, p.Title, p.Body)))
	w.WriteHeader(http.StatusCreated)
}

// taken returns what browsers have shown since it was called before.
func (b *browsers) taken() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	all := append([]string{}, b.shown...)
	slices.Sort(all)
	b.shown = nil
	return all
}

func (b *browsers) answer(status int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.status, b.tries = status, 0
}

// open makes a person notified in a browser.
func (b *browsers) open(w *boardtest.World, by accounts.Actor, path, lang string) {
	b.t.Helper()
	browser, err := push.NewBrowser()
	must(b.t, err)
	b.by[path] = browser
	must(b.t, newNotifications(w).Subscribe(b.t.Context(), by, browser.Subscription(b.URL+path), lang))
}

// sendPushes lets the time pass until all pushes are due, and sends them.
func sendPushes(t *testing.T, w *boardtest.World) {
	t.Helper()
	past := time.Now().UTC().Add(-time.Minute)
	exec(t, w, "UPDATE notification SET push_at = ? WHERE push_at IS NOT NULL", past)
	exec(t, w, "UPDATE push_job SET due_at = ?", past)
	must(t, newNotifications(w).SendPushes(t.Context()))
}

func rowsOf(t *testing.T, w *boardtest.World, table string) (n int64) {
	t.Helper()
	must(t, w.DB.From(t.Context()).Table(table).Count(&n).Error)
	return n
}

func wantShown(t *testing.T, what string, b *browsers, want ...string) {
	t.Helper()
	if got := b.taken(); !slices.Equal(got, append([]string{}, want...)) {
		t.Errorf("%s: %q, want %q", what, got, want)
	}
}

func TestBrowsersTellOfWhatIsNotSeen(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		n, b := newNotifications(w), newBrowsers(t, w)
		mention(t, w, "Before", w.Admin)
		b.open(w, w.Admin, "/desk", "en")
		b.open(w, w.Admin, "/phone", "de")
		sendPushes(t, w)
		wantShown(t, "what was before", b)
		mention(t, w, "Paint", w.Admin, w.Reader)
		must(t, n.SendPushes(t.Context()))
		wantShown(t, "within ten seconds", b)
		sendPushes(t, w)
		wantShown(t, "a mention", b,
			"/desk en: olive mentioned you on the card “Paint” in “board” | ask @adam @rita", "/phone de: olive hat dich auf der Karte „Paint“ in „board“ erwähnt | ask @adam @rita")
		sendPushes(t, w)
		wantShown(t, "once", b)
		mention(t, w, "Lawn", w.Admin)
		must(t, n.Seen(t.Context(), w.Admin))
		sendPushes(t, w)
		wantShown(t, "seen on a page", b)
		mention(t, w, "Fence", w.Admin)
		must(t, n.Mark(t.Context(), w.Admin, []int64{entries(t, w, w.Admin)[0].ID}))
		sendPushes(t, w)
		wantShown(t, "read", b)
		must(t, n.RemoveBrowser(t.Context(), w.Admin, b.URL+"/phone"))
		mention(t, w, "One", w.Admin)
		mention(t, w, "Two", w.Admin)
		sendPushes(t, w)
		got := b.taken()
		if len(got) != 1 || !strings.HasPrefix(got[0], "/desk en: 2 new notifications | olive mentioned you on the card") {
			t.Errorf("several: %q", got)
		}
	})
}

func TestBrowsersFollowTheSettings(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		b := newBrowsers(t, w)
		b.open(w, w.Admin, "/desk", "en")
		all := map[string]bool{"cards.mentioned": true}
		quiet := func(in *notifications.Input) {
			now := time.Now().UTC()
			in.Zone, in.QuietFrom, in.QuietTo = "UTC", now.Add(-time.Hour).Format("15:04"), now.Add(time.Hour).Format("15:04")
		}
		off := func(in *notifications.Input) { in.Pushes = map[string]bool{} }
		none := func(in *notifications.Input) { in.Pushes = all }
		for _, tc := range []struct {
			what          string
			before, after func(in *notifications.Input)
			want          int
		}{
			{"chosen", none, none, 1},
			{"turned off", off, none, 0},
			{"turned off meanwhile", none, off, 0},
			{"kind off", func(in *notifications.Input) { in.Pushes, in.Choices["cards.mentioned"] = all, notifications.ChoiceOff }, none, 0},
			{"quiet project", none, func(in *notifications.Input) { in.Muted, in.Pushes = []int64{w.Project.ID}, all }, 0},
			{"quiet hours", none, func(in *notifications.Input) { quiet(in); in.Pushes = all }, 0},
			{"again", none, none, 1},
		} {
			exec(t, w, "DELETE FROM notification")
			choose(t, w, w.Admin, tc.before)
			mention(t, w, "Paint", w.Admin)
			choose(t, w, w.Admin, tc.after)
			sendPushes(t, w)
			if got := b.taken(); len(got) != tc.want {
				t.Errorf("%s: %q, want %d", tc.what, got, tc.want)
			}
			if tc.what == "quiet hours" { // afterwards
				choose(t, w, w.Admin, none)
				sendPushes(t, w)
				if got := b.taken(); len(got) != 1 {
					t.Errorf("after the quiet hours: %q", got)
				}
			}
		}
		// Who leaves the project is told nothing of it.
		choose(t, w, w.Admin, none)
		mention(t, w, "Paint", w.Admin)
		_, err := w.Projects.Remove(t.Context(), projects.By(w.Owner, w.Project.ID), w.Admin.UserID)
		must(t, err)
		exec(t, w, "DELETE FROM notification WHERE kind = 'projects.removed'")
		sendPushes(t, w)
		wantShown(t, "after the membership", b)
	})
}

// TestPushesAreTriedAgainAndEnd: what fails waits in the database, for some tries; a
// browser that does not exist any more is deleted.
func TestPushesAreTriedAgainAndEnd(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		b := newBrowsers(t, w)
		b.open(w, w.Admin, "/desk", "en")
		b.answer(http.StatusServiceUnavailable)
		mention(t, w, "Paint", w.Admin)
		sendPushes(t, w)
		if n := rowsOf(t, w, "push_job"); n != 1 {
			t.Errorf("after a failure %d wait, want 1", n)
		}
		must(t, newNotifications(w).SendPushes(t.Context()))
		if b.tries != 1 {
			t.Errorf("tried %d times without a wait", b.tries)
		}
		b.answer(http.StatusCreated)
		sendPushes(t, w)
		if got := b.taken(); len(got) != 1 || rowsOf(t, w, "push_job") != 0 {
			t.Errorf("when it works again: %q", got)
		}
		b.answer(http.StatusInternalServerError)
		mention(t, w, "Lawn", w.Admin)
		for range 10 {
			sendPushes(t, w)
		}
		if b.tries != 6 || rowsOf(t, w, "push_job") != 0 {
			t.Errorf("tried %d times, want 6, and %d wait", b.tries, rowsOf(t, w, "push_job"))
		}
		for status, want := range map[int]int64{http.StatusForbidden: 1, http.StatusGone: 0} {
			if status == http.StatusGone && rowsOf(t, w, "push_subscription") == 0 {
				b.open(w, w.Admin, "/desk", "en")
			}
			b.answer(status)
			exec(t, w, "DELETE FROM notification")
			if rowsOf(t, w, "push_subscription") == 0 {
				b.open(w, w.Admin, "/desk", "en")
			}
			mention(t, w, "Fence", w.Admin)
			sendPushes(t, w)
			if got := rowsOf(t, w, "push_subscription"); got != want || rowsOf(t, w, "push_job") != 0 {
				t.Errorf("after %d: %d browsers, want %d, and %d messages", status, got, want, rowsOf(t, w, "push_job"))
			}
		}
	})
}

func TestBrowsersOfAPerson(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		n, b := newNotifications(w), newBrowsers(t, w)
		by := w.Admin
		by.LoginID = "login"
		b.open(w, by, "/desk", "en")
		b.open(w, w.Reader, "/desk", "en") // another person logs in there
		mention(t, w, "Paint", w.Admin, w.Reader)
		sendPushes(t, w)
		if got := b.taken(); len(got) != 1 {
			t.Errorf("one browser tells two people: %q", got)
		}
		b.open(w, by, "/other", "en")
		must(t, n.RemoveBrowser(t.Context(), w.Reader, b.URL+"/other"))
		if n := rowsOf(t, w, "push_subscription"); n != 2 {
			t.Errorf("another person's browser was removed: %d are left", n)
		}
		must(t, w.DB.InTx(t.Context(), func(ctx context.Context) error {
			return w.Deps.Bus.Publish(ctx, auth.LoginEnded{LoginID: "login", UserID: by.UserID})
		}))
		if n := rowsOf(t, w, "push_subscription"); n != 1 {
			t.Errorf("after the log-out: %d browsers", n)
		}
		for i := range 22 {
			b.open(w, by, fmt.Sprint("/", i), "en")
		}
		if n := rowsOf(t, w, "push_subscription"); n != 21 {
			t.Errorf("%d browsers, want 20 and another person's", n)
		}
		key, err := n.PushKey(t.Context(), by)
		must(t, err)
		again, err := notifications.New(w.Deps, w.Accounts.Service, w.Projects, w.Auth.Logins).PushKey(t.Context(), by)
		if errs.KindOf(err) != errs.NotFound || again != "" {
			t.Errorf("without pushes: %q, %v", again, err)
		}
		if again, err = n.PushKey(t.Context(), w.Reader); err != nil || again != key {
			t.Errorf("another key: %q, %v", again, err)
		}
		for what, tc := range map[string]struct {
			by   accounts.Actor
			sub  push.Subscription
			want errs.Kind
		}{
			"signed out": {w.Nobody, b.by["/desk"].Subscription(b.URL), errs.Unauthenticated},
			"no address": {by, b.by["/desk"].Subscription("x"), errs.Invalid},
			"no key":     {by, push.Subscription{Endpoint: b.URL}, errs.Invalid},
		} {
			if err := n.Subscribe(t.Context(), tc.by, tc.sub, "en"); errs.KindOf(err) != tc.want {
				t.Errorf("%s: %v, want %s", what, err, tc.want)
			}
		}
	})
}

// TestBrowsersTellOfAnUnreadChatOnce: while it is unread, more messages in it do not push
// again within the hour; after it was read they do.
func TestBrowsersTellOfAnUnreadChatOnce(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		b := newBrowsers(t, w)
		b.open(w, w.Admin, "/desk", "en")
		b.open(w, w.Reader, "/other", "en")
		publish := func(to ...accounts.Actor) {
			t.Helper()
			n := module.Notification{Kind: "cards.mentioned", Subject: "a chat", By: w.Owner.UserID, ProjectID: w.Project.ID, Name: "Paint"}
			for _, p := range to {
				n.To = append(n.To, p.UserID)
			}
			must(t, w.DB.InTx(t.Context(), func(ctx context.Context) error { return w.Deps.Bus.Publish(ctx, n) }))
		}
		pushedTo := func(what string, want ...string) {
			t.Helper()
			sendPushes(t, w)
			var got []string
			for _, line := range b.taken() {
				path, _, _ := strings.Cut(line, " ")
				got = append(got, path)
			}
			slices.Sort(got)
			if !slices.Equal(got, want) {
				t.Errorf("%s: %q, want %q", what, got, want)
			}
		}
		publish(w.Admin, w.Reader)
		pushedTo("the first", "/desk", "/other")
		publish(w.Admin, w.Reader)
		pushedTo("a second one")
		exec(t, w, "UPDATE notification SET read_at = ? WHERE user_id = ?", time.Now().UTC(), w.Admin.UserID)
		publish(w.Admin, w.Reader)
		pushedTo("read by one", "/desk")
		exec(t, w, "UPDATE notification SET pushed_at = ?", time.Now().UTC().Add(-61*time.Minute))
		publish(w.Admin, w.Reader)
		pushedTo("an hour later", "/desk", "/other")
	})
}

// TestStatementsForManyBrowsers: a notification takes as many statements for 300 people
// with a browser, in quiet hours of all kinds, as for 30; the first time and again.
func TestStatementsForManyBrowsers(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		var to []int64
		grow := func(n int) {
			t.Helper()
			for i := len(to); i < n; i++ {
				person := accounts.MakeUser(t, w.DB, fmt.Sprintf("member%d", i))
				to = append(to, person.UserID)
				exec(t, w, "INSERT INTO push_subscription (user_id, login_id, endpoint_hash, endpoint, browser_key, browser_auth, lang, created_at) VALUES (?, 'l', ?, 'https://push', 'k', 'a', 'en', ?)",
					person.UserID, fmt.Sprint(i), time.Now().UTC())
				choose(t, w, person, func(in *notifications.Input) {
					in.Pushes = map[string]bool{"friends.requested": true}
					in.Zone, in.QuietFrom, in.QuietTo = "UTC", time.Now().UTC().Add(-time.Hour).Format("15:04"), fmt.Sprintf("%02d:%02d", (time.Now().UTC().Hour()+2+i/60)%24, i%60)
				})
			}
		}
		publish := func(subject string) int64 {
			t.Helper()
			ctx, n := db.CountStatements(t.Context())
			must(t, w.DB.InTx(ctx, func(ctx context.Context) error {
				return w.Deps.Bus.Publish(ctx, module.Notification{Kind: "friends.requested", Subject: subject, To: to, By: w.Owner.UserID, Name: "Paint"})
			}))
			return n.Load()
		}
		grow(30)
		few, again := publish("few"), publish("few")
		grow(300)
		many, manyAgain := publish("many"), publish("many")
		if few != many || again != manyAgain {
			t.Errorf("%d and %d statements for 30 people, %d and %d for 300", few, again, many, manyAgain)
		}
		if n := rowsOf(t, w, "notification"); n != 330 {
			t.Errorf("%d rows", n)
		}
	})
}
