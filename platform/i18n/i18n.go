// Package i18n holds the product's texts in English and German.
//
// Texts live with the module that uses them, in locales/en.json and
// locales/de.json: flat objects of key to text, or to {"one", "other"} where
// the text depends on a count. Placeholders are {{.Name}}.
package i18n

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"

	"taskstack.org/platform/errs"
)

// The languages. English is the default.
const (
	English = "en"
	German  = "de"
)

// Languages are all languages, the default first.
func Languages() []string { return []string{English, German} }

// Catalogue is the set of all texts. It is read-only once made.
type Catalogue struct {
	localizers map[string]*i18n.Localizer
	plain      map[string]map[string]string          // language → key → text without placeholders
	raw        map[string]map[string]json.RawMessage // language → key → as written
	lex        map[string]Lex
}

// New reads locales/en.json and locales/de.json of every source. A key that
// two sources define, or that one language lacks, is an error.
func New(sources ...fs.FS) (*Catalogue, error) {
	c := &Catalogue{
		localizers: map[string]*i18n.Localizer{}, plain: map[string]map[string]string{},
		raw: map[string]map[string]json.RawMessage{}, lex: map[string]Lex{},
	}
	for _, lang := range Languages() {
		if err := c.load(lang, sources); err != nil {
			return nil, err
		}
	}
	if err := c.complete(); err != nil {
		return nil, err
	}
	return c, nil
}

func (c *Catalogue) load(lang string, sources []fs.FS) error {
	bundle := i18n.NewBundle(language.Make(lang))
	c.raw[lang], c.plain[lang] = map[string]json.RawMessage{}, map[string]string{}
	for _, src := range sources {
		file := "locales/" + lang + ".json"
		data, err := fs.ReadFile(src, file)
		if err != nil {
			return fmt.Errorf("read texts: %w", err)
		}
		if err := c.add(lang, data); err != nil {
			return fmt.Errorf("texts in %s: %w", file, err)
		}
		if _, err := bundle.ParseMessageFileBytes(data, lang+".json"); err != nil {
			return fmt.Errorf("texts in %s: %w", file, err)
		}
	}
	c.localizers[lang] = i18n.NewLocalizer(bundle, lang)
	return c.buildLex(lang)
}

func (c *Catalogue) add(lang string, data []byte) error {
	var texts map[string]json.RawMessage
	if err := json.Unmarshal(data, &texts); err != nil {
		return err
	}
	for key, raw := range texts {
		if _, ok := c.raw[lang][key]; ok {
			return fmt.Errorf("key %q is defined twice", key)
		}
		c.raw[lang][key] = raw
		var plain string
		if json.Unmarshal(raw, &plain) == nil && !strings.Contains(plain, "{{") {
			c.plain[lang][key] = plain
		}
	}
	return nil
}

// buildLex makes once what scripts get: the keys with ".js." after their
// prefix.
func (c *Catalogue) buildLex(lang string) error {
	texts := map[string]json.RawMessage{}
	for key, raw := range c.raw[lang] {
		if isScriptKey(key) {
			texts[key] = raw
		}
	}
	data, err := json.Marshal(texts)
	if err != nil {
		return err
	}
	sum := sha256.Sum256(data)
	c.lex[lang] = Lex{JSON: data, Version: base64.RawURLEncoding.EncodeToString(sum[:6])}
	return nil
}

// isScriptKey reports whether a key's text is handed to scripts.
func isScriptKey(key string) bool {
	_, rest, _ := strings.Cut(key, ".")
	return strings.HasPrefix(rest, "js.")
}

func (c *Catalogue) complete() error {
	var all []error
	for _, lang := range Languages() {
		for _, key := range c.Keys() {
			if _, ok := c.raw[lang][key]; !ok {
				all = append(all, fmt.Errorf("key %q has no text in %q", key, lang))
			}
		}
	}
	return errors.Join(all...)
}

// Keys are all keys of all languages, sorted.
func (c *Catalogue) Keys() []string {
	all := map[string]bool{}
	for _, texts := range c.raw {
		for key := range texts {
			all[key] = true
		}
	}
	return slices.Sorted(maps.Keys(all))
}

// Lex is the texts that scripts use, in one language.
type Lex struct {
	// JSON is an object, key → text or plural forms.
	JSON []byte
	// Version changes with the texts.
	Version string
}

// Lex returns the texts that scripts use.
func (c *Catalogue) Lex(lang string) Lex { return c.lex[lang] }

// T is the text of a key with its parameters given as name, value, name,
// value. A parameter Count (an int) chooses between singular and plural. A
// key without a text is returned as it is: ugly on the screen, found by the test
// that reads all keys out of the source.
func (c *Catalogue) T(lang, key string, params ...any) string {
	if text, ok := c.plain[lang][key]; ok {
		return text
	}
	localizer := c.localizers[lang]
	if localizer == nil {
		localizer = c.localizers[English]
	}
	cfg := &i18n.LocalizeConfig{MessageID: key}
	if len(params) > 0 {
		data := make(map[string]any, len(params)/2)
		for i := 0; i+1 < len(params); i += 2 {
			data[fmt.Sprint(params[i])] = params[i+1]
		}
		cfg.TemplateData = data
		if n, ok := data["Count"]; ok {
			cfg.PluralCount = n
		}
	}
	text, err := localizer.Localize(cfg)
	if err != nil {
		return key
	}
	return text
}

// Message translates a message of an error.
func (c *Catalogue) Message(lang string, m errs.Message) string {
	params := slices.Clone(m.Params)
	for i, p := range params {
		if name, ok := p.(errs.FieldName); ok {
			params[i] = c.fieldName(lang, string(name))
		}
	}
	return c.T(lang, m.Key, params...)
}

// fieldName is what people call an input field: the text errors.field.⟨name⟩,
// or the name itself where there is none.
func (c *Catalogue) fieldName(lang, name string) string {
	name = name[strings.LastIndexByte(name, '.')+1:]
	if text, ok := c.plain[lang]["errors.field."+name]; ok {
		return text
	}
	return "“" + name + "”"
}

// ErrorText is what a person reads about an error: its own message, what is
// wrong with its fields, or the standard text of its kind.
func (c *Catalogue) ErrorText(lang string, e *errs.Error) string {
	if e.Message.Key != "" {
		return c.Message(lang, e.Message)
	}
	if len(e.Fields) > 0 {
		texts := c.FieldTexts(lang, e)
		var all []string
		for _, name := range slices.Sorted(maps.Keys(texts)) {
			if !slices.Contains(all, texts[name]) {
				all = append(all, texts[name])
			}
		}
		return strings.Join(all, " ")
	}
	return c.T(lang, "errors."+string(e.Kind), "Seconds", int(e.RetryAfter.Seconds()))
}

// FieldTexts translates the messages of an error's fields.
func (c *Catalogue) FieldTexts(lang string, e *errs.Error) map[string]string {
	texts := make(map[string]string, len(e.Fields))
	for name, m := range e.Fields {
		texts[name] = c.Message(lang, m)
	}
	return texts
}

// maxAcceptLanguage is how much of the header is parsed, in bytes: the parser's
// time grows with the square of it, and browsers send far less.
const maxAcceptLanguage = 256

// firstLanguages cuts the header behind the last whole language that fits.
func firstLanguages(header string) string {
	if len(header) <= maxAcceptLanguage {
		return header
	}
	return header[:max(strings.LastIndexByte(header[:maxAcceptLanguage+1], ','), 0)]
}

// Choose is the language of a visitor: the cookie decides; without one, an
// explicit preference for German over English in Accept-Language. A wildcard
// is no preference (contract, http.md section 3 and defect H23).
func Choose(cookie, acceptLanguage string) string {
	switch cookie {
	case English, German:
		return cookie
	}
	tags, weights, err := language.ParseAcceptLanguage(firstLanguages(acceptLanguage))
	if err != nil {
		return English
	}
	best, bestWeight := English, float32(-1)
	for i, tag := range tags {
		base, confidence := tag.Base()
		if confidence == language.No || tag == language.Und {
			continue
		}
		if b := base.String(); (b == English || b == German) && weights[i] > bestWeight && weights[i] > 0 {
			best, bestWeight = b, weights[i]
		}
	}
	return best
}
