package notifications

import (
	"context"

	"gorm.io/gorm/clause"

	"taskstack.org/platform/db"
	"taskstack.org/platform/module"
)

// chosen is a row of notification_choice: what a person has chosen for a kind, if it
// is not the default.
type chosen struct {
	UserID int64  `gorm:"primaryKey;autoIncrement:false"`
	Kind   string `gorm:"primaryKey"`
	Choice Choice
}

// TableName is for GORM.
func (chosen) TableName() string { return "notification_choice" }

// mutedProject is a row of notification_muted_project.
type mutedProject struct {
	UserID    int64 `gorm:"primaryKey;autoIncrement:false"`
	ProjectID int64 `gorm:"primaryKey;autoIncrement:false"`
}

// TableName is for GORM.
func (mutedProject) TableName() string { return "notification_muted_project" }

// chosenFor returns what people have chosen for a kind, by their ids.
func (r repository) chosenFor(ctx context.Context, kind string, userIDs []int64) (map[int64]Choice, error) {
	var rows []chosen
	err := r.db.From(ctx).Where("kind = ? AND user_id IN ?", kind, userIDs).Find(&rows).Error
	all := make(map[int64]Choice, len(rows))
	for _, row := range rows {
		all[row.UserID] = row.Choice
	}
	return all, db.Err(err)
}

// chosenBy returns what a person has chosen, by kind.
func (r repository) chosenBy(ctx context.Context, userID int64) (map[string]Choice, error) {
	var rows []chosen
	err := r.db.From(ctx).Where("user_id = ?", userID).Find(&rows).Error
	all := make(map[string]Choice, len(rows))
	for _, row := range rows {
		all[row.Kind] = row.Choice
	}
	return all, db.Err(err)
}

// replaceChosen stores what a person has chosen, in place of what was before.
func (r repository) replaceChosen(ctx context.Context, userID int64, all map[string]Choice) error {
	err := r.db.From(ctx).Where("user_id = ?", userID).Delete(&chosen{}).Error
	if err != nil || len(all) == 0 {
		return db.Err(err)
	}
	rows := make([]chosen, 0, len(all))
	for kind, choice := range all {
		rows = append(rows, chosen{userID, kind, choice})
	}
	return db.Err(r.db.From(ctx).Create(&rows).Error)
}

// mutedBy returns the projects of which a person wants no notifications.
func (r repository) mutedBy(ctx context.Context, userID int64) (map[int64]bool, error) {
	return r.muted(ctx, "project_id", "user_id = ?", userID)
}

// mutersOf returns those of people who want no notifications of a project.
func (r repository) mutersOf(ctx context.Context, projectID int64, userIDs []int64) (map[int64]bool, error) {
	return r.muted(ctx, "user_id", "project_id = ? AND user_id IN ?", projectID, userIDs)
}

func (r repository) muted(ctx context.Context, column, where string, args ...any) (map[int64]bool, error) {
	var ids []int64
	err := r.db.From(ctx).Model(&mutedProject{}).Where(where, args...).Pluck(column, &ids).Error
	all := make(map[int64]bool, len(ids))
	for _, id := range ids {
		all[id] = true
	}
	return all, db.Err(err)
}

// replaceMuted stores of which projects a person wants no notifications, in place of
// those before.
func (r repository) replaceMuted(ctx context.Context, userID int64, projectIDs []int64) error {
	err := r.db.From(ctx).Where("user_id = ?", userID).Delete(&mutedProject{}).Error
	if err != nil || len(projectIDs) == 0 {
		return db.Err(err)
	}
	rows := make([]mutedProject, len(projectIDs))
	for i, id := range projectIDs {
		rows[i] = mutedProject{userID, id}
	}
	return db.Err(r.db.From(ctx).Create(&rows).Error)
}

// unwanted returns what a person does not want to see, in one statement.
func (r repository) unwanted(ctx context.Context, userID int64) (module.Unwanted, error) {
	var rows []struct {
		Kind      string
		ProjectID int64
	}
	err := r.db.From(ctx).Raw("SELECT kind, 0 AS project_id FROM notification_choice WHERE user_id = ? AND choice = ? "+
		"UNION ALL SELECT '', project_id FROM notification_muted_project WHERE user_id = ?", userID, ChoiceOff, userID).Scan(&rows).Error
	u := module.Unwanted{Kinds: map[string]bool{}, Projects: map[int64]bool{}}
	for _, row := range rows {
		if row.Kind != "" {
			u.Kinds[row.Kind] = true
		} else {
			u.Projects[row.ProjectID] = true
		}
	}
	return u, db.Err(err)
}

// persons returns the settings of people who have any, by their ids.
func (r repository) persons(ctx context.Context, userIDs ...int64) (map[int64]person, error) {
	all := map[int64]person{}
	if len(userIDs) == 0 {
		return all, nil
	}
	var rows []person
	err := r.db.From(ctx).Where("user_id IN ?", userIDs).Find(&rows).Error
	for _, row := range rows {
		all[row.UserID] = row
	}
	return all, db.Err(err)
}

func (r repository) savePerson(ctx context.Context, p person) error {
	return db.Err(r.db.From(ctx).Clauses(clause.OnConflict{UpdateAll: true}).Create(&p).Error)
}
