package notifications

import (
	"maps"
	"slices"
	"time"

	"taskstack.org/modules/accounts"
	"taskstack.org/platform/module"
)

// MailPreviews implements module.MailPreviewer: one of a single notification, and one of
// all kinds.
func (m *Module) MailPreviews(lang string) ([]module.MailPreview, error) {
	var entries []Entry
	ben := accounts.Person{ID: 1, Name: "ben", DisplayName: "Ben"}
	for _, name := range slices.Sorted(maps.Keys(m.kinds)) {
		entries = append(entries, Entry{
			By: &ben, Text: m.kinds[name].Text, Name: "Water the plants", Project: "Garden", Count: 1, At: time.Date(2026, 1, 2, 15, 4, 0, 0, time.UTC),
		})
	}
	to := letterTo{Address: "ana@example.org", Lang: lang, Name: "Ana", Unsubscribe: m.writer.publicURL + unsubscribePath}
	var all []module.MailPreview
	for name, of := range map[string][]Entry{"one": entries[:min(1, len(entries))], "many": entries} {
		message, err := m.writer.write(to, of)
		if err != nil {
			return nil, err
		}
		all = append(all, module.MailPreview{Name: name, Message: message})
	}
	return all, nil
}

var _ module.MailPreviewer = (*Module)(nil)
