package accounts

import (
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestValidName(t *testing.T) {
	for name, want := range map[string]bool{
		"bob": true, "Bob-2_x": true, "a23456789-123456": true, "B__": true,
		"": false, "bo": false, "a23456789-1234567": false, "2bob": false, "_bob": false, "-bob": false,
		"bob\n": false, "bob\r\n": false, "bo b": false, "bob ": false, " bob": false, "bób": false, "bоb": false, // the last o is Cyrillic
		"bob.": false, "bob/x": false, "bob\x00": false, "bob@example.org": false,
	} {
		if got := validName(name); got != want {
			t.Errorf("validName(%q) = %v, want %v", name, got, want)
		}
	}
}

func FuzzValidName(f *testing.F) {
	for _, seed := range []string{"bob", "bob\n", "B-_", "ſob", "a\x00b", strings.Repeat("a", 17), "\xffab"} {
		f.Add(seed)
	}
	allowed := regexp.MustCompile(`\A[A-Za-z0-9_-]*\z`)
	f.Fuzz(func(t *testing.T, name string) {
		if !validName(name) {
			return
		}
		if n := utf8.RuneCountInString(name); n != len(name) || n < minNameLength || n > maxNameLength || !allowed.MatchString(name) {
			t.Errorf("%q passed as a name", name)
		}
		if ValidEmail(name) {
			t.Errorf("%q is a name and an address", name)
		}
		large, small := drawnPictures(name)
		if !regexp.MustCompile(`\A/static/default_avatar/[a-z][1-4]x\.png\z`).MatchString(large) ||
			strings.TrimSuffix(large, "x.png") != strings.TrimSuffix(small, "s.png") {
			t.Errorf("%q has avatars %q and %q", name, large, small)
		}
	})
}

func TestValidEmail(t *testing.T) {
	for address, want := range map[string]bool{
		"bob@example.org": true, "b@x.y": true, "bob+tag@mail.example.org": true, "o'neil@example.org": true,
		strings.Repeat("a", 20) + "@example.org": true,
		strings.Repeat("a", 21) + "@example.org": false, // 33 characters
		"":                                       false,
		"bob":                                    false,
		"bob@":                                   false,
		"@example.org":                           false,
		"bob@example":                            false,
		"bob@example.":                           false,
		"bob@.org":                               false,
		"bob@@example.org":                       false,
		"bob@example.org\n":                      false,
		"bob@example.org\r\nBcc: all@example.org": false,
		" bob@example.org":                        false,
		"bob @example.org":                        false,
		"Bob <bob@example.org>":                   false,
		"<bob@example.org>":                       false,
		`"b b"@example.org`:                       false,
		"a@b.c,d@e.f":                             false,
		"bób@example.org":                         false,
		"bob@[127.0.0.1]":                         false,
	} {
		if got := ValidEmail(address); got != want {
			t.Errorf("ValidEmail(%q) = %v, want %v", address, got, want)
		}
	}
}

func TestReservedIgnoresCase(t *testing.T) {
	s := &Service{routeNames: func() []string { return []string{"healthz"} }}
	for name, want := range map[string]bool{
		"login": true, "LOGIN": true, "Imprint": true, "healthz": true, "HealthZ": true, "msgs": true, "new-friend": true,
		"bob": false, "logi": false, "logins": false,
	} {
		if got := reserved(name, s.ReservedNames()); got != want {
			t.Errorf("reserved(%q) = %v, want %v", name, got, want)
		}
	}
	if n := len(contractNames); n != 34 {
		t.Errorf("%d names of the contract, want 34", n)
	}
}
