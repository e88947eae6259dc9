// Package versions keeps the names and descriptions that somebody has replaced
// by others, so that a text is never lost when two people write at once: each
// list, card and project has its last MaxVersions earlier texts, for Lifetime.
//
// Tables owned: text_version.
//
// Events published: none. Events heard: projects.TextReplaced, in whose
// transaction the earlier text is written down; lists.Purged and cards.Purged, on
// which the texts of what is gone go, too.
package versions
