package search_test

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"taskstack.org/internal/testenv"
	"taskstack.org/modules/accounts"
	"taskstack.org/modules/cards"
	"taskstack.org/modules/files"
	"taskstack.org/modules/lists"
	"taskstack.org/modules/projects"
	"taskstack.org/modules/removal"
	"taskstack.org/modules/search"
	"taskstack.org/platform/errs"
)

// everything returns the results of a search at a project; 0 for none.
func (w *world) everything(t *testing.T, by accounts.Actor, here int64, typed string) search.Results {
	t.Helper()
	found, err := w.Everything(t.Context(), search.Where{By: by, Here: here}, typed)
	if err != nil {
		t.Fatalf("%q: %v", typed, err)
	}
	return found
}

// cardsFound returns the names of the cards that a search finds, in their order;
// archived ones are marked.
func (w *world) cardsFound(t *testing.T, by accounts.Actor, here int64, typed string) []string {
	t.Helper()
	names := []string{}
	for _, hit := range w.everything(t, by, here, typed).Cards {
		name := strings.Join(hit.Name, "")
		if hit.Archived {
			name += " (archived)"
		}
		names = append(names, name)
	}
	return names
}

func (w *world) wantCards(t *testing.T, by accounts.Actor, here int64, typed string, want ...string) {
	t.Helper()
	if got := w.cardsFound(t, by, here, typed); !slices.Equal(got, want) && len(got)+len(want) > 0 {
		t.Errorf("%s looks for %q and finds %q, want %q", by.Name, typed, got, want)
	}
}

// card makes a card with a description.
func (w *world) card(t *testing.T, by accounts.Actor, projectID, listID int64, name, desc string) int64 {
	t.Helper()
	id, _, err := w.Cards.Create(t.Context(), projects.By(by, projectID), listID, cards.Draft{Name: name, Desc: desc})
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// must fails the test unless a change succeeded.
func must(t *testing.T, _ int64, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// TestCardsFound: words in any form, any script, in name, description and the names
// of files.
func TestCardsFound(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := newWorld(t, uri)
		list := lists.MakeList(t, w.Lists.Service, w.Owner, w.Project.ID, "Ideas")
		for _, name := range []string{
			"Login page", "Logo for the blog", "Gro\u0308ße der Ku\u0308che", "Müller anrufen", "日本語の本を読む", "Ship it 🚀", "100% of _it_",
			"İstanbul trip", "สวัสดีชาวโลก", "한국어 수업", "Ticket 12345", strings.Repeat("x", 30) + "y",
		} {
			w.card(t, w.Owner, w.Project.ID, list, name, "")
		}
		w.card(t, w.Owner, w.Project.ID, list, "Described", "Buy milk\nand call the plumber")
		id, _, err := w.Cards.Create(t.Context(), projects.By(w.Owner, w.Project.ID), list, cards.Draft{Name: "With a file", Files: map[string][]byte{"invoice-march.pdf": []byte("x")}})
		must(t, id, err)
		for typed, want := range map[string][]string{
			"LOG":                            {"Logo for the blog", "Login page"},
			"login":                          {"Login page"},
			"gin":                            nil,
			"login blog":                     nil,
			"page log":                       {"Login page"},
			"log nothing":                    nil,
			"größe":                          {"Gro\u0308ße der Ku\u0308che"},
			"gro\u0308sse":                   {"Gro\u0308ße der Ku\u0308che"},
			"GROSSE kuche":                   {"Gro\u0308ße der Ku\u0308che"},
			"mueller":                        {"Müller anrufen"},
			"muller an":                      {"Müller anrufen"},
			"本":                              {"日本語の本を読む"},
			"語の本":                            {"日本語の本を読む"},
			"語本":                             nil,
			"の本日":                            nil,
			"日本語 本":                          {"日本語の本を読む"},
			"ชาว":                            {"สวัสดีชาวโลก"},
			"수업":                             {"한국어 수업"},
			"\u1109\u116e\u110b\u1165\u11b8": {"한국어 수업"},
			"istanbul":                       {"İstanbul trip"},
			"🚀":                              {"Ship it 🚀"},
			"ticket 12345":                   {"Ticket 12345"},
			"12345 ticket":                   {"Ticket 12345"},
			"%":                              nil,
			"_":                              nil,
			"100% it":                        {"100% of _it_"},
			"plumb":                          {"Described"},
			"described milk":                 {"Described"},
			"invoice":                        {"With a file"},
			strings.Repeat("x", 24):          {strings.Repeat("x", 30) + "y"},
			strings.Repeat("x", 30) + "y":    {strings.Repeat("x", 30) + "y"},
			strings.Repeat("x", 30) + "z":    nil,
			"' OR 1=1 --":                    nil,
			"buy\x00plumb":                   {"Described"},
			"\xff":                           nil,
			"":                               nil,
		} {
			w.wantCards(t, w.Reader, w.Project.ID, typed, want...)
		}
		for _, hit := range w.everything(t, w.Owner, 0, "plumb").Cards {
			if want := []string{"and call the ", "plumb", "er"}; !slices.Equal(hit.Excerpt, want) || hit.List != "Ideas" || hit.Project != "board" {
				t.Errorf("found %+v, want the excerpt %q", hit, want)
			}
		}
	})
}

// TestCardsFoundFollowChanges: the index is changed with the cards.
func TestCardsFoundFollowChanges(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := newWorld(t, uri)
		by, here := projects.By(w.Owner, w.Project.ID), w.Project.ID
		list := lists.MakeList(t, w.Lists.Service, w.Owner, here, "Ideas")
		id := w.card(t, w.Owner, here, list, "Apples", "are red")
		edit := func(name, desc string, f files.Changes) {
			t.Helper()
			rev, err := w.Cards.Edit(t.Context(), by, id, cards.Edit{Name: name, Desc: desc, Files: f})
			must(t, rev, err)
		}
		edit("Pears", "are red", files.Changes{New: map[string][]byte{"basket.png": []byte("x")}})
		w.wantCards(t, w.Owner, here, "apple")
		w.wantCards(t, w.Owner, here, "pear", "Pears")
		w.wantCards(t, w.Owner, here, "basket", "Pears")
		edit("Pears", "are green", files.Changes{Removed: []string{"basket.png"}})
		w.wantCards(t, w.Owner, here, "red")
		w.wantCards(t, w.Owner, here, "pears green", "Pears")
		w.wantCards(t, w.Owner, here, "basket")

		rev, err := w.Cards.Archive(t.Context(), by, id)
		must(t, rev, err)
		w.wantCards(t, w.Owner, here, "pear", "Pears (archived)")
		w.wantCards(t, w.Reader, here, "pear")
		rev, err = w.Cards.Relocate(t.Context(), by, id, removal.InArchive, removal.InTrash)
		must(t, rev, err)
		w.wantCards(t, w.Owner, here, "pear")
		rev, err = w.Cards.Restore(t.Context(), by, removal.RestoreRequest{ID: id, From: removal.InTrash})
		must(t, rev, err)
		w.wantCards(t, w.Reader, here, "pear", "Pears")

		rev, err = w.Lists.Archive(t.Context(), by, list)
		must(t, rev, err)
		w.wantCards(t, w.Owner, here, "pear", "Pears (archived)")
		w.wantCards(t, w.Reader, here, "pear")
		rev, err = w.Lists.Relocate(t.Context(), by, list, removal.InArchive, removal.InTrash)
		must(t, rev, err)
		w.wantCards(t, w.Owner, here, "pear")

		if err := w.DeletePermanently(t.Context(), w.Owner, here); err != nil {
			t.Fatal(err)
		}
		for _, table := range []string{"search_card", "search_word"} {
			var n int
			if err := w.DB.From(t.Context()).Raw("SELECT COUNT(*) FROM " + table).Scan(&n).Error; err != nil || n != 0 {
				t.Errorf("%d rows are left in %s, %v", n, table, err)
			}
		}
	})
}

// TestARefusedChangeIsNotIndexed: the index is changed in the same transaction.
func TestARefusedChangeIsNotIndexed(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := newWorld(t, uri)
		list := lists.MakeList(t, w.Lists.Service, w.Owner, w.Project.ID, "Ideas")
		err := w.DB.InTx(t.Context(), func(ctx context.Context) error {
			if _, _, err := w.Cards.Create(ctx, projects.By(w.Owner, w.Project.ID), list, cards.Draft{Name: "Apples"}); err != nil {
				return err
			}
			return errs.Of(errs.Conflict)
		})
		if errs.KindOf(err) != errs.Conflict {
			t.Fatal(err)
		}
		var n int
		if err := w.DB.From(t.Context()).Raw("SELECT COUNT(*) FROM search_word").Scan(&n).Error; err != nil || n != 0 {
			t.Errorf("%d entries of a card that does not exist, %v", n, err)
		}
	})
}

// TestWhoFindsACard: what projects.Rules say about reading, for every principal and
// visibility, at the project and elsewhere.
func TestWhoFindsACard(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := newWorld(t, uri)
		friend := accounts.MakeUser(t, w.DB, "fritz")
		w.befriend(t, w.Owner, friend)
		list := lists.MakeList(t, w.Lists.Service, w.Owner, w.Project.ID, "Ideas")
		w.card(t, w.Owner, w.Project.ID, list, "Secret plan", "")
		people := map[projects.Principal]accounts.Actor{
			projects.Owner: w.Owner, projects.Admin: w.Admin, projects.AccessOnly: w.Reader, projects.Friend: friend,
			projects.Visitor: w.Stranger, projects.SignedOut: w.Nobody, projects.Suspended: w.Nobody,
		}
		reads := func(g projects.Grant, v projects.Visibility) bool {
			return g == projects.Yes || g == projects.IfPublic && v == projects.Public || g == projects.UnlessPrivate && v != projects.Private
		}
		for _, visibility := range []projects.Visibility{projects.Private, projects.FriendsOnly, projects.Public} {
			rev, err := w.Projects.SetVisibility(t.Context(), projects.By(w.Owner, w.Project.ID), visibility)
			must(t, rev, err)
			for _, p := range projects.Principals {
				by, may := people[p], reads(projects.RuleOf(projects.Read).Of(p), visibility)
				for _, here := range []int64{w.Project.ID, 0} {
					found, err := w.Everything(t.Context(), search.Where{By: by, Here: here}, "secret")
					switch {
					case !by.SignedIn() && (!may || here == 0):
						if errs.KindOf(err) != errs.NotFound {
							t.Errorf("%s, %s, at %d: %v", visibility, p, here, err)
						}
						continue
					case err != nil:
						t.Errorf("%s, %s, at %d: %v", visibility, p, here, err)
					}
					// Projects of strangers are found only where they are open.
					want := may && (here != 0 || p != projects.Visitor)
					if got := len(found.Cards) == 1; got != want {
						t.Errorf("%s, %s, at %d: found %v, want %v", visibility, p, here, got, want)
					}
					if got := len(w.projectsFound(t, by, here, "board")) > 0; by.SignedIn() && got != want {
						t.Errorf("%s, %s, at %d: the project is found %v, want %v", visibility, p, here, got, want)
					}
				}
			}
		}
	})
}

func (w *world) projectsFound(t *testing.T, by accounts.Actor, here int64, typed string) []search.ProjectHit {
	t.Helper()
	return w.everything(t, by, here, typed).Projects
}

// TestOrderOfCards: this board first, then names before descriptions, whole words
// before beginnings, newer cards before older ones.
func TestOrderOfCards(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := newWorld(t, uri)
		other, err := w.Projects.Create(t.Context(), w.Owner, projects.Draft{Name: "other", Private: true})
		if err != nil {
			t.Fatal(err)
		}
		list := lists.MakeList(t, w.Lists.Service, w.Owner, w.Project.ID, "Ideas")
		otherList := lists.MakeList(t, w.Lists.Service, w.Owner, other.ID, "Ideas")
		w.card(t, w.Owner, other.ID, otherList, "plan old", "")
		w.card(t, w.Owner, other.ID, otherList, "plan new", "")
		w.card(t, w.Owner, other.ID, otherList, "planning", "")
		w.card(t, w.Owner, w.Project.ID, list, "described", "the plan")
		w.card(t, w.Owner, w.Project.ID, list, "planner", "")
		w.card(t, w.Owner, w.Project.ID, list, "a plan", "")
		w.wantCards(t, w.Owner, w.Project.ID, "plan", "a plan", "planner", "described", "plan new", "plan old", "planning")
		w.wantCards(t, w.Owner, other.ID, "plan", "plan new", "plan old", "planning", "a plan", "planner", "described")
		found := w.everything(t, w.Owner, other.ID, "plan")
		if hit := found.Cards[0]; hit.ProjectID != other.ID || hit.URLPath != "/olive/other?card="+strconv.FormatInt(hit.ID, 10) {
			t.Errorf("the first is %+v", hit)
		}
	})
}

// TestLimitsOfCards: twenty cards, also if sixty newer ones are in the trash; 128
// characters.
func TestLimitsOfCards(t *testing.T) {
	w := newWorld(t, testenv.MigratedSQLite(t))
	list := lists.MakeList(t, w.Lists.Service, w.Owner, w.Project.ID, "Ideas")
	for i := range 21 {
		w.card(t, w.Owner, w.Project.ID, list, fmt.Sprintf("many %d", i), "")
	}
	trash := lists.MakeList(t, w.Lists.Service, w.Owner, w.Project.ID, "Trash")
	for i := range 70 {
		w.card(t, w.Owner, w.Project.ID, trash, fmt.Sprintf("many in the trash %d", i), "")
	}
	rev, err := w.Lists.Delete(t.Context(), projects.By(w.Owner, w.Project.ID), trash)
	must(t, rev, err)
	got := w.cardsFound(t, w.Owner, w.Project.ID, "many")
	if len(got) != 20 || got[0] != "many 20" || got[19] != "many 1" {
		t.Errorf("%d cards: %q", len(got), got)
	}
	if _, err := w.Everything(t.Context(), search.Where{By: w.Owner}, strings.Repeat("ä", 128)); err != nil {
		t.Errorf("128 characters: %v", err)
	}
	if _, err := w.Everything(t.Context(), search.Where{By: w.Owner}, strings.Repeat("ä", 129)); errs.KindOf(err) != errs.Invalid {
		t.Errorf("129 characters: %v", err)
	}
}

// TestFill indexes what is not indexed, and only that.
func TestFill(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := newWorld(t, uri)
		list := lists.MakeList(t, w.Lists.Service, w.Owner, w.Project.ID, "Ideas")
		w.card(t, w.Owner, w.Project.ID, list, "Apples", "are red")
		w.card(t, w.Owner, w.Project.ID, list, "Pears", "")
		entries := func() (n int) {
			if err := w.DB.From(t.Context()).Raw("SELECT COUNT(*) FROM search_word").Scan(&n).Error; err != nil {
				t.Fatal(err)
			}
			return n
		}
		before := entries()
		for _, sql := range []string{"DELETE FROM search_card WHERE words LIKE '%apples%'", "DELETE FROM search_word WHERE word IN ('apples', 'are', 'red')"} {
			if err := w.DB.InTx(t.Context(), func(ctx context.Context) error { return w.DB.From(ctx).Exec(sql).Error }); err != nil {
				t.Fatal(err)
			}
		}
		w.wantCards(t, w.Owner, 0, "apples")
		for range 2 {
			if err := w.Module.Fill(t.Context()); err != nil {
				t.Fatal(err)
			}
			w.wantCards(t, w.Owner, 0, "apples red", "Apples")
			if after := entries(); after != before {
				t.Errorf("%d entries, want %d", after, before)
			}
		}
		// A card that an older version has indexed, which knew less.
		for _, sql := range []string{"UPDATE search_card SET version = 0, words = ' apples' WHERE words LIKE '%apples%'", "DELETE FROM search_word WHERE word IN ('are', 'red')"} {
			if err := w.DB.InTx(t.Context(), func(ctx context.Context) error { return w.DB.From(ctx).Exec(sql).Error }); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Module.Fill(t.Context()); err != nil {
			t.Fatal(err)
		}
		w.wantCards(t, w.Owner, 0, "apples red", "Apples")
		if after := entries(); after != before {
			t.Errorf("%d entries of all cards, want %d", after, before)
		}
	})
}

// TestTwoFrequentWords: a card with two words is found however many have one of
// them.
func TestTwoFrequentWords(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := newWorld(t, uri)
		list := lists.MakeList(t, w.Lists.Service, w.Owner, w.Project.ID, "Ideas")
		id := w.card(t, w.Owner, w.Project.ID, list, "Zebra zoo", "")
		// Rows of the index alone: the search asks for cards only what it finds.
		rows := w.numbers(6000)
		for _, sql := range []string{
			"INSERT INTO search_card (card_id, project_id, words) SELECT n + 1000, ?, CASE n % 2 WHEN 0 THEN ' zebra' ELSE ' zoo' END FROM " + rows,
			"INSERT INTO search_word (project_id, field, word, card_id) SELECT ?, 0, CASE n % 2 WHEN 0 THEN 'zebra' ELSE 'zoo' END, n + 1000 FROM " + rows,
		} {
			err := w.DB.InTx(t.Context(), func(ctx context.Context) error { return w.DB.From(ctx).Exec(sql, w.Project.ID).Error })
			if err != nil {
				t.Fatal(err)
			}
		}
		// The newest of all, so that its entries are the last.
		for _, table := range []string{"search_card", "search_word"} {
			err := w.DB.InTx(t.Context(), func(ctx context.Context) error {
				return w.DB.From(ctx).Exec("UPDATE "+table+" SET card_id = 100000 WHERE card_id = ?", id).Error
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		err := w.DB.InTx(t.Context(), func(ctx context.Context) error {
			return w.DB.From(ctx).Exec("UPDATE card SET id = 100000 WHERE id = ?", id).Error
		})
		if err != nil {
			t.Fatal(err)
		}
		for _, here := range []int64{0, w.Project.ID} {
			w.wantCards(t, w.Owner, here, "zebra zoo", "Zebra zoo")
			w.wantCards(t, w.Owner, here, "zo ze", "Zebra zoo")
		}
	})
}

// TestTextsOfModules: what other modules say of cards is found, and follows their
// changes, of more cards than are indexed at once.
func TestTextsOfModules(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := newWorld(t, uri)
		said := ""
		w.Cards.AddTexts(func(_ context.Context, ids []int64) (map[int64][]string, error) {
			texts := map[int64][]string{}
			for _, id := range ids {
				texts[id] = []string{said}
			}
			return texts, nil
		})
		_, cardIDs := w.World.Fill(t, w.Project, 1, 250)
		ids := cardIDs[0]
		w.wantCards(t, w.Owner, 0, "urgent")
		for _, now := range []string{"Urgent, very", "Later", ""} {
			said = now
			err := w.DB.InTx(t.Context(), func(ctx context.Context) error {
				return w.Deps.Bus.Publish(ctx, cards.TextsChanged{ProjectID: w.Project.ID, IDs: ids})
			})
			if err != nil {
				t.Fatal(err)
			}
			for _, word := range []string{"urgent", "later"} {
				var n int
				if err := w.DB.From(t.Context()).Raw("SELECT COUNT(*) FROM search_word WHERE word = ?", word).Scan(&n).Error; err != nil {
					t.Fatal(err)
				}
				if want := strings.Contains(strings.ToLower(now), word); (n == len(ids)) != want || n != 0 && !want {
					t.Errorf("%q: %d of %d cards have %q", now, n, len(ids), word)
				}
				if found := w.everything(t, w.Reader, 0, word).Cards; (len(found) == 20) != (n > 0) {
					t.Errorf("%q: %d cards are found by %q", now, len(found), word)
				}
			}
		}
	})
}

// TestListsFound: lists on boards that the person may read, those of the open board
// first.
func TestListsFound(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := newWorld(t, uri)
		other, err := w.Projects.Create(t.Context(), w.Owner, projects.Draft{Name: "other", Private: true})
		if err != nil {
			t.Fatal(err)
		}
		first := lists.MakeList(t, w.Lists.Service, w.Owner, other.ID, "Größte Ideen")
		lists.MakeList(t, w.Lists.Service, w.Owner, w.Project.ID, "Ideas for later")
		gone := lists.MakeList(t, w.Lists.Service, w.Owner, other.ID, "Ideas of old")
		rev, err := w.Lists.Archive(t.Context(), projects.By(w.Owner, other.ID), gone)
		must(t, rev, err)
		found := func(by accounts.Actor, here int64, typed string) (names []string) {
			for _, hit := range w.everything(t, by, here, typed).Lists {
				names = append(names, hit.Project+": "+strings.Join(hit.Name, "|")+" "+hit.URLPath)
			}
			return names
		}
		id := strconv.FormatInt(first, 10)
		for _, tt := range []struct {
			by    accounts.Actor
			here  int64
			typed string
			want  []string
		}{
			{w.Owner, other.ID, "ide", []string{"other: Größte |Ide|en /" + other.OwnerName + "/other?list=" + id, "board: |Ide|as for later " + w.listURL(t, "Ideas for later")}},
			{w.Owner, w.Project.ID, "groesste ideen", []string{"other: |Größte| |Ideen| /" + other.OwnerName + "/other?list=" + id}},
			{w.Reader, w.Project.ID, "ide", []string{"board: |Ide|as for later " + w.listURL(t, "Ideas for later")}},
			{w.Stranger, 0, "ide", nil},
			{w.Owner, 0, "deen", nil},
		} {
			if got := found(tt.by, tt.here, tt.typed); !slices.Equal(got, tt.want) {
				t.Errorf("%s finds %q by %q, want %q", tt.by.Name, got, tt.typed, tt.want)
			}
		}
	})
}

// listURL is where a list of the project opens.
func (w *world) listURL(t *testing.T, name string) string {
	t.Helper()
	var id int64
	if err := w.DB.From(t.Context()).Raw("SELECT id FROM list WHERE name = ?", name).Scan(&id).Error; err != nil {
		t.Fatal(err)
	}
	return w.Project.URL() + "?list=" + strconv.FormatInt(id, 10)
}
