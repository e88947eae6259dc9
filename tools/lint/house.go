package main

import (
	"go/ast"
	"go/token"
	"go/types"
	"regexp"
	"strconv"
	"strings"

	"golang.org/x/tools/go/analysis"
)

// houseChecks are the rules of this code base. Each message says what to do
// instead.
func houseChecks() []check {
	return []check{
		{Analyzer: imports()},
		{Analyzer: forbidden()},
		{Analyzer: security(), skip: inTests},
		{Analyzer: revision(), skip: inTests},
	}
}

// importRule refuses imports that begin with pkg ("exact$" ends there) in files
// that match files and do not match except.
type importRule struct {
	files, except *regexp.Regexp
	pkg           string
	instead       string
}

func importRules() []importRule {
	anywhere, never := regexp.MustCompile(``), regexp.MustCompile(`$^`)
	platform := regexp.MustCompile(`^platform/`)
	return []importRule{
		{platform, testFiles, "taskstack.org/modules", "platform knows no module; declare a small interface in platform and let the module implement it"},
		{platform, testFiles, "taskstack.org/cmd", "platform knows no command; take what you need as an argument"},
		{anywhere, testFiles, "taskstack.org/internal/testenv", "testenv is for tests; take the database as an argument"},
		{
			regexp.MustCompile(`^modules/`), regexp.MustCompile(`/repository[^/]*\.go$|` + testFiles.String()), "gorm.io/",
			"queries belong in repository.go, connections in platform/db; add a method there and call it",
		},
		{anywhere, never, "io/ioutil$", "use io and os"},
		{anywhere, never, "math/rand$", "use math/rand/v2, or crypto/rand for what must not be guessed"},
		{anywhere, never, "log$", "use log/slog"},
		{anywhere, never, "github.com/pkg/errors", "use errors and fmt.Errorf with %w"},
	}
}

func imports() *analysis.Analyzer {
	rules := importRules()
	return &analysis.Analyzer{
		Name: "imports", Doc: "reports imports that the layers of the code base do not allow",
		Run: func(pass *analysis.Pass) (any, error) {
			for _, file := range pass.Files {
				name := moduleFile(pass, pass.Fset.Position(file.FileStart).Filename)
				for _, spec := range file.Imports {
					path, err := strconv.Unquote(spec.Path.Value)
					if err != nil {
						continue
					}
					for _, rule := range rules {
						if rule.files.MatchString(name) && !rule.except.MatchString(name) && rule.names(path) {
							pass.Reportf(spec.Pos(), "import of %s: %s", path, rule.instead)
						}
					}
				}
			}
			return nil, nil
		},
	}
}

func (r importRule) names(path string) bool {
	if exact, ok := strings.CutSuffix(r.pkg, "$"); ok {
		return path == exact
	}
	return strings.HasPrefix(path, r.pkg)
}

// use is a function, method or built-in that is not to be used in files that
// match, outside those that match except.
type use struct {
	names         []string // as types.Func.FullName has them; a built-in by its name
	files, except *regexp.Regexp
	instead       string
}

func forbiddenUses() []use {
	anywhere, never := regexp.MustCompile(``), regexp.MustCompile(`$^`)
	return []use{
		{[]string{"(*gorm.io/gorm.DB).AutoMigrate"}, anywhere, never, "the schema changes by migrations only; run `make migration name=…`"},
		// Below modules are timeouts, deadlines and logs, for which the real time is right.
		{
			[]string{"time.Now", "time.Since", "time.Until"},
			regexp.MustCompile(`^modules/`), testFiles,
			"a transaction has one time, from a clock that tests set; use deps.Now or db.Now(ctx)",
		},
		{[]string{"fmt.Print", "fmt.Printf", "fmt.Println"}, anywhere, regexp.MustCompile(`/example\w*_test\.go$`), "the server logs with slog; a command writes to the io.Writer it is given"},
		{[]string{"print", "println"}, anywhere, never, "log with slog"},
		{[]string{"panic"}, anywhere, never, "return an error; only what cannot happen may panic, with a nolint that says why"},
	}
}

func forbidden() *analysis.Analyzer {
	rules := forbiddenUses()
	return &analysis.Analyzer{
		Name: "forbidigo", Doc: "reports uses of functions that this code base does not use",
		Run: func(pass *analysis.Pass) (any, error) {
			for _, file := range pass.Files {
				name := moduleFile(pass, pass.Fset.Position(file.FileStart).Filename)
				ast.Inspect(file, func(n ast.Node) bool {
					id, ok := n.(*ast.Ident)
					if !ok {
						return true
					}
					used := fullName(pass.TypesInfo.Uses[id])
					for _, rule := range rules {
						for _, forbidden := range rule.names {
							if used == forbidden && rule.files.MatchString(name) && !rule.except.MatchString(name) {
								pass.Reportf(id.Pos(), "use of %s: %s", used, rule.instead)
							}
						}
					}
					return true
				})
			}
			return nil, nil
		},
	}
}

func fullName(o types.Object) string {
	switch o := o.(type) {
	case *types.Func:
		return o.FullName()
	case *types.Builtin:
		return o.Name()
	}
	return ""
}

// security reports what a reviewer must look at once: text that becomes markup
// without escaping, weak or unverified cryptography, servers without a limit of
// time, and files that others may write.
func security() *analysis.Analyzer {
	return &analysis.Analyzer{
		Name: "security", Doc: "reports code that needs a reason why it is safe",
		Run: func(pass *analysis.Pass) (any, error) {
			for _, file := range pass.Files {
				for _, spec := range file.Imports {
					reportRiskyImport(pass, spec)
				}
				ast.Inspect(file, func(n ast.Node) bool {
					switch n := n.(type) {
					case *ast.CallExpr:
						reportUnescaped(pass, n)
						reportWideMode(pass, n)
						reportBareServer(pass, n)
					case *ast.CompositeLit:
						reportFields(pass, n)
					}
					return true
				})
			}
			return nil, nil
		},
	}
}

func reportRiskyImport(pass *analysis.Pass, spec *ast.ImportSpec) {
	why := map[string]string{
		`"crypto/md5"`: "it is broken; use crypto/sha256", `"crypto/sha1"`: "it is broken; use crypto/sha256",
		`"crypto/des"`: "it is broken; use AES-GCM", `"crypto/rc4"`: "it is broken; use AES-GCM",
		`"unsafe"`: "memory safety ends here", `"net/http/pprof"`: "it serves on the default mux; call runtime/pprof",
	}
	if reason, ok := why[spec.Path.Value]; ok {
		pass.Reportf(spec.Pos(), "import of %s: %s", spec.Path.Value, reason)
	}
}

// reportUnescaped finds template.HTML(x) and its kin of anything but constants.
func reportUnescaped(pass *analysis.Pass, call *ast.CallExpr) {
	to, ok := pass.TypesInfo.Types[call.Fun]
	if !ok || !to.IsType() || len(call.Args) != 1 || pass.TypesInfo.Types[call.Args[0]].Value != nil {
		return
	}
	named, ok := types.Unalias(to.Type).(*types.Named)
	if ok && named.Obj().Pkg() != nil && named.Obj().Pkg().Path() == "html/template" {
		pass.Reportf(call.Pos(), "conversion to template.%s switches escaping off; say why the text is safe", named.Obj().Name())
	}
}

// reportWideMode finds files that other users of the machine may read or write.
func reportWideMode(pass *analysis.Pass, call *ast.CallExpr) {
	const ownerOnly = 0o700
	mode := map[string]int{"os.WriteFile": 2, "os.OpenFile": 2, "os.Mkdir": 1, "os.MkdirAll": 1, "os.Chmod": 1}
	at, ok := mode[calledName(pass, call)]
	if !ok || at >= len(call.Args) || pass.TypesInfo.Types[call.Args[at]].Value == nil {
		return
	}
	bits, err := strconv.ParseInt(pass.TypesInfo.Types[call.Args[at]].Value.ExactString(), 10, 64)
	if err == nil && bits&^ownerOnly != 0 {
		pass.Reportf(call.Args[at].Pos(), "mode %#o lets other users of the machine in; use 0600 or 0700, or say why not", bits)
	}
}

// reportBareServer finds servers that cannot have limits of time.
func reportBareServer(pass *analysis.Pass, call *ast.CallExpr) {
	switch name := calledName(pass, call); name {
	case "net/http.ListenAndServe", "net/http.ListenAndServeTLS", "net/http.Serve", "net/http.ServeTLS":
		pass.Reportf(call.Pos(), "%s has no timeouts; use an http.Server with ReadHeaderTimeout", name)
	}
}

// reportFields finds settings of TLS, servers and cookies that weaken them.
func reportFields(pass *analysis.Pass, lit *ast.CompositeLit) {
	named, ok := types.Unalias(pass.TypesInfo.TypeOf(lit)).(*types.Named)
	if !ok || named.Obj().Pkg() == nil {
		return
	}
	fields := map[string]string{}
	for _, element := range lit.Elts {
		if pair, ok := element.(*ast.KeyValueExpr); ok {
			if key, ok := pair.Key.(*ast.Ident); ok {
				fields[key.Name] = types.ExprString(pair.Value)
			}
		}
	}
	report := func(pos token.Pos, message string) { pass.Reportf(pos, "%s", message) }
	switch named.Obj().Pkg().Path() + "." + named.Obj().Name() {
	case "crypto/tls.Config":
		if v, ok := fields["InsecureSkipVerify"]; ok && v != "false" {
			report(lit.Pos(), "InsecureSkipVerify accepts any certificate; set RootCAs")
		}
	case "net/http.Server":
		if fields["ReadHeaderTimeout"] == "" {
			report(lit.Pos(), "http.Server without ReadHeaderTimeout waits for ever for a slow client")
		}
	case "net/http.Cookie":
		if fields["HttpOnly"] != "true" || fields["SameSite"] == "" {
			report(lit.Pos(), "cookie without HttpOnly: true or without SameSite; set both or say why not")
		}
	}
}

// calledName returns the full name of the function that is called, or nothing.
func calledName(pass *analysis.Pass, call *ast.CallExpr) string {
	switch fun := ast.Unparen(call.Fun).(type) {
	case *ast.Ident:
		return fullName(pass.TypesInfo.Uses[fun])
	case *ast.SelectorExpr:
		return fullName(pass.TypesInfo.Uses[fun.Sel])
	}
	return ""
}

// revision reports events that are published without the revision by which the
// history orders them.
func revision() *analysis.Analyzer {
	return &analysis.Analyzer{
		Name: "revision", Doc: "reports published events whose field Rev is not set",
		Run: func(pass *analysis.Pass) (any, error) {
			for _, file := range pass.Files {
				ast.Inspect(file, func(n ast.Node) bool {
					call, ok := n.(*ast.CallExpr)
					if ok && strings.HasSuffix(calledName(pass, call), "platform/events.Bus).Publish") {
						reportNoRevision(pass, call.Args[len(call.Args)-1])
					}
					return true
				})
			}
			return nil, nil
		},
	}
}

func reportNoRevision(pass *analysis.Pass, event ast.Expr) {
	lit, ok := event.(*ast.CompositeLit)
	if !ok {
		return
	}
	fields, ok := pass.TypesInfo.TypeOf(lit).Underlying().(*types.Struct)
	if !ok || !hasField(fields, "Rev") {
		return
	}
	for _, element := range lit.Elts {
		if pair, ok := element.(*ast.KeyValueExpr); ok && types.ExprString(pair.Key) == "Rev" {
			return
		}
	}
	pass.Reportf(lit.Pos(), "event without Rev: the history orders entries by it; set it to NextRev() of the change")
}

func hasField(s *types.Struct, name string) bool {
	for field := range s.Fields() {
		if field.Name() == name {
			return true
		}
	}
	return false
}
