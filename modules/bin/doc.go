// Package bin is where people find what was taken off a board: lists and cards
// that were deleted wait in the bin for lists.BinTime, what was put aside waits
// in the archive. It shows both, has things restored or given up, and deletes
// for good what nobody can have back.
//
// Tables owned: none. Lists and cards keep their rows, with a place in the
// column removed_as (decision 0012); this module calls their services.
//
// Events published: none. Events heard: none.
package bin
