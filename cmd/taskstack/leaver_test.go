package main

import (
	"bytes"
	"image"
	"image/png"
	"io"
	"log/slog"
	"testing"
	"time"

	"taskstack.org/modules/accounts"
	"taskstack.org/modules/cards"
	"taskstack.org/modules/lists"
	"taskstack.org/modules/projects"
	"taskstack.org/platform/config"
)

// leaver is the program with people of the demo, and ana deletes her account: she
// owns three boards, works on others, has friends, a picture and attachments.
type leaver struct {
	*app
	t            *testing.T
	ana          accounts.Actor
	ben          accounts.Actor
	kept, shared projects.Project
}

func newLeaver(t *testing.T, uri string) *leaver {
	t.Helper()
	cfg, err := config.Load([]string{
		"TASKSTACK_DATA_DIR=" + t.TempDir(), "TASKSTACK_BCRYPT_COST=4", "TASKSTACK_RATE_LIMIT=off", "TASKSTACK_DB_URI=" + uri,
	}, "")
	if err != nil {
		t.Fatal(err)
	}
	if err := demo(t.Context(), cfg, testPages(t, cfg), io.Discard, io.Discard); err != nil {
		t.Fatal(err)
	}
	a, err := newApp(t.Context(), cfg, slog.New(slog.DiscardHandler), time.Now, testPages(t, cfg))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := a.Close(); err != nil {
			t.Error(err)
		}
	})
	l := &leaver{app: a, t: t}
	l.ana, l.ben = l.who("ana"), l.who("ben")
	// Beside those of the demo: there chloe and farid are her friends, greta has
	// asked her, and she has asked hanna.
	l.befriend("ana", "ben")
	l.ask("ana", "dmitri")
	board, err := a.modules.Projects.Board(t.Context(), l.ana, "ana", "website-relaunch")
	l.must(err)
	l.kept = board.Project
	l.shared = l.boardOf(l.ana, "shared", l.ben)
	l.boardOf(l.ana, "alone")
	var pic bytes.Buffer
	l.must(png.Encode(&pic, image.NewNRGBA(image.Rect(0, 0, 80, 80))))
	_, err = a.modules.Accounts.EditProfile(t.Context(), l.ana, accounts.ProfileEdit{Picture: pic.Bytes()})
	l.must(err)
	return l
}

func (l *leaver) must(err error) {
	l.t.Helper()
	if err != nil {
		l.t.Fatal(err)
	}
}

func (l *leaver) who(name string) accounts.Actor {
	l.t.Helper()
	p, err := l.modules.Accounts.ByName(l.t.Context(), name)
	l.must(err)
	return accounts.Actor{UserID: p.ID, Name: p.Name}
}

func (l *leaver) ask(from, to string) {
	l.t.Helper()
	_, err := l.modules.Friends.Send(l.t.Context(), l.who(from), to)
	l.must(err)
}

// befriend lets two people ask each other.
func (l *leaver) befriend(a, b string) {
	l.t.Helper()
	l.ask(a, b)
	l.ask(b, a)
}

// boardOf makes a board with a list, a card and attachments; others work on it.
func (l *leaver) boardOf(owner accounts.Actor, name string, admins ...accounts.Actor) projects.Project {
	l.t.Helper()
	ctx := l.t.Context()
	p, err := l.modules.Projects.Create(ctx, owner, projects.Draft{Name: name})
	l.must(err)
	for _, admin := range admins {
		_, _, err := l.modules.Projects.Join(ctx, admin, p.InviteAsAdminCode)
		l.must(err)
	}
	attached := map[string][]byte{"plan.txt": []byte("plan of " + name)}
	listID, _, err := l.modules.Lists.Create(ctx, projects.By(owner, p.ID), lists.Draft{Name: "list", Files: attached})
	l.must(err)
	_, _, err = l.modules.Cards.Create(ctx, projects.By(owner, p.ID), listID, cards.Draft{Name: "card", Files: attached, Members: []int64{owner.UserID}})
	l.must(err)
	return p
}
