// Package documents is the pages that only tell something: privacy, imprint,
// help, contact and guide, each under an English and a German address that both
// show the visitor's language (contract, http.md section 7). Who runs the
// server, and how, comes from the configuration; who may do what, from the
// table of projects.
//
// It owns no table, publishes nothing, hears nothing, fills no slot.
package documents
