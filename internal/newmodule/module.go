package main

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"go/format"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"text/template"
)

// featuresFile has a line for each feature.
const featuresFile = "internal/wiring/features.go"

// templates are the files of a module: below "card" those of one with cards,
// below "project" those of one without. In their paths NAME is the module's name
// and NUMBER that of the migration.
//
//go:embed all:template
var templates embed.FS

// module is what templates are filled with.
type module struct {
	root string
	// Name is one lower-case word, Title begins with a capital.
	Name, Title string
	Card        bool
	// Number is that of the migration, four digits.
	Number string
}

var oneWord = regexp.MustCompile(`^[a-z]{2,12}$`)

// reserved are words that mean something else where a module's name is used: in
// paths of templates and scripts, in keys of texts, in addresses and in Go.
var reserved = []string{
	"account", "admin", "api", "app", "avatars", "bin", "board", "both", "card", "common", "component", "components", "core", "dev", "dist", "errors", "feature",
	"features", "file", "help", "helpers", "layout", "layouts", "lib", "list", "locale", "locales", "main", "metrics", "module", "modules", "name", "number",
	"platform", "project", "static", "table", "template", "templates", "test", "testing", "tests", "ui", "user", "users", "util", "utils", "wiring",
	// Predeclared in Go, or packages that a module imports.
	"any", "append", "bool", "byte", "cap", "clear", "close", "cmp", "comparable", "complex", "context", "copy", "db", "delete", "embed", "error", "errs", "events",
	"false", "float", "fs", "imag", "int", "iota", "json", "len", "make", "max", "min", "new", "nil", "panic", "print", "println", "real", "realtime", "recover",
	"rune", "slices", "socketio", "string", "strings", "time", "true", "uint",
	// Words of JavaScript that are none of Go.
	"await", "catch", "class", "const", "debugger", "delete", "do", "enum", "export", "extends", "finally", "function", "in", "instanceof", "let", "null", "super",
	"this", "throw", "try", "typeof", "undefined", "void", "while", "with", "yield",
}

// newModule returns a module to be written below root. Errors say what is wrong
// with the name.
func newModule(root, name string, card bool) (module, error) {
	m := module{root: root, Name: name, Card: card}
	if !oneWord.MatchString(name) {
		return m, fmt.Errorf("%q is no name of a module: take one word of 2 to 12 letters a–z, such as due", name)
	}
	if token.IsKeyword(name) || slices.Contains(reserved, name) {
		return m, fmt.Errorf("%q is reserved: it means something else in Go, JavaScript or the tree; take another word", name)
	}
	for _, folder := range []string{"modules", "templates", "static/js", "static/css/components", "e2e/entries", "platform", "internal"} {
		taken, err := filepath.Glob(filepath.Join(root, filepath.FromSlash(folder), name+"*"))
		if err != nil {
			return m, err
		}
		for _, t := range taken {
			if base, _, _ := strings.Cut(filepath.Base(t), "."); base == name {
				return m, fmt.Errorf("%s exists: take another word, or remove that first", t)
			}
		}
	}
	m.Title = strings.ToUpper(name[:1]) + name[1:]
	return m, m.number()
}

var createTable = regexp.MustCompile("(?i)CREATE TABLE (?:IF NOT EXISTS )?[`\"]?([a-z_]+)")

// number finds the number of the migration, and refuses a name whose tables
// exist.
func (m *module) number() error {
	files, err := filepath.Glob(filepath.Join(m.root, "migrations/sqlite/*.sql"))
	if err != nil || len(files) == 0 {
		return fmt.Errorf("no migrations below %s: run it in the root of the repository (%w)", m.root, errors.Join(err, fs.ErrNotExist))
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		for _, found := range createTable.FindAllSubmatch(text, -1) {
			if table := string(found[1]); table == m.Name || table == m.Name+"_card" || table == m.Name+"_text" {
				return fmt.Errorf("the table %s exists: take another word", table)
			}
		}
	}
	last, _, _ := strings.Cut(filepath.Base(slices.Max(files)), "_")
	n, err := strconv.Atoi(last)
	if err != nil {
		return fmt.Errorf("migration %s has no number: %w", slices.Max(files), err)
	}
	m.Number = fmt.Sprintf("%04d", n+1)
	return nil
}

// write writes all files and adds the module to featuresFile. Nothing is written
// if any of it fails. It returns the names of the new files.
func (m module) write() ([]string, error) {
	files, err := m.files()
	if err != nil {
		return nil, err
	}
	wiring := filepath.Join(m.root, filepath.FromSlash(featuresFile))
	text, err := os.ReadFile(wiring)
	if err != nil {
		return nil, err
	}
	wired, err := m.wired(string(text))
	if err != nil {
		return nil, err
	}
	var names []string
	for name, text := range files {
		if err := writeNew(filepath.Join(m.root, filepath.FromSlash(name)), text); err != nil {
			return nil, err
		}
		names = append(names, name)
	}
	slices.Sort(names)
	return names, os.WriteFile(wiring, []byte(wired), 0o600)
}

func writeNew(name string, text []byte) error {
	if err := os.MkdirAll(filepath.Dir(name), 0o750); err != nil {
		return err
	}
	file, err := os.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	_, err = file.Write(text)
	return errors.Join(err, file.Close())
}

// files returns the texts of all files by their names.
func (m module) files() (map[string][]byte, error) {
	root := "template/project"
	if m.Card {
		root = "template/card"
	}
	files := map[string][]byte{}
	err := fs.WalkDir(templates, root, func(file string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		name := strings.TrimSuffix(strings.TrimPrefix(file, root+"/"), ".tmpl")
		name = strings.NewReplacer("NAME", m.Name, "NUMBER", m.Number).Replace(name)
		files[name], err = m.fill(file)
		return err
	})
	return files, err
}

func (m module) fill(file string) ([]byte, error) {
	text, err := fs.ReadFile(templates, file)
	if err != nil {
		return nil, err
	}
	t, err := template.New(file).Delims("⟦", "⟧").Parse(string(text))
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if err := t.Execute(&b, m); err != nil {
		return nil, err
	}
	if strings.HasSuffix(file, ".go.tmpl") {
		source, err := format.Source(b.Bytes())
		if err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		return source, nil
	}
	return b.Bytes(), nil
}

// wired is the text of featuresFile with the module's import and its line, which
// comes last.
func (m module) wired(text string) (string, error) {
	const imports, end = "\t\"taskstack.org/platform/module\"\n", "\n\t)\n}\n"
	if strings.Count(text, imports) != 1 || !strings.HasSuffix(text, end) {
		return "", fmt.Errorf("%s has another form than this program knows: add the import and the line of %s by hand", featuresFile, m.Name)
	}
	line := m.Name + ".New(deps, c.Projects.Service),"
	if m.Card {
		line = m.Name + ".New(deps, c.Projects.Service, c.Cards.Service),"
	}
	text = strings.Replace(text, imports, "\t\"taskstack.org/modules/"+m.Name+"\"\n"+imports, 1)
	text = strings.TrimSuffix(text, end) + "\n\t\t" + line + end
	source, err := format.Source([]byte(text)) // sorts the imports
	return string(source), err
}
