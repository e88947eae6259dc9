package main

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"taskstack.org/internal/testenv"
	"taskstack.org/modules/home"
	"taskstack.org/modules/projects"
)

var _ = actsOf(func(l *leaver, p projects.Project) {
	// The demo has read her notifications.
	l.write(row{"project_star", map[string]any{"user_id": l.ana.UserID, "project_id": p.ID}})
})

// TestTilesSayWhatTheirBoardsAre: the start page would work with every mark
// turned into its opposite.
func TestTilesSayWhatTheirBoardsAre(t *testing.T) {
	s := newStage(t, testenv.MigratedSQLite(t))
	owner := s.people[projects.Owner].Actor
	boards := map[projects.Visibility]board{}
	for _, v := range []projects.Visibility{projects.Private, projects.FriendsOnly, projects.Public} {
		boards[v] = s.makeBoard(owner, "board-"+string(v), v)
	}
	s.must(feature[*home.Module](t, s.app).SetStar(t.Context(), owner, boards[projects.Public].ID, true))
	doc, _ := s.walk(projects.Owner).open(http.MethodGet, "/", "", nil)
	for v, icon := range map[projects.Visibility]string{projects.Private: "lock", projects.FriendsOnly: "users", projects.Public: "globe"} {
		tile := doc.Find(`.tile:has(a[href="` + boards[v].URL() + `"])`)
		if tile.Length() == 0 {
			t.Fatalf("no tile leads to %s", boards[v].URL())
		}
		marks := tile.First().Find(".tileVisibility .icon")
		if marks.Length() != 1 || !marks.HasClass("icon-"+icon) {
			t.Errorf("the tile of a %s board has the marks %v", v, classes(marks))
		}
		star, starred := tile.First().Find(".tileStar"), v == projects.Public
		want := map[bool][2]string{true: {"true", "unstar"}, false: {"false", "star"}}[starred]
		if got := [2]string{star.AttrOr("aria-pressed", ""), star.AttrOr("name", "")}; got != want {
			t.Errorf("the star of a %s board is %v, want %v", v, got, want)
		}
	}
}

func classes(s *goquery.Selection) (all []string) {
	s.Each(func(_ int, each *goquery.Selection) { all = append(all, each.AttrOr("class", "")) })
	return all
}

// TestAFriendRequestIsAcceptedByItsButton: the buttons that accept and decline
// post to one route, and would be answered with each other's name, too.
func TestAFriendRequestIsAcceptedByItsButton(t *testing.T) {
	for label, friends := range map[string]bool{"Accept": true, "Decline": false} {
		s := newStage(t, testenv.MigratedSQLite(t))
		from, to := s.people[projects.Visitor].Actor, s.people[projects.Owner].Actor
		_, err := s.app.modules.Friends.Send(t.Context(), from, to.Name)
		s.must(err)
		w := s.walk(projects.Owner)
		w.enter()
		doc, _ := w.open(http.MethodGet, "/notifications", "", nil)
		button := doc.Find(`button[formaction^="/friend-requests"]`).FilterFunction(func(_ int, b *goquery.Selection) bool {
			return strings.TrimSpace(b.Text()) == label
		})
		if button.Length() != 1 {
			t.Fatalf("%d buttons say %q", button.Length(), label)
		}
		values, _ := fields(button.Closest("form"), "")
		values.Set(button.AttrOr("name", ""), button.AttrOr("value", ""))
		w.open(http.MethodPost, button.AttrOr("formaction", ""), "application/x-www-form-urlencoded", []byte(values.Encode()))
		if is, err := s.app.modules.Friends.AreFriends(t.Context(), from.UserID, to.UserID); err != nil || is != friends {
			t.Errorf("%s: friends %v, %v", label, is, err)
		}
	}
}

// TestTheBellSaysTheSameOnAllPages: the start page and the notifications count what
// they show, other pages ask the database.
func TestTheBellSaysTheSameOnAllPages(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		s := newStage(t, uri)
		owner := s.people[projects.Owner]
		for _, who := range []projects.Principal{projects.Visitor, projects.Admin} {
			_, err := s.app.modules.Friends.Send(t.Context(), s.people[who].Actor, owner.Name)
			s.must(err)
		}
		w := s.walk(projects.Owner)
		w.enter()
		bell := func(path string) string {
			doc, _ := w.open(http.MethodGet, path, "", nil)
			return doc.Find("home-bell").AttrOr("data-count", "none")
		}
		want := bell("/new")
		if want == "0" || want == "none" {
			t.Fatalf("the bell of /new says %s", want)
		}
		for _, until := range []time.Time{{}, time.Now().Add(time.Hour)} {
			s.must(feature[*home.Module](t, s.app).MarkRead(t.Context(), owner.Actor, until))
			for _, path := range []string{"/new", "/", "/notifications"} {
				if got := bell(path); got != want {
					t.Errorf("the bell of %s says %s, want %s", path, got, want)
				}
			}
			want = "0"
		}
	})
}
