package main

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"io"
	"maps"
	"slices"
	"strings"
	"testing"

	"taskstack.org/internal/testenv"
	"taskstack.org/modules/accounts"
)

// archive is an account's export, by path.
func (l *leaver) archive(by accounts.Actor) map[string]string {
	l.t.Helper()
	var buf bytes.Buffer
	l.must(l.modules.Accounts.Exports.WriteExport(l.t.Context(), by, &buf))
	z, err := zip.NewReader(bytes.NewReader(buf.Bytes()), int64(buf.Len()))
	l.must(err)
	content := map[string]string{}
	for _, file := range z.File {
		if _, twice := content[file.Name]; twice || strings.Contains(file.Name, "..") || strings.HasPrefix(file.Name, "/") {
			l.t.Errorf("the archive has a file %q twice, or outside of it", file.Name)
		}
		r, err := file.Open()
		l.must(err)
		text, err := io.ReadAll(r)
		l.must(err)
		content[file.Name] = string(text)
	}
	return content
}

func TestAccountExport(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		l := newLeaver(t, uri)
		got := l.archive(l.ana)
		for _, name := range []string{
			"account.json", "picture.png", "friends.json", "projects.json", "projects/shared/lists.json", "projects/shared/cards.json",
			"projects/website-relaunch/cards.json", "projects/alone/lists.json",
		} {
			if got[name] == "" {
				t.Errorf("%s is missing in %v", name, slices.Sorted(maps.Keys(got)))
			}
		}
		var attached []string
		for name, text := range got {
			if strings.HasPrefix(name, "projects/shared/") && strings.HasSuffix(name, "/plan.txt") && text == "plan of shared" {
				attached = append(attached, name)
			}
			if strings.HasSuffix(name, ".json") && !json.Valid([]byte(text)) {
				t.Errorf("%s is no JSON: %s", name, text)
			}
			if strings.Contains(text, "kitchen-renovation") && name != "projects.json" {
				t.Errorf("%s tells of somebody else's board", name)
			}
		}
		if len(attached) != 2 {
			t.Errorf("the files of a list and a card are %v", attached)
		}
		var cards []struct{ Members []string }
		l.must(json.Unmarshal([]byte(got["projects/shared/cards.json"]), &cards))
		if len(cards) != 1 || !slices.Equal(cards[0].Members, []string{"ana"}) {
			t.Errorf("cards: %v", cards)
		}
		for _, want := range []string{`"ben"`, `"chloe"`, `"hanna"`, `"dmitri"`} {
			if !strings.Contains(got["friends.json"], want) {
				t.Errorf("friends.json lacks %s: %s", want, got["friends.json"])
			}
		}
	})
}
