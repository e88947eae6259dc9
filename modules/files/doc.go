// Package files keeps the attachments of lists and cards. It checks permissions
// for downloads, sizes and quotas, and keeps table rows and objects of the storage
// consistent: no object without a row, no row without an object.
//
// Tables owned: file_use_project, file_use_person, file_sweep, list_attached_file, card_attached_file, item_attached_file, upload_part.
//
// Content is stored before the transaction that attaches it (Service.Stage), so
// that a slow storage holds no lock. It is announced before it is stored, and
// content that is detached is deleted after the commit: package objects of platform
// sees to both. The sweeper compares the storage with the rows, deletes objects that
// no row names and reports rows without an object.
//
// A link is ⟨public URL⟩/files/⟨key⟩/⟨name⟩. The column url holds /files/⟨key⟩,
// which does not change when the content is replaced. Rows adopted from the Flask
// application hold the absolute URL of the old bucket instead.
//
// Events published: none. Events subscribed to: none.
//
// Files arrive as attachments of an event (Stage, as in the contract) or as the
// body of a request each (Upload, as our own page sends them): requests pass slow
// connections and proxies that an event of 10 MB does not. Large files come in parts
// (UploadPart), each an object of its own until all have come, so that a broken line
// goes on where it stopped.
//
// Pictures are measured when they are stored, so that pages keep their place, and may
// have a description. Small ones are made of them when they are first asked for: a
// thumbnail, and the cover of a card, which cards chooses (its column img_url).
//
// Items of other modules, such as messages, have files as well: a Keeper says where its
// items are and who may read them, and all else is as with lists and cards
// (docs/decisions/0059).
//
// Slots offered: Keeper; Owning, where a list or card is and how an uploaded file
// becomes a change of it.
package files
