package admin

import (
	"cmp"
	"context"
	"encoding/json"
	"log/slog"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"time"

	"golang.org/x/sync/errgroup"

	"taskstack.org/modules/accounts"
	"taskstack.org/platform/errs"
	"taskstack.org/platform/module"
	"taskstack.org/platform/socketio"
	"taskstack.org/platform/text"
)

const (
	// seenInterval is how often a server writes that it runs, with its connections.
	seenInterval = 10 * time.Second
	// askInterval is how often it reads what administrators ask of it.
	askInterval = 3 * time.Second
	// aliveFor is how long a server counts as running after it was last seen.
	aliveFor = 45 * time.Second
	// drainOver is over how long the clients of a server move to the others, and
	// drainWithin by when their requests must have ended.
	drainOver, drainWithin = 15 * time.Second, 30 * time.Second
	// maxCounted is how many people a server names, those with most connections.
	maxCounted = 500
	// maxShownPeople is how many people the page lists.
	maxShownPeople = 200
	// disconnectWithin is how long servers do what a row of table site_disconnect asks.
	disconnectWithin = time.Minute
	// disconnectLife is how long a row of table site_disconnect is kept.
	disconnectLife = time.Hour
	// serverLife is how long a row of a server that has gone is kept.
	serverLife = 24 * time.Hour
)

// Live is what admin needs of the Socket.IO server.
type Live interface {
	// Connections is how many clients are connected to this server now.
	Connections() int64
	// Each calls fn for each of them.
	Each(fn func(socketio.Connection))
	// Drain sends the clients of this server to the others, evenly over a time, and
	// takes no new ones until Resume.
	Drain(ctx context.Context, over time.Duration) error
	Resume()
	// Disconnect closes the connections of a room on this server.
	Disconnect(ctx context.Context, room string)
}

// connectionCounts are the connections of a server.
type connectionCounts struct {
	// Kinds are by Engine.IO generation and transport, "4 websocket".
	Kinds map[string]int `json:"kinds"`
	// Visitors are clients without a login.
	Visitors int `json:"visitors"`
	// People are by id; at most maxCounted, those with most connections.
	People map[int64]int `json:"people"`
}

// all is the number of all connections.
func (c connectionCounts) all() (n int) {
	for _, of := range c.Kinds {
		n += of
	}
	return n
}

// servers looks after this server's row, and does what administrators ask of it.
type servers struct {
	*Service
	live Live
	log  *slog.Logger
	name string
	// version is that of the program.
	version string

	// cancel stops the draining that an administrator has asked for; nil for none. Only obey uses it.
	cancel context.CancelFunc
}

// count counts the connections of this server.
func (s *servers) count() connectionCounts {
	c := connectionCounts{Kinds: map[string]int{}, People: map[int64]int{}}
	s.live.Each(func(one socketio.Connection) {
		transport := "websocket"
		if one.Polling {
			transport = "polling"
		}
		c.Kinds[strconv.Itoa(one.Generation)+" "+transport]++
		if id := accounts.ActorFrom(one.Context).UserID; id != 0 {
			c.People[id]++
		} else {
			c.Visitors++
		}
	})
	if len(c.People) > maxCounted {
		ids := slices.SortedFunc(maps.Keys(c.People), func(a, b int64) int { return cmp.Or(cmp.Compare(c.People[b], c.People[a]), cmp.Compare(a, b)) })
		for _, id := range ids[maxCounted:] {
			delete(c.People, id)
		}
	}
	return c
}

// run keeps the row until ctx ends, and deletes it then.
func (s *servers) run(ctx context.Context) error {
	group, ctx := errgroup.WithContext(ctx)
	started := s.db.Now(ctx)
	group.Go(func() error {
		return module.Repeat(ctx, seenInterval, s.log, "note the connections of this server", func(ctx context.Context) error {
			return s.note(ctx, started)
		})
	})
	group.Go(func() error { return s.obey(ctx, group) })
	err := group.Wait()
	gone, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
	defer cancel()
	_ = s.db.InTx(gone, func(ctx context.Context) error { return s.repo.deleteServer(ctx, s.name) }) // it ends by itself otherwise
	return err
}

func (s *servers) note(ctx context.Context, started time.Time) error {
	counts, err := json.Marshal(s.count())
	if err != nil {
		return err
	}
	return s.db.InTx(ctx, func(ctx context.Context) error {
		return s.repo.saveServer(ctx, server{Name: s.name, Version: text.Cut(s.version, 64), StartedAt: started, SeenAt: s.db.Now(ctx), Counts: string(counts)})
	})
}

// obey does what administrators ask of this server, every askInterval.
func (s *servers) obey(ctx context.Context, group *errgroup.Group) error {
	done := map[int64]bool{}
	return module.Repeat(ctx, askInterval, s.log, "do what administrators ask of this server", func(ctx context.Context) error {
		if err := s.disconnect(ctx, done); err != nil {
			return err
		}
		asked, err := s.repo.drainAsked(ctx, s.name)
		if err == nil {
			s.setDraining(ctx, group, asked)
		}
		return err
	})
}

// disconnect closes the connections of the people that were asked for within the last
// minute, each row once: ids may become visible in another order than theirs.
func (s *servers) disconnect(ctx context.Context, done map[int64]bool) error {
	rows, err := s.repo.disconnects(ctx, s.db.Now(ctx).Add(-disconnectWithin))
	if err != nil {
		return err
	}
	for _, row := range rows {
		if !done[row.ID] {
			s.live.Disconnect(ctx, accounts.UserRoom(row.UserID))
		}
	}
	clear(done)
	for _, row := range rows {
		done[row.ID] = true
	}
	return nil
}

// setDraining begins to drain this server, or lets clients come again.
func (s *servers) setDraining(ctx context.Context, group *errgroup.Group, asked bool) {
	switch {
	case asked && s.cancel == nil:
		within, cancel := context.WithTimeout(ctx, drainWithin)
		s.cancel = cancel
		s.log.InfoContext(ctx, "this server is drained, an administrator has asked for it")
		group.Go(func() error {
			if err := s.live.Drain(within, drainOver); err != nil && ctx.Err() == nil {
				s.log.WarnContext(ctx, "requests of clients that were sent away have not ended", "error", err)
			}
			return nil
		})
	case !asked && s.cancel != nil:
		s.cancel()
		s.cancel = nil
		s.live.Resume()
		s.log.InfoContext(ctx, "this server takes clients again")
	}
}

// livePage shows the connections of all servers.
type livePage struct {
	*Service
	own string
}

// liveView is what the page shows.
type liveView struct {
	Servers []liveServer
	People  []livePerson
	// Cut is true if there are more people than it lists.
	Cut bool
}

// liveServer is a server with its connections.
type liveServer struct {
	server
	All, Visitors int
	Kinds         []liveKind
	// Own is true for the server that answers.
	Own bool
}

// liveKind is a generation of clients and their transport.
type liveKind struct {
	Name  string
	Count int
}

// livePerson is a person with their connections.
type livePerson struct {
	accounts.Person
	Count   int
	Servers []string
}

func (p *livePage) page() module.AdminPage {
	return module.AdminPage{
		Path: "live", Title: "admin.live.title", Order: 74, View: p.view,
		Acts: []module.AdminAct{
			{Name: "disconnect", Title: "admin.live.disconnect", Do: p.disconnect},
			{Name: "drain", Title: "admin.live.drain", Dangerous: true, Do: p.drain},
			{Name: "resume", Title: "admin.live.resume", Do: p.resume},
		},
	}
}

func (p *livePage) view(ctx context.Context, _ url.Values) (any, error) {
	rows, err := p.repo.servers(ctx, p.db.Now(ctx).Add(-aliveFor), false)
	if err != nil {
		return nil, err
	}
	v := liveView{}
	people := map[int64]*livePerson{}
	for _, row := range rows {
		var counts connectionCounts
		if json.Unmarshal([]byte(row.Counts), &counts) != nil {
			counts = connectionCounts{} // of another version
		}
		one := liveServer{server: row, All: counts.all(), Visitors: counts.Visitors, Own: row.Name == p.own}
		for _, kind := range slices.Sorted(maps.Keys(counts.Kinds)) {
			one.Kinds = append(one.Kinds, liveKind{kind, counts.Kinds[kind]})
		}
		v.Servers = append(v.Servers, one)
		for id, n := range counts.People {
			if people[id] == nil {
				people[id] = &livePerson{Person: accounts.Person{ID: id}}
			}
			people[id].Count += n
			people[id].Servers = append(people[id].Servers, row.Name)
		}
	}
	return ownView{Live: &v}, p.name(ctx, people, &v)
}

// name adds the people with most connections to the page.
func (p *livePage) name(ctx context.Context, people map[int64]*livePerson, v *liveView) error {
	ids := slices.SortedFunc(maps.Keys(people), func(a, b int64) int {
		return cmp.Or(cmp.Compare(people[b].Count, people[a].Count), cmp.Compare(a, b))
	})
	if v.Cut = len(ids) > maxShownPeople; v.Cut {
		ids = ids[:maxShownPeople]
	}
	if len(ids) == 0 {
		return nil
	}
	named, err := p.people.ByIDs(ctx, ids)
	for _, id := range ids {
		if person, ok := named[id]; ok {
			people[id].Person = person
			v.People = append(v.People, *people[id])
		}
	}
	return err
}

// disconnect closes all connections of a person, on all servers within askInterval.
// The login stays, so that their pages connect again.
func (p *livePage) disconnect(ctx context.Context, in module.AdminInput) (module.AdminDone, error) {
	person, err := p.people.ByName(ctx, in.Form.Get("name"))
	if errs.KindOf(err) == errs.NotFound {
		return module.AdminDone{}, errs.Field("name", "admin.live.noPerson")
	}
	if err != nil {
		return module.AdminDone{}, err
	}
	done := module.AdminDone{Subject: person.Name, Message: errs.Text("admin.live.disconnected", "Name", person.Called())}
	return done, p.repo.insertDisconnect(ctx, &disconnect{UserID: person.ID, AskedAt: p.db.Now(ctx)})
}

// drain asks a server to send its clients to the others. Of two that are asked at once,
// one server stays.
func (p *livePage) drain(ctx context.Context, in module.AdminInput) (module.AdminDone, error) {
	return p.ask(ctx, in.Form.Get("server"), true)
}

// resume lets a server take clients again.
func (p *livePage) resume(ctx context.Context, in module.AdminInput) (module.AdminDone, error) {
	return p.ask(ctx, in.Form.Get("server"), false)
}

// ask notes what a server is to do. Errors: NotFound; Conflict if no server would be
// left that takes clients.
func (p *livePage) ask(ctx context.Context, name string, drain bool) (module.AdminDone, error) {
	rows, err := p.repo.servers(ctx, p.db.Now(ctx).Add(-aliveFor), true)
	if err != nil {
		return module.AdminDone{}, err
	}
	found, others := false, 0
	for _, row := range rows {
		if row.Name == name {
			found = true
		} else if !row.DrainAsked {
			others++
		}
	}
	switch {
	case !found:
		return module.AdminDone{}, errs.Of(errs.NotFound)
	case drain && others == 0:
		return module.AdminDone{}, errs.New(errs.Conflict, "admin.live.last")
	}
	message := errs.Text("admin.live.resumed", "Server", name)
	if drain {
		message = errs.Text("admin.live.drained", "Server", name, "Seconds", int(drainOver.Seconds()))
	}
	return module.AdminDone{Subject: name, Message: message}, p.repo.askDrain(ctx, name, drain)
}

// tidyLive deletes rows of servers that have gone, and of what was done.
func (s *Service) tidyLive(ctx context.Context) error {
	return s.db.InTx(ctx, func(ctx context.Context) error {
		now := s.db.Now(ctx)
		return s.repo.deleteOldLive(ctx, now.Add(-serverLife), now.Add(-disconnectLife))
	})
}

// server is a row of table site_server.
type server struct {
	Name       string `gorm:"primaryKey"`
	Version    string
	StartedAt  time.Time
	SeenAt     time.Time
	DrainAsked bool
	Counts     string
}

// TableName is for GORM.
func (server) TableName() string { return "site_server" }

// disconnect is a row of table site_disconnect.
type disconnect struct {
	ID      int64
	UserID  int64
	AskedAt time.Time
}

// TableName is for GORM.
func (disconnect) TableName() string { return "site_disconnect" }
