package search

import (
	"net/http"
	"strconv"
	"strings"

	"taskstack.org/modules/accounts"
	"taskstack.org/platform/errs"
	"taskstack.org/platform/netaddr"
	"taskstack.org/platform/views"
	"taskstack.org/platform/web"
)

// search answers scripts in the contract's shape, and browsers without scripts with
// a page.
func (m *Module) search(c *web.Context) error {
	if strings.Contains(c.GetHeader("Accept"), "text/html") {
		return m.page(c)
	}
	hits, err := m.Find(c.Ctx(), accounts.ActorFrom(c.Ctx()), c.Query("q"))
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, hits)
}

// resultPage is the page search/results.
type resultPage struct {
	views.Shell
	Query string
	Results
	// Problem says why nothing was searched for.
	Problem string
}

func (m *Module) page(c *web.Context) error {
	p := &resultPage{Query: c.Query("q")}
	var err error
	p.Results, err = m.Everything(c.Ctx(), m.where(c, 0), p.Query)
	status := http.StatusOK
	if texts, ok := c.FieldTexts(err); ok {
		p.Problem, status, err = texts["q"], http.StatusBadRequest, nil
	}
	if err != nil {
		return err
	}
	return c.Page(status, "search/results", p)
}

func (m *Module) everything(c *web.Context) error {
	var here int64
	if typed := c.Query("project"); typed != "" {
		var err error
		if here, err = strconv.ParseInt(typed, 10, 64); err != nil || here < 0 {
			return errs.Malformed("project", "search.error.project")
		}
	}
	found, err := m.Everything(c.Ctx(), m.where(c, here), c.Query("q"))
	if err != nil {
		return err
	}
	for i := range found.Texts {
		found.Texts[i].Title = c.T(found.Texts[i].Title)
	}
	return c.JSON(http.StatusOK, found)
}

func (m *Module) where(c *web.Context, here int64) Where {
	return Where{By: accounts.ActorFrom(c.Ctx()), Here: here, Key: netaddr.Key(c.ClientIP())}
}
