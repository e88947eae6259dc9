// Package accounts holds people: their rows, names, profiles, pictures and
// switches, the export of what the modules store about a person, and the
// deletion of an account.
//
// Tables owned: user; user_stream and user_event, the numbered events for a
// person's pages. The password and address columns of user are Credentials, which
// only auth uses: accounts stores them, auth decides about them.
//
// Events published: Renamed, PersonChanged, Deleting. Events handled: none.
// Doors: Deliver sends people an event in the transaction that causes it; OnDelivered;
// AddExport for a module's part of an export, AddStartPage for the page
// that signed-in people see at "/". Other modules look people up through Service
// and take an Actor as the person who acts.
//
// The pages on which a person changes these things belong to profiles.
package accounts
