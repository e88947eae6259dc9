package bundle_test

import (
	"bytes"
	"image/png"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"taskstack.org/platform/assets"
	"taskstack.org/platform/assets/bundle"
)

// sources is a small front end of its own.
var sources = map[string]string{
	"js/app.js":      `import { files } from 'elements:files'; export const tags = Object.keys(files); files['cards-quick-add']();`,
	"js/fallback.js": `addEventListener('error', () => console.log('fallback'), true);`,
	"js/cards/quickAdd.js": `/** Seldom. @later */
export default class extends HTMLElement { connectedCallback() { this.textContent = 'quick'; } }`,
	"js/cards/rules.js":            `export const limit = 64;`,
	"js/cards/onBoard.js":          `export default (board) => board.add('of cards');`,
	"js/board/extensions.js":       `export const extensions = { register(module, onBoard) { onBoard({ add: (what) => console.log(module, what) }); } };`,
	"js/board/root.js":             "import '#onBoard';\nexport default class extends HTMLElement {}",
	"js/labels/chips.js":           "import { extensions } from '../board/extensions.js';\nexport default class extends HTMLElement { connectedCallback() { this.title = 'of labels' + extensions; } }",
	"js/components/menu.js":        `export default class extends HTMLElement {}`,
	"css/app.css":                  `@layer components; @import "./components/*.css";`,
	"css/pages.css":                `@layer components, pages; @import "./pages/*.css";`,
	"css/pages/home.css":           "@layer pages { .tile { color: red } }",
	"css/later/viewer.css":         "@layer components { .viewer { color: red } }",
	"css/components/button.css":    "/* btn */\n@layer components { .btn { color: red } }",
	"css/components/card.css":      "@layer components { .card { background: url(../../img/icons/x.svg) } }",
	"img/icons/x.svg":              `<svg xmlns="http://www.w3.org/2000/svg"/>`,
	"img/group.png":                "png",
	"img/logo.svg":                 `<svg xmlns="http://www.w3.org/2000/svg"/>`,
	"dist/js/old.AAAAAAAA.js":      "old",
	"dist/README.md":               "kept",
	"dist/css/app.OLDOLDOL.css.br": "old",
}

func write(t *testing.T, dir string, files map[string]string) {
	t.Helper()
	for name, text := range files {
		file := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o750); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func build(t *testing.T, dir string) error {
	t.Helper()
	_, err := bundle.Build(bundle.Options{Source: dir, Out: filepath.Join(dir, "dist")})
	return err
}

func TestBuild(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, sources)
	if err := build(t, dir); err != nil {
		t.Fatal(err)
	}
	served, err := assets.New(os.DirFS(dir))
	if err != nil {
		t.Fatal(err)
	}
	read := func(name string) string {
		t.Helper()
		url, err := served.URL(name)
		if err != nil {
			t.Fatal(err)
		}
		data, err := os.ReadFile(filepath.Join(dir, "dist", strings.TrimPrefix(url, assets.Root)))
		if err != nil {
			t.Fatal(err)
		}
		return string(data)
	}
	css := read("css/app.css")
	if !strings.Contains(css, ".btn{") || !strings.Contains(css, ".card{") || !strings.Contains(css, "data:image/svg+xml") {
		t.Errorf("styles are not found by folder: %s", css)
	}
	if pages := read("css/pages.css"); strings.Contains(css, ".tile{") || !strings.Contains(pages, ".tile{") || strings.Contains(pages, ".btn{") {
		t.Errorf("styles of pages are not apart from those of all: %s", pages)
	}
	if later := read("css/later/viewer.css"); strings.Contains(css, ".viewer{") || !strings.Contains(later, ".viewer{") {
		t.Errorf("styles that scripts load are no file of their own: %s", later)
	}
	script := read("js/app.js")
	if !strings.Contains(script, "cards-quick-add") || !strings.Contains(script, "ui-menu") || strings.Contains(script, "cards-rules") {
		t.Errorf("elements are not found by folder: %s", script)
	}
	if !strings.Contains(allScripts(t, dir), `"of cards"`) || !strings.Contains(allScripts(t, dir), `("cards",`) {
		t.Error("what modules add to the board is not found by file name")
	}
	for _, chunk := range scriptsOf(t, dir) {
		if strings.Contains(chunk, "of cards") != strings.Contains(chunk, "of labels") {
			t.Errorf("elements of a module that imports the board's scripts come with the board: %s", chunk)
		}
	}
	if strings.Contains(script, "textContent") {
		t.Error("what is @later must be a file of its own")
	}
	if read("img/group.png") != "png" {
		t.Error("the group picture is missing")
	}
	for name, there := range map[string]bool{
		"js/old.AAAAAAAA.js": false, "css/app.OLDOLDOL.css.br": false, "README.md": true, "img/group.png": true, "manifest.json": true,
	} {
		if _, err := os.Stat(filepath.Join(dir, "dist", name)); (err == nil) != there {
			t.Errorf("%s: there is %v, want %v", name, err == nil, there)
		}
	}
}

// TestGroups checks what a page loads at once: no file twice, none that it does
// not need, and what groups share in one file.
func TestGroups(t *testing.T) {
	element := func(imports, text string) string {
		return imports + "export default class extends HTMLElement { connectedCallback() { this.title = '" + text + "' + shared(); } }"
	}
	const shared, socket = "import { shared } from '../lib/shared.js';\n", "import { socket } from '../lib/socket.js';\n"
	dir := t.TempDir()
	write(t, dir, map[string]string{
		"js/app.js":              "import { files } from 'elements:files';\nimport { start } from './lib/start.js';\nstart(files);",
		"js/lib/start.js":        `export const start = (files) => console.log('started', files);`,
		"js/lib/shared.js":       `export const shared = () => 'shared by all' + document.title;`,
		"js/lib/socket.js":       `export const socket = () => 'the connection' + document.title;`,
		"js/components/menu.js":  element(shared, "a menu"),
		"js/search/palette.js":   "/** Seldom. @later */\n" + element(shared, "a palette"),
		"js/home/bell.js":        element(shared+socket+"socket();\n", "a bell"),
		"js/board/root.js":       element(shared+socket+"import { start } from '../lib/start.js';\nstart(socket());\n", "a board"),
		"js/cards/move.js":       "/** Seldom. @later */\n" + element(shared+"import '../board/root.js';\n", "a window"),
		"js/board/extensions.js": `export const extensions = {};`,
		"js/fallback.js":         "", "css/app.css": "", "css/pages.css": "", "img/logo.svg": sources["img/logo.svg"], "img/group.png": "png",
	})
	if err := build(t, dir); err != nil {
		t.Fatal(err)
	}
	served, err := assets.New(os.DirFS(dir))
	if err != nil {
		t.Fatal(err)
	}
	all := []string{"started", "shared by all", "a menu", "the connection", "a bell", "a board", "a palette", "a window"}
	for _, c := range []struct {
		names []string
		has   int // the first of all
	}{
		{[]string{"js/app.js"}, 3},
		{[]string{"js/app.js", "elements:group/live"}, 5},
		{[]string{"js/app.js", "elements:group/live", "elements:group/board"}, 6},
	} {
		urls, err := served.Scripts(c.names...)
		if err != nil {
			t.Fatal(err)
		}
		app, err := served.URL("js/app.js")
		if err != nil {
			t.Fatal(err)
		}
		if slices.Contains(urls, app) {
			t.Errorf("%v: app.js, which is a script of the page", c.names)
		}
		var js strings.Builder
		for _, url := range append(urls, app) {
			data, err := os.ReadFile(filepath.Join(dir, "dist", strings.TrimPrefix(url, assets.Root)))
			if err != nil {
				t.Fatal(err)
			}
			js.Write(data)
		}
		for i, text := range all {
			if times := strings.Count(js.String(), text); (i < c.has && times != 1) || (i >= c.has && times != 0) {
				t.Errorf("%v: %q is there %d times", c.names, text, times)
			}
		}
	}
	if _, err := served.Scripts("elements:group/none"); err == nil {
		t.Error("an unknown group must be an error")
	}
}

// allScripts returns all scripts of the bundle.
func allScripts(t *testing.T, dir string) string {
	t.Helper()
	return strings.Join(scriptsOf(t, dir), "\n")
}

func scriptsOf(t *testing.T, dir string) (contents []string) {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(dir, "dist", "js", "*.js"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range found {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		contents = append(contents, string(data))
	}
	return contents
}

func TestBuildDrawsAvatars(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, sources)
	if err := build(t, dir); err != nil {
		t.Fatal(err)
	}
	found, err := fs.Glob(os.DirFS(dir), "dist/default_avatar/[a-z][1-4][xs].png")
	if err != nil || len(found) != 26*4*2 {
		t.Fatalf("%d avatars, %v", len(found), err)
	}
	pictures := map[string]bool{}
	for _, name := range found {
		data, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(name)))
		if err != nil {
			t.Fatal(err)
		}
		pictures[string(data)] = true
		cfg, err := png.DecodeConfig(bytes.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		want := 280
		if strings.HasSuffix(name, "s.png") {
			want = 50
		}
		if cfg.Width != want || cfg.Height != want {
			t.Errorf("%s is %d × %d", name, cfg.Width, cfg.Height)
		}
	}
	if len(pictures) != len(found) {
		t.Errorf("only %d of %d avatars differ", len(pictures), len(found))
	}
}

func TestBuildRefuses(t *testing.T) {
	for name, c := range map[string]struct{ file, text, want string }{
		"broken script":    {"js/cards/quickAdd.js", "export default class {", "quickAdd.js:1"},
		"nothing on board": {"js/cards/onBoard.js", "export const limit = 1;", "export default function onBoard"},
		"missing file":     {"js/app.js", "import './none.js'", "none.js"},
		"unlayered style":  {"css/components/button.css", ".btn { color: red }", "@layer"},
		"broken style":     {"css/components/button.css", "@layer components { .btn { color: red ", "button.css"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			write(t, dir, sources)
			write(t, dir, map[string]string{c.file: c.text})
			if err := build(t, dir); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
}

// TestBuilderFollowsChanges: what a builder keeps from a former bundle is what has
// not changed since.
func TestBuilderFollowsChanges(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, sources)
	b := bundle.NewBuilder(bundle.Options{Source: dir, Out: filepath.Join(dir, "dist"), Development: true})
	t.Cleanup(b.Close)
	built := func() string {
		t.Helper()
		if _, err := b.Build(); err != nil {
			t.Fatal(err)
		}
		styles, err := filepath.Glob(filepath.Join(dir, "dist", "css", "app.*.css"))
		if err != nil || len(styles) != 1 {
			t.Fatalf("styles %v, %v", styles, err)
		}
		css, err := os.ReadFile(styles[0])
		if err != nil {
			t.Fatal(err)
		}
		return string(css) + allScripts(t, dir)
	}
	built()
	for _, c := range []struct{ file, text, want string }{
		{"css/components/button.css", "@layer components { .btn { color: teal } }", "teal"},
		{"css/components/fresh.css", "@layer components { .fresh { color: red } }", ".fresh"},
		{"js/cards/onBoard.js", "export default (board) => board.add('other words');", "other words"},
		{"js/labels/onBoard.js", "export default (board) => board.add('of a new file');", "of a new file"},
		{"js/components/fresh.js", "export default class extends HTMLElement {}", "ui-fresh"},
	} {
		write(t, dir, map[string]string{c.file: c.text})
		if !strings.Contains(built(), c.want) {
			t.Errorf("a change of %s is not in the next bundle", c.file)
		}
	}
	write(t, dir, map[string]string{"js/app.js": "let a = ;"})
	if _, err := b.Build(); err == nil {
		t.Error("a broken script is no error")
	}
	write(t, dir, sources)
	if err := os.Remove(filepath.Join(dir, "css/components/fresh.css")); err != nil {
		t.Fatal(err)
	}
	// What was deleted meanwhile is written again.
	if err := os.RemoveAll(filepath.Join(dir, "dist")); err != nil {
		t.Fatal(err)
	}
	if now := built(); strings.Contains(now, ".fresh") || !strings.Contains(now, "of cards") {
		t.Errorf("the bundle is not that of the sources: %s", now)
	}
	if _, err := os.Stat(filepath.Join(dir, "dist/default_avatar/a1x.png")); err != nil {
		t.Error(err)
	}
	icons := func() int {
		found, err := filepath.Glob(filepath.Join(dir, "dist/img/icon-512.*.png"))
		if err != nil || len(found) != 1 {
			t.Fatalf("icons %v, %v", found, err)
		}
		info, err := os.Stat(found[0])
		if err != nil {
			t.Fatal(err)
		}
		return int(info.Size())
	}
	before := icons()
	write(t, dir, map[string]string{"img/logo.svg": `<svg xmlns="http://www.w3.org/2000/svg"><rect width="8" height="8" fill="#123"/></svg>`})
	if built(); icons() == before {
		t.Error("icons of the former logo")
	}
}

// BenchmarkRebuild is what an edit of a style costs in development, with the real
// front end.
func BenchmarkRebuild(b *testing.B) {
	builder := bundle.NewBuilder(bundle.Options{Source: "../../../static", Out: filepath.Join(b.TempDir(), "dist"), Development: true})
	b.Cleanup(builder.Close)
	if _, err := builder.Build(); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := builder.Build(); err != nil {
			b.Fatal(err)
		}
	}
}
