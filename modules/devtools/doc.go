// Package devtools is what a developer sees and nobody else: the outbox, where
// mails go that are not really sent, and the page of all components. Its routes
// exist on development servers only.
//
// It owns no table, publishes nothing, hears nothing, fills no slot.
package devtools
