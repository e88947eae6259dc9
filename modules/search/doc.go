// Package search finds cards, projects and people: in the palette of every page, on
// a page of results without scripts, and at /search for old clients.
//
// Tables owned: search_card, search_word, an index of the cards' words that is kept
// in the transaction of each change (decision 0032).
//
// Events published: none. Events handled: cards.Created, cards.Edited,
// cards.TextsChanged and cards.Purged. Door: AddSource. Connect adds the sources of
// all modules, so no module names search.
package search
