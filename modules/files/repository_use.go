package files

import (
	"context"
	"time"

	"taskstack.org/platform/db"
)

// sizesAfter returns the use of the lists or cards with files that come after an id.
func (r repository) sizesAfter(ctx context.Context, kind Kind, after int64, limit int) (map[int64]use, error) {
	t := tableOf(kind)
	var rows []struct {
		OwnerID, Bytes int64
		Files          int
	}
	err := r.db.From(ctx).Raw("SELECT "+t.owner+" AS owner_id, COALESCE(SUM(size), 0) AS bytes, COUNT(*) AS files FROM "+t.name+
		" WHERE "+t.owner+" > ? GROUP BY "+t.owner+" ORDER BY "+t.owner+" LIMIT ?", after, limit).Scan(&rows).Error
	sizes := make(map[int64]use, len(rows))
	for _, row := range rows {
		sizes[row.OwnerID] = use{row.Bytes, row.Files}
	}
	return sizes, db.Err(err)
}

// saveUse replaces what was counted before.
func (r repository) saveUse(ctx context.Context, ofProjects, ofPeople map[int64]use, at time.Time) error {
	q := r.db.From(ctx)
	if err := q.Where("bytes >= ?", 0).Delete(&projectUse{}).Error; err != nil {
		return db.Err(err)
	}
	if err := q.Where("bytes >= ?", 0).Delete(&personUse{}).Error; err != nil {
		return db.Err(err)
	}
	projectRows, personRows := make([]projectUse, 0, len(ofProjects)), make([]personUse, 0, len(ofPeople))
	for id, u := range ofProjects {
		projectRows = append(projectRows, projectUse{id, u.Bytes, u.Files, at})
	}
	for id, u := range ofPeople {
		personRows = append(personRows, personUse{id, u.Bytes, u.Files, at})
	}
	if len(projectRows) == 0 {
		return nil
	}
	if err := q.CreateInBatches(&projectRows, countBatch).Error; err != nil {
		return db.Err(err)
	}
	return db.Err(q.CreateInBatches(&personRows, countBatch).Error)
}

// totalUse returns the use of all projects together.
func (r repository) totalUse(ctx context.Context) (use, error) {
	var u use
	err := r.db.From(ctx).Raw("SELECT COALESCE(SUM(bytes), 0) AS bytes, COALESCE(SUM(files), 0) AS files FROM file_use_project").Scan(&u).Error
	return u, db.Err(err)
}

// useOfItems returns the use of the files of each kind of items.
func (r repository) useOfItems(ctx context.Context) ([]kindUse, error) {
	var all []kindUse
	err := r.db.From(ctx).Raw("SELECT kind, SUM(size) AS bytes, COUNT(*) AS files FROM " + itemTable + " GROUP BY kind ORDER BY kind").Scan(&all).Error
	return all, db.Err(err)
}

func (r repository) largestProjects(ctx context.Context, limit int) ([]projectUse, error) {
	var all []projectUse
	err := r.db.From(ctx).Order("bytes DESC").Limit(limit).Find(&all).Error
	return all, db.Err(err)
}

func (r repository) largestPeople(ctx context.Context, limit int) ([]personUse, error) {
	var all []personUse
	err := r.db.From(ctx).Order("bytes DESC").Limit(limit).Find(&all).Error
	return all, db.Err(err)
}

// ofPerson returns the use of a person's projects, zero if they have no files.
func (r repository) ofPerson(ctx context.Context, userID int64) (personUse, error) {
	var found []personUse
	err := r.db.From(ctx).Where("user_id = ?", userID).Find(&found).Error
	if err != nil || len(found) == 0 {
		return personUse{}, db.Err(err)
	}
	return found[0], nil
}

// addSweep notes a run of the sweeper and deletes all but the newest keptSweeps.
func (r repository) addSweep(ctx context.Context, run sweepRun) error {
	if err := r.db.From(ctx).Create(&run).Error; err != nil {
		return db.Err(err)
	}
	return db.Err(r.db.From(ctx).Where("id <= ?", run.ID-keptSweeps).Delete(&sweepRun{}).Error)
}

// sweeps returns the runs of the sweeper, the newest first.
func (r repository) sweeps(ctx context.Context) ([]sweepRun, error) {
	var all []sweepRun
	err := r.db.From(ctx).Order("id DESC").Limit(keptSweeps).Find(&all).Error
	return all, db.Err(err)
}
