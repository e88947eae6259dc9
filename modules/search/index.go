package search

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"taskstack.org/modules/cards"
	"taskstack.org/platform/text"
)

// The fields of a card, as search_word.field has them and as search_card.words has
// lines.
const (
	inName = iota
	inDesc
	elsewhere
	fields
)

// indexVersion is the version of what is indexed of a card. Cards that are indexed in
// an older version are indexed again when the program starts: raise it when cards of
// older databases have something new to find. 1: names of labels.
const indexVersion = 1

// maxWords is how many bytes of a card's words are indexed.
const maxWords = 64 << 10

// indexed is a row of search_card.
type indexed struct {
	CardID    int64
	ProjectID int64
	Words     string
	Version   int // indexVersion when it was indexed
}

// wordsOf returns the words of a card, a line for each field. Each begins with a
// blank, so that a pattern finds the beginning of a word.
func wordsOf(t cards.Texts) string {
	var lines [fields]string
	left := maxWords
	for field, said := range [fields]string{t.Name, t.Desc, strings.Join(t.Other, "\n")} {
		line := text.Searchable(said)
		if len(line) > left {
			line = line[:strings.LastIndex(line[:left+1], " ")+1]
		}
		left -= len(line)
		lines[field] = " " + line
	}
	return strings.Join(lines[:], "\n")
}

// entry is a row of search_word: a term in a field of a card.
type entry struct {
	project int64
	field   int
	word    string
	card    int64
}

// compare orders entries as the table does.
func (e entry) compare(other entry) int {
	return cmp.Or(cmp.Compare(e.project, other.project), cmp.Compare(e.field, other.field), strings.Compare(e.word, other.word), cmp.Compare(e.card, other.card))
}

// entries returns what search_word has of a card.
func (row indexed) entries() map[entry]bool {
	all := map[entry]bool{}
	field := 0
	for line := range strings.SplitSeq(row.Words, "\n") {
		for _, term := range text.Terms(line) {
			all[entry{row.ProjectID, field, term, row.CardID}] = true
		}
		field++
	}
	return all
}

// index brings the index of cards of a project up to date, in the transaction that
// has changed them.
func (s *Service) index(ctx context.Context, projectID int64, ids []int64) error {
	said, err := s.cards.LockTexts(ctx, ids)
	if err != nil {
		return err
	}
	there, err := s.repo.indexed(ctx, ids)
	if err != nil {
		return err
	}
	rows := make([]indexed, len(said))
	for i, t := range said {
		rows[i] = indexed{CardID: t.ID, ProjectID: projectID, Words: wordsOf(t), Version: indexVersion}
	}
	return s.reindex(ctx, byCard(there), rows)
}

func byCard(rows []indexed) map[int64]indexed {
	by := make(map[int64]indexed, len(rows))
	for _, row := range rows {
		by[row.CardID] = row
	}
	return by
}

// reindex stores rows in place of those before, by card. Only what differs is
// written.
func (s *Service) reindex(ctx context.Context, before map[int64]indexed, rows []indexed) error {
	var gone, added []entry
	var changed []indexed
	for _, row := range rows {
		old, isIndexed := before[row.CardID]
		if isIndexed && old == row {
			continue
		}
		was, is := old.entries(), row.entries()
		gone, added = append(gone, without(was, is)...), append(added, without(is, was)...)
		changed = append(changed, row)
	}
	if err := s.repo.deleteWords(ctx, gone); err != nil {
		return err
	}
	if err := s.repo.insertWords(ctx, added); err != nil {
		return err
	}
	return s.repo.saveCards(ctx, changed)
}

// without returns the entries of all that are not in others.
func without(all, others map[entry]bool) []entry {
	var some []entry
	for e := range all {
		if !others[e] {
			some = append(some, e)
		}
	}
	return some
}

// onCreated, onEdited, onTextsChanged and onPurged run in the transaction of the
// change.
func (s *Service) onCreated(ctx context.Context, e cards.Created) error {
	return s.index(ctx, e.ProjectID, []int64{e.ID})
}

func (s *Service) onEdited(ctx context.Context, e cards.Edited) error {
	if e.Name == e.OldName && !e.DescChanged && len(e.NewFiles)+len(e.RemovedFiles) == 0 {
		return nil
	}
	return s.index(ctx, e.ProjectID, []int64{e.ID})
}

func (s *Service) onTextsChanged(ctx context.Context, e cards.TextsChanged) error {
	for some := range slices.Chunk(e.IDs, fillAtOnce) {
		if err := s.index(ctx, e.ProjectID, some); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) onPurged(ctx context.Context, e cards.Purged) error {
	for some := range slices.Chunk(e.IDs, fillAtOnce) {
		rows, err := s.repo.indexed(ctx, some)
		if err != nil {
			return err
		}
		var gone []entry
		for _, row := range rows {
			gone = append(gone, without(row.entries(), nil)...)
		}
		if err := s.repo.deleteWords(ctx, gone); err != nil {
			return err
		}
		if err := s.repo.deleteCards(ctx, some); err != nil {
			return err
		}
	}
	return nil
}

// Fill indexes the cards that are not indexed, or in an older version: those of an
// older database, and those that an older server creates beside this one.
func (s *Service) Fill(ctx context.Context) error {
	var after int64
	for {
		ids, err := s.cards.IDsAfter(ctx, after, scanAtOnce)
		if err != nil || len(ids) == 0 {
			return err
		}
		last := ids[len(ids)-1]
		there, err := s.repo.indexedBetween(ctx, after, last)
		if err != nil {
			return err
		}
		has := make(map[int64]bool, len(there))
		for _, id := range there {
			has[id] = true
		}
		ids = slices.DeleteFunc(ids, func(id int64) bool { return has[id] })
		for some := range slices.Chunk(ids, fillAtOnce) {
			if err := s.fill(ctx, some); err != nil {
				return err
			}
		}
		after = last
	}
}

// fill indexes some cards in a transaction of its own.
func (s *Service) fill(ctx context.Context, ids []int64) error {
	return s.db.InTx(ctx, func(ctx context.Context) error {
		said, err := s.cards.LockTexts(ctx, ids)
		if err != nil {
			return err
		}
		listIDs := make([]int64, len(said))
		for i, t := range said {
			listIDs[i] = t.ListID
		}
		listsByID, err := s.lists.ByIDs(ctx, listIDs)
		if err != nil {
			return err
		}
		there, err := s.repo.indexed(ctx, ids) // another server may have been faster
		if err != nil {
			return err
		}
		before := byCard(there)
		var rows []indexed
		for _, t := range said {
			if before[t.ID].Version != indexVersion {
				rows = append(rows, indexed{CardID: t.ID, ProjectID: listsByID[t.ListID].ProjectID, Words: wordsOf(t), Version: indexVersion})
			}
		}
		return s.reindex(ctx, before, rows)
	})
}
