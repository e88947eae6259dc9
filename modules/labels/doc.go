// Package labels gives each project labels in eight colours, with optional
// names, and puts them on cards.
//
// Tables owned: label, card_label. Rows of card_label go with their card or
// label by foreign keys.
//
// Events published: projects.Happened, cards.TextsChanged. Events handled: none.
//
// Extends: cards by the part "labels", which is also a key of the board, and by the
// names of their labels, which the search finds.
package labels
