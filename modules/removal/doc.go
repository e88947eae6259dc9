// Package removal is the soft delete of lists and cards: one state machine for
// both.
//
//	on the board --Delete--> trash --Relocate--> permanently deleted --> no row
//	             --Archive-> archive --Relocate--> trash
//	             <--Restore- trash, archive
//
// Every step is a change of the board (projects.Record), and the state is
// checked under the lock of the project's row. lists and cards register a Kind
// and embed the Machine they get; what differs between them, the order on the
// board and the contents, they implement as an Item.
//
// Tables owned: none. It reads and writes the columns removed_as, removed_at,
// removed_by and changed_rev of the tables that the kinds name (decision 0012).
//
// Events published: projects.Happened. Events handled: accounts.Deleting, on which
// removed items forget who removed them.
package removal
