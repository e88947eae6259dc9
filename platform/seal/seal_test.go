package seal

import (
	"bytes"
	"errors"
	"testing"
)

func newSealer(t *testing.T, secret string) *Sealer {
	t.Helper()
	s, err := New([]byte(secret))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestOnlyTheSamePurposeAndSecretOpen(t *testing.T) {
	s, other := newSealer(t, "one secret"), newSealer(t, "another secret")
	sealed := s.Seal("factor of 1", "text")
	if text, err := s.Open("factor of 1", sealed); err != nil || text != "text" {
		t.Fatalf("%q, %v", text, err)
	}
	if s.Seal("factor of 1", "text") == sealed {
		t.Error("the same text seals to the same twice")
	}
	for name, open := range map[string]func() (string, error){
		"another purpose": func() (string, error) { return s.Open("factor of 2", sealed) },
		"another secret":  func() (string, error) { return other.Open("factor of 1", sealed) },
		"changed":         func() (string, error) { return s.Open("factor of 1", "A"+sealed[1:]) },
		"cut off":         func() (string, error) { return s.Open("factor of 1", sealed[:10]) },
		"empty":           func() (string, error) { return s.Open("factor of 1", "") },
		"nonsense":        func() (string, error) { return s.Open("factor of 1", "ü ü") },
	} {
		if text, err := open(); !errors.Is(err, ErrBroken) {
			t.Errorf("%s: %q, %v", name, text, err)
		}
	}
}

func TestSign(t *testing.T) {
	s := newSealer(t, "one secret")
	a := s.Sign("case", []byte("data"), 6)
	if len(a) != 6 || !bytes.Equal(a, s.Sign("case", []byte("data"), 6)) {
		t.Errorf("%x", a)
	}
	for name, b := range map[string][]byte{
		"other data": s.Sign("case", []byte("date"), 6), "other purpose": s.Sign("cases", []byte("data"), 6),
		"moved border": s.Sign("cased", []byte("ata"), 6), "other secret": newSealer(t, "two").Sign("case", []byte("data"), 6),
	} {
		if bytes.Equal(a, b) {
			t.Errorf("%s: the same signature", name)
		}
	}
}
