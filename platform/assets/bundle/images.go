package bundle

import (
	"crypto/sha256"
	"encoding/base32"
	"os"
	"path"
	"path/filepath"
	"strings"
)

// contractNames are pictures that old databases and pages know by this name
// (contract, socket-events.md P04): they are there unhashed as well.
var contractNames = map[string]bool{"img/group.png": true}

// addImages adds the pictures in static/img. Icons are not among them: they
// are in the style sheet.
func addImages(source string, files map[string][]byte, manifest map[string]string) error {
	found, err := filepath.Glob(filepath.Join(source, "img", "*.*"))
	if err != nil {
		return err
	}
	for _, file := range found {
		if strings.HasSuffix(file, ".md") {
			continue
		}
		data, err := os.ReadFile(file) // our own sources
		if err != nil {
			return err
		}
		name := "img/" + filepath.Base(file)
		hashed := withHash(name, data)
		files[hashed], manifest[name] = data, hashed
		if contractNames[name] {
			files[name] = data
		}
	}
	return nil
}

func withHash(name string, data []byte) string {
	sum := sha256.Sum256(data)
	ext := path.Ext(name)
	return strings.TrimSuffix(name, ext) + "." + base32.StdEncoding.EncodeToString(sum[:5]) + ext
}
