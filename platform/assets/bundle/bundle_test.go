package bundle_test

import (
	"bytes"
	"image/png"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"taskstack.org/platform/assets"
	"taskstack.org/platform/assets/bundle"
)

// sources is a small front end of its own.
var sources = map[string]string{
	"js/app.js":                    `import { files } from 'elements:files'; export const tags = Object.keys(files); files['cards-quick-add']();`,
	"js/cards/quickAdd.js":         `export default class extends HTMLElement { connectedCallback() { this.textContent = 'quick'; } }`,
	"js/cards/rules.js":            `export const limit = 64;`,
	"js/components/menu.js":        `export default class extends HTMLElement {}`,
	"css/app.css":                  `@layer components; @import "./components/*.css";`,
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
	script := read("js/app.js")
	if !strings.Contains(script, "cards-quick-add") || !strings.Contains(script, "ui-menu") || strings.Contains(script, "cards-rules") {
		t.Errorf("elements are not found by folder: %s", script)
	}
	if strings.Contains(script, "textContent") {
		t.Error("an element's file must be a chunk of its own")
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
		"broken script":   {"js/cards/quickAdd.js", "export default class {", "quickAdd.js:1"},
		"missing file":    {"js/app.js", "import './none.js'", "none.js"},
		"unlayered style": {"css/components/button.css", ".btn { color: red }", "@layer"},
		"broken style":    {"css/components/button.css", "@layer components { .btn { color: red ", "button.css"},
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
