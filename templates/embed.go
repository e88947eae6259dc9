// Package templates holds the pages and the words of layouts and components.
package templates

import "embed"

// Files are all templates, by their path below this folder, and
// locales/{en,de}.json.
//
//go:embed all:*
var Files embed.FS
