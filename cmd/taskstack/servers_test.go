package main

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"slices"
	"testing"
	"time"

	"taskstack.org/internal/boardtest"
	"taskstack.org/internal/testenv"
	"taskstack.org/modules/projects"
	"taskstack.org/platform/config"
	"taskstack.org/platform/realtime"
)

// secondServer runs another server on the database of a stage until the test ends,
// and returns its address.
func (s *stage) secondServer() string {
	s.t.Helper()
	cfg, err := config.Load([]string{
		"TASKSTACK_DATA_DIR=" + s.t.TempDir(), "TASKSTACK_DB_URI=" + s.uri, "TASKSTACK_SECRET_KEY=" + string(s.app.cfg.SecretKey),
		"TASKSTACK_BCRYPT_COST=4", "TASKSTACK_RATE_LIMIT=off",
	}, "")
	s.must(err)
	a, err := newApp(s.t.Context(), cfg, slog.New(slog.DiscardHandler), time.Now, testPages(s.t, cfg))
	s.must(err)
	listener, err := (&net.ListenConfig{}).Listen(s.t.Context(), "tcp", "127.0.0.1:0")
	s.must(err)
	ctx, stop := context.WithCancel(context.WithoutCancel(s.t.Context()))
	done := make(chan error)
	go func() { done <- a.Run(ctx, listener) }()
	s.t.Cleanup(func() {
		stop()
		s.must(<-done)
		s.must(a.Close())
	})
	return "ws://" + listener.Addr().String()
}

// until reads the events of a client up to one of this name, and returns the names of all.
func until(t *testing.T, c *boardtest.Client, name string) []string {
	t.Helper()
	for names := []string{}; ; {
		names = append(names, c.Next(t).Name)
		if names[len(names)-1] == name {
			return names
		}
	}
}

// without returns the names of events other than one.
func without(names []string, one string) []string {
	return slices.DeleteFunc(names, func(name string) bool { return name == one })
}

// TestTwoServersOfOneDatabase checks that clients of one server receive what is done
// on the other, which reaches them by the database alone: in order, and a person who
// lost the permission or the login gets nothing that is newer.
func TestTwoServersOfOneDatabase(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		s := newStage(t, uri)
		there := s.secondServer()
		owner, admin, reader, friend := s.people[projects.Owner], s.people[projects.Admin], s.people[projects.AccessOnly], s.people[projects.Friend]
		dial := func(p *person, namespace string) *boardtest.Client {
			return boardtest.Dial(t, there+"/socket.io/?EIO=4&transport=websocket", namespace, http.Header{"Cookie": {p.cookie}})
		}
		b := s.makeBoard(owner.Actor, "shared", projects.FriendsOnly)
		tabs := map[*person]*boardtest.Client{}
		for _, p := range []*person{owner, admin, reader, friend} {
			tabs[p] = dial(p, projects.Namespace)
			tabs[p].Join(t, b.ID)
		}
		adminRoot, readerRoot, strangerRoot := dial(admin, realtime.RootNamespace), dial(reader, realtime.RootNamespace), dial(s.foreigner, realtime.RootNamespace)
		owner.tab.Join(t, b.ID)
		create := func(name string) {
			t.Helper()
			if ack := owner.tab.Call(t, "create_list", fmt.Sprintf(`{"projectId":%d,"name":%q,"listDesc":"","attachedFiles":{}}`, b.ID, name)); !ack.OK {
				t.Fatalf("create: %+v", ack)
			}
		}
		create("one")
		for _, tab := range tabs {
			until(t, tab, "build_new_list")
		}

		// Removed, and at once more is done: the other server learns of all of it together.
		_, err := s.app.modules.Projects.Remove(t.Context(), projects.By(owner.Actor, b.ID), admin.UserID)
		s.must(err)
		create("two")
		until(t, tabs[owner], "build_new_list")
		if got, want := without(tabs[admin].Heard(t), "presence_changed"), []string{"project_collab_removed", "project_closed"}; !slices.Equal(got, want) {
			t.Errorf("the removed member got %v, want %v", got, want)
		}
		until(t, adminRoot, "removed_as_collab_of_project")

		// No longer a friend of the owner.
		s.must(s.app.modules.Friends.Remove(t.Context(), owner.Actor, friend.UserID))
		create("three")
		until(t, tabs[owner], "project_audience_changed")
		until(t, tabs[owner], "build_new_list")
		if got, want := without(tabs[friend].Heard(t), "presence_changed"), []string{"project_collab_removed", "build_new_list", "project_audience_changed", "project_closed"}; !slices.Equal(got, want) {
			t.Errorf("the former friend got %v, want %v", got, want)
		}

		_, err = s.app.modules.Friends.Send(t.Context(), owner.Actor, s.foreigner.Name)
		s.must(err)
		until(t, strangerRoot, "receive_friendship_request")

		s.must(s.app.modules.Auth.Logins.Suspend(t.Context(), reader.UserID))
		readerRoot.Closed(t)
		tabs[reader].Closed(t)

		s.must(s.app.modules.Projects.Delete(t.Context(), owner.Actor, b.ID, nil))
		until(t, tabs[owner], "project_deleted")
	})
}
