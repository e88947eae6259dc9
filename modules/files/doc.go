// Package files keeps what people attach to lists and cards: who may download
// it, how much it may be, and that no object stays in the storage without a row
// and no row points at nothing.
//
// Tables owned: list_attached_file, card_attached_file.
//
// Bytes are stored before the transaction that attaches them (Service.Stage),
// so that a slow storage holds no lock, and are taken away again unless that
// transaction commits. Bytes that are no longer attached are removed after the
// commit. What a crash leaves in between is the sweeper's.
//
// A link is ⟨public URL⟩/files/⟨key⟩/⟨name⟩. In the table only /files/⟨key⟩
// stands, which does not change when the content is replaced. Rows taken over
// from the Flask application hold the absolute URL of the old bucket instead.
//
// Events published: none. Events heard: none.
//
// Files come as attachments of an event (Stage, the contract's way) or one by
// one as the body of a request (Upload, the way of our own page): a request
// gets through lines and proxies that an event of 10 MB does not.
//
// Slots offered: SetOwners (where a list or card is, and how a file that has
// come by a request becomes a change of it).
package files
