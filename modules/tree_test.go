package modules_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const modulePath = "taskstack.org/"

// folderOwners are the folders of templates and scripts that are not named
// after their module: those that all modules share, which belong to none, and
// those of a module of another name.
var folderOwners = map[string]string{
	"templates/layouts": "", "templates/components": "", "templates/errors": "", "templates/locales": "", "templates/dev": "devtools",
	"js/lib": "", "js/components": "", "js/board": "projects",
}

// use is a place where a module names another. The module is empty where all
// modules share the file.
type use struct {
	module, other string
	file          string // from the root of the repository
	line          int
	what          string // what it does, for messages
}

// folder is the folder of the module that the use is in: templates/cards.
func (u use) folder() string {
	parts := strings.Split(u.file, "/")
	n := 2
	if parts[0] == "static" {
		n = 3
	}
	return strings.Join(parts[:min(n, len(parts)-1)], "/")
}

// tree is the modules and what they use of each other.
type tree struct {
	core     []string // in the order of wiring
	features map[string]bool
	uses     []use
}

func readTree(t *testing.T) tree {
	t.Helper()
	tr := tree{core: wired(t, "wiring.go"), features: map[string]bool{}}
	for _, name := range wired(t, "features.go") {
		tr.features[name] = true
	}
	for _, s := range sources(t, ".") {
		for _, imp := range s.imports {
			if other, ok := strings.CutPrefix(imp.text, modulePath+"modules/"); ok {
				tr.add(s.module, other, s.file, imp.line, "imports "+other)
			}
		}
	}
	tr.readTexts(t)
	tr.readTemplates(t)
	tr.readScripts(t)
	return tr
}

func (tr *tree) add(module, other, file string, line int, what string) {
	if module != other {
		tr.uses = append(tr.uses, use{module, other, file, line, what})
	}
}

// position is a module's place in the core; all features have the place behind
// it, what is no module has −1.
func (tr tree) position(module string) int {
	if tr.features[module] {
		return len(tr.core)
	}
	return slices.Index(tr.core, module)
}

// mayUse reports whether a module may depend on another. The empty one is what
// all share.
func (tr tree) mayUse(module, other string) bool {
	return module == other || module != "" && !tr.features[other] && tr.position(other) < tr.position(module)
}

// dependencies are the modules that a module uses, in the order of wiring.
func (tr tree) dependencies(module string) []string {
	var all []string
	for _, other := range tr.core {
		if slices.ContainsFunc(tr.uses, func(u use) bool { return u.module == module && u.other == other && tr.mayUse(module, other) }) {
			all = append(all, other)
		}
	}
	return all
}

// moduleOf is the module that a folder of templates or scripts belongs to,
// empty if all share it. known is false for a folder that is neither.
func (tr tree) moduleOf(root, folder string) (module string, known bool) {
	if module, listed := folderOwners[root+"/"+folder]; listed {
		return module, true
	}
	return folder, tr.position(folder) >= 0
}

// wired are the modules that a file of internal/wiring makes, in its order.
func wired(t *testing.T, file string) []string {
	t.Helper()
	s := read(t, filepath.Join("../internal/wiring", file), "")
	var names []string
	ast.Inspect(s.syntax, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		if f, ok := call.Fun.(*ast.SelectorExpr); ok && f.Sel.Name == "New" {
			if pkg, ok := f.X.(*ast.Ident); ok && s.importsText(modulePath+"modules/"+pkg.Name) {
				names = append(names, pkg.Name)
			}
		}
		return true
	})
	if len(names) == 0 {
		t.Fatalf("internal/wiring/%s makes no module", file)
	}
	return names
}

// folders are the names of the folders in a folder.
func folders(t *testing.T, root string) []string {
	t.Helper()
	entries, err := os.ReadDir(root)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		if e.IsDir() {
			names = append(names, e.Name())
		}
	}
	return names
}

// commentLine is a line of a doc comment, which may have an example of any module.
var commentLine = regexp.MustCompile(`(?m)^\s*\*.*$`)

// find calls found with each match of a pattern in the files below root that
// have the ending, but in comments of scripts: its folder, its file, the line and the groups.
func find(t *testing.T, root, ending string, pattern *regexp.Regexp, found func(folder, file string, line int, groups []string)) {
	t.Helper()
	err := filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(name, ending) || strings.HasSuffix(name, ".test.mjs") {
			return err
		}
		text, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		if ending == ".js" {
			text = commentLine.ReplaceAll(text, nil)
		}
		rel := filepath.ToSlash(strings.TrimPrefix(name, root+string(filepath.Separator)))
		folder, _, below := strings.Cut(rel, "/")
		if !below {
			folder = ""
		}
		for _, m := range pattern.FindAllSubmatchIndex(text, -1) {
			var groups []string
			for i := 2; i < len(m); i += 2 {
				groups = append(groups, string(text[max(m[i], 0):max(m[i+1], 0)]))
			}
			found(folder, strings.TrimPrefix(filepath.ToSlash(name), "../"), 1+bytes.Count(text[:m[0]], []byte("\n")), groups)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

var templateCall = regexp.MustCompile(`\{\{-?\s*(?:template|memo)\s+"([a-z]+)/`)

// readTemplates finds pieces of other modules in templates, and elements of
// their scripts.
func (tr *tree) readTemplates(t *testing.T) {
	t.Helper()
	use := func(what string) func(folder, file string, line int, groups []string) {
		return func(folder, file string, line int, groups []string) {
			module, _ := tr.moduleOf("templates", folder)
			if other, _ := tr.moduleOf("templates", groups[0]); tr.position(other) >= 0 {
				tr.add(module, other, file, line, what+other)
			}
		}
	}
	find(t, "../templates", ".html", templateCall, use("includes a piece of "))
	find(t, "../templates", ".html", regexp.MustCompile(`<([a-z]+)-[a-z-]+`), use("has an element of "))
}

var (
	scriptImport = regexp.MustCompile(`(?:from|import)\s*\(?\s*['"](?:\.\./)+([A-Za-z]+)/`)
	// scriptElement is the tag of a custom element, alone or in a selector.
	scriptElement = regexp.MustCompile("['\"`(,> ]([a-z]+)-[a-z]")
)

// readScripts finds imports and elements of other modules. Tests may use what they
// like.
func (tr *tree) readScripts(t *testing.T) {
	t.Helper()
	find(t, "../static/js", ".js", scriptImport, func(folder, file string, line int, groups []string) {
		module, _ := tr.moduleOf("js", folder)
		if other, _ := tr.moduleOf("js", groups[0]); tr.position(other) >= 0 {
			tr.add(module, other, file, line, "imports a script of "+other)
		}
	})
	find(t, "../static/js", ".js", scriptElement, func(folder, file string, line int, groups []string) {
		module, _ := tr.moduleOf("js", folder)
		if other := groups[0]; tr.position(other) >= 0 {
			tr.add(module, other, file, line, "names an element of "+other)
		}
	})
}

var quoted = regexp.MustCompile("[\"'`]([a-z]+)\\.([A-Za-z0-9.]*(?:\\$\\{)?)")

// readTexts finds texts of other modules in Go, templates and scripts.
func (tr *tree) readTexts(t *testing.T) {
	t.Helper()
	known := map[string]map[string]bool{}
	for _, name := range folders(t, ".") {
		known[name] = keysOf(t, name)
	}
	isKey := func(module, rest string) bool {
		keys := known[module]
		if rest == "" || len(keys) == 0 {
			return false
		}
		begin, computed := strings.CutSuffix(rest, "${")
		if computed || strings.HasSuffix(rest, ".") {
			for key := range keys {
				if strings.HasPrefix(key, module+"."+begin) {
					return true
				}
			}
		}
		return keys[module+"."+rest]
	}
	for root, endings := range map[string][]string{"templates": {".html"}, "js": {".js"}} {
		folder := map[string]string{"templates": "../templates", "js": "../static/js"}[root]
		for _, ending := range endings {
			find(t, folder, ending, quoted, func(of, file string, line int, groups []string) {
				if module, _ := tr.moduleOf(root, of); isKey(groups[0], groups[1]) {
					tr.add(module, groups[0], file, line, "uses the text "+strings.Join(groups, "."))
				}
			})
		}
	}
	for _, s := range sources(t, ".") {
		for _, l := range s.literals {
			if first, rest, ok := strings.Cut(l.text, "."); ok && isKey(first, rest) {
				tr.add(s.module, first, s.file, l.line, "uses the text "+l.text)
			}
		}
	}
}

// keysOf are the keys of a module's texts; none if it has no texts.
func keysOf(t *testing.T, module string) map[string]bool {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(module, "locales/en.json"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	texts := map[string]any{}
	if err == nil {
		err = json.Unmarshal(text, &texts)
	}
	if err != nil {
		t.Fatal(err)
	}
	keys := map[string]bool{}
	for key := range texts {
		keys[key] = true
	}
	return keys
}

var (
	createTable = regexp.MustCompile("(?i)CREATE TABLE (?:IF NOT EXISTS )?[`\"]?([a-z_]+)")
	tablesOwned = regexp.MustCompile(`(?s)Tables owned: ([^.]*)\.`)
	word        = regexp.MustCompile(`[a-z_]+`)
)

// migratedTables are all tables, with the migration that makes each.
func migratedTables(t *testing.T) map[string]string {
	t.Helper()
	tables := map[string]string{}
	find(t, "../migrations/sqlite", ".sql", createTable, func(_, file string, _ int, groups []string) {
		tables[groups[0]] = file
	})
	// Migrations copy tables to change them.
	for table := range tables {
		if strings.HasSuffix(table, "_new") || strings.HasSuffix(table, "_old") {
			delete(tables, table)
		}
	}
	return tables
}

// tableOwners is who owns each table: a module, or a package of platform. It is
// read from the sentence "Tables owned: …" of their package comments.
func tableOwners(t *testing.T) map[string]string {
	t.Helper()
	tables, owners := migratedTables(t), map[string]string{}
	own := func(file, owner string) bool {
		m := tablesOwned.FindStringSubmatch(read(t, file, "").syntax.Doc.Text())
		if m == nil {
			return false
		}
		for _, table := range word.FindAllString(m[1], -1) {
			if tables[table] == "" {
				continue
			}
			if owners[table] != "" {
				t.Errorf("table %s is owned by %s and by %s: one of their doc.go is wrong", table, owners[table], owner)
			}
			owners[table] = owner
		}
		return true
	}
	for _, name := range folders(t, ".") {
		if !own(filepath.Join(name, "doc.go"), name) {
			t.Errorf("modules/%s/doc.go needs the sentence \"Tables owned: …\" or \"Tables owned: none.\"", name)
		}
	}
	for _, name := range folders(t, "../platform") {
		files, err := filepath.Glob(filepath.Join("../platform", name, "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			own(file, path.Join("platform", name))
		}
	}
	return owners
}

// located is a text and the line it begins in.
type located struct {
	text string
	line int
}

// source is a Go file that is part of the program.
type source struct {
	file     string // from the root of the repository
	module   string // folder below modules/ or platform/
	syntax   *ast.File
	imports  []located
	literals []located // strings
	// tableNames is what methods TableName return.
	tableNames []located
	// queries are calls of methods that begin a query.
	queries []located
}

func (s source) isRepository() bool { return strings.HasPrefix(path.Base(s.file), "repository") }

func (s source) importsText(text string) bool {
	return slices.ContainsFunc(s.imports, func(imp located) bool { return imp.text == text })
}

// sources reads the Go files below a folder of packages but tests and what
// exists for tests.
func sources(t *testing.T, root string) []source {
	t.Helper()
	var all []source
	err := filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (d.Name() == "testdata" || d.Name() == "node_modules") {
			return fs.SkipDir
		}
		base := d.Name()
		if d.IsDir() || filepath.Ext(base) != ".go" || strings.HasSuffix(base, "_test.go") || base == "testing.go" {
			return nil
		}
		rel, err := filepath.Rel(root, name)
		if err != nil || !strings.Contains(filepath.ToSlash(rel), "/") {
			return err
		}
		all = append(all, read(t, name, strings.SplitN(filepath.ToSlash(rel), "/", 2)[0]))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(all) == 0 {
		t.Fatalf("no source found below %s", root)
	}
	return all
}

// queryMethods begin a query on *db.DB or *gorm.DB.
var queryMethods = []string{"From", "Table", "Raw", "Exec"}

func read(t *testing.T, name, module string) source {
	t.Helper()
	files := token.NewFileSet()
	syntax, err := parser.ParseFile(files, name, nil, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	s := source{file: path.Join("modules", filepath.ToSlash(name)), module: module, syntax: syntax}
	line := func(n ast.Node) int { return files.Position(n.Pos()).Line }
	ast.Inspect(syntax, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.ImportSpec:
			s.imports = append(s.imports, located{unquoted(n.Path), line(n)})
			return false
		case *ast.Field:
			return true
		case *ast.BasicLit:
			if n.Kind == token.STRING {
				s.literals = append(s.literals, located{unquoted(n), line(n)})
			}
		case *ast.FuncDecl:
			if n.Name.Name == "TableName" && n.Recv != nil {
				ast.Inspect(n, func(in ast.Node) bool {
					if lit, ok := in.(*ast.BasicLit); ok && lit.Kind == token.STRING {
						s.tableNames = append(s.tableNames, located{unquoted(lit), line(lit)})
					}
					return true
				})
			}
		case *ast.CallExpr:
			if f, ok := n.Fun.(*ast.SelectorExpr); ok && slices.Contains(queryMethods, f.Sel.Name) {
				s.queries = append(s.queries, located{f.Sel.Name, line(n)})
			}
		}
		return true
	})
	return s
}

func unquoted(lit *ast.BasicLit) string {
	text, err := strconv.Unquote(lit.Value)
	if err != nil {
		return ""
	}
	return text
}
