// Package trash shows what was removed from a board: deleted lists and cards wait in
// the trash for removal.TrashRetention, archived ones in the archive. It restores
// them or deletes them permanently, and its sweeper deletes their rows.
//
// Tables owned: none. Lists and cards keep their rows (decision 0012). Package
// removal has the state machine; this module has its windows, events and sweeper.
//
// Events published: none. Events handled: none.
package trash
