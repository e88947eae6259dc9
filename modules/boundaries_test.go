// Package modules_test keeps the modules apart: it reads the source and fails
// when one knows more of another than the rules allow (docs/modules.md).
package modules_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const modulePath = "taskstack.org/"

// order is from the top to the bottom: a module imports only what stands above
// it. What a module needs from below reaches it by events and slots.
var order = []string{
	"accounts", "friends", "projects", "files", "lists", "cards", "bin", "history", "versions", "chats", "presence", "profiles", "home", "search",
	"devtools", "documents",
}

// tables says which module owns which table. A table of a module that does not
// exist yet belongs to nobody and may be used by nobody.
var tables = map[string]string{
	"user": "accounts", "login": "accounts", "half_login": "accounts", "password_reset": "accounts", "second_factor": "accounts",
	"recovery_code": "accounts", "suspension": "accounts", "account_event": "accounts",
	"friendship": "friends", "friendship_request": "friends", "friendship_request_unheard": "friends", "friendship_request_address": "friends",
	"project": "projects", "project_collaborator_link": "projects", "project_event": "projects",
	"project_action": "projects", "text_version": "versions", "board_presence": "presence",
	"list": "lists",
	"card": "cards", "card_user_assignment": "cards",
	"list_attached_file": "files", "card_attached_file": "files",
	"history_list_created": "history", "history_list_deleted": "history", "history_card_created": "history",
	"history_card_deleted": "history", "history_card_changed_list": "history", "history_change": "history",
	"msg": "chats", "chat_group": "chats", "chat_group_member_link": "chats", "chat_group_msg": "chats",
	"chat_group_msg_status": "chats", "project_chat_group": "chats", "project_chat_group_member_link": "chats",
	"project_chat_group_msg": "chats", "project_chat_group_msg_status": "chats",
	"mail_job": "platform/mail",
}

// exceptions are uses of a foreign table that are allowed, each with its reason.
var exceptions = map[string]string{}

type source struct {
	path    string // relative to the module's root
	module  string // folder below modules/ or platform/
	imports []string
	texts   []string // string literals
}

func TestPlatformKnowsNoModule(t *testing.T) {
	for _, s := range sources(t, "../platform") {
		for _, imp := range s.imports {
			if strings.HasPrefix(imp, modulePath+"modules/") || strings.HasPrefix(imp, modulePath+"cmd/") {
				t.Errorf("%s imports %s: platform serves modules and knows none; declare an interface in platform", s.path, imp)
			}
		}
	}
}

func TestModulesImportOnlyWhatStandsAboveThem(t *testing.T) {
	for _, s := range sources(t, ".") {
		for _, imp := range s.imports {
			other, ok := strings.CutPrefix(imp, modulePath+"modules/")
			if !ok || other == s.module {
				continue
			}
			if slices.Index(order, other) > slices.Index(order, s.module) || slices.Index(order, other) < 0 {
				t.Errorf("%s imports %s, which stands below it: publish an event or offer a slot", s.path, imp)
			}
		}
	}
}

func TestEveryModuleIsInTheOrder(t *testing.T) {
	entries, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if e.IsDir() && !slices.Contains(order, e.Name()) {
			t.Errorf("module %s has no place in the order of this test", e.Name())
		}
	}
}

func TestModulesUseOnlyTheirOwnTables(t *testing.T) {
	sql := regexp.MustCompile("(?i)\\b(?:from|join|into|update|table)\\s+[`\"]?([a-z_]+)")
	for _, s := range sources(t, ".") {
		for _, text := range s.texts {
			for _, m := range sql.FindAllStringSubmatch(text, -1) {
				table := strings.ToLower(m[1])
				owner, known := tables[table]
				if known && owner != s.module && exceptions[s.module+":"+table] == "" {
					t.Errorf("%s uses table %s of %s in %q: ask that module", s.path, table, owner, m[0])
				}
			}
			if owner, known := tables[text]; known && owner != s.module && s.names(text) {
				t.Errorf("%s names table %s of %s: ask that module", s.path, text, owner)
			}
		}
	}
}

// names tells whether a literal that is only a table's name is used as one: in
// a repository it is, elsewhere "list" may be any word.
func (s source) names(string) bool { return filepath.Base(s.path) == "repository.go" }

func TestSQLStandsInRepositories(t *testing.T) {
	for _, s := range sources(t, ".") {
		if strings.HasPrefix(filepath.Base(s.path), "repository") {
			continue
		}
		if slices.ContainsFunc(s.imports, func(imp string) bool { return strings.HasPrefix(imp, "gorm.io/") }) {
			t.Errorf("%s imports gorm: queries belong in repository.go", s.path)
		}
	}
}

// sources reads the non-test Go files below a folder of modules.
func sources(t *testing.T, root string) []source {
	t.Helper()
	var all []source
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (d.Name() == "testdata" || d.Name() == "node_modules") {
			return fs.SkipDir
		}
		name := d.Name()
		if d.IsDir() || filepath.Ext(name) != ".go" || strings.HasSuffix(name, "_test.go") || name == "testing.go" {
			return nil
		}
		rel, err := filepath.Rel(root, path)
		if err != nil || !strings.Contains(filepath.ToSlash(rel), "/") {
			return err
		}
		all = append(all, read(t, path, strings.SplitN(filepath.ToSlash(rel), "/", 2)[0]))
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

func read(t *testing.T, path, module string) source {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	s := source{path: path, module: module}
	for _, imp := range file.Imports {
		if text, err := strconv.Unquote(imp.Path.Value); err == nil {
			s.imports = append(s.imports, text)
		}
	}
	ast.Inspect(file, func(n ast.Node) bool {
		if _, ok := n.(*ast.ImportSpec); ok {
			return false
		}
		if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING {
			if text, err := strconv.Unquote(lit.Value); err == nil {
				s.texts = append(s.texts, text)
			}
		}
		return true
	})
	return s
}
