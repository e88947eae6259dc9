package files

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"time"

	"taskstack.org/modules/projects"
	"taskstack.org/platform/text"
)

const (
	// countEvery is how often the use of the storage is counted.
	countEvery = time.Hour
	// countBatch is how many lists or cards with files are counted at a time, and how
	// many rows a statement writes.
	countBatch = 1000
	// keptSweeps is how many runs of the sweeper are kept.
	keptSweeps = 20
	// mostUsing is how many projects and people the page of administrators lists.
	mostUsing = 50
)

// use is how much of the storage something uses.
type use struct {
	Bytes int64
	Files int
}

func (u use) plus(o use) use { return use{u.Bytes + o.Bytes, u.Files + o.Files} }

// projectUse is a row of table file_use_project.
type projectUse struct {
	ProjectID int64 `gorm:"primaryKey;autoIncrement:false"`
	Bytes     int64
	Files     int
	CountedAt time.Time
}

// TableName is for GORM.
func (projectUse) TableName() string { return "file_use_project" }

// personUse is a row of table file_use_person: the use of all projects that a person
// owns.
type personUse struct {
	UserID    int64 `gorm:"primaryKey;autoIncrement:false"`
	Bytes     int64
	Files     int
	CountedAt time.Time
}

// TableName is for GORM.
func (personUse) TableName() string { return "file_use_person" }

// sweepRun is a row of table file_sweep: what a run of the sweeper has found.
type sweepRun struct {
	ID      int64
	EndedAt time.Time
	// Files are the attachments whose content is there, Orphans the objects that were
	// deleted since no row names them, Missing the attachments without content.
	Files, Orphans, Missing int
	FirstMissing            string
}

// TableName is for GORM.
func (sweepRun) TableName() string { return "file_sweep" }

// CountUse counts how much each project and each owner uses, with what is in the trash
// and the archive. Files of items, such as messages, count for no project.
func (s *Service) CountUse(ctx context.Context) error {
	used := map[int64]use{}
	for _, kind := range []Kind{OfList, OfCard} {
		if err := s.addUse(ctx, kind, used); err != nil {
			return err
		}
	}
	ids := slices.Sorted(maps.Keys(used))
	owners := map[int64]projects.Ownership{}
	for some := range slices.Chunk(ids, countBatch) {
		found, err := s.projects.Ownerships(ctx, some)
		if err != nil {
			return err
		}
		maps.Copy(owners, found)
	}
	of := map[int64]use{}
	for id, u := range used {
		if owner, ok := owners[id]; ok {
			of[owner.OwnerID] = of[owner.OwnerID].plus(u)
		} else {
			delete(used, id) // it was deleted meanwhile
		}
	}
	return s.db.InTx(ctx, func(ctx context.Context) error { return s.repo.saveUse(ctx, used, of, s.db.Now(ctx)) })
}

// addUse adds the files of lists or cards to those of their projects.
func (s *Service) addUse(ctx context.Context, kind Kind, used map[int64]use) error {
	m, err := s.owner(kind)
	if err != nil {
		return err
	}
	for after := int64(0); ; {
		sizes, err := s.repo.sizesAfter(ctx, kind, after, countBatch)
		if err != nil || len(sizes) == 0 {
			return err
		}
		ids := slices.Sorted(maps.Keys(sizes))
		of, err := m.ProjectsOf(ctx, ids)
		if err != nil {
			return err
		}
		for id, u := range sizes {
			if projectID, ok := of[id]; ok {
				used[projectID] = used[projectID].plus(u)
			}
		}
		after = ids[len(ids)-1]
	}
}

// usingProject is a project in the list of administrators.
type usingProject struct {
	projectUse
	projects.Ownership
}

// usingPerson is a person in it.
type usingPerson struct {
	personUse
	Name string
}

// useView is what the page of administrators shows.
type useView struct {
	Total use
	Quota Quota
	// CountedAt is nil before anything was counted.
	CountedAt *time.Time
	// Projects and People are those that use most, the first of which use most.
	Projects []usingProject
	People   []usingPerson
	Sweeps   []sweepRun
	Kinds    []kindUse
}

// kindUse is the use of the files of a kind of items, such as messages.
type kindUse struct {
	Kind string
	use
}

// readUse reads the page in a constant number of statements.
func (s *Service) readUse(ctx context.Context) (v useView, err error) {
	v.Quota = s.quota()
	if v.Total, err = s.repo.totalUse(ctx); err != nil {
		return v, err
	}
	if v.Kinds, err = s.repo.useOfItems(ctx); err != nil {
		return v, err
	}
	for _, kind := range v.Kinds {
		v.Total = v.Total.plus(kind.use)
	}
	if v.Sweeps, err = s.repo.sweeps(ctx); err != nil {
		return v, err
	}
	if err = s.addProjects(ctx, &v); err != nil {
		return v, err
	}
	return v, s.addPeople(ctx, &v)
}

func (s *Service) addProjects(ctx context.Context, v *useView) error {
	rows, err := s.repo.largestProjects(ctx, mostUsing)
	if err != nil || len(rows) == 0 {
		return err
	}
	ids := make([]int64, len(rows))
	for i, row := range rows {
		ids[i] = row.ProjectID
	}
	v.CountedAt = &rows[0].CountedAt
	of, err := s.projects.Ownerships(ctx, ids)
	for _, row := range rows {
		v.Projects = append(v.Projects, usingProject{row, of[row.ProjectID]})
	}
	return err
}

func (s *Service) addPeople(ctx context.Context, v *useView) error {
	rows, err := s.repo.largestPeople(ctx, mostUsing)
	if err != nil || len(rows) == 0 {
		return err
	}
	ids := make([]int64, len(rows))
	for i, row := range rows {
		ids[i] = row.UserID
	}
	people, err := s.people.ByIDs(ctx, ids)
	for _, row := range rows {
		v.People = append(v.People, usingPerson{row, cmp.Or(people[row.UserID].Called(), "–")})
	}
	return err
}

// Size is what is used as people read it.
func (u use) Size() string { return text.Size(u.Bytes) }

// Size is what the project uses as people read it.
func (u projectUse) Size() string { return text.Size(u.Bytes) }

// Size is what the person uses as people read it.
func (u personUse) Size() string { return text.Size(u.Bytes) }

// ProjectSize and TotalSize are the quotas as people read them; empty for no limit.
func (q Quota) ProjectSize() string { return limitSize(q.Project) }

// TotalSize is that of the whole installation.
func (q Quota) TotalSize() string { return limitSize(q.Total) }

func limitSize(most int64) string {
	if most == 0 {
		return ""
	}
	return text.Size(most)
}
