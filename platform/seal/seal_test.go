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

func TestASecretCanBeReplaced(t *testing.T) {
	old := newSealer(t, "one secret")
	s, err := New([]byte("new secret"), []byte("another"), []byte("one secret"))
	if err != nil {
		t.Fatal(err)
	}
	sealed, signature := old.Seal("factor", "text"), old.Sign("case", []byte("data"), 6)
	if text, err := s.Open("factor", sealed); err != nil || text != "text" || !s.Outdated("factor", sealed) {
		t.Errorf("sealed with the old secret: %q, %v", text, err)
	}
	if !s.Verify("case", []byte("data"), signature, 6) {
		t.Error("signed with the old secret")
	}
	now := s.Seal("factor", "text")
	if _, err := newSealer(t, "new secret").Open("factor", now); err != nil || s.Outdated("factor", now) || s.Outdated("factor", "nonsense") {
		t.Errorf("the first secret seals: %v", err)
	}
	if !bytes.Equal(s.Sign("case", []byte("data"), 6), newSealer(t, "new secret").Sign("case", []byte("data"), 6)) {
		t.Error("the first secret does not sign")
	}
	for name, wrong := range map[string][]byte{
		"empty": {}, "nil": nil, "prefix": signature[:5], "longer": old.Sign("case", []byte("data"), 7), "other data": old.Sign("case", []byte("date"), 6),
		"other purpose": old.Sign("cases", []byte("data"), 6), "secret taken away": newSealer(t, "third").Sign("case", []byte("data"), 6),
	} {
		if s.Verify("case", []byte("data"), wrong, 6) {
			t.Errorf("%s verifies", name)
		}
	}
}
