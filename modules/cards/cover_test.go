package cards_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"image"
	"image/png"
	"strings"
	"testing"

	"taskstack.org/internal/boardtest"
	"taskstack.org/internal/testenv"
	"taskstack.org/modules/accounts"
	"taskstack.org/modules/cards"
	"taskstack.org/modules/files"
	"taskstack.org/modules/projects"
	"taskstack.org/modules/removal"
	"taskstack.org/platform/errs"
)

func pngFile(t *testing.T, width, height int) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, width, height))); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// covered is what the snapshot says of the cover of a card.
type covered struct {
	Cover    string                   `json:"cover"`
	Pictures map[string]files.Picture `json:"pictures"`
}

func coverIn(t *testing.T, w *boardtest.World, card int64) covered {
	t.Helper()
	var boardLists map[int64]struct {
		Cards map[int64]covered `json:"cards"`
	}
	if err := json.Unmarshal(snapshot(t, w, w.Project), &boardLists); err != nil {
		t.Fatal(err)
	}
	for _, l := range boardLists {
		if c, ok := l.Cards[card]; ok {
			return c
		}
	}
	t.Fatalf("card %d is not on the board", card)
	return covered{}
}

// imgURL is the column of the contract's schema.
func imgURL(t *testing.T, w *boardtest.World, card int64) *string {
	t.Helper()
	var url *string
	err := w.DB.InTx(t.Context(), func(ctx context.Context) error {
		return w.DB.From(ctx).Raw("SELECT img_url FROM card WHERE id = ?", card).Scan(&url).Error
	})
	if err != nil {
		t.Fatal(err)
	}
	return url
}

// lastEvent is the payload of the last event of a project, if it has the name.
func lastEvent(t *testing.T, w *boardtest.World, name string, into any) {
	t.Helper()
	all := w.Events(t, w.Project, w.Rev(t, w.Project)-1)
	if len(all) != 1 || all[0].Name != name {
		t.Fatalf("%+v, want one %s", all, name)
	}
	if err := json.Unmarshal(all[0].Payload, into); err != nil {
		t.Fatal(err)
	}
}

// TestCover follows the cover of a card: chosen, replaced, with its file to the trash and
// back, copied, removed with its file.
func TestCover(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		r := projects.By(w.Owner, w.Project.ID)
		_, cardIDs := w.Fill(t, w.Project, 1, 2)
		card := cardIDs[0][0]
		must := func(_ int64, err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		edit := func(c files.Changes) {
			t.Helper()
			must(w.Cards.Edit(t.Context(), r, card, cards.Edit{Name: "n", Files: c}))
		}
		edit(files.Changes{New: map[string][]byte{"a b.png": pngFile(t, 600, 300), "tall.png": pngFile(t, 30, 300), "t.txt": []byte("x"), "broken.png": []byte("\x89PNG\r\n\x1a\n")}})
		if got := coverIn(t, w, card); got.Cover != "" || len(got.Pictures) != 2 || got.Pictures["a b.png"].Width != 600 || got.Pictures["a b.png"].Height != 300 {
			t.Fatalf("%+v", got)
		}

		rev, page := w.Rev(t, w.Project), w.Page(t, w.Project)
		must(w.Cards.SetCover(t.Context(), r, card, "a b.png"))
		w.Follow(t, page, w.Project, rev) // a client 2.x goes on
		var event covered
		lastEvent(t, w, "card_cover_changed", &event)
		if got := coverIn(t, w, card); got.Cover != "a b.png" || fmt.Sprint(got) != fmt.Sprint(event) {
			t.Errorf("snapshot %+v, event %+v", got, event)
		}
		of, err := w.Files.Of(t.Context(), files.OfCard, []int64{card})
		if url := imgURL(t, w, card); err != nil || url == nil || !strings.HasPrefix(*url, "/files/") || !strings.Contains(fmt.Sprint(of[card]), *url) {
			t.Errorf("img_url is %v, error %v", url, err)
		}
		objects := len(w.Objects(t))
		must(w.Cards.SetCover(t.Context(), r, card, "a b.png"))
		if w.Rev(t, w.Project) != rev+1 || len(w.Objects(t)) != objects || objects != 5 {
			t.Errorf("the same again: %d revisions, %d objects, were %d", w.Rev(t, w.Project)-rev, len(w.Objects(t)), objects)
		}

		// What its page shows.
		v := view(t, w, card).CoverPicture()
		if v == nil || v.Width != 600 || v.Height != 300 || !strings.HasPrefix(v.Src, *imgURL(t, w, card)+"/a%20b.png?cover=") {
			t.Errorf("%+v", v)
		}
		key, _ := view(t, w, card).CacheKey(true)
		must(w.Files.Describe(t.Context(), r, files.Owner{Kind: files.OfCard, ID: card}, "a b.png", " A red\ndoor "))
		if got := view(t, w, card); got.CoverPicture().Text != "A red door" {
			t.Errorf("%+v", got.CoverPicture())
		} else if after, _ := got.CacheKey(true); after == key {
			t.Error("the cached markup is that without the description")
		}

		// Another content under the same name.
		before := coverIn(t, w, card).Pictures["a b.png"].Version
		edit(files.Changes{Replaced: map[string][]byte{"a b.png": pngFile(t, 90, 900)}})
		var updated covered
		lastEvent(t, w, "update_card", &updated)
		if got := coverIn(t, w, card); got.Cover != "a b.png" || got.Pictures["a b.png"].Version == before || updated.Pictures["a b.png"] != got.Pictures["a b.png"] {
			t.Errorf("snapshot %+v, event %+v", got, updated)
		}
		if v := view(t, w, card).CoverPicture(); v.Width != 90 || v.Height != 67 || v.Text != "A red door" {
			t.Errorf("%+v", v)
		}

		// To the trash and back; a copy has no files, so no cover.
		must(w.Cards.Delete(t.Context(), r, card))
		must(w.Cards.Restore(t.Context(), r, removal.RestoreRequest{ID: card, From: removal.InTrash}))
		if got := coverIn(t, w, card); got.Cover != "a b.png" {
			t.Errorf("a restored card: %+v", got)
		}
		copied, _, err := w.Cards.Copy(t.Context(), r, card, "copy")
		if got := coverIn(t, w, copied); err != nil || got.Cover != "" || imgURL(t, w, copied) != nil {
			t.Errorf("a copy: %+v, error %v", got, err)
		}

		edit(files.Changes{Removed: []string{"a b.png"}})
		if got := coverIn(t, w, card); got.Cover != "" || imgURL(t, w, card) != nil {
			t.Errorf("without its file: %+v, img_url %v", got, imgURL(t, w, card))
		}
		must(w.Cards.SetCover(t.Context(), r, card, "tall.png"))
		edit(files.Changes{Replaced: map[string][]byte{"tall.png": []byte("text")}})
		if got := coverIn(t, w, card); got.Cover != "" || len(got.Pictures) != 0 {
			t.Errorf("a picture that became a text: %+v", got)
		}
	})
}

// view is a card as templates get it.
func view(t *testing.T, w *boardtest.World, card int64) cards.View {
	t.Helper()
	c, err := w.Cards.OnBoard(t.Context(), w.Project.ID, card)
	if err != nil {
		t.Fatal(err)
	}
	views, err := w.Cards.Views(t.Context(), w.Project, []cards.Card{c.Card})
	if err != nil {
		t.Fatal(err)
	}
	return views[0]
}

func TestRefusedCoversAndDescriptions(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		r := projects.By(w.Owner, w.Project.ID)
		listIDs, cardIDs := w.Fill(t, w.Project, 1, 1)
		card := cardIDs[0][0]
		other := w.MakeProject(t, "other", true)
		_, err := w.Cards.Edit(t.Context(), r, card, cards.Edit{Name: "n", Files: files.Changes{New: map[string][]byte{
			"a.png": pngFile(t, 60, 30), "t.txt": []byte("x"), "broken.png": append(pngFile(t, 60, 30)[:60], 1, 2, 3), "large.png": pngFile(t, 4001, 4000),
		}}})
		if err != nil {
			t.Fatal(err)
		}
		rev, objects := w.Rev(t, w.Project), len(w.Objects(t))
		cover := func(by accounts.Actor, project, id int64, name string) error {
			_, err := w.Cards.SetCover(t.Context(), projects.By(by, project), id, name)
			return err
		}
		describe := func(by accounts.Actor, project int64, o files.Owner, name, text string) error {
			_, err := w.Files.Describe(t.Context(), projects.By(by, project), o, name, text)
			return err
		}
		own := files.Owner{Kind: files.OfCard, ID: card}
		for name, c := range map[string]struct {
			err  error
			kind errs.Kind
		}{
			"a text":                       {cover(w.Owner, w.Project.ID, card, "t.txt"), errs.Invalid},
			"a broken picture":             {cover(w.Owner, w.Project.ID, card, "broken.png"), errs.Invalid},
			"too many pixels":              {cover(w.Owner, w.Project.ID, card, "large.png"), errs.Invalid},
			"no such file":                 {cover(w.Owner, w.Project.ID, card, "b.png"), errs.NotFound},
			"a reader":                     {cover(w.Reader, w.Project.ID, card, "a.png"), errs.Forbidden},
			"a reader who removes it":      {cover(w.Reader, w.Project.ID, card, ""), errs.Forbidden},
			"a stranger":                   {cover(w.Stranger, w.Project.ID, card, "a.png"), errs.NotFound},
			"the card of another project":  {cover(w.Owner, other.ID, card, "a.png"), errs.NotFound},
			"no such card":                 {cover(w.Owner, w.Project.ID, card+100, "a.png"), errs.NotFound},
			"described by a reader":        {describe(w.Reader, w.Project.ID, own, "a.png", "x"), errs.Forbidden},
			"described by a stranger":      {describe(w.Stranger, w.Project.ID, own, "a.png", "x"), errs.NotFound},
			"described in another project": {describe(w.Owner, other.ID, own, "a.png", "x"), errs.NotFound},
			"the description of no file":   {describe(w.Owner, w.Project.ID, own, "b.png", "x"), errs.NotFound},
			"the description of a list's":  {describe(w.Owner, w.Project.ID, files.Owner{Kind: files.OfList, ID: listIDs[0]}, "a.png", "x"), errs.NotFound},
			"a description of 513":         {describe(w.Owner, w.Project.ID, own, "a.png", strings.Repeat("ä", 513)), errs.Invalid},
		} {
			if c.err == nil || errs.KindOf(c.err) != c.kind {
				t.Errorf("%s: %v", name, c.err)
			}
		}
		if w.Rev(t, w.Project) != rev || len(w.Objects(t)) != objects {
			t.Errorf("%d revisions, %d objects", w.Rev(t, w.Project)-rev, len(w.Objects(t))-objects)
		}
		if err := describe(w.Owner, w.Project.ID, own, "a.png", strings.Repeat("ä", 512)); err != nil {
			t.Error(err)
		}
	})
}

// TestCoverOfUnmeasuredPicture: a file from before pictures were measured is measured
// when it is chosen.
func TestCoverOfUnmeasuredPicture(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		r := projects.By(w.Owner, w.Project.ID)
		_, cardIDs := w.Fill(t, w.Project, 1, 1)
		card := cardIDs[0][0]
		if _, err := w.Cards.Edit(t.Context(), r, card, cards.Edit{Name: "n", Files: files.Changes{New: map[string][]byte{"a.png": pngFile(t, 60, 30)}}}); err != nil {
			t.Fatal(err)
		}
		err := w.DB.InTx(t.Context(), func(ctx context.Context) error {
			return w.DB.From(ctx).Exec("UPDATE card_attached_file SET width = NULL, height = NULL").Error
		})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Cards.SetCover(t.Context(), r, card, "a.png"); err != nil {
			t.Fatal(err)
		}
		var event covered
		lastEvent(t, w, "card_cover_changed", &event)
		if event.Cover != "a.png" || event.Pictures["a.png"].Width != 60 {
			t.Errorf("%+v", event)
		}
	})
}
