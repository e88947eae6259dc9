package admin

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"taskstack.org/modules/accounts"
	"taskstack.org/platform/errs"
	"taskstack.org/platform/web"
)

// peoplePage lists people.
type peoplePage struct {
	page
	PeoplePage
	// Text, State and Newest are the filter; States are the choices.
	Text   string
	State  State
	States []stateChoice
	Newest bool
	// NextURL leads to the next page, FirstURL to the first; empty where there is none.
	NextURL, FirstURL string
}

// stateChoice is a filter with the key of what it is called.
type stateChoice struct {
	Value State
	Text  string
}

func stateChoices() []stateChoice {
	return []stateChoice{
		{AnyState, "admin.people.any"},
		{Verified, "admin.people.verified"},
		{Unverified, "admin.people.unverified"},
		{Suspended, "admin.people.suspended"},
		{Admins, "admin.people.admins"},
	}
}

// newestFirst is the value of the parameter sort.
const newestFirst = "newest"

func (m *Module) showPeople(c *web.Context, by Acting) error {
	q := PeopleQuery{Text: strings.TrimSpace(c.Query("q")), State: State(c.Query("state")), Newest: c.Query("sort") == newestFirst}
	after, keyErr := decodeKey(c.Query("after"), q.Newest)
	q.After = after
	found, err := m.People(c.Ctx(), by.Actor, q)
	if err == nil {
		err = keyErr
	}
	if err != nil {
		return err
	}
	p := &peoplePage{page: m.newPage(peoplePath), PeoplePage: found, Text: q.Text, State: q.State, States: stateChoices(), Newest: q.Newest}
	if after != nil {
		p.FirstURL = peopleURL(q, nil)
	}
	if found.Next != nil {
		p.NextURL = peopleURL(q, found.Next)
	}
	return c.Page(http.StatusOK, "admin/people", p)
}

func peopleURL(q PeopleQuery, after *accounts.DirectoryKey) string {
	v := url.Values{}
	if q.Text != "" {
		v.Set("q", q.Text)
	}
	if q.State != AnyState {
		v.Set("state", string(q.State))
	}
	if q.Newest {
		v.Set("sort", newestFirst)
	}
	if after != nil {
		v.Set("after", encodeKey(*after, q.Newest))
	}
	if len(v) == 0 {
		return peoplePath
	}
	return peoplePath + "?" + v.Encode()
}

// encodeKey is a key in an address: what the order compares.
func encodeKey(k accounts.DirectoryKey, newest bool) string {
	if !newest {
		return k.Name
	}
	return strconv.FormatInt(k.CreatedAt.Unix(), 10) + "-" + strconv.FormatInt(k.ID, 10)
}

// decodeKey returns nil for no key. Errors: Invalid and malformed.
func decodeKey(s string, newest bool) (*accounts.DirectoryKey, error) {
	switch {
	case s == "":
		return nil, nil
	case !newest && storable(s) && len(s) <= maxTyped:
		return &accounts.DirectoryKey{Name: s}, nil
	case newest:
		at, id, _ := strings.Cut(s, "-")
		seconds, atErr := strconv.ParseInt(at, 10, 64)
		n, idErr := strconv.ParseInt(id, 10, 64)
		// Beyond the year 9999 databases have no times.
		if atErr == nil && idErr == nil && seconds >= 0 && seconds < 253402300800 {
			return &accounts.DirectoryKey{CreatedAt: time.Unix(seconds, 0).UTC(), ID: n}, nil
		}
	}
	return nil, errs.Malformed("after", "admin.people.unknownPage")
}

// personPage shows a person.
type personPage struct {
	page
	Person PersonState
	Base   string
	// ActTitles are the keys of what acts are called, by name in the audit log.
	ActTitles map[string]string
}

// personID is the id in the path. Errors: NotFound.
func personID(c *web.Context) (int64, error) {
	id, err := strconv.ParseInt(c.Param("id"), 10, 64)
	if err != nil || id <= 0 || strconv.FormatInt(id, 10) != c.Param("id") {
		return 0, errs.Of(errs.NotFound)
	}
	return id, nil
}

func personPath(id int64) string { return peoplePath + "/" + strconv.FormatInt(id, 10) }

func (m *Module) showPerson(c *web.Context, by Acting) error {
	id, err := personID(c)
	if err != nil {
		return err
	}
	p, err := m.Person(c.Ctx(), by.Actor, id)
	if err != nil {
		return err
	}
	return c.Page(http.StatusOK, "admin/person", &personPage{page: m.newPage(peoplePath), Person: p, Base: personPath(id), ActTitles: m.actTitles()})
}

// actPage asks for reason and password of an act.
type actPage struct {
	page
	refused
	Person PersonState
	Act    PersonAct
	Base   string
	// Reason and Days are typed.
	Reason, Days string
}

func (m *Module) showAct(c *web.Context, by Acting) error {
	return m.actPage(c, by, http.StatusOK, &actPage{})
}

func (m *Module) actPage(c *web.Context, by Acting, status int, p *actPage) error {
	id, err := personID(c)
	if err != nil {
		return err
	}
	if p.Person, err = m.Person(c.Ctx(), by.Actor, id); err != nil {
		return err
	}
	if p.Act, err = personAct(c.Param("act")); err != nil {
		return err
	}
	p.page, p.Base = m.newPage(peoplePath), personPath(id)
	return c.Page(status, "admin/act", p)
}

type actForm struct {
	Reason   string `form:"reason"`
	Password string `form:"password"`
	Days     string `form:"days"`
}

func (m *Module) doAct(c *web.Context, by Acting) error {
	id, err := personID(c)
	if err != nil {
		return err
	}
	act, err := personAct(c.Param("act"))
	if err != nil {
		return err
	}
	in, err := web.DecodeForm[actForm](c)
	if err != nil {
		return err
	}
	by.Reason, by.Password = in.Reason, in.Password
	err = m.ActOn(c.Ctx(), by, id, act.Name, PersonInput{Days: in.Days})
	if status, ok := formStatus(c, err); ok {
		return m.actPage(c, by, status, &actPage{refused: refusedBy(c, err), Reason: in.Reason, Days: in.Days})
	}
	if err != nil {
		return err
	}
	if err := c.Flash(c.T("admin.done", "Act", c.T(act.Title))); err != nil {
		return err
	}
	switch {
	case act.Name == "delete":
		return c.SeeOther(peoplePath)
	case id == by.UserID && (act.Name == "removeAdmin" || act.Name == "endLogins"):
		return c.SeeOther("/") // these pages are not there for them any more
	}
	return c.SeeOther(personPath(id))
}
