// Package profiles is the pages about a person: their profile with projects and
// friends, and, for oneself, the settings, the export and the deletion of the
// account. It decides who may see whom; what changes is decided by accounts,
// friends and projects, which it calls.
//
// Tables owned: none. Events published: none. Events heard:
// accounts.PictureChanged and accounts.Renamed, to tell open pages. Slots offered and filled: none.
package profiles
