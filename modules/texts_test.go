package modules_test

import (
	"bufio"
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// avoidedWord is a row of avoided_words.txt.
type avoidedWord struct {
	lang    string
	pattern *regexp.Regexp
	instead string
	example string
}

// placeholder is {{.Name}} in a text. Patterns see {} in its place.
var placeholder = regexp.MustCompile(`\{\{[^}]*\}\}`)

// TestTextsAvoidWords reads every catalogue in the tree, with the ones that
// generated modules begin with, and refuses the words of avoided_words.txt.
func TestTextsAvoidWords(t *testing.T) {
	words := avoidedWords(t)
	texts := 0
	for _, file := range catalogues(t) {
		lang := strings.TrimSuffix(filepath.Base(file), ".json")
		for key, text := range textsOf(t, file) {
			texts++
			for _, w := range words {
				if found := w.pattern.FindString(placeholder.ReplaceAllString(text, "{}")); found != "" && w.lang == lang {
					t.Errorf("%s: the text %q contains %q: %q. Say: %s", file, key, found, text, w.instead)
				}
			}
		}
	}
	if texts < 1000 {
		t.Errorf("only %d texts were read", texts)
	}
}

// TestAvoidedWordsAreFound proves that each pattern finds the example beside it.
func TestAvoidedWordsAreFound(t *testing.T) {
	for _, w := range avoidedWords(t) {
		if !w.pattern.MatchString(w.example) {
			t.Errorf("%s does not find its example %q", w.pattern, w.example)
		}
	}
}

func avoidedWords(t *testing.T) []avoidedWord {
	t.Helper()
	f, err := os.Open("avoided_words.txt")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	var words []avoidedWord
	for lines := bufio.NewScanner(f); lines.Scan(); {
		line := lines.Text()
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		cells := strings.Split(line, " | ")
		if len(cells) != 4 || cells[0] != "en" && cells[0] != "de" {
			t.Fatalf("avoided_words.txt: %q is not language | pattern | instead | example", line)
		}
		pattern, err := regexp.Compile(cells[1])
		if err != nil {
			t.Fatalf("avoided_words.txt: %v", err)
		}
		words = append(words, avoidedWord{cells[0], pattern, cells[2], cells[3]})
	}
	return words
}

// catalogues are the files locales/⟨language⟩.json of the whole tree.
func catalogues(t *testing.T) []string {
	t.Helper()
	var files []string
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.IsDir() && (d.Name() == "node_modules" || path == "../data" || path == "../.git") {
			return fs.SkipDir
		}
		if err == nil && filepath.Base(filepath.Dir(path)) == "locales" && filepath.Ext(path) == ".json" {
			files = append(files, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// textsOf are the texts of a catalogue by key, the plural forms as key.one and
// key.other.
func textsOf(t *testing.T, file string) map[string]string {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var raw map[string]json.RawMessage
	if err := json.Unmarshal(data, &raw); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	texts := map[string]string{}
	for key, value := range raw {
		var text string
		if json.Unmarshal(value, &text) == nil {
			texts[key] = text
			continue
		}
		forms := map[string]string{}
		if err := json.Unmarshal(value, &forms); err != nil {
			t.Fatalf("%s: %s: %v", file, key, err)
		}
		for form, text := range forms {
			texts[key+"."+form] = text
		}
	}
	return texts
}
