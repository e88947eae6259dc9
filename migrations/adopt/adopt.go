// Package adopt takes over a MySQL database of the Flask application.
//
// The old tables are renamed to flask_…, the new ones are made by the first
// migration, and the rows are copied, cleaned of what the contract calls oddities
// (doubled links, holes in positions, rows without what they refer to), in one
// transaction. Nothing in an old table is changed, so that Back is exact and what
// was left out can be looked up. Each step is recorded in the table flask_adoption:
// a run that is cut off anywhere goes on where it was.
package adopt

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"slices"
	"strings"
	"time"

	"taskstack.org/migrations"
	"taskstack.org/platform/migrate"
)

// prefix is put before the names of the old tables.
const prefix = "flask_"

// Steps that flask_adoption records beside the tables.
const (
	tableStep    = "table:" // and the name of a table to rename
	renamed      = "renamed"
	loaded       = "loaded"
	done         = "done"
	goingBack    = "going back"
	firstVersion = 1
)

// oldTables are the tables of the Flask application, in the order in which their
// rows can be copied.
var oldTables = []string{ // A constant table.
	"user", "friendship", "friendship_request", "msg", "project", "project_collaborator_link", "list", "card",
	"list_attached_file", "card_attached_file", "card_user_assignment", "chat_group", "chat_group_member_link",
	"project_chat_group", "project_chat_group_member_link", "chat_group_msg", "project_chat_group_msg",
	"chat_group_msg_status", "project_chat_group_msg_status", "history_list_created", "history_list_deleted",
	"history_card_created", "history_card_deleted", "history_card_changed_list",
}

// Adoption is a database of the Flask application that is being taken over.
type Adoption struct {
	DB  *sql.DB // MySQL; two connections at least
	Log *slog.Logger
	// Now dates what the old tables have no time for; time.Now if nil.
	Now func() time.Time

	// interrupt, in tests, ends a run before the named step.
	interrupt func(step string) error
}

// Needed reports whether the database has tables of the Flask application that
// are not taken over yet, or not completely.
func (a *Adoption) Needed(ctx context.Context) (bool, error) {
	s, err := migrate.Look(ctx, a.DB, migrate.MySQL, migrations.FS)
	return s.Foreign, err
}

// Examine returns what Run would do, and changes nothing.
func (a *Adoption) Examine(ctx context.Context) (*Report, error) {
	steps, err := a.steps(ctx)
	if err != nil {
		return nil, err
	}
	return a.copyRows(ctx, steps, nil)
}

// Run takes the database over, or goes on with it. The caller must then apply the
// migrations. An error of a problem that a person has to decide is Undecided;
// nothing has been changed then.
func (a *Adoption) Run(ctx context.Context) (report *Report, err error) {
	err = migrate.Exclusive(ctx, a.DB, a.Log, "taskstack_adopt_", func() error {
		report, err = a.run(ctx)
		return err
	})
	return report, err
}

func (a *Adoption) run(ctx context.Context) (*Report, error) {
	steps, err := a.steps(ctx)
	if err != nil {
		return nil, err
	}
	if slices.Contains(steps, goingBack) {
		return nil, errors.New("the way back was begun and is not finished; run it again first: taskstack migrate --back")
	}
	if len(steps) == 0 {
		if err := a.begin(ctx); err != nil {
			return nil, err
		}
		if steps, err = a.steps(ctx); err != nil {
			return nil, err
		}
	}
	if err := a.rename(ctx, steps); err != nil {
		return nil, err
	}
	if err := a.before("first migration"); err != nil {
		return nil, err
	}
	if err := migrate.UpTo(ctx, a.DB, migrate.MySQL, migrations.FS, a.Log, firstVersion); err != nil {
		return nil, err
	}
	report, err := a.load(ctx)
	if err != nil {
		return nil, err
	}
	return report, a.finish(ctx)
}

// begin examines the rows, and records which tables there are.
func (a *Adoption) begin(ctx context.Context) error {
	report, err := a.copyRows(ctx, nil, nil)
	if err != nil {
		return err
	}
	if len(report.Undecided) > 0 {
		return &UndecidedError{Report: report}
	}
	for _, line := range report.Lines() {
		a.Log.InfoContext(ctx, "will be changed", "what", line)
	}
	present, err := a.tables(ctx)
	if err != nil {
		return err
	}
	values := make([]string, 0, len(oldTables))
	for _, name := range oldTables {
		if slices.Contains(present, name) {
			values = append(values, "('"+tableStep+name+"', UTC_TIMESTAMP())")
		}
	}
	return a.statements(ctx,
		statement{"make flask_adoption", "CREATE TABLE IF NOT EXISTS " + migrate.AdoptionTable + " (step VARCHAR(64) NOT NULL PRIMARY KEY, at DATETIME NOT NULL) ENGINE=InnoDB"},
		statement{"record the tables", "INSERT INTO " + migrate.AdoptionTable + " (step, at) VALUES " + strings.Join(values, ", ")})
}

// rename renames the recorded tables that are not renamed yet.
func (a *Adoption) rename(ctx context.Context, steps []string) error {
	if slices.Contains(steps, renamed) {
		return nil
	}
	present, err := a.tables(ctx)
	if err != nil {
		return err
	}
	var pairs []string
	for _, step := range steps {
		name, isTable := strings.CutPrefix(step, tableStep)
		if isTable && !slices.Contains(present, prefix+name) {
			pairs = append(pairs, "`"+name+"` TO `"+prefix+name+"`")
		}
	}
	if len(pairs) > 0 {
		if err := a.statements(ctx, statement{"rename", "RENAME TABLE " + strings.Join(pairs, ", ")}); err != nil {
			return err
		}
	}
	return a.statements(ctx, statement{"record the renaming", record(renamed)})
}

// load copies all rows in one transaction, which also records that it was done.
func (a *Adoption) load(ctx context.Context) (report *Report, err error) {
	steps, err := a.steps(ctx)
	if err != nil || slices.Contains(steps, loaded) {
		return &Report{}, err
	}
	tx, err := a.DB.BeginTx(ctx, nil)
	if err != nil {
		return nil, fmt.Errorf("copy the rows: %w", err)
	}
	report, err = a.copyRows(ctx, steps, &writer{ctx: ctx, tx: tx, before: a.before})
	if err == nil {
		_, err = tx.ExecContext(ctx, record(loaded))
	}
	if err == nil {
		err = a.before("commit")
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("copy the rows: %w", err), tx.Rollback())
	}
	if err := tx.Commit(); err != nil {
		return nil, fmt.Errorf("copy the rows: %w", err)
	}
	return report, nil
}

// finish keeps ids of deleted lists and cards from being given again, since the
// history knows them, and records the end.
func (a *Adoption) finish(ctx context.Context) error {
	for table, histories := range map[string][]string{
		"list": {"history_list_created", "history_list_deleted"},
		"card": {"history_card_created", "history_card_deleted", "history_card_changed_list"},
	} {
		var next int64
		for _, from := range append(histories, table) {
			var highest int64
			if err := a.DB.QueryRowContext(ctx, "SELECT COALESCE(MAX(id), 0) FROM `"+from+"`").Scan(&highest); err != nil {
				return fmt.Errorf("highest id of %s: %w", from, err)
			}
			next = max(next, highest+1)
		}
		if err := a.statements(ctx, statement{"next id of " + table, fmt.Sprintf("ALTER TABLE `%s` AUTO_INCREMENT = %d", table, next)}); err != nil {
			return err
		}
	}
	return a.statements(ctx, statement{"record the end", record(done)})
}

// statement is one that changes the database, with a name for messages.
type statement struct{ name, sql string }

func record(step string) string {
	return "INSERT IGNORE INTO " + migrate.AdoptionTable + " (step, at) VALUES ('" + step + "', UTC_TIMESTAMP())"
}

func (a *Adoption) statements(ctx context.Context, all ...statement) error {
	for _, s := range all {
		if err := a.before(s.name); err != nil {
			return err
		}
		if _, err := a.DB.ExecContext(ctx, s.sql); err != nil {
			return fmt.Errorf("take over the database (%s): %w", s.name, err)
		}
	}
	return nil
}

func (a *Adoption) before(step string) error {
	if a.interrupt == nil {
		return nil
	}
	return a.interrupt(step)
}

func (a *Adoption) now() time.Time {
	if a.Now == nil {
		return time.Now().UTC().Truncate(time.Second)
	}
	return a.Now().UTC().Truncate(time.Second)
}

// steps returns what flask_adoption records, nothing if there is no such table.
func (a *Adoption) steps(ctx context.Context) ([]string, error) {
	present, err := a.tables(ctx)
	if err != nil || !slices.Contains(present, migrate.AdoptionTable) {
		return nil, err
	}
	return texts(ctx, a.DB, "SELECT step FROM "+migrate.AdoptionTable)
}

func (a *Adoption) tables(ctx context.Context) ([]string, error) {
	return texts(ctx, a.DB, "SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE()")
}

// texts returns the first column of a query.
func texts(ctx context.Context, db *sql.DB, query string) (all []string, err error) {
	rows, err := db.QueryContext(ctx, query)
	if err != nil {
		return nil, fmt.Errorf("look at the database: %w", err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var one string
		if err := rows.Scan(&one); err != nil {
			return nil, fmt.Errorf("look at the database: %w", err)
		}
		all = append(all, one)
	}
	return all, rows.Err()
}

// ownTables returns the names of all tables that the migrations make.
func ownTables() ([]string, error) {
	files, err := fs.Glob(migrations.FS, migrate.MySQL+"/*.sql")
	if err != nil {
		return nil, err
	}
	var names []string
	for _, file := range files {
		text, err := fs.ReadFile(migrations.FS, file)
		if err != nil {
			return nil, err
		}
		for _, part := range strings.Split(string(text), "CREATE TABLE IF NOT EXISTS `")[1:] {
			name, _, _ := strings.Cut(part, "`")
			names = append(names, name)
		}
	}
	return names, nil
}
