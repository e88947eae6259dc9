package files

import (
	"context"
	"slices"
	"strings"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"taskstack.org/platform/db"
)

// repository holds every query on list_attached_file and card_attached_file, which
// differ in the name of one column, on item_attached_file, which has the kind and the
// place of its owners, and on upload_part.
type repository struct{ db *db.DB }

// table is the name of a table and of its owner column.
type table struct{ name, owner string }

// itemTable is the table of the kinds of all keepers.
const itemTable = "item_attached_file"

func tableOf(kind Kind) table {
	switch kind {
	case OfCard:
		return table{"card_attached_file", "card_id"}
	case OfList:
		return table{"list_attached_file", "list_id"}
	}
	return table{itemTable, "item_id"}
}

// tables are all tables: those of boards, which are read most, first.
func tables() []table { return []table{tableOf(OfCard), tableOf(OfList), tableOf("")} }

func (t table) selectSQL() string {
	more := ""
	if t.name == itemTable {
		more = ", kind, place_id"
	}
	return "SELECT id" + more + ", " + t.owner + " AS owner_id, url, name, size, content_type, storage_key, created_at, width, height, description FROM " + t.name
}

// maxIDs is the maximum number of ids in one statement; databases allow some 32,000.
const maxIDs = 20_000

func (r repository) of(ctx context.Context, kind Kind, ids []int64) ([]attachment, error) {
	var all []attachment
	t := tableOf(kind)
	for some := range slices.Chunk(ids, maxIDs) {
		var rows []attachment
		where, args := " WHERE "+t.owner+" IN ?", []any{some}
		if !kind.ofBoard() {
			where, args = where+" AND kind = ?", append(args, kind)
		}
		if err := r.db.From(ctx).Raw(t.selectSQL()+where+" ORDER BY id", args...).Scan(&rows).Error; err != nil {
			return nil, db.Err(err)
		}
		all = append(all, rows...)
	}
	return all, nil
}

// sizeOf returns the size of the attachments of lists or cards in bytes.
func (r repository) sizeOf(ctx context.Context, kind Kind, ids []int64) (int64, error) {
	var sum int64
	t := tableOf(kind)
	for some := range slices.Chunk(ids, maxIDs) {
		var size int64
		err := r.db.From(ctx).Raw("SELECT COALESCE(SUM(size), 0) FROM "+t.name+" WHERE "+t.owner+" IN ?", some).Scan(&size).Error
		if err != nil {
			return 0, db.Err(err)
		}
		sum += size
	}
	return sum, nil
}

// sizeOfAll returns the size of all attachments in bytes.
func (r repository) sizeOfAll(ctx context.Context) (int64, error) {
	var sum int64
	err := r.db.From(ctx).Raw(`SELECT (SELECT COALESCE(SUM(size), 0) FROM list_attached_file) +
(SELECT COALESCE(SUM(size), 0) FROM card_attached_file) + (SELECT COALESCE(SUM(size), 0) FROM item_attached_file)`).Scan(&sum).Error
	return sum, db.Err(err)
}

// inPlaces returns the files of the items of places.
func (r repository) inPlaces(ctx context.Context, kind Kind, placeIDs []int64) ([]attachment, error) {
	var rows []attachment
	err := r.db.From(ctx).Raw(tableOf(kind).selectSQL()+" WHERE kind = ? AND place_id IN ?", kind, placeIDs).Scan(&rows).Error
	return rows, db.Err(err)
}

// sizeOfPlaces returns the size of the files of the items of places in bytes.
func (r repository) sizeOfPlaces(ctx context.Context, kind Kind, placeIDs []int64) (int64, error) {
	var sum int64
	err := r.db.From(ctx).Raw("SELECT COALESCE(SUM(size), 0) FROM item_attached_file WHERE kind = ? AND place_id IN ?", kind, placeIDs).Scan(&sum).Error
	return sum, db.Err(err)
}

// byURL returns the file of any kind with a value of the column url.
func (r repository) byURL(ctx context.Context, url string) (attachment, error) {
	for _, t := range tables() {
		var rows []attachment
		if err := r.db.From(ctx).Raw(t.selectSQL()+" WHERE url = ?", url).Scan(&rows).Error; err != nil {
			return attachment{}, db.Err(err)
		}
		if len(rows) == 0 {
			continue
		}
		switch t {
		case tableOf(OfCard):
			rows[0].Kind = OfCard
		case tableOf(OfList):
			rows[0].Kind = OfList
		}
		return rows[0], nil
	}
	return attachment{}, db.Err(gorm.ErrRecordNotFound)
}

func (r repository) insert(ctx context.Context, kind Kind, rows []attachment) error {
	if len(rows) == 0 {
		return nil
	}
	t := tableOf(kind)
	values := make([]map[string]any, len(rows))
	for i, a := range rows {
		values[i] = map[string]any{
			t.owner: a.OwnerID, "url": a.URL, "name": a.Name, "size": a.Size,
			"content_type": a.ContentType, "storage_key": a.StorageKey, "created_at": a.CreatedAt, "width": a.Width, "height": a.Height,
		}
		if !kind.ofBoard() {
			values[i]["kind"], values[i]["place_id"] = kind, a.PlaceID
		}
	}
	return db.Err(r.db.From(ctx).Table(t.name).Create(values).Error)
}

func (r repository) update(ctx context.Context, kind Kind, a attachment) error {
	return db.Err(r.db.From(ctx).Exec("UPDATE "+tableOf(kind).name+
		" SET url = ?, size = ?, content_type = ?, storage_key = ?, created_at = ?, width = ?, height = ? WHERE id = ?",
		a.URL, a.Size, a.ContentType, a.StorageKey, a.CreatedAt, a.Width, a.Height, a.ID).Error)
}

func (r repository) describe(ctx context.Context, kind Kind, id int64, description string) error {
	return db.Err(r.db.From(ctx).Exec("UPDATE "+tableOf(kind).name+" SET description = ? WHERE id = ?", description, id).Error)
}

// resize stores the width and height of a picture, unless its content has been replaced.
func (r repository) resize(ctx context.Context, kind Kind, id int64, storageKey string, width, height int) error {
	return db.Err(r.db.From(ctx).Exec("UPDATE "+tableOf(kind).name+" SET width = ?, height = ? WHERE id = ? AND storage_key = ?",
		width, height, id, storageKey).Error)
}

// parts returns the parts of an upload, in their order.
func (r repository) parts(ctx context.Context, upload string) (all []part, err error) {
	err = r.db.From(ctx).Where("upload = ?", upload).Order("number").Find(&all).Error
	return all, db.Err(err)
}

// replacePart stores a part and returns the storage keys of what it replaces.
func (r repository) replacePart(ctx context.Context, p part) (old []string, err error) {
	q := r.db.From(ctx)
	if err := q.Model(&part{}).Where("upload = ? AND number = ?", p.Upload, p.Number).Pluck("storage_key", &old).Error; err != nil {
		return nil, db.Err(err)
	}
	onConflict := clause.OnConflict{DoUpdates: clause.AssignmentColumns([]string{"storage_key", "size", "created_at"})}
	return old, db.Err(r.db.From(ctx).Clauses(onConflict).Create(&p).Error)
}

func (r repository) deleteParts(ctx context.Context, upload string) error {
	return db.Err(r.db.From(ctx).Exec("DELETE FROM upload_part WHERE upload = ?", upload).Error)
}

// deletePartsBefore deletes the parts that came before a time.
func (r repository) deletePartsBefore(ctx context.Context, t time.Time) error {
	return db.Err(r.db.From(ctx).Exec("DELETE FROM upload_part WHERE created_at < ?", t).Error)
}

func (r repository) delete(ctx context.Context, kind Kind, ids []int64) error {
	for some := range slices.Chunk(ids, maxIDs) {
		if err := r.db.From(ctx).Exec("DELETE FROM "+tableOf(kind).name+" WHERE id IN ?", some).Error; err != nil {
			return db.Err(err)
		}
	}
	return nil
}

// keysBetween returns at most n keys that rows refer to, in their order: those above
// after, up to upTo.
func (r repository) keysBetween(ctx context.Context, after, upTo string, n int) ([]string, error) {
	var keys []string
	one := func(t table) string {
		return "SELECT storage_key FROM " + t.name + " WHERE storage_key > ? AND storage_key <= ?"
	}
	var args []any
	var parts []string
	for _, t := range tables() {
		parts, args = append(parts, one(t)), append(args, after, upTo)
	}
	query := strings.Join(parts, " UNION ALL ") + " ORDER BY storage_key LIMIT ?"
	err := r.db.From(ctx).Raw(query, append(args, n)...).Scan(&keys).Error
	return keys, db.Err(err)
}

// lockKey reports whether a row refers to a key, and keeps it from being deleted until
// the transaction ends.
func (r repository) lockKey(ctx context.Context, key string) (bool, error) {
	for _, t := range tables() {
		// An update locks in both dialects.
		q := r.db.From(ctx).Exec("UPDATE "+t.name+" SET storage_key = storage_key WHERE storage_key = ?", key)
		if q.Error != nil || q.RowsAffected > 0 {
			return q.RowsAffected > 0, db.Err(q.Error)
		}
	}
	return false, nil
}

// usedKeys returns the given keys that a row refers to.
func (r repository) usedKeys(ctx context.Context, keys []string) (map[string]bool, error) {
	used := map[string]bool{}
	if len(keys) == 0 {
		return used, nil
	}
	for _, t := range tables() {
		var found []string
		query := "SELECT storage_key FROM " + t.name + " WHERE storage_key IN ?"
		if err := r.db.From(ctx).Raw(query, keys).Scan(&found).Error; err != nil {
			return nil, db.Err(err)
		}
		for _, k := range found {
			used[k] = true
		}
	}
	return used, nil
}
