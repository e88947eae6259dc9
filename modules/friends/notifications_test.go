package friends_test

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"taskstack.org/internal/boardtest"
	"taskstack.org/internal/testenv"
	"taskstack.org/modules/accounts"
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
