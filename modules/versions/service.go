package versions

import (
	"context"
	"log/slog"
	"time"

	"taskstack.org/modules/accounts"
	"taskstack.org/modules/projects"
	"taskstack.org/platform/db"
	"taskstack.org/platform/errs"
)

// sweepEvery is how often old texts are looked for.
const sweepEvery = 6 * time.Hour

// Boards is what versions needs of projects.
type Boards interface {
	Require(ctx context.Context, by accounts.Actor, projectID int64, action projects.Action) (projects.Access, error)
	Owned(ctx context.Context, by accounts.Actor) ([]projects.OwnedProject, error)
}

// People is what versions needs of accounts.
type People interface {
	ByIDs(ctx context.Context, ids []int64) (map[int64]accounts.Person, error)
}

// Service holds the rules of earlier texts. It is safe for concurrent use.
type Service struct {
	db     *db.DB
	repo   repository
	boards Boards
	people People
	log    *slog.Logger
}

// Of are the earlier texts of a project, list or card, newest first, for who
// may put them back.
//
// Errors: those of projects.Require, Invalid for an unknown kind. What is not
// on the board has no earlier texts.
func (s *Service) Of(ctx context.Context, by accounts.Actor, projectID int64, kind projects.TextKind, itemID int64) ([]Version, error) {
	if !validKind(kind) {
		return nil, errs.Field("kind", "versions.error.kind")
	}
	var rows []version
	err := s.db.Snapshot(ctx, func(ctx context.Context) (err error) {
		if _, err := s.boards.Require(ctx, by, projectID, projects.Write); err != nil {
			return err
		}
		rows, err = s.repo.of(ctx, projectID, kind, itemID, MaxVersions)
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
	all := make([]Version, len(rows))
	for i, row := range rows {
		all[i] = Version{
			ID: row.ID, Name: row.Name, Desc: row.ItemDesc, ReplacedAt: row.ReplacedAt, ReplacedBy: people[row.ReplacedBy].Name,
		}
	}
	return all, nil
}

// onReplaced writes the earlier text down.
func (s *Service) onReplaced(ctx context.Context, e projects.TextReplaced) error {
	err := s.repo.add(ctx, &version{
		ProjectID: e.ProjectID, Kind: e.Kind, ItemID: e.ItemID, Name: e.Old.Name, ItemDesc: e.Old.Desc,
		ReplacedBy: e.By.UserID, ReplacedAt: s.db.Now(ctx),
	})
	if err != nil {
		return err
	}
	return s.repo.forget(ctx, e.ProjectID, e.Kind, e.ItemID, MaxVersions)
}

// sweep forgets old texts until ctx ends.
func (s *Service) sweep(ctx context.Context) error {
	ticker := time.NewTicker(sweepEvery)
	defer ticker.Stop()
	for {
		err := s.db.InTx(ctx, func(ctx context.Context) error {
			return s.repo.forgetBefore(ctx, s.db.Now(ctx).Add(-Lifetime))
		})
		if err != nil && ctx.Err() == nil {
			s.log.WarnContext(ctx, "old texts could not be forgotten", "error", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-ticker.C:
		}
	}
}
