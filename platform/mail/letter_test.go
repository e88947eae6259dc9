package mail

import (
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
)

func fullLetter() Letter {
	return Letter{
		Lang: "de", Product: "Taskstack", Subject: "Betreff", Greeting: "Hallo Bob,", Text: []string{"Erstens.", "Zweitens <b>&."},
		Facts: []string{"Wann: heute", "Gerät: <i>"}, Advice: "Tu was.", Link: "https://x.example/a?b=c&d=e", Button: "Weiter", ButtonFails: "Sonst:",
		Code: `ab"<12`, CodeIs: "Code:", Why: "Weil.",
	}
}

func TestLetterSaysTheSameInBothForms(t *testing.T) {
	m, err := fullLetter().To("bob@example.org")
	if err != nil {
		t.Fatal(err)
	}
	if err := m.Validate(); err != nil || m.To != "bob@example.org" || m.Subject != "Betreff" {
		t.Errorf("%v: %+v", err, m)
	}
	const text = "Hallo Bob,\n\nErstens.\n\nZweitens <b>&.\n\nWann: heute\nGerät: <i>\n\nTu was.\n\nWeiter:\nhttps://x.example/a?b=c&d=e\n\nCode:\nab\"<12\n\nWeil.\n"
	if m.Text != text {
		t.Errorf("text:\n%q, want\n%q", m.Text, text)
	}
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(m.HTML))
	if err != nil {
		t.Fatal(err)
	}
	if doc.Find("html").AttrOr("lang", "") != "de" || doc.Find("title").Text() != "Betreff" || doc.Find("b, i, script, img, link").Length() != 0 {
		t.Errorf("HTML:\n%s", m.HTML)
	}
	links := doc.Find("a")
	if links.Length() != 2 || links.First().Text() != "Weiter" || links.Last().Text() != "https://x.example/a?b=c&d=e" {
		t.Errorf("%d links:\n%s", links.Length(), m.HTML)
	}
	links.Each(func(_ int, a *goquery.Selection) {
		if href := a.AttrOr("href", ""); href != "https://x.example/a?b=c&d=e" {
			t.Errorf("link to %s", href)
		}
	})
	for _, part := range []string{"Taskstack", "Hallo Bob,", "Erstens.", "Zweitens <b>&.", "Wann: heute", "Gerät: <i>", "Tu was.", "Sonst:", "Code:", `ab"<12`, "Weil."} {
		if !strings.Contains(doc.Find("body").Text(), part) {
			t.Errorf("%q is missing", part)
		}
	}
}

func TestLetterLeavesOutWhatIsEmpty(t *testing.T) {
	l := Letter{Lang: "en", Product: "Taskstack", Subject: "S", Greeting: "Hello,", Text: []string{"One."}}
	m, err := l.To("bob@example.org")
	if err != nil {
		t.Fatal(err)
	}
	if m.Text != "Hello,\n\nOne.\n" {
		t.Errorf("text: %q", m.Text)
	}
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(m.HTML))
	if err != nil {
		t.Fatal(err)
	}
	if doc.Find("a, .code, .line").Length() != 0 || doc.Find("p").Length() != 2 {
		t.Errorf("HTML:\n%s", m.HTML)
	}
}

func TestLettersEndWithTheirLinks(t *testing.T) {
	l := fullLetter()
	l.Links, l.Unsubscribe = []Link{{"Einstellungen", "https://x.example/settings?a&b"}, {"<Ende>", "https://x.example/end"}}, "https://x.example/end"
	m, err := l.To("bob@example.org")
	if err != nil {
		t.Fatal(err)
	}
	if m.Unsubscribe != l.Unsubscribe || !strings.HasSuffix(m.Text, "\n\nWeil.\n\nEinstellungen:\nhttps://x.example/settings?a&b\n\n<Ende>:\nhttps://x.example/end\n") {
		t.Errorf("%q", m.Text)
	}
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(m.HTML))
	if err != nil {
		t.Fatal(err)
	}
	if links := doc.Find("a"); links.Length() != 4 || links.Last().Text() != "<Ende>" || links.Last().AttrOr("href", "") != "https://x.example/end" {
		t.Errorf("HTML:\n%s", m.HTML)
	}
}

// A link that could run something is not one.
func TestLetterHasNoScriptLinks(t *testing.T) {
	l := fullLetter()
	l.Link = "javascript:alert(1)"
	m, err := l.To("bob@example.org")
	if err != nil || strings.Contains(m.HTML, `href="javascript:`) {
		t.Errorf("%v\n%s", err, m.HTML)
	}
}
