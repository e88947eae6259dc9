package documents_test

import (
	"testing"

	"taskstack.org/modules/documents"
	"taskstack.org/modules/projects"
	"taskstack.org/platform/i18n"
	"taskstack.org/platform/module"
)

// TestTheTableOfRightsCanBeRead in both languages, whatever is added to it.
func TestTheTableOfRightsCanBeRead(t *testing.T) {
	catalogue, err := i18n.New(documents.New(module.Deps{}).Locales())
	if err != nil {
		t.Fatal(err)
	}
	known := map[string]bool{}
	for _, key := range catalogue.Keys() {
		known[key] = true
	}
	need := func(key string) {
		if !known["documents.rights."+key] {
			t.Errorf("the table of rights needs the text documents.rights.%s", key)
		}
	}
	for _, rule := range projects.Rules {
		need("action." + string(rule.Action))
		for _, who := range projects.Principals {
			if who != projects.Suspended {
				need("who." + string(who))
				need("may." + string(rule.Of(who)))
			}
		}
	}
}
