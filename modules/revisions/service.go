package revisions

import (
	"context"
	"log/slog"
	"time"

	"taskstack.org/modules/accounts"
	"taskstack.org/modules/projects"
	"taskstack.org/platform/db"
	"taskstack.org/platform/errs"
)

// sweepEvery is how often old texts are deleted.
const sweepEvery = 6 * time.Hour

// Boards is what revisions needs of projects.
type Boards interface {
	projects.Registrar
	Require(ctx context.Context, by accounts.Actor, projectID int64, action projects.Action) (projects.Access, error)
	Owned(ctx context.Context, by accounts.Actor) ([]projects.OwnedProject, error)
}

// People is what revisions needs of accounts.
type People interface {
	ByIDs(ctx context.Context, ids []int64) (map[int64]accounts.Person, error)
}

// Service holds the rules of revisions. It is safe for concurrent use.
type Service struct {
	db     *db.DB
	repo   repository
	boards Boards
	people People
	log    *slog.Logger
}

// Of returns the replaced texts of a project, list or card, newest first, to a
// member who may restore them. A list or card that the project does not have has
// none.
//
// Errors: those of projects.Require, Invalid for an unknown kind.
func (s *Service) Of(ctx context.Context, by accounts.Actor, projectID int64, kind projects.TextKind, itemID int64) ([]Revision, error) {
	if !validKind(kind) {
		return nil, errs.Field("kind", "revisions.error.kind")
	}
	var rows []revision
	err := s.db.Snapshot(ctx, func(ctx context.Context) (err error) {
		if _, err := s.boards.Require(ctx, by, projectID, projects.Write); err != nil {
			return err
		}
		rows, err = s.repo.of(ctx, projectID, kind, itemID, MaxRevisions)
		return err
	})
	if err != nil {
		return nil, err
	}
	ids := make([]int64, len(rows))
	for i, row := range rows {
		ids[i] = row.ReplacedBy
	}
	people, err := s.people.ByIDs(ctx, ids)
	if err != nil {
		return nil, err
	}
	all := make([]Revision, len(rows))
	for i, row := range rows {
		all[i] = Revision{
			ID: row.ID, Name: row.Name, Desc: row.ItemDesc, ReplacedAt: row.ReplacedAt, ReplacedBy: people[row.ReplacedBy].Called(),
		}
	}
	return all, nil
}

// onReplaced stores the replaced text.
func (s *Service) onReplaced(ctx context.Context, e projects.TextReplaced) error {
	err := s.repo.add(ctx, &revision{
		ProjectID: e.ProjectID, Kind: e.Kind, ItemID: e.ItemID, Name: e.Old.Name, ItemDesc: e.Old.Desc,
		ReplacedBy: e.By.UserID, ReplacedAt: s.db.Now(ctx),
	})
	if err != nil {
		return err
	}
	return s.repo.prune(ctx, e.ProjectID, e.Kind, e.ItemID, MaxRevisions)
}

// sweep deletes the texts older than lifetime.
func (s *Service) sweep(ctx context.Context) error {
	return s.db.InTx(ctx, func(ctx context.Context) error {
		return s.repo.deleteBefore(ctx, s.db.Now(ctx).Add(-lifetime))
	})
}
