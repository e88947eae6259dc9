package main

import (
	"os"
	"slices"
	"strings"
	"testing"
)

// TestWithoutFeature works on the real file, so that its form cannot change
// without this program.
func TestWithoutFeature(t *testing.T) {
	text, err := os.ReadFile("../../" + featuresFile)
	if err != nil {
		t.Fatal(err)
	}
	features := featuresOf(string(text))
	if !slices.Contains(features, "search") || !slices.Contains(features, "documents") || strings.Count(string(text), ".New(") != len(features) {
		t.Errorf("features: %v", features)
	}
	for _, feature := range features {
		without, err := withoutFeature(string(text), feature)
		if err != nil || strings.Contains(without, `modules/`+feature+`"`) || len(featuresOf(without)) != len(features)-1 {
			t.Errorf("without %s: %v\n%s", feature, err, without)
		}
	}
	if _, err := withoutFeature(string(text), "cards"); err == nil {
		t.Error("a module of the core was removed")
	}
}
