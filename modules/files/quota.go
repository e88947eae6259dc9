package files

import (
	"context"
	"log/slog"

	"taskstack.org/platform/errs"
)

// Quota is how many bytes of attachments there may be; 0 for no limit.
type Quota struct {
	// Project is the most of one project, with what waits in its bin and archive.
	Project int64
	// Total is the most of the whole installation.
	Total int64
}

// OfProject are the ids of everything of a kind that belongs to a project, on the
// board or not.
type OfProject func(ctx context.Context, projectID int64) ([]int64, error)

// SetOfProject says which lists or cards belong to a project. Only while wiring.
func (s *Service) SetOfProject(kind Kind, of OfProject) { s.ofProject[kind] = of }

// checkQuota refuses what this transaction has attached to owner if the project
// or the installation has more than it may. The project's row is locked, so two
// uploads to it are counted one after the other.
func (s *Service) checkQuota(ctx context.Context, owner Owner) error {
	if s.quota.Project > 0 {
		where, err := s.owners[owner.Kind].find(ctx, owner.ID)
		if err != nil {
			return err
		}
		used, err := s.usedBy(ctx, where.ProjectID)
		if err != nil {
			return err
		}
		if used > s.quota.Project {
			return s.overQuota(ctx, "attachments_project", "files.error.projectQuota", s.quota.Project)
		}
	}
	if s.quota.Total == 0 {
		return nil
	}
	used, err := s.repo.sizeOfAll(ctx)
	if err == nil && used > s.quota.Total {
		err = s.overQuota(ctx, "attachments_total", "files.error.totalQuota", s.quota.Total)
	}
	return err
}

func (s *Service) overQuota(ctx context.Context, limit, key string, most int64) error {
	s.refused.Add(ctx, limit, slog.Int64("bytes", most))
	return &errs.Error{Kind: errs.TooLarge, Fields: map[string]errs.Message{field: errs.Text(key, "Max", most/1_000_000)}}
}

// usedBy is how many bytes of attachments a project has.
func (s *Service) usedBy(ctx context.Context, projectID int64) (int64, error) {
	var used int64
	for kind, of := range s.ofProject {
		ids, err := of(ctx, projectID)
		if err != nil {
			return 0, err
		}
		size, err := s.repo.sizeOf(ctx, kind, ids)
		if err != nil {
			return 0, err
		}
		used += size
	}
	return used, nil
}
