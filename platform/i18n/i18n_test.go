package i18n_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"taskstack.org/platform/i18n"
)

func files(en, de string) fstest.MapFS {
	return fstest.MapFS{"locales/en.json": {Data: []byte(en)}, "locales/de.json": {Data: []byte(de)}}
}

func TestTexts(t *testing.T) {
	c, err := i18n.New(files(
		`{"a.hi":"Hi {{.Name}}","a.n":{"one":"{{.Count}} card","other":"{{.Count}} cards"},"a.js.x":"<b>"}`,
		`{"a.hi":"Hallo {{.Name}}","a.n":{"one":"{{.Count}} Karte","other":"{{.Count}} Karten"},"a.js.x":"y"}`))
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ got, want string }{
		{c.T("de", "a.hi", "Name", "Ana"), "Hallo Ana"},
		{c.T("en", "a.n", "Count", 1), "1 card"},
		{c.T("de", "a.n", "Count", 0), "0 Karten"},
		{c.T("fr", "a.hi", "Name", "Ana"), "Hi Ana"},
		{c.T("en", "a.nothing"), "a.nothing"},
		{string(c.Lex("en").JSON), `{"a.js.x":"\u003cb\u003e"}`},
	} {
		if tt.got != tt.want {
			t.Errorf("got %q, want %q", tt.got, tt.want)
		}
	}
}

func TestAKeyMissingInOneLanguageStopsTheStart(t *testing.T) {
	_, err := i18n.New(files(`{"a.x":"x"}`, `{}`))
	if err == nil || !strings.Contains(err.Error(), `"a.x"`) {
		t.Fatalf("got %v", err)
	}
}

func TestAKeyDefinedTwiceStopsTheStart(t *testing.T) {
	f := files(`{"a.x":"x"}`, `{"a.x":"x"}`)
	if _, err := i18n.New(f, f); err == nil {
		t.Fatal("no error")
	}
}

func TestChoose(t *testing.T) {
	for _, tt := range []struct{ cookie, accept, want string }{
		{"", "", "en"},
		{"de", "en", "de"},
		{"en", "de", "en"},
		{"fr", "de", "de"},
		{"", "de-AT,de;q=0.9,en;q=0.8", "de"},
		{"", "en-GB,en;q=0.9,de;q=0.8", "en"},
		{"", "*", "en"},
		{"", "fr,*;q=0.5", "en"},
		{"", "fr,de;q=0.5", "de"},
		{"", "de;q=0,en", "en"},
		{"", "\x00;;;", "en"},
	} {
		if got := i18n.Choose(tt.cookie, tt.accept); got != tt.want {
			t.Errorf("Choose(%q, %q) = %q, want %q", tt.cookie, tt.accept, got, tt.want)
		}
	}
}

func TestOnlyTheBeginningOfAcceptLanguageIsParsed(t *testing.T) {
	for header, want := range map[string]string{
		strings.Repeat("_", 950_000):                    "en", // took seconds
		"de," + strings.Repeat("_", 950_000):            "de",
		"de," + strings.Repeat("en-x-a;q=0.5,", 50_000): "de",
		strings.Repeat("fr,", 85) + "de":                "en",
		strings.Repeat("fr,", 84) + "de":                "de",
	} {
		if got := i18n.Choose("", header); got != want {
			t.Errorf("%d bytes %.20s…: %s, want %s", len(header), header, got, want)
		}
	}
}
