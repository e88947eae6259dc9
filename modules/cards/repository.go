package cards

import (
	"context"
	"maps"
	"slices"
	"strings"

	"taskstack.org/modules/removal"
	"taskstack.org/platform/db"
)

// repository holds every query on card and card_user_assignment.
type repository struct{ db *db.DB }

// maxIDs is the maximum number of ids in one statement; databases allow some 32,000.
const maxIDs = 20_000

// live restricts a query to cards that have not been removed by themselves. Callers
// exclude cards of removed lists by asking for lists on the board.
const live = " AND removed_as IS NULL"

// in returns the cards of lists, by list and position. Equal positions, which this
// program never writes, are ordered by id.
func (r repository) in(ctx context.Context, listIDs []int64) ([]Card, error) {
	return r.cards(ctx, listIDs, "id", "list_id", "name", "card_desc", "pos", "img_url")
}

// places returns the cards of lists without their texts.
func (r repository) places(ctx context.Context, listIDs ...int64) ([]Card, error) {
	return r.cards(ctx, listIDs, "id", "list_id", "pos")
}

func (r repository) cards(ctx context.Context, listIDs []int64, columns ...string) ([]Card, error) {
	var all []Card
	for some := range slices.Chunk(listIDs, maxIDs) {
		var rows []Card
		err := r.db.From(ctx).Select(columns).Where("list_id IN ?"+live, some).Order("list_id, pos, id").Find(&rows).Error
		if err != nil {
			return nil, db.Err(err)
		}
		all = append(all, rows...)
	}
	return all, nil
}

// everything returns the cards of lists, also those in the trash and the archive.
func (r repository) everything(ctx context.Context, listIDs []int64) ([]Card, error) {
	var all []Card
	for some := range slices.Chunk(listIDs, maxIDs) {
		var rows []Card
		err := r.db.From(ctx).Where("list_id IN ? AND (removed_as IS NULL OR removed_as <> ?)", some, string(removal.PermanentlyDeleted)).
			Order("list_id, pos, id").Find(&rows).Error
		if err != nil {
			return nil, db.Err(err)
		}
		all = append(all, rows...)
	}
	return all, nil
}

// byID returns a card of any project, on the board or not.
func (r repository) byID(ctx context.Context, id int64) (Card, error) {
	var c Card
	err := r.db.From(ctx).Where("id = ?", id).Take(&c).Error
	return c, db.Err(err)
}

func (r repository) byIDs(ctx context.Context, ids []int64) ([]Card, error) {
	var all []Card
	err := r.db.From(ctx).Where("id IN ?"+live, ids).Find(&all).Error
	return all, db.Err(err)
}

// anywhere returns cards of any project, on the board or not, by id. lock keeps
// them as they are until the transaction ends.
func (r repository) anywhere(ctx context.Context, ids []int64, lock bool) ([]Card, error) {
	query := "SELECT * FROM card WHERE id IN ? ORDER BY id"
	if lock && r.db.Dialect() == db.MySQL {
		query += " FOR UPDATE"
	}
	var all []Card
	for some := range slices.Chunk(ids, maxIDs) {
		var rows []Card
		if err := r.db.From(ctx).Raw(query, some).Scan(&rows).Error; err != nil {
			return nil, db.Err(err)
		}
		all = append(all, rows...)
	}
	return all, nil
}

func (r repository) idsAfter(ctx context.Context, after int64, limit int) ([]int64, error) {
	var ids []int64
	err := r.db.From(ctx).Raw("SELECT id FROM card WHERE id > ? ORDER BY id LIMIT ?", after, limit).Scan(&ids).Error
	return ids, db.Err(err)
}

// end returns the position after a list's last card, and the number of cards.
func (r repository) end(ctx context.Context, listID int64) (pos, count int, err error) {
	var row struct{ Pos, N int }
	err = r.db.From(ctx).Raw("SELECT COALESCE(MAX(pos) + 1, 0) AS pos, COUNT(*) AS n FROM card WHERE list_id = ?"+live, listID).Scan(&row).Error
	return row.Pos, row.N, db.Err(err)
}

// counts returns the number of cards of each list.
func (r repository) counts(ctx context.Context, listIDs []int64) (map[int64]int, error) {
	counts := make(map[int64]int, len(listIDs))
	for some := range slices.Chunk(listIDs, maxIDs) {
		var rows []struct {
			ListID int64
			N      int
		}
		err := r.db.From(ctx).Raw("SELECT list_id, COUNT(*) AS n FROM card WHERE list_id IN ?"+live+" GROUP BY list_id", some).Scan(&rows).Error
		if err != nil {
			return nil, db.Err(err)
		}
		for _, row := range rows {
			counts[row.ListID] = row.N
		}
	}
	return counts, nil
}

// countIn returns the number of cards of all lists together.
func (r repository) countIn(ctx context.Context, listIDs []int64) (count int, err error) {
	for some := range slices.Chunk(listIDs, maxIDs) {
		var n int
		if err := r.db.From(ctx).Raw("SELECT COUNT(*) FROM card WHERE list_id IN ?"+live, some).Scan(&n).Error; err != nil {
			return 0, db.Err(err)
		}
		count += n
	}
	return count, nil
}

func (r repository) create(ctx context.Context, c *Card) error {
	return db.Err(r.db.From(ctx).Create(c).Error)
}

// maxNewRows is the number of rows that one statement inserts.
const maxNewRows = 1000

func (r repository) createAll(ctx context.Context, all []Card) error {
	return db.Err(r.db.From(ctx).CreateInBatches(&all, maxNewRows).Error)
}

// assignAll stores assignments.
func (r repository) assignAll(ctx context.Context, rows []assignment) error {
	if len(rows) == 0 {
		return nil
	}
	return db.Err(r.db.From(ctx).CreateInBatches(&rows, maxNewRows).Error)
}

func (r repository) edit(ctx context.Context, id int64, name, desc string, rev int64) error {
	return db.Err(r.db.From(ctx).Exec("UPDATE card SET name = ?, card_desc = ?, changed_rev = ? WHERE id = ?", name, desc, rev, id).Error)
}

// setCover stores the path of a card's cover; nil for none.
func (r repository) setCover(ctx context.Context, id int64, path *string, rev int64) error {
	return db.Err(r.db.From(ctx).Exec("UPDATE card SET img_url = ?, changed_rev = ? WHERE id = ?", path, rev, id).Error)
}

// assigned returns the users assigned to the cards of lists, by card, in the order
// in which they were assigned.
func (r repository) assigned(ctx context.Context, listIDs []int64) (map[int64][]int64, error) {
	all := map[int64][]int64{}
	for some := range slices.Chunk(listIDs, maxIDs) {
		var rows []assignment
		err := r.db.From(ctx).Raw(`SELECT a.id, a.card_id, a.user_id FROM card_user_assignment a
JOIN card ON card.id = a.card_id WHERE card.list_id IN ? AND card.removed_as IS NULL ORDER BY a.id`, some).Scan(&rows).Error
		if err != nil {
			return nil, db.Err(err)
		}
		for _, a := range rows {
			all[a.CardID] = append(all[a.CardID], a.UserID)
		}
	}
	return all, nil
}

func (r repository) assignedTo(ctx context.Context, cardID int64) ([]int64, error) {
	var ids []int64
	err := r.db.From(ctx).Raw("SELECT user_id FROM card_user_assignment WHERE card_id = ? ORDER BY id", cardID).Scan(&ids).Error
	return ids, db.Err(err)
}

func (r repository) assign(ctx context.Context, cardID int64, userIDs []int64) error {
	if len(userIDs) == 0 {
		return nil
	}
	rows := make([]assignment, len(userIDs))
	for i, id := range userIDs {
		rows[i] = assignment{CardID: cardID, UserID: id}
	}
	return db.Err(r.db.From(ctx).Create(&rows).Error)
}

func (r repository) unassign(ctx context.Context, cardID int64, userIDs []int64) error {
	if len(userIDs) == 0 {
		return nil
	}
	return db.Err(r.db.From(ctx).Exec("DELETE FROM card_user_assignment WHERE card_id = ? AND user_id IN ?", cardID, userIDs).Error)
}

// arrange stores an order in one statement, which updates only the rows that differ
// from what is stored. moved are the cards that are moved by events up to rev; other
// cards only make room.
func (r repository) arrange(ctx context.Context, stored []Card, o order, moved []int64, rev int64) error {
	was := make(map[int64]Card, len(stored))
	for _, c := range stored {
		was[c.ID] = c
	}
	byDelta, byList := map[int][]int64{}, map[int64][]int64{}
	var touched []int64
	for list, ids := range o {
		for i, id := range ids {
			c := was[id]
			if d := i - c.Pos; d != 0 {
				byDelta[d] = append(byDelta[d], id)
			}
			if c.ListID != list {
				byList[list] = append(byList[list], id)
			}
			if c.Pos != i || c.ListID != list {
				touched = append(touched, id)
			}
		}
	}
	if len(touched) == 0 {
		return nil
	}
	var query strings.Builder
	var args []any
	query.WriteString("UPDATE card SET pos = pos + ")
	args = writeCases(&query, args, byDelta, "0")
	query.WriteString(", list_id = ")
	args = writeCases(&query, args, byList, "list_id")
	if len(moved) > 0 {
		query.WriteString(", changed_rev = ")
		args = writeCases(&query, args, map[int64][]int64{rev: moved}, "changed_rev")
	}
	query.WriteString(" WHERE id IN ?")
	return db.Err(r.db.From(ctx).Exec(query.String(), append(args, touched)...).Error)
}

// writeCases writes an expression with one case per value, or otherwise if there is
// no value.
func writeCases[V int | int64](query *strings.Builder, args []any, ids map[V][]int64, otherwise string) []any {
	if len(ids) == 0 {
		query.WriteString(otherwise)
		return args
	}
	query.WriteString("CASE")
	for _, value := range slices.Sorted(maps.Keys(ids)) {
		query.WriteString(" WHEN id IN ? THEN ?")
		args = append(args, ids[value], value)
	}
	query.WriteString(" ELSE " + otherwise + " END")
	return args
}

// unassignIn unassigns a user from all cards of lists.
func (r repository) unassignIn(ctx context.Context, listIDs []int64, userID int64) error {
	for some := range slices.Chunk(listIDs, maxIDs) {
		err := r.db.From(ctx).Exec(`DELETE FROM card_user_assignment
WHERE user_id = ? AND card_id IN (SELECT id FROM card WHERE list_id IN ?)`, userID, some).Error
		if err != nil {
			return db.Err(err)
		}
	}
	return nil
}

func (r repository) unassignEverywhere(ctx context.Context, userID int64) error {
	return db.Err(r.db.From(ctx).Exec("DELETE FROM card_user_assignment WHERE user_id = ?", userID).Error)
}

// countAll returns how many cards are on boards.
func (r repository) countAll(ctx context.Context) (int64, error) {
	var n int64
	err := r.db.From(ctx).Raw("SELECT COUNT(*) FROM card WHERE 1 = 1" + live).Scan(&n).Error
	return n, db.Err(err)
}
