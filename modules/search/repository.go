package search

import (
	"context"
	"slices"
	"strings"

	"taskstack.org/platform/db"
	"taskstack.org/platform/text"
)

// repository holds every query on search_card and search_word.
type repository struct{ db *db.DB }

// maxRows is how many rows one statement inserts or deletes; databases allow some
// 32,000 parameters.
const maxRows = 1000

// maxCards is how many cards with their words one statement stores: databases limit
// its length, MariaDB to 16 MiB.
const maxCards = 50

// lastRune is above every character of a word.
const lastRune = "\U0010FFFF"

// indexed returns the rows of cards.
func (r repository) indexed(ctx context.Context, cardIDs []int64) ([]indexed, error) {
	var rows []indexed
	err := r.db.From(ctx).Raw("SELECT card_id, project_id, words, version FROM search_card WHERE card_id IN ?", cardIDs).Scan(&rows).Error
	return rows, db.Err(err)
}

// indexedBetween returns the cards with ids above after and up to last that are
// indexed as indexVersion says.
func (r repository) indexedBetween(ctx context.Context, after, last int64) ([]int64, error) {
	var ids []int64
	err := r.db.From(ctx).Raw("SELECT card_id FROM search_card WHERE card_id > ? AND card_id <= ? AND version = ?", after, last, indexVersion).Scan(&ids).Error
	return ids, db.Err(err)
}

// saveCards inserts or replaces the rows of cards.
func (r repository) saveCards(ctx context.Context, rows []indexed) error {
	for some := range slices.Chunk(rows, maxCards) {
		args := make([]any, 0, 4*len(some))
		for _, row := range some {
			args = append(args, row.CardID, row.ProjectID, row.Words, row.Version)
		}
		values := strings.TrimSuffix(strings.Repeat("(?, ?, ?, ?), ", len(some)), ", ")
		if err := r.exec(ctx, "REPLACE INTO search_card (card_id, project_id, words, version) VALUES "+values, args...); err != nil {
			return err
		}
	}
	return nil
}

func (r repository) deleteCards(ctx context.Context, ids []int64) error {
	return r.exec(ctx, "DELETE FROM search_card WHERE card_id IN ?", ids)
}

// insertWords inserts entries in the order of the table, in which rows are locked.
func (r repository) insertWords(ctx context.Context, entries []entry) error {
	slices.SortFunc(entries, entry.compare)
	for some := range slices.Chunk(entries, maxRows) {
		args := make([]any, 0, 4*len(some))
		for _, e := range some {
			args = append(args, e.project, e.field, e.word, e.card)
		}
		values := strings.TrimSuffix(strings.Repeat("(?, ?, ?, ?), ", len(some)), ", ")
		if err := r.exec(ctx, "INSERT INTO search_word (project_id, field, word, card_id) VALUES "+values, args...); err != nil {
			return err
		}
	}
	return nil
}

// deleteWords deletes entries. It takes a statement for each field and card, or for
// each word if that is fewer, so that the primary key leads to every row.
func (r repository) deleteWords(ctx context.Context, entries []entry) error {
	slices.SortFunc(entries, entry.compare)
	ofCard, ofWord := grouped(entries, func(e entry) entry { e.word = ""; return e }), grouped(entries, func(e entry) entry { e.card = 0; return e })
	query, groups := "DELETE FROM search_word WHERE project_id = ? AND field = ? AND card_id = ? AND word IN ?", ofCard
	if len(ofWord) < len(ofCard) {
		query, groups = "DELETE FROM search_word WHERE project_id = ? AND field = ? AND word = ? AND card_id IN ?", ofWord
	}
	for _, group := range groups {
		for some := range slices.Chunk(group, maxRows) {
			words, cards := make([]string, len(some)), make([]int64, len(some))
			for i, e := range some {
				words[i], cards[i] = e.word, e.card
			}
			args := []any{some[0].project, some[0].field, cards[0], words}
			if len(ofWord) < len(ofCard) {
				args = []any{some[0].project, some[0].field, words[0], cards}
			}
			if err := r.exec(ctx, query, args...); err != nil {
				return err
			}
		}
	}
	return nil
}

// grouped returns the entries that have the same key, in the order of the first of
// each.
func grouped(entries []entry, key func(entry) entry) [][]entry {
	var groups [][]entry
	at := map[entry]int{}
	for _, e := range entries {
		k := key(e)
		if _, ok := at[k]; !ok {
			at[k] = len(groups)
			groups = append(groups, nil)
		}
		groups[at[k]] = append(groups[at[k]], e)
	}
	return groups
}

func (r repository) exec(ctx context.Context, query string, args ...any) error {
	return db.Err(r.db.From(ctx).Exec(query, args...).Error)
}

// counts returns for each term how many entries of the projects begin with it,
// counted up to limit.
func (r repository) counts(ctx context.Context, projectIDs []int64, terms []text.Term, limit int) ([]int, error) {
	var query strings.Builder
	var args []any
	for i, t := range terms {
		if i > 0 {
			query.WriteString(" UNION ALL ")
		}
		query.WriteString("SELECT ? AS term, COUNT(*) AS n FROM (SELECT 1 FROM search_word WHERE project_id IN ? AND field IN (0, 1, 2) AND word >= ? AND word < ? LIMIT ?) some")
		args = append(args, i, projectIDs, t.Prefix, t.Prefix+lastRune, limit)
	}
	var rows []struct{ Term, N int }
	err := r.db.From(ctx).Raw(query.String(), args...).Scan(&rows).Error
	counts := make([]int, len(terms))
	for _, row := range rows {
		counts[row.Term] = row.N
	}
	return counts, db.Err(err)
}

// wanted is what the index is asked for: cards with an entry that begins with
// prefix, and with all parts in their words.
type wanted struct {
	here     int64 // the project whose cards come first
	projects []int64
	prefix   string
	parts    []string
	atMost   int // entries of here and of each kind of field elsewhere, of cards with the parts
	offset   int
	limit    int
}

// match is a card that was found.
type match struct {
	CardID, ProjectID int64
}

// find returns cards in the order of the results: those of the project here, then
// those with the words in their names, then those with the whole word, newer before
// older ones.
//
// The entries are read in the order of the table until wanted.atMost are of
// cards with the parts, so that a beginning that half of all words have costs no more than
// others.
func (r repository) find(ctx context.Context, w wanted) ([]match, error) {
	join, having, parts := r.having(w.parts)
	part := "SELECT * FROM (SELECT search_word.* FROM search_word" + join +
		" WHERE search_word.project_id IN ? AND field IN ? AND word >= ? AND word < ?" + having + " LIMIT ?) "
	args := []any{w.prefix}
	for _, some := range []struct {
		projects []int64
		fields   []int
	}{{[]int64{w.here}, []int{inName, inDesc, elsewhere}}, {w.projects, []int{inName}}, {w.projects, []int{inDesc, elsewhere}}} {
		args = append(args, some.projects, some.fields, w.prefix, w.prefix+lastRune)
		args = append(append(args, parts...), w.atMost)
	}
	query := "SELECT m.card_id, m.project_id, MIN(m.field) AS field, MAX(m.word = ?) AS whole FROM (" +
		part + "a UNION ALL " + part + "b UNION ALL " + part + "c) m" +
		" GROUP BY m.card_id, m.project_id ORDER BY m.project_id = ? DESC, field, whole DESC, m.card_id DESC LIMIT ? OFFSET ?"
	args = append(args, w.here, w.limit, w.offset)
	var rows []match
	err := r.db.From(ctx).Raw(query, args...).Scan(&rows).Error
	return rows, db.Err(err)
}

// having is the condition that a card has all parts, and the join that it needs, in
// which each database begins with the left table.
func (r repository) having(parts []string) (join, condition string, args []any) {
	if len(parts) == 0 {
		return "", "", nil
	}
	join = " CROSS JOIN"
	if r.db.Dialect() == db.MySQL {
		join = " STRAIGHT_JOIN"
	}
	for _, part := range parts {
		args = append(args, part)
	}
	return join + " search_card ON search_card.card_id = search_word.card_id", strings.Repeat(" AND INSTR(words, ?) > 0", len(parts)), args
}
