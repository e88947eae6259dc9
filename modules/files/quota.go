package files

import (
	"context"
	"log/slog"

	"taskstack.org/platform/errs"
)

// Quota is the maximum size of attachments in bytes; 0 for no limit.
type Quota struct {
	// Project is the quota of one project, including its trash and archive.
	Project int64
	// Total is the quota of the whole installation.
	Total int64
}

// checkQuota checks the quotas after this transaction has attached files to owner.
// The project's row is locked, so concurrent uploads to it are counted one after
// the other. Errors: TooLarge.
func (s *Service) checkQuota(ctx context.Context, owner Owner) error {
	if s.quota.Project > 0 {
		location, err := s.locate(ctx, owner)
		if err != nil {
			return err
		}
		used, err := s.usedBy(ctx, location.ProjectID)
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

// overQuota counts a refusal and returns its error.
func (s *Service) overQuota(ctx context.Context, limit, key string, most int64) error {
	s.refused.Add(ctx, limit, slog.Int64("bytes", most))
	return &errs.Error{Kind: errs.TooLarge, Fields: map[string]errs.Message{field: errs.Text(key, "Max", most/1_000_000)}}
}

// usedBy returns the size of a project's attachments in bytes.
func (s *Service) usedBy(ctx context.Context, projectID int64) (int64, error) {
	var used int64
	for kind, m := range s.owners {
		ids, err := m.IDs(ctx, projectID)
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
