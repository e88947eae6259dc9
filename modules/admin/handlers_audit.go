package admin

import (
	"encoding/csv"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"taskstack.org/platform/errs"
	"taskstack.org/platform/web"
)

// auditPage shows the audit log.
type auditPage struct {
	page
	AuditPage
	// Name, Act, From and Until are the filter, as typed.
	Name, Act, From, Until string
	// ActTitles are the keys of what acts are called, by name; ActNames are the
	// names in order.
	ActTitles map[string]string
	ActNames  []string
	// NextURL leads to the next page, FirstURL to the first; empty where there is none.
	NextURL, FirstURL string
	// Filter is the query of the exports.
	Filter string
}

// auditQuery reads the filter of an address. Errors: Invalid and malformed.
func auditQuery(c *web.Context) (AuditQuery, error) {
	q := AuditQuery{Name: strings.TrimSpace(c.Query("name")), Act: c.Query("act")}
	var err error
	if q.From, err = day(c.Query("from"), "from"); err != nil {
		return q, err
	}
	if q.Until, err = day(c.Query("until"), "until"); err != nil {
		return q, err
	}
	if !q.Until.IsZero() {
		q.Until = q.Until.AddDate(0, 0, 1) // the day counts
	}
	if before := c.Query("before"); before != "" {
		if q.Before, err = strconv.ParseInt(before, 10, 64); err != nil || q.Before <= 0 {
			return q, errs.Malformed("before", "admin.audit.unknownPage")
		}
	}
	return q, nil
}

// day reads a date as a browser sends it; the zero time for none.
func day(typed, field string) (time.Time, error) {
	if typed == "" {
		return time.Time{}, nil
	}
	at, err := time.Parse(time.DateOnly, typed)
	if err != nil || at.Year() < 1970 {
		return time.Time{}, errs.Malformed(field, "admin.audit.unknownDate")
	}
	return at, nil
}

func (m *Module) showAudit(c *web.Context, by Acting) error {
	q, queryErr := auditQuery(c)
	found, err := m.Audit(c.Ctx(), by.Actor, q)
	if err == nil {
		err = queryErr
	}
	if err != nil {
		return err
	}
	p := &auditPage{
		page: m.newPage(auditPath), AuditPage: found, Name: q.Name, Act: q.Act, From: c.Query("from"), Until: c.Query("until"), ActTitles: m.actTitles(),
	}
	p.ActNames = slices.Sorted(maps.Keys(p.ActTitles))
	filter := url.Values{"name": {p.Name}, "act": {p.Act}, "from": {p.From}, "until": {p.Until}}
	p.Filter = "?" + filter.Encode()
	if q.Before > 0 {
		p.FirstURL = auditPath + p.Filter
	}
	if found.Next > 0 {
		filter.Set("before", strconv.FormatInt(found.Next, 10))
		p.NextURL = auditPath + "?" + filter.Encode()
	}
	return c.Page(http.StatusOK, "admin/audit", p)
}

// exported reads the rows of an export.
func (m *Module) exported(c *web.Context, by Acting) ([]AuditEntry, error) {
	q, queryErr := auditQuery(c)
	all, err := m.AuditExport(c.Ctx(), by.Actor, q)
	if err == nil {
		err = queryErr
	}
	return all, err
}

func (m *Module) auditJSON(c *web.Context, by Acting) error {
	all, err := m.exported(c, by)
	if err != nil {
		return err
	}
	if all == nil {
		all = []AuditEntry{}
	}
	c.Header("Content-Disposition", `attachment; filename="audit.json"`)
	return c.JSON(http.StatusOK, all)
}

func (m *Module) auditCSV(c *web.Context, by Acting) error {
	all, err := m.exported(c, by)
	if err != nil {
		return err
	}
	c.Header("Cache-Control", "no-store")
	c.Header("Content-Type", "text/csv; charset=utf-8")
	c.Header("Content-Disposition", `attachment; filename="audit.csv"`)
	w := csv.NewWriter(c.Writer)
	rows := [][]string{{"id", "at", "by", "act", "subject", "before", "after", "reason", "address"}}
	for _, e := range all {
		rows = append(rows, []string{
			strconv.FormatInt(e.ID, 10), e.At.UTC().Format(time.RFC3339), cell(e.ByName), cell(e.Act), cell(e.Subject), cell(e.BeforeText), cell(e.AfterText),
			cell(e.Reason), cell(e.Address),
		})
	}
	return w.WriteAll(rows)
}

// cell keeps a spreadsheet from taking what people typed for a formula.
func cell(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r", rune(s[0])) {
		return "'" + s
	}
	return s
}

// actTitles are the keys of what acts are called, by name in the audit log.
func (m *Module) actTitles() map[string]string {
	titles := map[string]string{actClaim: "admin.act.claim"}
	for _, a := range personActs() {
		titles[actPrefix+a.Name] = a.Title
	}
	for _, g := range m.guests {
		for _, a := range g.Acts {
			titles[g.module+":"+a.Name] = a.Title
		}
	}
	return titles
}
