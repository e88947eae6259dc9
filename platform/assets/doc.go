// Package assets serves the bundled front end: content-hashed files that never
// change under their name, compressed beforehand, from memory.
//
// Its sub-package bundle makes what this package serves.
package assets
