package home_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"taskstack.org/internal/boardtest"
	"taskstack.org/internal/testenv"
	"taskstack.org/modules/accounts"
	"taskstack.org/modules/home"
	"taskstack.org/platform/db"
)

// maxStatements is what the start page may ask the database, however much it
// shows; the person and the flash messages come on top.
const maxStatements = 6

func newHome(w *boardtest.World) *home.Module {
	return home.New(w.Accounts, w.Projects.Service, w.Friends.Service)
}

func ask(t *testing.T, w *boardtest.World, by accounts.Actor, to string) {
	t.Helper()
	if _, err := w.Friends.Send(t.Context(), by, to); err != nil {
		t.Fatal(err)
	}
}

func TestTheStartPageAsksAsMuchForMuchAsForLittle(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		h := newHome(w)
		counted := func() int64 {
			ctx, n := db.CountStatements(t.Context())
			if _, err := h.Overview(ctx, w.Owner); err != nil {
				t.Fatal(err)
			}
			return n.Load()
		}
		ask(t, w, w.Admin, w.Owner.Name)
		little := counted()
		for i := range 5 {
			w.MakeProject(t, fmt.Sprintf("more-%d", i), true)
			fan := accounts.MakeUser(t, w.DB, fmt.Sprintf("fan%d", i))
			ask(t, w, fan, w.Owner.Name)
			friend := accounts.MakeUser(t, w.DB, fmt.Sprintf("friend%d", i))
			ask(t, w, friend, w.Owner.Name)
			ask(t, w, w.Owner, friend.Name)
		}
		ask(t, w, w.Owner, w.Stranger.Name)
		if much := counted(); much != little || much > maxStatements {
			t.Errorf("%d statements for little, %d for much, at most %d wanted", little, much, maxStatements)
		}
	})
}

// message stands for what another module will show.
type message struct{ text string }

func TestTheFeedIsSortedWhateverItsPartsAre(t *testing.T) {
	w := boardtest.New(t, testenv.MigratedSQLite(t))
	h := newHome(w)
	ask(t, w, w.Stranger, w.Owner.Name)
	now := time.Now()
	h.AddFeed(func(context.Context, accounts.Actor) ([]home.Entry, error) {
		return []home.Entry{
			{At: now.Add(-time.Hour), Kind: "msg", Item: message{"old"}, Data: "old"},
			{At: now.Add(time.Hour), Kind: "msg", Item: message{"new"}, Data: "new"},
		}, nil
	})
	o, err := h.Overview(t.Context(), w.Owner)
	if err != nil {
		t.Fatal(err)
	}
	var kinds []string
	for _, e := range o.Feed {
		raw, err := json.Marshal(e.Data)
		if err != nil {
			t.Fatal(err)
		}
		kinds = append(kinds, e.Kind+" "+string(raw)[:4])
	}
	if want := []string{`msg "new`, `friendshipRequest {"id`, `msg "old`}; !slices.Equal(kinds, want) {
		t.Errorf("the feed is %q, want %q", kinds, want)
	}
}

func TestWhatIsNewIsCounted(t *testing.T) {
	w := boardtest.New(t, testenv.MigratedSQLite(t))
	h := newHome(w)
	ask(t, w, w.Stranger, w.Owner.Name)
	h.AddCount(func(context.Context, int64) (int, error) { return 3, nil })
	ctx, statements := db.CountStatements(t.Context())
	if n, err := h.CountNew(ctx, w.Owner.UserID); err != nil || n != 4 || statements.Load() != 1 {
		t.Errorf("%d new, error %v, %d statements", n, err, statements.Load())
	}
	broken := errors.New("broken")
	h.AddCount(func(context.Context, int64) (int, error) { return 0, broken })
	if _, err := h.CountNew(t.Context(), w.Owner.UserID); !errors.Is(err, broken) {
		t.Errorf("a part that fails: %v", err)
	}
}
