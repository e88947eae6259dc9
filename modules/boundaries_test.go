// Package modules_test keeps the modules apart: it reads Go, templates, scripts
// and migrations, and fails when a module names one that it may not depend on
// (docs/modules.md).
package modules_test

import (
	"maps"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// exceptions are folders that name a module they may not depend on: the folder
// and the module, and why. A row that nothing needs fails the test.
var exceptions = map[string]string{
	"templates/projects lists": "the page of the board is made of lists and cards; all three are of the core",
	"templates/projects cards": "the page of the board is made of lists and cards; all three are of the core",
	"templates/lists cards":    "a list is drawn with its cards; both are of the core",
	"static/js/board lists":    "the view of the board draws lists",
	"static/js/board cards":    "the view of the board draws cards",
}

// foreignTables are uses of another module's table that are allowed: the module
// and the table, and why. A row that nothing needs fails the test.
var foreignTables = map[string]string{
	"auth user": "every request reads its login together with the person in one statement",
}

// ownerless are tables of modules that have been removed: databases still have
// them. A table and the module.
var ownerless = map[string]string{}

// TestModulesDependOnlyOnWhatTheyMay: a module of the core depends on those that
// are wired before it, a feature on the core, and what all share on no module.
func TestModulesDependOnlyOnWhatTheyMay(t *testing.T) {
	tree := readTree(t)
	needed := map[string]bool{}
	for _, u := range tree.uses {
		if tree.mayUse(u.module, u.other) {
			continue
		}
		key := u.folder() + " " + u.other
		needed[key] = true
		if exceptions[key] == "" {
			t.Errorf("%s:%d %s: %s", u.file, u.line, u.what, tree.advice(u))
		}
	}
	for _, key := range slices.Sorted(maps.Keys(exceptions)) {
		if !needed[key] {
			t.Errorf("nothing needs the exception %q any more: delete it", key)
		}
	}
}

// advice says how to do without a use.
func (tr tree) advice(u use) string {
	switch {
	case tr.features[u.module] && tr.features[u.other]:
		return "a feature depends on the core only, so that each can be removed alone; let " + u.other + " offer a door in the core or listen to an event"
	case u.module == "":
		return "what all modules share names none; offer a slot ({{slot \"_name\" .}}, an Add… function) that " + u.other + " fills"
	default:
		return u.other + " depends on " + u.module + ", not the other way round; publish an event or offer a slot that " + u.other + " fills"
	}
}

// TestThePictureOfDependenciesIsTrue compares the core in docs/modules.md with
// what the modules use.
func TestThePictureOfDependenciesIsTrue(t *testing.T) {
	tree := readTree(t)
	text, err := os.ReadFile("../docs/modules.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, found := strings.Cut(string(text), "\n## What depends on what\n")
	_, rest, fenced := strings.Cut(rest, "```\n")
	picture, _, closed := strings.Cut(rest, "```")
	if !found || !fenced || !closed {
		t.Fatal("docs/modules.md needs a section \"What depends on what\" with the picture between ```")
	}
	drawn := map[string]string{}
	for line := range strings.Lines(picture) {
		name, others, _ := strings.Cut(line, "→")
		drawn[strings.TrimSpace(name)] = strings.Join(strings.Fields(others), " ")
	}
	for _, name := range tree.core {
		want := strings.Join(tree.dependencies(name), " ")
		got, ok := drawn[name]
		if !ok || got != want {
			t.Errorf("the picture in docs/modules.md should say: %s → %s", name, want)
		}
		delete(drawn, name)
	}
	delete(drawn, "every feature")
	for name := range drawn {
		t.Errorf("the picture in docs/modules.md has %s, which is no module of the core", name)
	}
}

func TestEveryModuleIsWired(t *testing.T) {
	tree := readTree(t)
	for _, name := range folders(t, ".") {
		if tree.position(name) < 0 {
			t.Errorf("modules/%s is not wired: add %s.New(deps, …) to addFeatures in internal/wiring/features.go", name, name)
		}
	}
}

// TestFoldersAreThoseOfModules: templates and scripts of a module are in a
// folder of its name, so that a module is found and removed by it.
func TestFoldersAreThoseOfModules(t *testing.T) {
	tree := readTree(t)
	for _, root := range []string{"../templates", "../static/js"} {
		for _, name := range folders(t, root) {
			if _, known := tree.moduleOf(path.Base(root), name); !known {
				t.Errorf("%s/%s belongs to no module: name it after its module, or add it to folderOwners of this test", root, name)
			}
		}
	}
}

// TestTestsOfTheProgramGoWithTheirFeature: a feature is removed with the file of the
// program's tests that has its name, so no other may need it.
func TestTestsOfTheProgramGoWithTheirFeature(t *testing.T) {
	tree := readTree(t)
	files, err := filepath.Glob("../cmd/taskstack/*_test.go")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for feature := range tree.features {
			if strings.Contains(string(text), `"`+modulePath+"modules/"+feature+`"`) && filepath.Base(file) != feature+"_test.go" {
				t.Errorf("%s uses the feature %s: move what does to cmd/taskstack/%s_test.go, which goes with it", file, feature, feature)
			}
		}
	}
}

// TestPlatformNamesNoModule covers imports; platform has no templates.
func TestPlatformNamesNoModule(t *testing.T) {
	for _, s := range sources(t, "../platform") {
		for _, imp := range s.imports {
			if strings.HasPrefix(imp.text, modulePath+"modules/") || strings.HasPrefix(imp.text, modulePath+"cmd/") {
				t.Errorf("%s:%d imports %s: platform serves modules and knows none; declare an interface in platform", s.file, imp.line, imp.text)
			}
		}
	}
}

// sqlTable finds the tables that a statement names.
var sqlTable = regexp.MustCompile("(?i)\\b(?:from|join|into|update|table)\\s+[`\"]?([a-z_]+)")

func TestModulesUseOnlyTheirOwnTables(t *testing.T) {
	owners := tableOwners(t)
	needed := map[string]bool{}
	foreign := func(s source, line int, table, how string) {
		owner, known := owners[table]
		if key := s.module + " " + table; known && foreignTables[key] != "" {
			needed[key] = true
			return
		}
		if known && owner != s.module {
			t.Errorf("%s:%d %s table %s of %s: ask that module", s.file, line, how, table, owner)
		}
	}
	for _, s := range sources(t, ".") {
		for _, l := range s.literals {
			for _, m := range sqlTable.FindAllStringSubmatch(l.text, -1) {
				foreign(s, l.line, strings.ToLower(m[1]), "uses in SQL")
			}
			// Elsewhere than in a repository "list" may be any word.
			if s.isRepository() {
				foreign(s, l.line, l.text, "names")
			}
		}
		for _, l := range s.tableNames {
			foreign(s, l.line, l.text, "maps a type to")
		}
	}
	for key := range foreignTables {
		if !needed[key] {
			t.Errorf("nothing needs the exception %q any more: delete it", key)
		}
	}
}

// TestEveryTableHasAnOwner: the sentence "Tables owned: …" of each package is
// where ownership is declared.
func TestEveryTableHasAnOwner(t *testing.T) {
	owners := tableOwners(t)
	for table, migration := range migratedTables(t) {
		if owners[table] == "" && ownerless[table] == "" {
			t.Errorf("table %s of %s has no owner: name it in the sentence \"Tables owned: …\" of its module's doc.go or, if that module has been removed, in ownerless", table, migration)
		}
	}
}

func TestQueriesAreInRepositories(t *testing.T) {
	for _, s := range sources(t, ".") {
		if s.isRepository() {
			continue
		}
		for _, imp := range s.imports {
			if strings.HasPrefix(imp.text, "gorm.io/") {
				t.Errorf("%s:%d imports gorm: queries belong in repository.go", s.file, imp.line)
			}
		}
		for _, call := range s.queries {
			t.Errorf("%s:%d calls .%s(…): queries belong in repository.go, where a test can see whose tables they read", s.file, call.line, call.text)
		}
	}
}

// TestTextsBeginWithTheirModule: a key is found by its first word, and its
// module can be removed without leaving texts behind.
func TestTextsBeginWithTheirModule(t *testing.T) {
	for _, name := range folders(t, ".") {
		for key := range keysOf(t, name) {
			if !strings.HasPrefix(key, name+".") {
				t.Errorf("modules/%s/locales has the text %q: its key begins with %q", name, key, name+".")
			}
		}
	}
}
