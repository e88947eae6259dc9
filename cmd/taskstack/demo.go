package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"time"

	"taskstack.org/modules/accounts"
	"taskstack.org/modules/auth"
	"taskstack.org/modules/cards"
	"taskstack.org/modules/lists"
	"taskstack.org/modules/projects"
	"taskstack.org/platform/config"
	"taskstack.org/platform/errs"
	"taskstack.org/platform/logs"
	"taskstack.org/platform/views"
)

// demoPassword is the password of all people in the demo data.
const demoPassword = "taskstack-demo"

// demoSeed makes every demo the same, so that people can talk about one.
const demoSeed = 20261123

// demo fills an empty database with people and boards, through the same
// services as its people, so that history and numbers are real.
func demo(ctx context.Context, cfg *config.Config, pages *views.Views, out, errOut io.Writer) error {
	if cfg.IsProduction() {
		return errors.New("TASKSTACK_ENV: the demo's passwords are public; fill a development database")
	}
	clock := &demoClock{at: time.Now().AddDate(0, 0, -21)}
	log := logs.New(errOut, slog.LevelWarn, true)
	a, err := newApp(ctx, cfg, log, clock.now, pages)
	if err != nil {
		return err
	}
	d := &demoData{app: a, clock: clock, random: rand.New(rand.NewPCG(demoSeed, 0)), people: map[string]accounts.Actor{}} // chosen to repeat
	if err := d.fill(ctx); err != nil {
		return errors.Join(err, a.Close())
	}
	d.print(out, cfg.PublicURL)
	return a.Close()
}

// demoClock lets three weeks pass while the demo is made.
type demoClock struct{ at time.Time }

func (c *demoClock) now() time.Time { return c.at }

// pass moves on by a few minutes, never into the future.
func (c *demoClock) pass(minutes int) {
	if next := c.at.Add(time.Duration(minutes) * time.Minute); next.Before(time.Now()) {
		c.at = next
	}
}

type demoData struct {
	app    *app
	clock  *demoClock
	random *rand.Rand
	people map[string]accounts.Actor
	boards []projects.Project
	// last is a card of each board, and the list it is moved to in the last days.
	last []demoMove
}

// demoMove is a move that is still to be made.
type demoMove struct {
	by           accounts.Actor
	project      int64
	card, listID int64
}

var demoPeople = []string{"ana", "ben", "chloe", "dmitri", "elif", "farid", "greta", "hanna"}

// demoNames are the display names of those who have one.
var demoNames = map[string]string{
	"ana": "Ana Oliveira", "chloe": "Chloé Martin", "dmitri": "Dmitri Volkov", "elif": "Elif Yıldız", "farid": "Farid Haddad", "greta": "Greta Lindström",
	"hanna": "Hanna Weiß",
}

// present gives a person a display name.
func (d *demoData) present(ctx context.Context, by accounts.Actor) error {
	name, ok := demoNames[by.Name]
	if !ok {
		return nil
	}
	if _, err := d.app.modules.Accounts.EditProfile(ctx, by, accounts.ProfileEdit{DisplayName: &name}); err != nil {
		return fmt.Errorf("demo: the name of %s: %w", by.Name, err)
	}
	return nil
}

// demoBoard is a board to be made: lists and how many cards each gets.
type demoBoard struct {
	owner, title, name, desc string
	colour                   projects.Colour
	private                  bool
	admins, readers          []string
	lists                    []string
	cards                    int
	topics                   []string
}

var demoBoards = []demoBoard{
	{
		owner: "ana", title: "Website Relaunch 🚀", name: "website-relaunch", desc: "Everything until the new site is live", colour: "teal",
		admins: []string{"ben", "chloe", "elif"}, readers: []string{"hanna"},
		lists: []string{"Ideas", "Ready", "Doing", "Review", "Done"}, cards: 6,
		topics: []string{
			"Interview five customers", "Write the landing page", "Redirect the old addresses", "Choose a typeface", "Set up the new domain",
			"Collect screenshots", "Draft the pricing page", "Dark theme", "Proofread the German texts", "Inventory of all old pages",
			"Videos without YouTube?", "Team photos", "Compress pictures", "Contact form", "Agree on three goals",
			"Answers for the help page", "Search on the site", "Keyboard and screen reader check", "Newsletter sign-up", "Sketch of the navigation",
			"Customer stories", "Print styles", "Move the blog posts", "Loading time below one second", "Buy a certificate",
			"A page for the press", "Imprint and privacy", "404 page with a search", "Test on old phones", "Pick the hosting",
		},
	},
	{
		owner: "ben", title: "Kitchen renovation", name: "kitchen-renovation", desc: "Our flat, before Christmas", colour: "sunset", private: true,
		admins: []string{"greta"}, readers: nil, lists: []string{"To buy", "To do", "Waiting", "Done"}, cards: 4,
		topics: []string{
			"Tiles for behind the stove", "Take down the old cupboards", "Worktop from the carpenter", "Measure everything twice",
			"Lamp for above the table", "Paint the ceiling", "Offer from the plumber", "Choose the colours",
			"Fridge that fits in", "Move the socket by the window", "Permission of the landlord", "Sell the old stove",
			"Silicone and screws", "Book the van", "Date with the electrician", "Plan on paper",
		},
	},
	{
		owner: "chloe", title: "Summer festival", name: "summer-festival", desc: "Three stages, two days, one meadow", colour: "meadow",
		admins: []string{"ana", "dmitri", "farid"}, readers: []string{"greta", "hanna"},
		lists: []string{"Bands", "Permits", "Catering", "Volunteers", "Advertising", "Technology", "Done"}, cards: 10,
		topics: []string{
			"Contract", "Noise permit", "Stage plan", "Food truck", "First aid tent", "Posters", "Ticket shop", "Power supply",
			"Camping meadow", "Water point", "Sound check", "Cleaning up", "Insurance", "Shuttle bus",
		},
	},
	{
		owner: "dmitri", title: "Hardware release", name: "hardware-release", desc: "Every part of the next device, from drawing to shelf", colour: "slate",
		admins: []string{"ana", "ben", "elif", "farid"}, readers: []string{"chloe"},
		lists: []string{
			"Inbox", "Requirements", "Concept", "Mechanics", "Electronics", "Firmware", "Prototype A", "Prototype B", "Tests",
			"Certification", "Suppliers", "Packaging", "Manual", "Translation", "Pricing", "Sales", "Support", "Launch", "Later", "Done",
		},
		cards: 25,
		topics: []string{
			"Housing", "Battery life", "Charging port", "Antenna", "Status light", "Drop test", "Power button", "Heat", "Display glass",
			"Bootloader", "Update over the air", "Serial numbers", "Spare parts", "Colour samples", "Box inlay", "Quick start sheet",
		},
	},
}

func (d *demoData) fill(ctx context.Context) error {
	for _, name := range demoPeople {
		actor, err := d.app.modules.Auth.SignUps.Create(ctx, auth.SignUp{Name: name, Email: name + "@example.org", Password: demoPassword})
		if err != nil {
			return d.explain(err)
		}
		d.people[name] = actor
		if err := d.present(ctx, actor); err != nil {
			return err
		}
	}
	for _, b := range demoBoards {
		if err := d.board(ctx, b); err != nil {
			return fmt.Errorf("demo board %s: %w", b.name, err)
		}
	}
	if err := d.readNotifications(ctx); err != nil {
		return err
	}
	if err := d.befriend(ctx); err != nil {
		return err
	}
	return d.catchUp(ctx)
}

// readNotifications marks what has happened so far as read, so that the bell has what
// is new only.
func (d *demoData) readNotifications(ctx context.Context) error {
	for _, m := range d.app.modules.All() {
		bell, ok := m.(interface {
			MarkRead(ctx context.Context, by accounts.Actor, until time.Time) error
		})
		if !ok {
			continue
		}
		for _, name := range demoPeople {
			if err := bell.MarkRead(ctx, d.people[name], d.clock.at); err != nil {
				return fmt.Errorf("demo: notifications of %s: %w", name, err)
			}
		}
	}
	return nil
}

// catchUp lets something happen on each board in the last days, so that the start
// page has recent ones.
func (d *demoData) catchUp(ctx context.Context) error {
	for i, m := range d.last {
		ago := time.Duration(len(d.last)-i-1)*26*time.Hour + 20*time.Minute
		if at := time.Now().Add(-ago); at.After(d.clock.at) {
			d.clock.at = at
		}
		if _, err := d.app.modules.Cards.Move(ctx, projects.By(m.by, m.project), m.card, m.listID, 0); err != nil {
			return fmt.Errorf("demo: last move: %w", err)
		}
	}
	return nil
}

// demoRequests are requests for friendship: people who ask each other are friends, others
// wait for an answer.
var demoRequests = [][2]string{
	{"ana", "chloe"},
	{"chloe", "ana"},
	{"farid", "ana"},
	{"ana", "farid"},
	{"ben", "greta"},
	{"greta", "ben"},
	{"chloe", "greta"},
	{"greta", "chloe"},
	{"greta", "ana"},
	{"ana", "hanna"},
}

func (d *demoData) befriend(ctx context.Context) error {
	for _, r := range demoRequests {
		if _, err := d.app.modules.Friends.Send(ctx, d.people[r[0]], r[1]); err != nil {
			return fmt.Errorf("demo request of %s to %s: %w", r[0], r[1], err)
		}
	}
	return nil
}

// explain says what to do about a database that is not empty.
func (d *demoData) explain(err error) error {
	if kind := errs.KindOf(err); kind == errs.Conflict || kind == errs.Invalid {
		return fmt.Errorf("there are people in this database already (%w); run it with an empty TASKSTACK_DATA_DIR or TASKSTACK_DB_URI", err)
	}
	return fmt.Errorf("demo people: %w", err)
}

func (d *demoData) board(ctx context.Context, b demoBoard) error {
	owner := d.people[b.owner]
	p, err := d.app.modules.Projects.Create(ctx, owner, projects.Draft{Title: b.title, Name: b.name, Desc: b.desc, Private: b.private, Colour: b.colour})
	if err != nil {
		return err
	}
	d.boards = append(d.boards, p)
	writers, err := d.join(ctx, p, b)
	if err != nil {
		return err
	}
	listIDs := make([]int64, len(b.lists))
	// A new list comes first, so the last one is made first.
	for i := len(b.lists) - 1; i >= 0; i-- {
		d.clock.pass(1 + d.random.IntN(20))
		if listIDs[i], _, err = d.app.modules.Lists.Create(ctx, projects.By(owner, p.ID), lists.Draft{Name: b.lists[i]}); err != nil {
			return err
		}
	}
	return d.cards(ctx, p, b, listIDs, writers)
}

// join makes people join by the links and returns those who may write.
func (d *demoData) join(ctx context.Context, p projects.Project, b demoBoard) ([]accounts.Actor, error) {
	writers := []accounts.Actor{d.people[b.owner]}
	for _, name := range b.admins {
		if _, _, err := d.app.modules.Projects.Join(ctx, d.people[name], p.InviteAsAdminCode); err != nil {
			return nil, err
		}
		writers = append(writers, d.people[name])
	}
	for _, name := range b.readers {
		if _, _, err := d.app.modules.Projects.Join(ctx, d.people[name], p.InviteCode); err != nil {
			return nil, err
		}
	}
	return writers, nil
}

// demoDescs are descriptions of cards, with lists as people write them.
var demoDescs = []string{
	"What we know so far:\n\n- two offers are in, the third comes on Friday\n- Ana has the numbers\n- we decide together on Monday",
	"Done when\n\n1. everyone has read it\n2. the two open questions are answered\n3. someone has tried it on a phone",
	"Agreed in the meeting: **keep it simple**, and ask again in two weeks.",
	"See https://example.org/notes for the long version.\n\n- [ ] first draft\n- [ ] second pair of eyes\n- [ ] publish",
}

func (d *demoData) cards(ctx context.Context, p projects.Project, b demoBoard, listIDs []int64, writers []accounts.Actor) error {
	var made []int64
	for n := range b.cards * len(listIDs) {
		by := writers[d.random.IntN(len(writers))]
		draft := cards.Draft{Name: d.topic(b, n)}
		if d.random.IntN(3) == 0 {
			draft.Desc = demoDescs[d.random.IntN(len(demoDescs))]
		}
		for _, w := range writers {
			if len(draft.Members) < 2 && d.random.IntN(4) == 0 {
				draft.Members = append(draft.Members, w.UserID)
			}
		}
		d.clock.pass(d.random.IntN(30))
		id, _, err := d.app.modules.Cards.Create(ctx, projects.By(by, p.ID), listIDs[n%len(listIDs)], draft)
		if err != nil {
			return err
		}
		made = append(made, id)
		// Some cards have a past: they came from the list to the left.
		if to := n%len(listIDs) + 1; d.random.IntN(8) == 0 && to < len(listIDs) {
			d.clock.pass(d.random.IntN(60))
			if _, err := d.app.modules.Cards.Move(ctx, projects.By(by, p.ID), id, listIDs[to], 0); err != nil {
				return err
			}
		}
	}
	d.last = append(d.last, demoMove{by: writers[len(writers)-1], project: p.ID, card: made[0], listID: listIDs[1]})
	return d.decorate(ctx, projects.By(writers[0], p.ID), made)
}

// decorate lets the features that have something for cards put it there.
func (d *demoData) decorate(ctx context.Context, r projects.Request, cardIDs []int64) error {
	for _, m := range d.app.modules.All() {
		if feature, ok := m.(projects.Demonstrated); ok {
			if err := feature.FillDemo(ctx, r, cardIDs, d.random.IntN); err != nil {
				return fmt.Errorf("%s: %w", m.Name(), err)
			}
		}
	}
	return nil
}

// demoSteps are what there is to do about a topic of a large board.
var demoSteps = []string{"collect ideas", "ask for offers", "first draft", "decide", "order", "test", "write it down", "tell everyone"}

// topic names a card: the board's topics in turn, from the second round on with a
// step, and from then on with a number.
func (d *demoData) topic(b demoBoard, n int) string {
	topic, round := b.topics[n%len(b.topics)], n/len(b.topics)
	if round == 0 {
		return topic
	}
	topic += ": " + demoSteps[(round-1)%len(demoSteps)]
	if again := (round-1)/len(demoSteps) + 1; again > 1 {
		return fmt.Sprintf("%s (%d)", topic, again)
	}
	return topic
}

func (d *demoData) print(out io.Writer, publicURL string) {
	_, _ = fmt.Fprintf(out, "The database has %d people and %d boards. Start the server with `make run` and log in at %s/login\n\n", len(d.people), len(d.boards), publicURL)
	_, _ = fmt.Fprintf(out, "  password of all: %s\n\n", demoPassword)
	for _, name := range demoPeople {
		_, _ = fmt.Fprintf(out, "  %s\n", name)
	}
	_, _ = fmt.Fprintln(out)
	for _, p := range d.boards {
		_, _ = fmt.Fprintf(out, "  %s%s (%s)\n", publicURL, p.URL(), p.Visibility)
	}
}
