// Package devtools holds pages for developers: the outbox, which keeps mails that
// are not really sent, and the page of all components. Its routes exist on
// development servers only.
//
// Tables owned: none. Events published: none. Events handled: none.
package devtools
