package views_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"taskstack.org/platform/i18n"
	"taskstack.org/platform/views"
)

type assets struct{}

func (assets) URL(name string) (string, error) { return "/static/" + name, nil }

func (assets) Scripts(...string) ([]string, error) { return []string{"/static/js/chunk.js"}, nil }

type page struct {
	views.Shell
	Name string
	Key  string
}

func load(t *testing.T, files map[string]string) (*views.Views, error) {
	t.Helper()
	catalogue, err := i18n.New(fstest.MapFS{
		"locales/en.json": {Data: []byte(`{"x.plain":"Fish & \"chips\"","x.hello":"Hello {{.Name}}"}`)},
		"locales/de.json": {Data: []byte(`{"x.plain":"Fisch & \"Pommes\"","x.hello":"Hallo {{.Name}}"}`)},
	})
	if err != nil {
		t.Fatal(err)
	}
	fsys := fstest.MapFS{}
	for name, text := range files {
		fsys[name] = &fstest.MapFile{Data: []byte(text)}
	}
	v := views.New()
	if err = v.Load(fsys, catalogue, assets{}); err == nil {
		err = v.Check()
	}
	return v, err
}

func render(t *testing.T, v *views.Views, lang string, p *page) string {
	t.Helper()
	var b strings.Builder
	if err := v.Render(&b, lang, "x/page", p); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestTextsAreEscapedInElementsAndAttributes(t *testing.T) {
	v, err := load(t, map[string]string{"x/page.html": `<p title="{{t "x.plain"}}">{{t "x.plain"}} {{t "x.hello" "Name" .Name}}</p>`})
	if err != nil {
		t.Fatal(err)
	}
	got := render(t, v, "de", &page{Name: `<b onclick="x">`})
	want := `<p title="Fisch &amp; &#34;Pommes&#34;">Fisch &amp; &#34;Pommes&#34; Hallo &lt;b onclick=&#34;x&#34;&gt;</p>`
	if got != want {
		t.Fatalf("got  %s\nwant %s", got, want)
	}
}

func TestAMemoIsRenderedOncePerKeyAndLanguage(t *testing.T) {
	v, err := load(t, map[string]string{
		"x/_piece.html": `<i>{{t "x.hello" "Name" .Name}}</i>`,
		"x/page.html":   `{{memo "x/_piece" .Key .}}`,
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ lang, name, key, want string }{
		{"en", "<Ana>", "1", "<i>Hello &lt;Ana&gt;</i>"},
		{"de", "<Ana>", "1", "<i>Hallo &lt;Ana&gt;</i>"},
		{"en", "somebody of the same key", "1", "<i>Hello &lt;Ana&gt;</i>"},
		{"en", "Ben", "2", "<i>Hello Ben</i>"},
	} {
		if got := render(t, v, tt.lang, &page{Name: tt.name, Key: tt.key}); got != tt.want {
			t.Errorf("%+v: got %s", tt, got)
		}
	}
}

func TestASlotShowsThePieceOfEveryModule(t *testing.T) {
	v, err := load(t, map[string]string{
		"b/_menu.html": `<i>b: {{.Name}}</i>`,
		"a/_menu.html": `<i>a: {{.Name}}</i>`,
		"a/_more.html": `not this`,
		"x/page.html":  `{{slot "_menu" .}}{{slot "_nobodys" .}}`,
	})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := render(t, v, "en", &page{Name: "<Ana>"}), "<i>a: &lt;Ana&gt;</i><i>b: &lt;Ana&gt;</i>"; got != want {
		t.Fatalf("got  %s\nwant %s", got, want)
	}
}

func TestPiecesOfASlotComeInTheirDeclaredOrder(t *testing.T) {
	v, err := load(t, map[string]string{
		"a/_menu.html":          `a`,
		"b/_menu.html":          `{{/* order 60: after those that declare nothing */ -}} b`,
		"c/_menu.html":          "{{- /* order 9: first */ -}}\nc",
		"d/_menu.html":          `{{/* order: none */}}d`,
		"layouts/_menu.html":    `a layout is no piece of a slot`,
		"components/_menu.html": `neither is a component`,
		"x/page.html":           `{{slot "_menu" .}}`,
	})
	if err != nil {
		t.Fatal(err)
	}
	if got := render(t, v, "en", &page{}); got != "cadb" {
		t.Errorf("pieces in the order %s", got)
	}
}

func TestWhatCannotBeRenderedStopsTheStart(t *testing.T) {
	for what, text := range map[string]string{
		"a missing piece":  `{{template "x/_nothing"}}`,
		"an open tag":      `<p class="{{if .Name}}">`,
		"a broken action":  `{{if}}`,
		"unknown function": `{{shout "x"}}`,
	} {
		if _, err := load(t, map[string]string{"x/page.html": text}); err == nil {
			t.Errorf("%s is accepted", what)
		}
	}
	files := map[string]string{"x/page.html": `{{slot "_menu" .}}`, "a/_menu.html": `{{template "x/_nothing"}}`}
	if _, err := load(t, files); err == nil {
		t.Error("a missing piece in what fills a slot is accepted")
	}
}
