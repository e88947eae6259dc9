// Package home is the start page of people who are signed in: their projects,
// what is new for them, their friends. It also counts what is new, for the badge
// in the header of every other page.
//
// It owns no table, publishes and hears nothing. Slots offered: AddFeed, for
// what is new of other kinds than friendship requests, shown by the guest's piece
// _feedEntry.html; AddCount, for their number.
package home
