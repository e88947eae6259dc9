package text_test

import (
	"strings"
	"testing"

	"taskstack.org/platform/text"
)

func TestLine(t *testing.T) {
	for in, want := range map[string]string{
		"Fix the login":                "Fix the login",
		"one\ttwo\tthree":              "one two three",
		"one\ntwo\r\nthree\rfour":      "one two three four",
		"a\u2028b\u2029c\u0085d\ve\ff": "a b c d e f",
		"\x1b[31mERROR\x1b[0m: x":      "ERROR: x",
		"\x1b[38;5;196mred\x1b[m":      "red",
		"\u009b1mbold":                 "bold",
		"\x1b]8;;http://x\x1b\\l\x07":  "l",
		"\x1b]0;title\x07text":         "text",
		"a\x08b\x7fc\x1bMd":            "abcd",
		"a\x00b":                       "a\x00b",
		"a\xff\tb":                     "a\xff\tb",
		"invoice\u202efdp.exe":         "invoicefdp.exe",
		"\u2066a\u2069\u202ab\u202c":   "ab",
		"cafe\u0301":                   "cafe\u0301",
		"שלום\u200f!":                  "שלום\u200f!", // a mark, which overrides nothing
		"":                             "",
	} {
		if got := text.Line(in); got != want {
			t.Errorf("Line(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestBlock(t *testing.T) {
	for in, want := range map[string]string{
		"a\r\n\tb\v\u0085c\n":     "a\r\n\tb\n\nc\n",
		"\x1b[32m✓\x1b[0m ok\x07": "✓ ok",
		"a\x00b\x01":              "a\x00b",
		"e\u0301\n":               "e\u0301\n",
		"a\u2028b":                "a\nb",
	} {
		if got := text.Block(in); got != want {
			t.Errorf("Block(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestVisible(t *testing.T) {
	for _, s := range []string{
		"", " ", "\t\n", "\u00a0\u3000", "\u3164", "\u115f\u1160\uffa0", "\u2800", "\u200b\u200c\u200d", "\ufeff", "\u2060\u00ad",
		"\u202e", "\ufe0f", "\U000e0041", "\u034f", "\u180e", "\u061c", "\u17b4", "\U0001d159", "\x00\x1b",
	} {
		if text.Visible(s) {
			t.Errorf("%q can be seen", s)
		}
	}
	for _, s := range []string{"a", " ä ", "日", "🦊", "\u3164x", "-", "م", "1"} {
		if !text.Visible(s) {
			t.Errorf("%q cannot be seen", s)
		}
	}
}

func TestIdentifier(t *testing.T) {
	for in, want := range map[string]string{
		"ana": "ana", " ana ": "ana", "ana\u00a0": "ana", "\u3000ana\u200b": "ana", "\ufeffana\t": "ana", "ａｎａ": "ana",
		"ana＠example．org": "ana@example.org", "ana\n": "ana\n", "an a": "an a", "": "", " ": "", "\u2800": "",
	} {
		if got := text.Identifier(in); got != want {
			t.Errorf("Identifier(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestProblemOfLine(t *testing.T) {
	long := strings.Repeat("🦊", 64)
	for name, want := range map[string]text.Problem{
		"a": text.NoProblem, " a ": text.NoProblem, "ä🦊": text.NoProblem, long: text.NoProblem, `<b>"&'`: text.NoProblem, "…": text.NoProblem,
		"": text.Invisible, "   ": text.Invisible, "\u00a0\u2003": text.Invisible, "\u200b": text.Invisible, "\u3164": text.Invisible, "\u2800\ufeff": text.Invisible,
		"a\nb": text.Unstorable, "a\x00b": text.Unstorable, "a\u2028b": text.Unstorable, "a\tb": text.Unstorable, "a\xff": text.Unstorable,
		long + "a": text.TooLong,
	} {
		if got := text.ProblemOfLine(name, 64); got != want {
			t.Errorf("%q: %v, want %v", name, got, want)
		}
	}
}
