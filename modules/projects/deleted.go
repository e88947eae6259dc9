package projects

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"time"

	"taskstack.org/modules/accounts"
	"taskstack.org/platform/errs"
	"taskstack.org/platform/text"
)

const (
	// deletedLife is how long a deleted project can be restored.
	deletedLife = 30 * 24 * time.Hour
	// endBatch is how many projects one run of EndDeleted reads at once.
	endBatch = 100
)

// Delete deletes a project: for everyone it is gone at once. The owner can restore it
// for 30 days. confirmName is the name or the title as the person typed it to confirm;
// nil from old pages, which do not ask.
//
// Errors: NotFound, Forbidden, Invalid with the field confirmName.
func (s settings) Delete(ctx context.Context, by accounts.Actor, projectID int64, confirmName *string) error {
	return s.db.InTx(ctx, func(ctx context.Context) error {
		in, err := s.access(ctx, by, projectID, true)
		if err != nil {
			return err
		}
		if err := in.Check(Delete); err != nil {
			return err
		}
		if confirmName != nil && text.Identifier(*confirmName) != in.Name && cleanTitle(*confirmName) != in.Called() {
			return errs.Field("confirmName", "projects.error.confirmName")
		}
		return s.remove(ctx, in.Project, false)
	})
}

// remove deletes a project, whose row this transaction holds, so that it can be
// restored. byAdmin says that an administrator of the site does.
func (s settings) remove(ctx context.Context, p Project, byAdmin bool) error {
	if err := s.end(ctx, p); err != nil {
		return err
	}
	if err := s.bus.Publish(ctx, Removed{Project: p}); err != nil {
		return err
	}
	return s.repo.remove(ctx, p, s.db.Now(ctx), byAdmin)
}

// delete deletes a project permanently whose row this transaction holds.
func (s settings) delete(ctx context.Context, p Project) error {
	if p.DeletedAt == nil {
		if err := s.end(ctx, p); err != nil {
			return err
		}
	}
	if err := s.bus.Publish(ctx, Deleting{ProjectID: p.ID}); err != nil {
		return err
	}
	return s.repo.delete(ctx, p.ID)
}

// end tells the pages of members, and those on the board, that a project is gone.
func (s settings) end(ctx context.Context, p Project) error {
	links, err := s.repo.collaborators(ctx, p.ID)
	if err != nil {
		return err
	}
	ids := make([]int64, len(links))
	for i, l := range links {
		ids[i] = l.UserID
	}
	s.db.AfterCommit(ctx, func(ctx context.Context) { s.streams.End(ctx, p.ID) })
	return s.people.Deliver(ctx, "removed_as_collab_of_project", p.ID, ids...)
}

// Deleted returns the deleted projects of the actor's own, the last deleted first.
// Those that an administrator of the site has deleted are not the owner's to restore.
//
// Errors: Unauthenticated.
func (s deleted) Deleted(ctx context.Context, by accounts.Actor) ([]Project, error) {
	if !by.SignedIn() {
		return nil, errs.Of(errs.Unauthenticated)
	}
	return s.repo.deletedOf(ctx, by.UserID)
}

// Restore restores a deleted project of the actor's own, as it was. Members find it
// again. If the owner has another project of its name meanwhile, its address changes.
//
// Errors: Unauthenticated; NotFound for a project that is not deleted, not the actor's
// or deleted by an administrator of the site.
func (s deleted) Restore(ctx context.Context, by accounts.Actor, projectID int64) (p Project, err error) {
	if !by.SignedIn() {
		return Project{}, errs.Of(errs.Unauthenticated)
	}
	err = s.db.InTx(ctx, func(ctx context.Context) error {
		p, err = s.lockDeleted(ctx, projectID)
		if err == nil && (p.OwnerID != by.UserID || p.DeletedByAdmin) {
			err = errs.Of(errs.NotFound)
		}
		if err != nil {
			return err
		}
		p, err = s.restore(ctx, p)
		return err
	})
	return p, err
}

// lockDeleted returns a project that is deleted, and locks its row. NotFound if it is
// not deleted, or was for longer than deletedLife.
func (s deleted) lockDeleted(ctx context.Context, projectID int64) (Project, error) {
	row, err := s.repo.anyByID(ctx, 0, projectID, true)
	if err == nil && (row.DeletedAt == nil || s.db.Now(ctx).Sub(*row.DeletedAt) >= deletedLife) {
		err = errs.Of(errs.NotFound)
	}
	return row.Project, err
}

// restore restores a deleted project whose row this transaction holds.
func (s deleted) restore(ctx context.Context, p Project) (Project, error) {
	// Held, so that no project of the same name is made meanwhile.
	if _, err := s.people.Lock(ctx, p.OwnerID); err != nil {
		return p, err
	}
	owned, err := s.repo.owned(ctx, 0, p.OwnerID)
	if err != nil {
		return p, err
	}
	taken := map[string]bool{}
	for _, other := range owned {
		taken[strings.ToLower(other.Name)] = true
	}
	p.Name = p.DeletedName
	for n := 2; taken[strings.ToLower(p.Name)]; n++ {
		p.Name = numbered(p.DeletedName, strconv.Itoa(n))
	}
	p.DeletedAt, p.DeletedName, p.DeletedByAdmin = nil, "", false
	if err := s.repo.restore(ctx, p); err != nil {
		return p, err
	}
	return p, s.tellRestored(ctx, p)
}

// tellRestored tells other modules and the members' pages that a project is there
// again.
func (s deleted) tellRestored(ctx context.Context, p Project) error {
	links, err := s.repo.collaborators(ctx, p.ID)
	if err != nil {
		return err
	}
	ids := []int64{p.OwnerID}
	for _, l := range links {
		ids = append(ids, l.UserID)
	}
	if err := s.bus.Publish(ctx, Restored{Project: p, Members: ids}); err != nil {
		return err
	}
	joined := joinedProject{ID: p.ID, Name: p.Name, Title: p.Called(), OwnerName: p.OwnerName, GoToURL: p.URL()}
	return s.people.Deliver(ctx, "now_collab_of_project", joined, ids...)
}

// EndDeleted deletes permanently what was deleted deletedLife ago, each project in a
// transaction of its own: one that cannot be deleted keeps none of the others.
func (s deleted) EndDeleted(ctx context.Context) error {
	before := s.db.Now(ctx).Add(-deletedLife)
	err := s.db.InTx(ctx, func(ctx context.Context) error { return s.repo.endOpened(ctx, s.db.Now(ctx)) })
	if err != nil {
		return err
	}
	var failed error
	for after := int64(0); ; {
		ids, err := s.repo.deletedBefore(ctx, before, after, endBatch)
		if err != nil || len(ids) == 0 {
			return errors.Join(failed, err)
		}
		for _, id := range ids {
			failed = errors.Join(failed, s.endOne(ctx, id, before))
		}
		after = ids[len(ids)-1]
	}
}

func (s deleted) endOne(ctx context.Context, id int64, before time.Time) error {
	return s.db.InTx(ctx, func(ctx context.Context) error {
		row, err := s.repo.anyByID(ctx, 0, id, true)
		if errs.KindOf(err) == errs.NotFound || err == nil && (row.DeletedAt == nil || row.DeletedAt.After(before)) {
			return nil // restored, or deleted with the account meanwhile
		}
		if err != nil {
			return err
		}
		return settings(s).delete(ctx, row.Project)
	})
}
