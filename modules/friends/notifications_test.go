package friends_test

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"taskstack.org/internal/boardtest"
	"taskstack.org/internal/testenv"
	"taskstack.org/modules/accounts"
	"taskstack.org/platform/errs"
	"taskstack.org/platform/events"
	"taskstack.org/platform/module"
)

func TestRequestsAndAnswersAreNotified(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		names := map[int64]string{w.Owner.UserID: "olive", w.Admin.UserID: "adam", w.Reader.UserID: "rita", w.Stranger.UserID: "steve"}
		var all []string
		asked := "" // the subject of the newest request
		events.On(w.Deps.Bus, func(_ context.Context, n module.Notification) error {
			if n.Kind == "friends.requested" {
				asked = n.Subject
			}
			all = append(all, fmt.Sprintf("%s to %s by %s", n.Kind, names[n.To[0]], names[n.By]))
			return nil
		})
		events.On(w.Deps.Bus, func(_ context.Context, n module.NotificationWithdrawn) error {
			if n.Kind == "friends.requested" && n.Subject != asked {
				t.Errorf("%s ends, want %s", n.Subject, asked)
			}
			to := "all"
			if n.To != nil {
				to = names[n.To[0]]
			}
			all = append(all, fmt.Sprintf("end %s of %s", n.Kind, to))
			return nil
		})
		wants := func(what string, want ...string) {
			t.Helper()
			if !slices.Equal(all, want) {
				t.Errorf("%s: %q, want %q", what, all, want)
			}
			all = nil
		}
		ask := func(from, to accounts.Actor) {
			t.Helper()
			if _, err := w.Friends.Send(t.Context(), from, to.Name); err != nil {
				t.Fatal(err)
			}
		}
		must := func(err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		waiting := func(by accounts.Actor) int64 {
			t.Helper()
			c, err := w.Friends.Connections(t.Context(), by)
			must(err)
			return c.Waiting[0].ID
		}
		ask(w.Owner, w.Admin)
		wants("a request", "friends.requested to adam by olive")
		must(w.Friends.Decline(t.Context(), w.Admin, waiting(w.Admin)))
		wants("declined: the sender is not notified", "end friends.requested of adam")
		ask(w.Owner, w.Admin)
		must(w.Friends.Withdraw(t.Context(), w.Owner, w.Admin.Name))
		wants("withdrawn", "friends.requested to adam by olive", "end friends.requested of adam")
		ask(w.Owner, w.Admin)
		must(w.Friends.Accept(t.Context(), w.Admin, waiting(w.Admin)))
		wants("accepted", "friends.requested to adam by olive", "end friends.requested of adam", "friends.accepted to olive by adam")
		ask(w.Owner, w.Reader)
		ask(w.Reader, w.Owner)
		wants("asked by both", "friends.requested to rita by olive", "end friends.requested of rita", "friends.accepted to olive by rita")
		must(w.Friends.Remove(t.Context(), w.Owner, w.Admin.UserID))
		wants("ended", "end friends.accepted of adam", "end friends.accepted of olive")
		// A request that its addressee does not see is none.
		must(w.Accounts.Set(t.Context(), w.Stranger, accounts.BlockRequests, true))
		ask(w.Owner, w.Stranger)
		wants("suppressed")
	})
}

func TestBlockedPeopleDoNotReachOne(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		must := func(err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		ask := func(from, to accounts.Actor) error {
			_, err := w.Friends.Send(t.Context(), from, to.Name)
			return err
		}
		connections := func(by accounts.Actor) string {
			t.Helper()
			c, err := w.Friends.Connections(t.Context(), by)
			must(err)
			return fmt.Sprintf("%d friends, %d received, %d sent", len(c.Friends), len(c.Waiting), len(c.Sent))
		}
		wants := func(what string, by accounts.Actor, want string) {
			t.Helper()
			if got := connections(by); got != want {
				t.Errorf("%s: %s has %s, want %s", what, by.Name, got, want)
			}
		}
		for _, tc := range []struct {
			by   accounts.Actor
			id   int64
			want errs.Kind
		}{{w.Nobody, w.Admin.UserID, errs.Unauthenticated}, {w.Owner, w.Owner.UserID, errs.Invalid}, {w.Owner, 0, errs.NotFound}, {w.Owner, 1 << 40, errs.NotFound}} {
			if err := w.Friends.Block(t.Context(), tc.by, tc.id); errs.KindOf(err) != tc.want {
				t.Errorf("%q blocks %d: %v, want %s", tc.by.Name, tc.id, err, tc.want)
			}
		}
		// A friend, one who has asked, one who was asked.
		must(ask(w.Owner, w.Admin))
		must(ask(w.Admin, w.Owner))
		must(ask(w.Reader, w.Owner))
		must(ask(w.Owner, w.Stranger))
		for _, p := range []accounts.Actor{w.Admin, w.Reader, w.Stranger, w.Admin} {
			must(w.Friends.Block(t.Context(), w.Owner, p.UserID))
		}
		wants("after blocking all", w.Owner, "0 friends, 0 received, 0 sent")
		wants("the friend", w.Admin, "0 friends, 0 received, 0 sent")
		wants("the sender sees the request as sent", w.Reader, "0 friends, 0 received, 1 sent")
		wants("the addressee", w.Stranger, "0 friends, 0 received, 0 sent")
		must(ask(w.Admin, w.Owner))
		wants("a new request", w.Owner, "0 friends, 0 received, 0 sent")
		wants("its sender", w.Admin, "0 friends, 0 received, 1 sent")
		if err := ask(w.Owner, w.Admin); errs.KindOf(err) != errs.Invalid {
			t.Errorf("a request to a blocked person: %v", err)
		}
		// One to an address says nothing of whose it is.
		_, err := w.Friends.Send(t.Context(), w.Owner, w.Admin.Name+"@example.org")
		must(err)
		wants("a request to the address of a blocked person", w.Owner, "0 friends, 0 received, 1 sent")
		wants("the owner of the address", w.Admin, "0 friends, 0 received, 1 sent")
		blocked, err := w.Friends.Blocked(t.Context(), w.Owner)
		if err != nil || len(blocked) != 3 || blocked[0].Name != "adam" {
			t.Errorf("%+v, %v", blocked, err)
		}
		must(w.Friends.Unblock(t.Context(), w.Owner, w.Stranger.UserID))
		if err := w.Friends.Unblock(t.Context(), w.Owner, w.Stranger.UserID); errs.KindOf(err) != errs.NotFound {
			t.Errorf("unblocked twice: %v", err)
		}
		must(ask(w.Stranger, w.Owner))
		wants("unblocked", w.Owner, "0 friends, 1 received, 1 sent")
	})
}
