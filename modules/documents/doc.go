// Package documents holds the static pages: privacy, imprint, help, contact and
// guide, each under an English and a German address that both show the visitor's
// language (contract, http.md section 7). The operator and the setup of the server
// come from the configuration, the table of permissions from projects.
//
// Tables owned: none. Events published: none. Events handled: none.
package documents
