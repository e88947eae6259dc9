package main

import (
	"io/fs"
	"os"
	"path"
	"regexp"
	"strings"
	"testing"

	"taskstack.org/templates"
)

// use finds {{template "x/_y"}}, {{memo "x/_y"}} and {{slot "_y"}}.
var use = regexp.MustCompile(`\b(?:template|memo|slot) "([^"]+)"`)

// TestEveryPieceIsUsed finds a piece whose name is misspelt, so that it fills no
// slot, and one that nothing includes. A slot that docs/modules.md lists may be
// missing: its host may have been removed.
func TestEveryPieceIsUsed(t *testing.T) {
	used, pieces := map[string]bool{}, []string{}
	err := fs.WalkDir(templates.Files, ".", func(file string, d fs.DirEntry, err error) error {
		piece, isTemplate := strings.CutSuffix(file, ".html")
		if err != nil || d.IsDir() || !isTemplate {
			return err
		}
		if strings.HasPrefix(path.Base(file), "_") {
			pieces = append(pieces, piece)
		}
		text, err := fs.ReadFile(templates.Files, file)
		for _, m := range use.FindAllSubmatch(text, -1) {
			used[string(m[1])] = true
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	documented := documentedSlots(t)
	for _, piece := range pieces {
		if !used[piece] && !used[path.Base(piece)] && !documented[path.Base(piece)] {
			t.Errorf("templates/%s.html is not used: no template includes it, and there is no slot %s; correct its name or remove it", piece, path.Base(piece))
		}
	}
}

// TestEverySlotIsDocumented compares the slots of the templates with the table in
// docs/modules.md.
func TestEverySlotIsDocumented(t *testing.T) {
	documented := documentedSlots(t)
	err := fs.WalkDir(templates.Files, ".", func(file string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := fs.ReadFile(templates.Files, file)
		for _, m := range slotUse.FindAllSubmatch(text, -1) {
			if !documented[string(m[1])] {
				t.Errorf("templates/%s has the slot %s, which the table in docs/modules.md does not list", file, m[1])
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

var (
	slotUse = regexp.MustCompile(`\bslot "([^"]+)"`)
	slotRow = regexp.MustCompile("`(_[a-z][A-Za-z]*)`")
)

// documentedSlots are the slots in the first column of the table in docs/modules.md.
func documentedSlots(t *testing.T) map[string]bool {
	t.Helper()
	text, err := os.ReadFile("../../docs/modules.md")
	if err != nil {
		t.Fatal(err)
	}
	slots := map[string]bool{}
	for line := range strings.Lines(string(text)) {
		if first, _, ok := strings.Cut(strings.TrimPrefix(line, "| "), " | "); ok {
			for _, m := range slotRow.FindAllStringSubmatch(first, -1) {
				slots[m[1]] = true
			}
		}
	}
	return slots
}

// Pages are parsed when they are first rendered: what does not parse, or names a
// piece or file that does not exist, must show here.
func TestEveryPageAndPieceParses(t *testing.T) {
	newStage(t, "")
	if err := parsedPages.Check(); err != nil {
		t.Error(err)
	}
}
