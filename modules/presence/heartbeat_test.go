package presence

import (
	"context"
	"log/slog"
	"testing"
	"testing/synctest"
	"time"

	"taskstack.org/internal/testenv"
	"taskstack.org/modules/accounts"
	"taskstack.org/modules/projects"
	"taskstack.org/platform/db"
)

// oneSocket has one socket in every room, and records what rooms get.
type oneSocket struct{ sent []Present }

func (*oneSocket) In(context.Context, int64) ([]string, error) { return []string{"socket"}, nil }

func (o *oneSocket) Emit(_ int64, _ string, args ...any) error {
	p, _ := args[0].(Present)
	o.sent = append(o.sent, p)
	return nil
}

// oneMember is a board with one member.
type oneMember struct{ Boards }

func (oneMember) MembersOf(context.Context, int64) ([]projects.Member, error) {
	return []projects.Member{{ID: 7, Name: "olive"}}, nil
}

func (oneMember) Require(context.Context, accounts.Actor, int64, projects.Action) (projects.Access, error) {
	return projects.Access{}, nil
}

// TestHeartbeat: the worker, as the program runs it, renews its rows for as long as
// it lives and deletes them when it ends. Rows of a server that was killed expire.
// The clock is the bubble's.
func TestHeartbeat(t *testing.T) {
	uri := testenv.MigratedSQLite(t)
	synctest.Test(t, func(t *testing.T) {
		d := testenv.Open(t, uri, db.Options{Now: time.Now})
		exec(t, d, "INSERT INTO board_presence (project_id, server_id, user_id, state, amount, seen_at) VALUES (1, 'killed', 7, 'away', 1, ?)", time.Now().UTC())
		rooms := &oneSocket{}
		m := &Module{&Service{
			db: d, repo: repository{d}, boards: oneMember{}, rooms: rooms, connections: newConnections(), server: "this one",
			log: slog.New(slog.DiscardHandler), sent: map[int64]sent{},
		}}
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan error)
		go func() { ended <- m.Run(ctx) }()
		m.connections.add(1, "socket", 7)
		for _, after := range []time.Duration{time.Second, 28 * time.Second, 10 * time.Second, 20 * time.Minute} {
			time.Sleep(after)
			synctest.Wait()
			if p := m.On(1); len(p.People) != 1 || p.People[0].State != Here {
				t.Errorf("%v later: %+v", after, p)
			}
			var seen []time.Time
			must(t, d.From(t.Context()).Raw("SELECT seen_at FROM board_presence WHERE server_id = 'this one'").Scan(&seen).Error)
			if len(seen) != 1 || time.Since(seen[0]) > 15*time.Second {
				t.Errorf("%v later the row is from %v, it is %v", after, seen, time.Now().UTC())
			}
		}
		if len(rooms.sent) != 1 {
			t.Errorf("a person who stays is sent %d times: %+v", len(rooms.sent), rooms.sent)
		}
		if n := rowsOf(t, d, "killed"); n != 0 {
			t.Errorf("a server that was killed long ago has %d rows", n)
		}
		stop()
		must(t, <-ended)
		if n := rowsOf(t, d, "this one"); n != 0 {
			t.Errorf("a server that has ended has %d rows", n)
		}
		must(t, d.Close()) // ends what it has running, before the bubble does
	})
}

// TestRejoinKeepsState: pages join at every reconnect without sending their state.
func TestRejoinKeepsState(t *testing.T) {
	s := newConnections()
	s.add(1, "socket", 7)
	if !s.set(1, "socket", Away) {
		t.Fatal("the connection is missing")
	}
	s.takeChanged()
	s.add(1, "socket", 7)
	if rows := s.rows([]int64{1}); len(rows) != 1 || rows[0].State != Away {
		t.Errorf("%+v", rows)
	}
	if changed := s.takeChanged(); len(changed) != 0 {
		t.Errorf("changed: %v", changed)
	}
	if s.set(1, "another", Here) || s.set(2, "socket", Here) {
		t.Error("a state without a connection")
	}
}

// TestMostPresentTabCounts, on whichever servers the tabs are.
func TestMostPresentTabCounts(t *testing.T) {
	members := []projects.Member{{ID: 7, Name: "olive"}}
	for _, c := range []struct {
		states []State
		want   State
	}{
		{[]State{Here, Away}, Here},
		{[]State{Away, Here}, Here},
		{[]State{Idle, Away}, Idle},
		{[]State{Away, Idle}, Idle},
		{[]State{Idle, Here, Away}, Here},
		{[]State{Away}, Away},
		{[]State{"of the future", Away}, Away},
	} {
		var rows []row
		for i, state := range c.states {
			rows = append(rows, row{ServerID: string(rune('a' + i)), UserID: 7, State: state, Amount: 1})
		}
		if p := presentOf(rows, members); len(p.People) != 1 || p.People[0].State != c.want || p.Visitors != 0 {
			t.Errorf("%v: %+v, want %s", c.states, p, c.want)
		}
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func exec(t *testing.T, d *db.DB, query string, args ...any) {
	t.Helper()
	must(t, d.InTx(t.Context(), func(ctx context.Context) error { return d.From(ctx).Exec(query, args...).Error }))
}

func rowsOf(t *testing.T, d *db.DB, server string) (n int) {
	t.Helper()
	must(t, d.From(t.Context()).Raw("SELECT COUNT(*) FROM board_presence WHERE server_id = ?", server).Scan(&n).Error)
	return n
}
