package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
)

// featuresFile has a line for each feature.
const featuresFile = "internal/wiring/features.go"

var newCall = regexp.MustCompile(`(?m)^\t\t([a-z]+)\.New\(`)

// featuresOf are the features that a text of featuresFile makes.
func featuresOf(text string) []string {
	var names []string
	for _, m := range newCall.FindAllStringSubmatch(text, -1) {
		names = append(names, m[1])
	}
	return names
}

// withoutFeature is the text of featuresFile without a feature's import and line.
func withoutFeature(text, feature string) (string, error) {
	lines := regexp.MustCompile(`(?m)^(?:\t"taskstack\.org/modules/` + feature + `"|\t\t` + feature + `\.New\(.*\),)\n`)
	if n := len(lines.FindAllString(text, -1)); n != 2 {
		return "", fmt.Errorf("%s has %d lines of %s instead of two, an import and a call of New", featuresFile, n, feature)
	}
	return lines.ReplaceAllString(text, ""), nil
}

// foldersOf are the folders and files of a feature, relative to the root.
// Migrations stay: databases have them.
func foldersOf(feature string) []string {
	folders := map[string][]string{"devtools": {"templates/dev", "static/css/pages/dev.css"}}[feature]
	return append(
		folders, "modules/"+feature, "templates/"+feature, "static/js/"+feature, "e2e/"+feature+".test.mjs", "e2e/entries/"+feature+".js", "cmd/taskstack/"+feature+"_test.go",
		"static/css/components/"+feature+".css", "static/css/pages/"+feature+".css",
	)
}

// remove deletes a feature in the tree at dir.
func remove(dir, feature string) error {
	if info, err := os.Stat(filepath.Join(dir, "modules", feature)); errors.Is(err, fs.ErrNotExist) || err == nil && !info.IsDir() {
		return fmt.Errorf("there is no module %s", feature)
	}
	for _, name := range foldersOf(feature) {
		if err := os.RemoveAll(filepath.Join(dir, filepath.FromSlash(name))); err != nil {
			return err
		}
	}
	file := filepath.Join(dir, filepath.FromSlash(featuresFile))
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	without, err := withoutFeature(string(text), feature)
	if err != nil {
		return err
	}
	return os.WriteFile(file, []byte(without), 0o600)
}
