package main

import (
	"bufio"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// tableName is the name of the files that list faults.
const tableName = "faults.txt"

// A fault is one small change of one file that tests should notice.
type fault struct {
	Area string
	Name string
	File string // from the root, with slashes
	// After, if not empty, is text behind which Old is looked for.
	After string
	Old   []string // lines; their indentation does not matter
	New   []string
	By    []check // any of which should fail
	// Database is what TASKSTACK_TEST_ONLY is set to, SQLite unless a row says
	// otherwise; empty is both.
	Database string
	Where    string // file and line of the row
}

// A check is the tests of a Go package, or a file of tests for node.
type check struct {
	Target string // "./modules/bin" or "static/js/lib/text.test.mjs"
	Run    string // pattern of the names; empty is all
}

func (c check) isGo() bool    { return strings.HasPrefix(c.Target, "./") }
func (c check) isStory() bool { return strings.HasPrefix(c.Target, "e2e/") }

// readTables reads every table below root, in the order of their paths.
func readTables(root string) ([]fault, error) {
	var all []fault
	err := filepath.WalkDir(root, func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && (entry.Name() == "node_modules" || strings.HasPrefix(entry.Name(), ".") && name != root) {
			return fs.SkipDir
		}
		if entry.Name() != tableName {
			return nil
		}
		raw, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		shown, err := filepath.Rel(root, name)
		if err != nil {
			return err
		}
		faults, err := parseTable(filepath.ToSlash(shown), string(raw))
		all = append(all, faults...)
		return err
	})
	return all, err
}

// parseTable reads one table; docs/testing.md says how it is written.
func parseTable(name, text string) ([]fault, error) {
	var (
		faults   []fault
		defaults fault
		current  = &defaults
	)
	lines := bufio.NewScanner(strings.NewReader(text))
	for number := 1; lines.Scan(); number++ {
		line := lines.Text()
		if strings.TrimSpace(line) == "" || strings.HasPrefix(line, "#") {
			continue
		}
		word, rest, _ := strings.Cut(line, " ")
		where := fmt.Sprintf("%s:%d", name, number)
		if word == "fault" {
			next := defaults
			next.Name, next.Where, next.By = rest, where, slices.Clone(defaults.By)
			faults = append(faults, next)
			current = &faults[len(faults)-1]
			continue
		}
		if word == "area" {
			defaults = fault{Area: rest, Database: "sqlite"}
			current = &defaults
			continue
		}
		if err := current.set(word, rest, path.Dir(name)); err != nil {
			return nil, fmt.Errorf("%s: %w", where, err)
		}
	}
	for _, f := range faults {
		if f.Area == "" || f.File == "" || len(f.Old) == 0 || len(f.By) == 0 {
			return nil, fmt.Errorf("%s: a fault has an area, a file, an old text and tests", f.Where)
		}
	}
	return faults, lines.Err()
}

func (f *fault) set(word, rest, dir string) error {
	switch word {
	case "in":
		f.File, f.After, _ = strings.Cut(rest, " after ")
		f.File = path.Join(dir, f.File)
	case "-":
		f.Old = append(f.Old, rest)
	case "+":
		f.New = append(f.New, rest)
	case "by":
		f.By = nil
		for target := range strings.FieldsSeq(rest) {
			at, run, _ := strings.Cut(target, ":")
			f.By = append(f.By, check{Target: at, Run: run})
		}
	case "on":
		f.Database = rest
		if rest == "both" {
			f.Database = ""
		}
	default:
		return fmt.Errorf("%q is no word of a table", word)
	}
	return nil
}

// find returns where the old text begins and ends in a file's text. It must be
// there once, or once behind After.
func (f *fault) find(text string) (begin, end int, err error) {
	offset := 0
	if f.After != "" {
		offset = strings.Index(text, f.After)
		if offset < 0 {
			return 0, 0, fmt.Errorf("%s has no %q", f.File, f.After)
		}
	}
	quoted := make([]string, len(f.Old))
	for i, line := range f.Old {
		quoted[i] = regexp.QuoteMeta(strings.TrimSpace(line))
	}
	pattern, err := regexp.Compile(strings.Join(quoted, `\n[ \t]*`))
	if err != nil {
		return 0, 0, err
	}
	found := pattern.FindAllStringIndex(text[offset:], 2)
	switch {
	case len(found) == 0:
		return 0, 0, fmt.Errorf("%s has no %q", f.File, strings.Join(f.Old, "\n"))
	case len(found) == 2 && f.After == "":
		return 0, 0, fmt.Errorf("%s has %q more than once: say behind which text", f.File, strings.Join(f.Old, "\n"))
	}
	return offset + found[0][0], offset + found[0][1], nil
}

// apply returns the text with the fault in it.
func (f *fault) apply(text string) (string, error) {
	begin, end, err := f.find(text)
	if err != nil {
		return "", err
	}
	return text[:begin] + strings.Join(f.New, "\n") + text[end:], nil
}

// changed is a fault's file in the tree below root with the fault in it. The
// error says why it cannot be put in any more.
func (f *fault) changed(root string) (string, error) {
	raw, err := os.ReadFile(filepath.Join(root, f.File))
	if err != nil {
		return "", err
	}
	text, err := f.apply(string(raw))
	if err != nil {
		return "", err
	}
	if text == string(raw) {
		return "", fmt.Errorf("%s: the new text is the old one", f.File)
	}
	for _, c := range f.By {
		if _, err := os.Stat(filepath.Join(root, c.Target)); err != nil {
			return "", err
		}
	}
	return text, nil
}
