package friends

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"taskstack.org/internal/testenv"
	"taskstack.org/modules/accounts"
	"taskstack.org/platform/db"
	"taskstack.org/platform/errs"
	"taskstack.org/platform/events"
	"taskstack.org/platform/module"
	"taskstack.org/platform/ratelimit"
	"taskstack.org/platform/realtime"
	"taskstack.org/platform/views"
)

// notifications records the events delivered to people, as "⟨user⟩ ⟨event⟩ ⟨payload⟩".
type notifications struct {
	People
	db    *db.DB
	mu    sync.Mutex
	names map[int64]string
	sent  []string
}

// Deliver records after the commit.
func (n *notifications) Deliver(ctx context.Context, event string, payload any, userIDs ...int64) error {
	raw, err := json.Marshal(payload)
	if err != nil {
		return err
	}
	line := event
	if payload != nil {
		line += " " + string(raw)
	}
	n.db.AfterCommit(ctx, func(context.Context) {
		n.mu.Lock()
		defer n.mu.Unlock()
		for _, id := range userIDs {
			n.sent = append(n.sent, n.names[id]+" "+line)
		}
	})
	return nil
}

func (n *notifications) take() []string {
	n.mu.Lock()
	defer n.mu.Unlock()
	sent := n.sent
	n.sent = nil
	return sent
}

// world is friends on a real database, with three people.
type world struct {
	*Module
	sent          *notifications
	ana, ben, cai accounts.Actor
	ended         []Ended
}

func eachWorld(t *testing.T, fn func(t *testing.T, w *world)) {
	t.Helper()
	testenv.EachMigrated(t, func(t *testing.T, uri string) { fn(t, newWorld(t, uri)) })
}

func newWorld(t *testing.T, uri string) *world {
	t.Helper()
	d := testenv.Open(t, uri, db.Options{Now: func() time.Time { return time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC) }})
	deps := newDeps(t, d)
	people := accounts.New(deps)
	sent := &notifications{People: people, db: d, names: map[int64]string{}}
	w := &world{Module: New(deps, sent), sent: sent}
	var mu sync.Mutex // some tests end many friendships at once
	events.On(deps.Bus, func(_ context.Context, e Ended) error {
		mu.Lock()
		defer mu.Unlock()
		w.ended = append(w.ended, e)
		return nil
	})
	w.ana, w.ben, w.cai = w.person(t, "ana"), w.person(t, "ben"), w.person(t, "cai")
	return w
}

func newDeps(t *testing.T, d *db.DB) module.Deps {
	t.Helper()
	deps := module.Deps{DB: d, Bus: events.NewBus(d), Views: views.New(), Log: slog.New(slog.DiscardHandler)}
	var err error
	if deps.Realtime, err = realtime.New(realtime.Options{Views: deps.Views, Log: deps.Log}); err != nil {
		t.Fatal(err)
	}
	return deps
}

func (w *world) person(t *testing.T, name string) accounts.Actor {
	t.Helper()
	by := accounts.MakeUser(t, w.db, name)
	w.sent.names[by.UserID] = name
	return by
}

func (w *world) exec(t *testing.T, sql string, args ...any) {
	t.Helper()
	err := w.db.InTx(t.Context(), func(ctx context.Context) error { return w.db.From(ctx).Exec(sql, args...).Error })
	if err != nil {
		t.Fatal(err)
	}
}

func (w *world) block(t *testing.T, by accounts.Actor) {
	t.Helper()
	w.exec(t, "UPDATE "+w.quoted("user")+" SET block_all_friendship_requests = TRUE WHERE id = ?", by.UserID)
}

func (w *world) quoted(table string) string { return "`" + table + "`" }

// send fails the test unless the request is sent.
func (w *world) send(t *testing.T, by accounts.Actor, to string) sendResult {
	t.Helper()
	a, err := w.Send(t.Context(), by, to)
	if err != nil {
		t.Fatalf("%s asks %s: %v", by.Name, to, err)
	}
	return a
}

func (w *world) connections(t *testing.T, by accounts.Actor) Connections {
	t.Helper()
	c, err := w.Connections(t.Context(), by)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// shows is a person's connections in short: friends, then those who wait, then what
// was sent.
func (w *world) shows(t *testing.T, by accounts.Actor) string {
	t.Helper()
	var all []string
	c := w.connections(t, by)
	for _, p := range c.Friends {
		all = append(all, p.Name)
	}
	for _, r := range c.Waiting {
		all = append(all, "<"+r.From.Name)
	}
	for _, s := range c.Sent {
		all = append(all, ">"+s.To)
	}
	return strings.Join(all, " ")
}

func (w *world) want(t *testing.T, by accounts.Actor, want string) {
	t.Helper()
	if got := w.shows(t, by); got != want {
		t.Errorf("%s sees %q, want %q", by.Name, got, want)
	}
}

func (w *world) wantNotifications(t *testing.T, want ...string) {
	t.Helper()
	if got := w.sent.take(); !slices.Equal(got, want) {
		t.Errorf("sent:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func (w *world) waitingID(t *testing.T, by accounts.Actor) int64 {
	t.Helper()
	waiting := w.connections(t, by).Waiting
	if len(waiting) != 1 {
		t.Fatalf("%d requests wait for %s", len(waiting), by.Name)
	}
	return waiting[0].ID
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func wantKind(t *testing.T, what string, err error, want errs.Kind) {
	t.Helper()
	if errs.KindOf(err) != want {
		t.Errorf("%s: error %v, want %q", what, err, want)
	}
}

func TestAcceptNotifiesBoth(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		if a := w.send(t, w.ana, " BEN "); a != (sendResult{Name: "ben"}) {
			t.Errorf("answer %+v", a)
		}
		w.want(t, w.ana, ">ben")
		w.want(t, w.ben, "<ana")
		id := w.waitingID(t, w.ben)
		ana, ben := w.connections(t, w.ben).Waiting[0].From, *w.connections(t, w.ana).Sent[0].Person
		w.wantNotifications(t, "ana sent_requests_changed",
			fmt.Sprintf(`ben receive_friendship_request {"id":%d,"type":"friendshipRequest","fromName":"ana","picUrl":%q,"goToUrl":"/ana","datetime":"2026-03-01T12:00:00+00:00"}`, id, ana.PicURL))

		must(t, w.Accept(t.Context(), w.ben, id))
		friend := func(p accounts.Person) string {
			return fmt.Sprintf(`new_friend {"id":%d,"type":"userToUser","name":%q,"picUrl":%q,"goToUrl":"/%s","unreadCount":0,"lastMsg":"None"}`, p.ID, p.Name, p.PicURL, p.Name)
		}
		w.wantNotifications(t, fmt.Sprintf("ben remove_friendship_request %d", id), "ben "+friend(ana), "ana "+friend(ben))
		w.want(t, w.ana, "ben")
		w.want(t, w.ben, "ana")
		for _, pair := range [][2]int64{{ana.ID, ben.ID}, {ben.ID, ana.ID}} {
			if is, err := w.AreFriends(t.Context(), pair[0], pair[1]); err != nil || !is {
				t.Errorf("friends %v: %v, %v", pair, is, err)
			}
		}
		wantKind(t, "accept again", w.Accept(t.Context(), w.ben, id), errs.NotFound)
		w.wantNotifications(t)
	})
}

func TestMutualRequestsMakeAFriendship(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		w.send(t, w.ana, "ben")
		id := w.waitingID(t, w.ben)
		w.sent.take()
		w.block(t, w.ana) // a person who blocks requests may send them
		if a := w.send(t, w.ben, "ana"); a != (sendResult{Name: "ana", Befriended: true}) {
			t.Errorf("answer %+v", a)
		}
		w.want(t, w.ana, "ben")
		w.want(t, w.ben, "ana")
		sent := w.sent.take()
		if len(sent) != 4 || sent[1] != fmt.Sprintf("ben remove_friendship_request %d", id) {
			t.Errorf("sent %q", sent)
		}
	})
}

// The old application stored requests in both directions, and requests beside a
// friendship (defect D19).
func TestAcceptDeletesAdoptedRequests(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		for _, pair := range [][2]int64{{w.ana.UserID, w.ben.UserID}, {w.ben.UserID, w.ana.UserID}} {
			w.exec(t, "INSERT INTO friendship_request (from_id, to_id, datetime) VALUES (?, ?, '2020-01-01 00:00:00')", pair[0], pair[1])
		}
		must(t, w.Accept(t.Context(), w.ben, w.waitingID(t, w.ben)))
		w.want(t, w.ana, "ben")
		w.want(t, w.ben, "ana")
		w.exec(t, "INSERT INTO friendship_request (from_id, to_id, datetime) VALUES (?, ?, '2020-01-01 00:00:00')", w.ana.UserID, w.ben.UserID)
		must(t, w.Accept(t.Context(), w.ben, w.waitingID(t, w.ben)))
		w.want(t, w.ana, "ben")
		w.want(t, w.ben, "ana")
	})
}

func TestDeclineAndWithdraw(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		w.send(t, w.ana, "ben")
		id := w.waitingID(t, w.ben)
		w.sent.take()
		must(t, w.Decline(t.Context(), w.ben, id))
		w.wantNotifications(t, fmt.Sprintf("ben remove_friendship_request %d", id)) // ana is not notified
		w.want(t, w.ben, "")

		w.send(t, w.ana, "ben@example.org")
		id = w.waitingID(t, w.ben)
		w.sent.take()
		wantKind(t, "withdraw by a name that was not typed", w.Withdraw(t.Context(), w.ana, "ben"), errs.NotFound)
		wantKind(t, "withdraw another person's", w.Withdraw(t.Context(), w.cai, "ben@example.org"), errs.NotFound)
		must(t, w.Withdraw(t.Context(), w.ana, "Ben@example.org"))
		w.wantNotifications(t, "ana sent_requests_changed", fmt.Sprintf("ben remove_friendship_request %d", id))
		w.want(t, w.ana, "")
		w.want(t, w.ben, "")
		wantKind(t, "withdraw again", w.Withdraw(t.Context(), w.ana, "ben@example.org"), errs.NotFound)
	})
}

func TestOnlyTheAddresseeAnswers(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		w.send(t, w.ana, "ben")
		id := w.waitingID(t, w.ben)
		w.sent.take()
		for _, by := range []accounts.Actor{w.ana, w.cai, {}} {
			wantKind(t, by.Name+" accepts", w.Accept(t.Context(), by, id), errs.NotFound)
			wantKind(t, by.Name+" declines", w.Decline(t.Context(), by, id), errs.NotFound)
		}
		wantKind(t, "accept what is not there", w.Accept(t.Context(), w.ben, id+1), errs.NotFound)
		w.want(t, w.ben, "<ana")
		w.wantNotifications(t)
	})
}

func TestRemove(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		w.send(t, w.ana, "ben")
		must(t, w.Accept(t.Context(), w.ben, w.waitingID(t, w.ben)))
		w.sent.take()
		wantKind(t, "a visitor removes", w.Remove(t.Context(), accounts.Actor{}, w.ben.UserID), errs.Unauthenticated)
		wantKind(t, "remove a stranger", w.Remove(t.Context(), w.ana, w.cai.UserID), errs.NotFound)
		wantKind(t, "remove an unknown person", w.Remove(t.Context(), w.ana, 999_999), errs.NotFound)
		must(t, w.Remove(t.Context(), w.ana, w.ben.UserID))
		w.wantNotifications(t, fmt.Sprintf(`ana friend_removed {"id":%d}`, w.ben.UserID), fmt.Sprintf(`ben friend_removed {"id":%d}`, w.ana.UserID))
		if want := []Ended{{w.ana.UserID, w.ben.UserID}}; !slices.Equal(w.ended, want) {
			t.Errorf("published %v, want %v", w.ended, want)
		}
		w.want(t, w.ana, "")
		w.want(t, w.ben, "")
		wantKind(t, "remove again", w.Remove(t.Context(), w.ana, w.ben.UserID), errs.NotFound)
	})
}

func TestSendRefusals(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		accounts.MakeUnverifiedUser(t, w.db, "uma")
		w.send(t, w.ana, "cai")
		w.send(t, w.cai, "ana") // friends now
		w.send(t, w.ana, "ben")
		w.sent.take()
		for _, tt := range []struct{ to, key string }{
			{"", "friends.error.unknown"},
			{"nobody", "friends.error.unknown"},
			{"uma", "friends.error.unknown"},
			{"be%", "friends.error.unknown"},
			{"b_n", "friends.error.unknown"},
			{"ben\x00", "friends.error.unknown"},
			{"b\xffn", "friends.error.unknown"},
			{"not an @ address", "friends.error.unknown"},
			{strings.Repeat("x", 100_000), "friends.error.unknown"},
			{"ana", "friends.error.self"},
			{"Ana@example.org", "friends.error.self"},
			{"cai", "friends.error.already"},
			{"Ben", "friends.error.sent"},
		} {
			_, err := w.Send(t.Context(), w.ana, tt.to)
			if e := errs.As(err); e == nil || e.Kind != errs.Invalid || e.Fields["name"].Key != tt.key {
				t.Errorf("%.20q: error %v, want %s", tt.to, err, tt.key)
			}
		}
		_, err := w.Send(t.Context(), accounts.Actor{}, "ben")
		wantKind(t, "a visitor sends", err, errs.Unauthenticated)
		w.want(t, w.ana, "cai >ben")
		w.want(t, w.ben, "<ana")
		w.wantNotifications(t)
	})
}

// A suppressed request stays pending for its sender. Sent again after the block
// has ended it is shown, by name and by address alike.
func TestRequestAfterUnblocking(t *testing.T) {
	for _, to := range []string{"ben", "ben@example.org"} {
		t.Run(to, func(t *testing.T) {
			eachWorld(t, func(t *testing.T, w *world) {
				w.block(t, w.ben)
				w.send(t, w.ana, to)
				w.want(t, w.ben, "")
				w.exec(t, "UPDATE "+w.quoted("user")+" SET block_all_friendship_requests = FALSE WHERE id = ?", w.ben.UserID)
				w.send(t, w.ana, to)
				w.want(t, w.ben, "<ana")
				if sent := w.connections(t, w.ana).Sent; len(sent) != 1 {
					t.Errorf("%d requests are shown as sent", len(sent))
				}
				if _, err := w.Send(t.Context(), w.ana, to); errs.KindOf(err) != errs.Invalid {
					t.Errorf("a third time: %v", err)
				}
				must(t, w.Accept(t.Context(), w.ben, w.waitingID(t, w.ben)))
				w.want(t, w.ana, "ben")
			})
		})
	}
}

// The sender cannot distinguish a suppressed request from a pending one, nor
// whose an address is.
func TestSuppressedRequestLooksLikeAnyRequest(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		w.block(t, w.ben)
		w.send(t, w.ana, "cai")
		must(t, w.Accept(t.Context(), w.cai, w.waitingID(t, w.cai)))
		dan := w.person(t, "dan")
		w.send(t, w.ana, "dan")
		w.sent.take()
		for to, what := range map[string]string{
			"ben": "blocks requests", "ben@example.org": "blocks requests", "nobody@example.org": "does not exist",
			"cai@example.org": "is a friend", "dan@example.org": "has a request by name",
		} {
			a := w.send(t, w.ana, to)
			if want := (sendResult{Name: strings.TrimSuffix(to, "@example.org")}); strings.Contains(to, "@") && a != (sendResult{}) || !strings.Contains(to, "@") && a != want {
				t.Errorf("%s, who %s: answer %+v", to, what, a)
			}
			w.wantNotifications(t, "ana sent_requests_changed")
			_, err := w.Send(t.Context(), w.ana, strings.ToUpper(to))
			if e := errs.As(err); e == nil || e.Fields["name"].Key != "friends.error.sent" {
				t.Errorf("%s again: %v", to, err)
			}
		}
		w.want(t, w.ben, "")
		w.want(t, dan, "<ana")
		if n := len(w.connections(t, w.ana).Sent); n != 6 {
			t.Errorf("%d requests are shown as sent, want 6: %s", n, w.shows(t, w.ana))
		}
		must(t, w.Accept(t.Context(), dan, w.waitingID(t, dan)))
		for _, to := range []string{"ben", "ben@example.org", "nobody@example.org", "cai@example.org"} {
			must(t, w.Withdraw(t.Context(), w.ana, to))
		}
		w.want(t, w.ana, "cai dan") // what was sent to dan's address went with the request
	})
}

func TestLimits(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		for i := range 99 {
			w.exec(t, "INSERT INTO friendship_request_unheard (from_id, address, datetime) VALUES (?, ?, '2026-01-01 00:00:00')", w.ana.UserID, fmt.Sprintf("a%d@example.org", i))
		}
		w.send(t, w.ana, "ben") // the hundredth
		_, err := w.Send(t.Context(), w.ana, "cai")
		if e := errs.As(err); e == nil || e.Fields["name"].Key != "friends.error.tooMany" {
			t.Errorf("more than a hundred waiting: %v", err)
		}
		w.requests = ratelimit.New(time.Hour, 2, time.Now)
		w.send(t, w.cai, "ben")
		_, err = w.Send(t.Context(), w.cai, "nobody")
		wantKind(t, "the second one", err, errs.Invalid)
		_, err = w.Send(t.Context(), w.cai, "ana")
		if e := errs.As(err); e == nil || e.Kind != errs.RateLimited || e.RetryAfter <= 0 {
			t.Errorf("the third within the hour: %v", err)
		}
	})
}

// TestRequestRate: thirty requests at once, then one every two minutes.
func TestRequestRate(t *testing.T) {
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	d := testenv.Open(t, testenv.MigratedSQLite(t), db.Options{})
	deps := newDeps(t, d)
	deps.RateLimit, deps.Now = true, func() time.Time { return now }
	s := New(deps, accounts.New(deps))
	by := accounts.MakeUser(t, d, "ana")
	ask := func() errs.Kind {
		_, err := s.Send(t.Context(), by, "nobody")
		return errs.KindOf(err)
	}
	for i := range 30 {
		if kind := ask(); kind != errs.Invalid {
			t.Fatalf("request %d: %s", i+1, kind)
		}
	}
	for _, step := range []struct {
		wait time.Duration
		want errs.Kind
	}{{0, errs.RateLimited}, {2*time.Minute - time.Second, errs.RateLimited}, {time.Second, errs.Invalid}, {0, errs.RateLimited}} {
		now = now.Add(step.wait)
		if kind := ask(); kind != step.want {
			t.Errorf("%v later: %s, want %s", step.wait, kind, step.want)
		}
	}
}

func TestMaxWaiting(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		w.exec(t, "INSERT INTO friendship_request (from_id, to_id, datetime) VALUES (?, ?, '2026-01-01 00:00:00')", w.cai.UserID, w.ben.UserID)
		for i := range 199 {
			from := accounts.MakeUser(t, w.db, fmt.Sprintf("fan%d", i))
			w.exec(t, "INSERT INTO friendship_request (from_id, to_id, datetime) VALUES (?, ?, '2026-01-01 00:00:00')", from.UserID, w.ben.UserID)
		}
		w.send(t, w.ana, "ben")
		w.want(t, w.ana, ">ben")
		if n, err := w.BadgeCount(t.Context(), w.ben.UserID, time.Time{}, module.Unwanted{}); err != nil || n != 200 {
			t.Errorf("%d wait, %v", n, err)
		}
	})
}

func TestRenamedAndDeletedPeople(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		dan := w.person(t, "dan")
		w.send(t, w.ana, "ben")
		must(t, w.Accept(t.Context(), w.ben, w.waitingID(t, w.ben)))
		w.send(t, w.ana, "cai")
		w.send(t, w.ana, "nobody@example.org")
		w.send(t, dan, "ana")
		w.sent.take()
		publish := func(e any) {
			t.Helper()
			must(t, w.db.InTx(t.Context(), func(ctx context.Context) error { return w.bus.Publish(ctx, e) }))
		}
		publish(accounts.Renamed{UserID: w.ana.UserID, OldName: "ana", NewName: "anna"})
		w.wantNotifications(t, fmt.Sprintf(`ben update_friend_name {"id":%d,"name":"anna"}`, w.ana.UserID))

		id := w.waitingID(t, w.cai)
		publish(accounts.Deleting{UserID: w.ana.UserID, Name: "anna"})
		sent := w.sent.take()
		slices.Sort(sent)
		want := []string{
			fmt.Sprintf(`ben friend_removed {"id":%d}`, w.ana.UserID),
			fmt.Sprintf("cai remove_friendship_request %d", id), "dan sent_requests_changed",
		}
		if !slices.Equal(sent, want) {
			t.Errorf("sent %q, want %q", sent, want)
		}
		if want := []Ended{{w.ana.UserID, w.ben.UserID}}; !slices.Equal(w.ended, want) {
			t.Errorf("published %v, want %v", w.ended, want)
		}
		w.exec(t, "DELETE FROM "+w.quoted("user")+" WHERE id = ?", w.ana.UserID) // no key holds it
		for _, by := range []accounts.Actor{w.ben, w.cai, dan} {
			w.want(t, by, "")
		}
	})
}

// Five people act at random and concurrently. Afterwards a friendship is two
// rows, no request is pending between friends, and no two in opposite directions.
func TestConcurrentActionsStayConsistent(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		people := []accounts.Actor{w.ana, w.ben, w.cai, w.person(t, "dan"), w.person(t, "eva")}
		var all sync.WaitGroup
		for i, by := range people {
			for tab := range 2 {
				all.Go(func() { w.random(t, by, people, rand.New(rand.NewPCG(uint64(i), uint64(tab)))) })
			}
		}
		all.Wait()
		for name, query := range map[string]string{
			"half a friendship":              "SELECT COUNT(*) FROM friendship f WHERE NOT EXISTS (SELECT 1 FROM friendship g WHERE g.user_id = f.friend_id AND g.friend_id = f.user_id)",
			"requests facing each other":     "SELECT COUNT(*) FROM friendship_request a JOIN friendship_request b ON a.from_id = b.to_id AND a.to_id = b.from_id",
			"a request between friends":      "SELECT COUNT(*) FROM friendship_request r JOIN friendship f ON f.user_id = r.from_id AND f.friend_id = r.to_id",
			"a friend or admirer of oneself": "SELECT (SELECT COUNT(*) FROM friendship WHERE user_id = friend_id) + (SELECT COUNT(*) FROM friendship_request WHERE from_id = to_id)",
		} {
			var n int
			must(t, w.db.From(t.Context()).Raw(query).Scan(&n).Error)
			if n != 0 {
				t.Errorf("%s: %d", name, n)
			}
		}
	})
}

func (w *world) random(t *testing.T, by accounts.Actor, people []accounts.Actor, r *rand.Rand) {
	for range 25 {
		ctx, other := t.Context(), people[r.IntN(len(people))]
		c, err := w.Connections(ctx, by)
		if err != nil {
			t.Error(err)
			return
		}
		switch choice := r.IntN(6); {
		case choice == 0 && len(c.Waiting) > 0:
			err = w.Accept(ctx, by, c.Waiting[0].ID)
		case choice == 1 && len(c.Waiting) > 0:
			err = w.Decline(ctx, by, c.Waiting[0].ID)
		case choice == 2 && len(c.Sent) > 0:
			err = w.Withdraw(ctx, by, c.Sent[0].To)
		case choice == 3:
			err = w.Remove(ctx, by, other.UserID)
		default:
			_, err = w.Send(ctx, by, other.Name)
		}
		if kind := errs.KindOf(err); err != nil && kind != errs.NotFound && kind != errs.Invalid {
			t.Errorf("%s: %v", by.Name, err)
		}
	}
}

// Two people who send each other a request at the same time are friends
// afterwards, in either order.
func TestConcurrentMutualRequests(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		for range 20 {
			var both sync.WaitGroup
			for by, to := range map[accounts.Actor]string{w.ana: "ben", w.ben: "ana"} {
				both.Go(func() {
					if _, err := w.Send(t.Context(), by, to); err != nil {
						t.Errorf("%s: %v", by.Name, err)
					}
				})
			}
			both.Wait()
			w.want(t, w.ana, "ben")
			w.want(t, w.ben, "ana")
			must(t, w.Remove(t.Context(), w.ana, w.ben.UserID))
		}
	})
}
