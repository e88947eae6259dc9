package files

import (
	"context"
	"log/slog"
	"strconv"

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

// checkReserved checks the quotas before contents are stored that are reserved: with
// those of all uploads on their way, on other servers too, and without the bytes that
// the change frees. Two that pass the quota only together may both be refused.
// Errors: TooLarge.
func (s *Service) checkReserved(ctx context.Context, projectID, freed int64) error {
	if s.quota.Project > 0 && projectID != 0 {
		// Reserved contents first: those that are attached in between count twice
		// rather than not at all.
		reserved, err := s.objects.Reserved(ctx, scopeOf(projectID))
		if err != nil {
			return err
		}
		used, err := s.usedBy(ctx, projectID)
		if err != nil {
			return err
		}
		if used+reserved-freed > s.quota.Project {
			return s.overQuota(ctx, "attachments_project", "files.error.projectQuota", s.quota.Project)
		}
	}
	if s.quota.Total == 0 {
		return nil
	}
	reserved, err := s.objects.Reserved(ctx, "")
	if err != nil {
		return err
	}
	used, err := s.repo.sizeOfAll(ctx)
	if err == nil && used+reserved-freed > s.quota.Total {
		err = s.overQuota(ctx, "attachments_total", "files.error.totalQuota", s.quota.Total)
	}
	return err
}

// projectOf returns the project of an owner.
func (s *Service) projectOf(ctx context.Context, owner Owner) (int64, error) {
	if owner.ProjectID != 0 || owner.ID == 0 {
		return owner.ProjectID, nil
	}
	location, err := s.locate(ctx, owner)
	return location.ProjectID, err
}

// scopeOf is the scope of reservations of a project's files.
func scopeOf(projectID int64) string { return "project:" + strconv.FormatInt(projectID, 10) }

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
