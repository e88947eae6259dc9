package revisions_test

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"taskstack.org/internal/boardtest"
	"taskstack.org/internal/testenv"
	"taskstack.org/modules/accounts"
	"taskstack.org/modules/cards"
	"taskstack.org/modules/lists"
	"taskstack.org/modules/projects"
	"taskstack.org/modules/revisions"
	"taskstack.org/platform/errs"
)

func revisionsOf(w *boardtest.World) *revisions.Module {
	return boardtest.Feature[*revisions.Module](w)
}

// edit sends a text of a card or list: what it becomes, and what its sender
// started from.
func edit(t *testing.T, c *boardtest.Client, projectID, id int64, kind, name, desc, base string) boardtest.Ack {
	t.Helper()
	if base != "" {
		base = `,"base":` + base
	}
	return c.Call(t, "edit_"+kind, fmt.Sprintf(`{"projectId":%d,"id":%d,"name":%q,%q:%q%s}`, projectID, id, name, kind+"Desc", desc, base))
}

// TestTwoWriteAtOnce is the promise: two who write different things both have
// what they wrote; of two who write the same thing the second is informed, and
// sees what the first wrote.
func TestTwoWriteAtOnce(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		listIDs, cardIDs := w.Fill(t, w.Project, 1, 1)
		ana, ben := w.Connect(t, w.Owner), w.Connect(t, w.Admin)
		for kind, id := range map[string]int64{"card": cardIDs[0][0], "list": listIDs[0]} {
			t.Run(kind, func(t *testing.T) {
				p, desc := w.Project.ID, kind+"Desc"
				if a := edit(t, ana, p, id, kind, "start", "start", ""); !a.OK {
					t.Fatalf("%+v", a)
				}
				start := fmt.Sprintf(`{"name":"start",%q:"start"}`, desc)
				if a := edit(t, ana, p, id, kind, "Ana's", "start", start); !a.OK {
					t.Errorf("Ana's name: %+v", a)
				}
				if a := edit(t, ben, p, id, kind, "start", "Ben's", start); !a.OK {
					t.Errorf("Ben's description: %+v", a)
				}
				rev := w.Rev(t, w.Project)
				a := edit(t, ben, p, id, kind, "Ben's", "Ben's", start)
				if a.Error != "conflict" || a.Current["name"] != "Ana's" || a.Current[desc] != "Ben's" || a.Fields["name"] == "" || a.Fields[desc] != "" {
					t.Errorf("both write the name: %+v", a)
				}
				if w.Rev(t, w.Project) != rev {
					t.Error("a conflict had an effect")
				}
				events := w.Events(t, w.Project, rev-1)
				var last struct {
					Name string
					List string `json:"listDesc"`
					Card string `json:"cardDesc"`
				}
				if err := json.Unmarshal(events[0].Payload, &last); err != nil || last.Name != "Ana's" || last.List+last.Card != "Ben's" {
					t.Errorf("the room heard %s", events[0].Payload)
				}
				if a := edit(t, ben, p, id, kind, "Ben's", "Ben's", ""); !a.OK {
					t.Errorf("an old client: %+v", a)
				}
				all, err := revisionsOf(w).Of(t.Context(), w.Owner, p, projects.TextKind(kind), id)
				if err != nil || len(all) != 4 || all[0].Name != "Ana's" || all[0].Desc != "Ben's" || all[0].ReplacedBy != "adam" ||
					time.Since(all[0].ReplacedAt) > time.Minute || all[2].Name != "start" || all[2].ReplacedBy != "olive" {
					t.Errorf("%v, earlier texts %+v", err, all)
				}
			})
		}
	})
}

// TestRevisionsPermissions: those who may put them back, and no one learns of
// another project's by its number.
func TestRevisionsPermissions(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		_, cardIDs := w.Fill(t, w.Project, 1, 1)
		card, other := cardIDs[0][0], w.MakeProject(t, "other", true)
		ana := w.Connect(t, w.Owner)
		for i := range revisions.MaxRevisions + 5 {
			edit(t, ana, w.Project.ID, card, "card", fmt.Sprint("text ", i), strings.Repeat("ü", 2048), "")
		}
		for _, c := range []struct {
			who  string
			by   accounts.Actor
			id   int64
			kind projects.TextKind
			n    int
			want errs.Kind
		}{
			{"owner", w.Owner, w.Project.ID, "card", revisions.MaxRevisions, ""},
			{"admin", w.Admin, w.Project.ID, "card", revisions.MaxRevisions, ""},
			{"owner, a list of that number", w.Owner, w.Project.ID, "list", 0, ""},
			{"owner, in another project", w.Owner, other.ID, "card", 0, ""},
			{"owner, of something else", w.Owner, w.Project.ID, "file", 0, errs.Invalid},
			{"reader", w.Reader, w.Project.ID, "card", 0, errs.Forbidden},
			{"stranger", w.Stranger, w.Project.ID, "card", 0, errs.NotFound},
			{"nobody", w.Nobody, w.Project.ID, "card", 0, errs.NotFound},
		} {
			all, err := revisionsOf(w).Of(t.Context(), c.by, c.id, c.kind, card)
			if errs.KindOf(err) != c.want || len(all) != c.n {
				t.Errorf("%s: %d, %v", c.who, len(all), err)
			}
		}
		all, err := revisionsOf(w).Of(t.Context(), w.Owner, w.Project.ID, "card", card)
		if err != nil || all[0].Name != fmt.Sprint("text ", revisions.MaxRevisions+3) {
			t.Errorf("the newest is %q, %v", all[0].Name, err)
		}
		for _, payload := range []string{`{}`, `null`, `7`, `{"projectId":1}`, `{"projectId":"x","kind":"card","id":1}`, `{"projectId":1,"kind":[],"id":1}`} {
			if a := ana.Call(t, "read_versions", payload); a.Error != "invalid" {
				t.Errorf("%s: %+v", payload, a)
			}
		}
	})
}

// TestPurgedItemsLoseTheirTexts: earlier texts end with what they were of,
// and with nothing else of that number.
func TestPurgedItemsLoseTheirTexts(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		listIDs, cardIDs := w.Fill(t, w.Project, 2, 1)
		ana := w.Connect(t, w.Owner)
		for _, id := range listIDs {
			edit(t, ana, w.Project.ID, id, "list", "other", "", "")
		}
		for _, ids := range cardIDs {
			edit(t, ana, w.Project.ID, ids[0], "card", "other", "", "")
		}
		kept := func() string {
			all, err := revisionsOf(w).Of(t.Context(), w.Owner, w.Project.ID, projects.TextOfList, listIDs[0])
			text := fmt.Sprint(len(all), err)
			for _, id := range []int64{cardIDs[0][0], cardIDs[1][0]} {
				all, err := revisionsOf(w).Of(t.Context(), w.Owner, w.Project.ID, projects.TextOfCard, id)
				text += " " + fmt.Sprint(len(all), err)
			}
			return text
		}
		if got := kept(); got != "1 <nil> 1 <nil> 1 <nil>" {
			t.Fatal(got)
		}
		for _, e := range []any{lists.Purged{IDs: []int64{listIDs[0]}}, cards.Purged{IDs: []int64{cardIDs[1][0]}}, cards.Purged{}} {
			if err := w.DB.InTx(t.Context(), func(ctx context.Context) error { return w.Deps.Bus.Publish(ctx, e) }); err != nil {
				t.Fatal(err)
			}
		}
		if got := kept(); got != "0 <nil> 1 <nil> 0 <nil>" {
			t.Error(got)
		}
	})
}

// TestUnchangedTextHasNoRevision, and every one that does has one.
func TestUnchangedTextHasNoRevision(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		ctx, p := t.Context(), w.Project.ID
		listIDs, cardIDs := w.Fill(t, w.Project, 1, 1)
		rows := func() (n int) {
			t.Helper()
			if err := w.DB.From(ctx).Raw("SELECT COUNT(*) FROM text_version").Scan(&n).Error; err != nil {
				t.Fatal(err)
			}
			return n
		}
		for i, edit := range []struct {
			what string
			do   func() error
			want int
		}{
			{"a card as it is", func() error {
				_, err := w.Cards.Edit(ctx, projects.By(w.Owner, p), cardIDs[0][0], cards.Edit{Name: "card"})
				return err
			}, 0},
			{"members of a card", func() error {
				_, err := w.Cards.Edit(ctx, projects.By(w.Owner, p), cardIDs[0][0], cards.Edit{Name: "card", NewMembers: []int64{w.Admin.UserID}})
				return err
			}, 0},
			{"a list as it is", func() error {
				_, err := w.Lists.Edit(ctx, projects.By(w.Owner, p), listIDs[0], lists.Edit{Name: "list A"})
				return err
			}, 0},
			{"a project as it is", func() error {
				_, err := w.Projects.Edit(ctx, projects.By(w.Owner, p), projects.Edit{Name: "board"})
				return err
			}, 0},
			{"a card's description", func() error {
				_, err := w.Cards.Edit(ctx, projects.By(w.Owner, p), cardIDs[0][0], cards.Edit{Name: "card", Desc: "d"})
				return err
			}, 1},
			{"a list's name", func() error {
				_, err := w.Lists.Edit(ctx, projects.By(w.Owner, p), listIDs[0], lists.Edit{Name: "B"})
				return err
			}, 2},
		} {
			if err := edit.do(); err != nil {
				t.Fatal(err)
			}
			if n := rows(); n != edit.want {
				t.Errorf("%d. %s: %d earlier texts, want %d", i, edit.what, n, edit.want)
			}
		}
	})
}

// TestThirtyRevisionsForNinetyDays: the newest 30 of each item, and the worker
// deletes those older than 90 days and no others.
func TestThirtyRevisionsForNinetyDays(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		ctx, p := t.Context(), w.Project.ID
		_, cardIDs := w.Fill(t, w.Project, 1, 2)
		many, one := cardIDs[0][0], cardIDs[0][1]
		describe := func(id int64, desc string) {
			t.Helper()
			if _, err := w.Cards.Edit(ctx, projects.By(w.Owner, p), id, cards.Edit{Name: "card", Desc: desc}); err != nil {
				t.Fatal(err)
			}
		}
		kept := func(id int64) []string {
			t.Helper()
			all, err := revisionsOf(w).Of(ctx, w.Owner, p, projects.TextOfCard, id)
			if err != nil {
				t.Fatal(err)
			}
			descs := []string{}
			for _, r := range all {
				descs = append(descs, r.Desc)
			}
			return descs
		}
		describe(one, "only")
		describe(one, "only, again")
		for i := range 32 { // replaces 31 texts, the first of which was empty
			describe(many, fmt.Sprint("text ", i))
		}
		stored := 0
		if err := w.DB.From(ctx).Raw("SELECT COUNT(*) FROM text_version WHERE item_id = ?", many).Scan(&stored).Error; err != nil {
			t.Fatal(err)
		}
		if all := kept(many); stored != 30 || len(all) != 30 || all[0] != "text 30" || all[29] != "text 1" {
			t.Errorf("%d stored, shown %q", stored, all)
		}
		if all := kept(one); len(all) != 2 {
			t.Errorf("another card has %q", all)
		}

		const day = 24 * time.Hour
		age := func(desc string, by time.Duration) {
			t.Helper()
			if err := w.DB.InTx(ctx, func(ctx context.Context) error {
				return w.DB.From(ctx).Exec("UPDATE text_version SET replaced_at = ? WHERE item_desc = ?", w.DB.Now(ctx).Add(-by), desc).Error
			}); err != nil {
				t.Fatal(err)
			}
		}
		age("text 1", 90*day+time.Minute)
		age("text 2", 90*day-time.Hour)
		ctx, cancel := context.WithCancel(ctx)
		ended := make(chan error, 1)
		go func() { ended <- revisionsOf(w).RunJobs(ctx) }()
		for end := time.Now().Add(time.Minute); len(kept(many)) == 30; time.Sleep(5 * time.Millisecond) {
			if time.Now().After(end) {
				t.Fatal("the worker deletes nothing")
			}
		}
		if all := kept(many); len(all) != 29 || all[28] != "text 2" {
			t.Errorf("after the worker: %q", all)
		}
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
}
