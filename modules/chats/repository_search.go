package chats

import (
	"context"
	"slices"
	"strings"

	"taskstack.org/platform/db"
	"taskstack.org/platform/text"
)

// lastRune is above every character of a word.
const lastRune = "\U0010FFFF"

// maxWordRows is how many rows one statement inserts.
const maxWordRows = 1000

// word is the table of the index: a row for each beginning of a word and message.
func (t tables) word() string { return t.msg + "_word" }

// insertWords stores what the index has of a message.
func (r repository) insertWords(ctx context.Context, kind Kind, chatID, id int64, words []string) error {
	slices.Sort(words) // rows are locked in the order of the table
	for some := range slices.Chunk(words, maxWordRows) {
		args := make([]any, 0, 3*len(some))
		for _, word := range some {
			args = append(args, chatID, word, id)
		}
		values := strings.TrimSuffix(strings.Repeat("(?, ?, ?), ", len(some)), ", ")
		if err := r.exec(ctx, "INSERT INTO "+tablesOf[kind].word()+" (chat_id, word, msg_id) VALUES "+values, args...); err != nil {
			return err
		}
	}
	return nil
}

// deleteWords removes a message from the index.
func (r repository) deleteWords(ctx context.Context, kind Kind, id int64) error {
	return r.exec(ctx, "DELETE FROM "+tablesOf[kind].word()+" WHERE msg_id = ?", id)
}

// entriesSQL reads the entries of a person's chats that begin with a prefix.
func (r repository) entriesSQL(kind Kind, columns string) string {
	t, join := tablesOf[kind], " CROSS JOIN " // both databases begin with the left table
	if r.db.Dialect() == db.MySQL {
		join = " STRAIGHT_JOIN "
	}
	return "SELECT " + columns + " FROM " + t.link + " l" + join + t.word() + " w ON w.chat_id = l." + t.of +
		" WHERE l.user_id = ? AND w.word >= ? AND w.word < ? LIMIT ?"
}

// countEntries returns for each kind of chats and each term how many entries of a
// person's chats begin with it, counted up to limit.
func (r repository) countEntries(ctx context.Context, userID int64, terms []text.Term, limit int) (map[Kind][]int, error) {
	var parts []string
	var args []any
	counts := make(map[Kind][]int, len(kinds))
	for _, kind := range kinds {
		counts[kind] = make([]int, len(terms))
		for i, t := range terms {
			parts = append(parts, "SELECT ? AS kind, ? AS term, COUNT(*) AS n FROM ("+r.entriesSQL(kind, "1")+") some")
			args = append(args, kind, i, userID, t.Prefix, t.Prefix+lastRune, limit)
		}
	}
	var rows []struct {
		Kind    Kind
		Term, N int
	}
	err := r.db.From(ctx).Raw(strings.Join(parts, " UNION ALL "), args...).Scan(&rows).Error
	for _, row := range rows {
		counts[row.Kind][row.Term] = row.N
	}
	return counts, db.Err(err)
}

// withWord returns messages of a person's chats with a word that begins with the
// prefix for their kind, the newest of each kind first; at most limit entries of each
// kind are read.
func (r repository) withWord(ctx context.Context, userID int64, prefixes map[Kind]string, limit int) (map[Kind][]int64, error) {
	var parts []string
	var args []any
	for _, kind := range kinds {
		parts = append(parts, "SELECT ? AS kind, msg_id AS id FROM ("+r.entriesSQL(kind, "w.msg_id")+") some")
		args = append(args, kind, userID, prefixes[kind], prefixes[kind]+lastRune, limit)
	}
	var rows []struct {
		Kind Kind
		ID   int64
	}
	// UNION leaves out what is there twice: several words of a message begin alike.
	err := r.db.From(ctx).Raw(strings.Join(parts, " UNION ")+" ORDER BY id DESC", args...).Scan(&rows).Error
	ids := map[Kind][]int64{}
	for _, row := range rows {
		ids[row.Kind] = append(ids[row.Kind], row.ID)
	}
	return ids, db.Err(err)
}

// messagesByIDs returns the messages that are not deleted, the newest first.
func (r repository) messagesByIDs(ctx context.Context, kind Kind, ids []int64) ([]placed, error) {
	var all []placed
	err := r.db.From(ctx).Raw(selectPlaced(kind)+" WHERE id IN ? AND deleted_at IS NULL ORDER BY id DESC", ids).Scan(&all).Error
	return all, db.Err(err)
}

// notIndexed is the condition for messages that the index has not got: those of an
// older database, of a server that is older than the search, and those without words.
func notIndexed(t tables) string {
	return t.of + " IS NOT NULL AND deleted_at IS NULL AND NOT EXISTS (SELECT 1 FROM " + t.word() + " w WHERE w.msg_id = " + t.msg + ".id)"
}

// unindexed returns messages with ids above after that the index has not got.
func (r repository) unindexed(ctx context.Context, kind Kind, after int64, limit int) (ids []int64, err error) {
	err = r.db.From(ctx).Raw(unindexedSQL(kind), after, limit).Scan(&ids).Error
	return ids, db.Err(err)
}

func unindexedSQL(kind Kind) string {
	t := tablesOf[kind]
	return "SELECT id FROM " + t.msg + " WHERE id > ? AND " + notIndexed(t) + " ORDER BY id LIMIT ?"
}

// lockUnindexed holds messages until the transaction ends, and returns those that
// the index still has not got.
func (r repository) lockUnindexed(ctx context.Context, kind Kind, ids []int64) (all []placed, err error) {
	t := tablesOf[kind]
	if err := r.exec(ctx, "UPDATE "+t.msg+" SET rev = rev WHERE id IN ?", ids); err != nil {
		return nil, err
	}
	err = r.db.From(ctx).Raw(selectPlaced(kind)+" WHERE id IN ? AND "+notIndexed(t), ids).Scan(&all).Error
	return all, db.Err(err)
}

// groupNames returns the names of groups of a kind, and for the groups of projects
// the projects.
func (r repository) groupNames(ctx context.Context, kind Kind, ids []int64) (map[int64]projectGroup, error) {
	columns := "id, name"
	if kind == ProjectGroup {
		columns += ", project_id"
	}
	var rows []projectGroup
	err := r.db.From(ctx).Raw("SELECT "+columns+" FROM "+tablesOf[kind].chat+" WHERE id IN ?", ids).Scan(&rows).Error
	byID := make(map[int64]projectGroup, len(rows))
	for _, row := range rows {
		byID[row.ID] = row
	}
	return byID, db.Err(err)
}
