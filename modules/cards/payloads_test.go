package cards_test

import (
	"encoding/json"
	"flag"
	"os"
	"regexp"
	"strings"
	"testing"

	"taskstack.org/internal/boardtest"
	"taskstack.org/internal/testenv"
	"taskstack.org/modules/cards"
	"taskstack.org/modules/files"
	"taskstack.org/modules/lists"
	"taskstack.org/modules/projects"
	"taskstack.org/modules/removal"
)

var update = flag.Bool("update", false, "write testdata/payloads.json anew")

// TestPayloads compares every event of lists and cards and the snapshot of their
// board, byte by byte but for the order of keys, with testdata/payloads.json.
// Clients depend on it: it changes only when the contract does.
func TestPayloads(t *testing.T) {
	w := boardtest.New(t, testenv.MigratedSQLite(t))
	p, by := w.Project.ID, w.Owner
	rev := w.Rev(t, w.Project)
	file := func(names ...string) map[string][]byte {
		contents := map[string][]byte{}
		for _, name := range names {
			contents[name] = []byte("x")
		}
		return contents
	}
	must := func(_ int64, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	list, _, err := w.Lists.Create(t.Context(), projects.By(by, p), lists.Draft{Name: "list", Desc: "d", Files: file("a b", "ä")})
	must(0, err)
	other := lists.MakeList(t, w.Lists.Service, by, p, "other")
	card, _, err := w.Cards.Create(t.Context(), projects.By(by, p), list, cards.Draft{
		Name: "card", Desc: "<b>\u2028", Files: file("f", "e"), Members: []int64{w.Reader.UserID, w.Owner.UserID},
	})
	must(0, err)
	second := cards.MakeCard(t, w.Cards.Service, by, p, list, "second")
	must(w.Cards.Edit(t.Context(), projects.By(by, p), card, cards.Edit{
		Name: "edited", Files: files.Changes{New: file("g"), Removed: []string{"e"}},
		NewMembers: []int64{w.Admin.UserID}, RemovedMembers: []int64{w.Reader.UserID},
	}))
	must(w.Cards.Edit(t.Context(), projects.By(by, p), second, cards.Edit{Name: "second"}))
	must(w.Lists.Edit(t.Context(), projects.By(by, p), list, lists.Edit{Name: "list 2", Files: files.Changes{New: file("c"), Removed: []string{"ä"}}}))
	_, err = w.Files.Upload(t.Context(), by, files.Upload{Owner: files.Owner{Kind: files.OfCard, ID: second}, Name: "u", Size: 1, Body: strings.NewReader("x")})
	must(0, err)
	_, err = w.Files.Upload(t.Context(), by, files.Upload{Owner: files.Owner{Kind: files.OfList, ID: other}, Name: "u", Size: 1, Body: strings.NewReader("x")})
	must(0, err)
	must(w.Lists.Move(t.Context(), projects.By(by, p), list, 0, nil))
	must(w.Cards.Move(t.Context(), projects.By(by, p), card, list, 1))
	must(w.Cards.MoveMany(t.Context(), projects.By(by, p), []int64{card, second}, other, 0))
	must(w.Cards.MoveBack(t.Context(), projects.By(by, p), []cards.Position{{ID: card, ListID: list, Pos: 0}}, w.Rev(t, w.Project)))
	must(w.Cards.Archive(t.Context(), projects.By(by, p), second))
	must(w.Cards.Delete(t.Context(), projects.By(by, p), card))
	must(w.Cards.Restore(t.Context(), projects.By(by, p), removal.RestoreRequest{ID: card, From: removal.InTrash}))
	must(w.Cards.Restore(t.Context(), projects.By(by, p), removal.RestoreRequest{ID: second, From: removal.InArchive}))
	must(w.Lists.Delete(t.Context(), projects.By(by, p), list))
	must(w.Lists.Restore(t.Context(), projects.By(by, p), removal.RestoreRequest{ID: list, From: removal.InTrash}))
	must(w.Lists.Archive(t.Context(), projects.By(by, p), other))
	must(w.Lists.Relocate(t.Context(), projects.By(by, p), other, removal.InArchive, removal.InTrash))
	must(w.Lists.Relocate(t.Context(), projects.By(by, p), other, removal.InTrash, removal.PermanentlyDeleted))

	var got []any
	for _, e := range w.Events(t, w.Project, rev) {
		got = append(got, map[string]any{"event": e.Name, "payload": plain(t, e.Payload)})
	}
	got = append(got, map[string]any{"board": plain(t, snapshot(t, w, w.Project))})
	text, err := json.MarshalIndent(got, "", " ")
	must(0, err)
	text = append(storageKey.ReplaceAll(text, []byte("/files/KEY/")), '\n')
	const golden = "testdata/payloads.json"
	if *update {
		must(0, os.WriteFile(golden, text, 0o600))
	}
	want, err := os.ReadFile(golden)
	must(0, err)
	if string(text) != string(want) {
		t.Errorf("the payloads differ from %s:\n%s", golden, text)
	}
}

var storageKey = regexp.MustCompile(`/files/[0-9a-f]{32}/`)

// snapshot is a board's lists and cards as the page and a resync get them.
func snapshot(t *testing.T, w *boardtest.World, p projects.Project) []byte {
	t.Helper()
	b, err := w.Projects.Board(t.Context(), w.Owner, p.OwnerName, p.Name)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := json.Marshal(b.Data["lists"])
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// plain is JSON without an order of keys.
func plain(t *testing.T, raw []byte) (value any) {
	t.Helper()
	if err := json.Unmarshal(raw, &value); err != nil {
		t.Fatalf("%v: %s", err, raw)
	}
	return value
}
