// Package static holds the bundled front end: scripts, styles, fonts and
// pictures under their hashed names, made by cmd/assets.
package static

import "embed"

// Files has everything below dist. A fresh clone has only a placeholder there;
// platform/assets then says what to do.
//
//go:embed all:dist
var Files embed.FS
