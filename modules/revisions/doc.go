// Package revisions keeps the names and descriptions that were replaced, so that no
// text is lost when two people write at once: each list, card and project has its
// last MaxRevisions texts, for the lifetime that model.go states.
//
// Tables owned: text_version.
//
// Events published: none. Events handled: projects.TextReplaced, in whose
// transaction the replaced text is stored; lists.Purged and cards.Purged, on which
// the texts of lists and cards are deleted with them.
package revisions
