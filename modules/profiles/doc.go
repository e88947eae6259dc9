// Package profiles holds the pages about a person: the profile with projects and
// friends and, on the own profile, the settings, the export and the deletion of
// the account. It decides who may see whose profile; the changes are made by
// accounts, auth, friends and projects, which it calls.
//
// Tables owned: none. Events published: none. Events handled:
// accounts.PersonChanged and accounts.Renamed, to update open pages.
package profiles
