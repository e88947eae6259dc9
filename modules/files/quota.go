package files

import (
	"context"
	"log/slog"
	"strconv"

	"taskstack.org/platform/errs"
	"taskstack.org/platform/module"
	"taskstack.org/platform/settings"
)

// Quota is the maximum size of attachments in bytes; 0 for no limit.
type Quota struct {
	// Project is the quota of one project, including its trash and archive, and of one
	// Place that is in no project.
	Project int64
	// Total is the quota of the whole installation.
	Total int64
}

// mb is the unit in which administrators set quotas.
const mb = 1_000_000

// maxQuota is the largest quota that they can set, in mb.
const maxQuota = 1_000_000_000

// quotas are those of the environment, and what administrators have set instead.
type quotas struct {
	given          Quota
	project, total *settings.Value
}

// newQuotas adds the settings.
func newQuotas(deps module.Deps) quotas {
	add := func(d settings.Definition, given int64) *settings.Value {
		d.Group, d.Kind, d.Most, d.Default = "files.settings", settings.Number, maxQuota, strconv.FormatInt(given/mb, 10)
		return deps.Settings.Add(d)
	}
	return quotas{
		given: Quota{Project: deps.ProjectQuota, Total: deps.TotalQuota},
		project: add(settings.Definition{
			Name: "files.projectQuota", Title: "files.projectQuota", Hint: "files.projectQuotaHint", Variable: "TASKSTACK_PROJECT_QUOTA_MB", Order: 50,
		}, deps.ProjectQuota),
		total: add(settings.Definition{
			Name: "files.totalQuota", Title: "files.totalQuota", Hint: "files.totalQuotaHint", Variable: "TASKSTACK_TOTAL_QUOTA_MB", Order: 51,
		}, deps.TotalQuota),
	}
}

// quota returns the quotas at present.
func (s *Service) quota() Quota {
	q := s.quotas.given
	if v := s.quotas.project; v != nil && v.IsSet() {
		q.Project = v.Number() * mb
	}
	if v := s.quotas.total; v != nil && v.IsSet() {
		q.Total = v.Number() * mb
	}
	return q
}

// checkQuota checks the quotas after this transaction has attached files to owner.
// The project's row is locked, so concurrent uploads to it are counted one after
// the other. Errors: TooLarge.
func (s *Service) checkQuota(ctx context.Context, owner Owner) error {
	if s.quota().Project > 0 {
		counted, err := s.accountOf(ctx, owner)
		if err != nil {
			return err
		}
		used, err := s.used(ctx, counted)
		if err != nil {
			return err
		}
		if used > s.quota().Project {
			return s.overQuota(ctx, "attachments_project", counted.refusal(), s.quota().Project)
		}
	}
	if s.quota().Total == 0 {
		return nil
	}
	used, err := s.repo.sizeOfAll(ctx)
	if err == nil && used > s.quota().Total {
		err = s.overQuota(ctx, "attachments_total", "files.error.totalQuota", s.quota().Total)
	}
	return err
}

// checkReserved checks the quotas before contents are stored that are reserved: with
// those of all uploads on their way, on other servers too, and without the bytes that
// the change frees. Two that pass the quota only together may both be refused.
// Errors: TooLarge.
func (s *Service) checkReserved(ctx context.Context, counted account, freed int64) error {
	if s.quota().Project > 0 && counted != (account{}) {
		// Reserved contents first: those that are attached in between count twice
		// rather than not at all.
		reserved, err := s.objects.Reserved(ctx, counted.scope())
		if err != nil {
			return err
		}
		used, err := s.used(ctx, counted)
		if err != nil {
			return err
		}
		if used+reserved-freed > s.quota().Project {
			return s.overQuota(ctx, "attachments_project", counted.refusal(), s.quota().Project)
		}
	}
	if s.quota().Total == 0 {
		return nil
	}
	reserved, err := s.objects.Reserved(ctx, "")
	if err != nil {
		return err
	}
	used, err := s.repo.sizeOfAll(ctx)
	if err == nil && used+reserved-freed > s.quota().Total {
		err = s.overQuota(ctx, "attachments_total", "files.error.totalQuota", s.quota().Total)
	}
	return err
}

// account is what a quota counts together: the files of a project, or those of a Place
// that is in no project. The zero account has no quota but that of the installation.
type account struct {
	projectID int64
	kind      Kind
	placeID   int64
}

// accountOf returns what the files of an owner are counted with.
func (s *Service) accountOf(ctx context.Context, owner Owner) (account, error) {
	switch {
	case owner.ProjectID != 0 || owner.Kind.ofBoard() && owner.ID == 0:
		return account{projectID: owner.ProjectID}, nil
	case !owner.Kind.ofBoard():
		return account{kind: owner.Kind, placeID: owner.PlaceID}, nil
	}
	location, err := s.locate(ctx, owner)
	return account{projectID: location.ProjectID}, err
}

// scope is that of the reservations of the files.
func (a account) scope() string {
	if a.projectID != 0 {
		return "project:" + strconv.FormatInt(a.projectID, 10)
	}
	return string(a.kind) + ":" + strconv.FormatInt(a.placeID, 10)
}

// refusal is the text that says that the files are too many.
func (a account) refusal() string {
	if a.projectID != 0 {
		return "files.error.projectQuota"
	}
	return "files.error.placeQuota"
}

// used returns the size of the files in bytes.
func (s *Service) used(ctx context.Context, a account) (int64, error) {
	if a.projectID != 0 {
		return s.usedBy(ctx, a.projectID)
	}
	return s.repo.sizeOfPlaces(ctx, a.kind, []int64{a.placeID})
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
	for kind, k := range s.keepers {
		ids, err := k.PlacesOf(ctx, kind, projectID)
		if err != nil {
			return 0, err
		}
		if len(ids) == 0 {
			continue
		}
		size, err := s.repo.sizeOfPlaces(ctx, kind, ids)
		if err != nil {
			return 0, err
		}
		used += size
	}
	return used, nil
}
