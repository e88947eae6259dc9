package admin

import (
	"context"
	"time"
	"unicode/utf8"

	"taskstack.org/modules/accounts"
)

// AuditQuery selects rows of the audit log, the newest first.
type AuditQuery struct {
	// Name is that of the administrator or of the subject; empty for all.
	Name string
	// Act is its name, such as admin:suspend; empty for all.
	Act string
	// Person is the id of the subject; 0 for all.
	Person int64
	// From and Until bound the time; zero for no bound.
	From, Until time.Time
	// Before is the id that the page follows; 0 for the first page.
	Before int64
	Limit  int
}

// AuditPage is a page of the audit log.
type AuditPage struct {
	Entries []AuditEntry
	// Next is the id that the next page follows; 0 for the last page.
	Next int64
}

// Audit returns a page of the audit log. Errors: NotFound; errUnconfirmed.
func (s *Service) Audit(ctx context.Context, by accounts.Actor, q AuditQuery) (AuditPage, error) {
	q.Limit = pageSize + 1
	all, err := s.auditRows(ctx, by, q)
	page := AuditPage{Entries: all}
	if len(all) > pageSize {
		page.Entries, page.Next = all[:pageSize], all[pageSize-1].ID
	}
	return page, err
}

// AuditExport returns all rows that a filter selects, at most exportLimit.
// Errors: NotFound; errUnconfirmed.
func (s *Service) AuditExport(ctx context.Context, by accounts.Actor, q AuditQuery) ([]AuditEntry, error) {
	q.Limit, q.Before = exportLimit, 0
	return s.auditRows(ctx, by, q)
}

func (s *Service) auditRows(ctx context.Context, by accounts.Actor, q AuditQuery) ([]AuditEntry, error) {
	if err := s.check(ctx, by, false); err != nil {
		return nil, err
	}
	if !storable(q.Name) || !storable(q.Act) || utf8.RuneCountInString(q.Name) > maxTyped || utf8.RuneCountInString(q.Act) > maxTyped {
		return nil, nil // there is none
	}
	return s.repo.audit(ctx, q)
}
