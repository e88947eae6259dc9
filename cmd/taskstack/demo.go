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
	"taskstack.org/modules/cards"
	"taskstack.org/modules/lists"
	"taskstack.org/modules/projects"
	"taskstack.org/platform/config"
	"taskstack.org/platform/errs"
	"taskstack.org/platform/logs"
)

// demoPassword is everybody's in the demo data.
const demoPassword = "taskstack-demo"

// demoSeed makes every demo the same, so that people can talk about one.
const demoSeed = 20261123

// demo fills an empty database with people and boards, through the same
// services as everybody, so that history and numbers are real.
func demo(ctx context.Context, cfg *config.Config, out, errOut io.Writer) error {
	if cfg.IsProduction() {
		return errors.New("TASKSTACK_ENV: the demo's passwords are public; fill a development database")
	}
	clock := &demoClock{at: time.Now().AddDate(0, 0, -21)}
	log := logs.New(errOut, slog.LevelWarn, true)
	a, err := newApp(ctx, cfg, log, clock.now)
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
}

var demoPeople = []string{"ana", "ben", "chloe", "dmitri", "elif", "farid", "greta", "hanna"}

// demoBoard is a board to be made: lists and how many cards each gets.
type demoBoard struct {
	owner, name, desc string
	private           bool
	admins, readers   []string
	lists             []string
	cards             int
	topics            []string
}

var demoBoards = []demoBoard{
	{
		owner: "ana", name: "website-relaunch", desc: "Everything until the new site is live",
		admins: []string{"ben", "chloe", "elif"}, readers: []string{"hanna"},
		lists: []string{"Ideas", "Ready", "Doing", "Review", "Done"}, cards: 6,
		topics: []string{
			"Landing page copy", "Pricing table", "Cookie notice", "Image compression", "Redirects from old addresses",
			"Contact form", "Search index", "Dark theme", "Accessibility audit", "Print styles", "Newsletter sign-up", "Team photos",
		},
	},
	{
		owner: "ben", name: "kitchen-renovation", desc: "Our flat, before Christmas", private: true,
		admins: []string{"greta"}, readers: nil, lists: []string{"To buy", "To do", "Waiting for somebody", "Done"}, cards: 4,
		topics: []string{"Worktop", "Tiles behind the stove", "Lamp above the table", "Plumber", "Old cupboards", "Paint samples", "Fridge", "Socket by the window"},
	},
	{
		owner: "chloe", name: "summer-festival", desc: "Three stages, two days, one meadow",
		admins: []string{"ana", "dmitri", "farid"}, readers: []string{"greta", "hanna"},
		lists: []string{"Bands", "Permits", "Catering", "Volunteers", "Advertising", "Technology", "Done"}, cards: 10,
		topics: []string{
			"Contract", "Noise permit", "Stage plan", "Food truck", "First aid tent", "Posters", "Ticket shop", "Power supply",
			"Camping meadow", "Water point", "Sound check", "Cleaning up", "Insurance", "Shuttle bus",
		},
	},
	{
		owner: "dmitri", name: "hardware-release", desc: "Every part of the next device, from drawing to shelf",
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
		actor, err := d.app.domain.accounts.Create(ctx, accounts.SignUp{Name: name, Email: name + "@example.org", Password: demoPassword})
		if err != nil {
			return d.explain(err)
		}
		d.people[name] = actor
	}
	for _, b := range demoBoards {
		if err := d.board(ctx, b); err != nil {
			return fmt.Errorf("demo board %s: %w", b.name, err)
		}
	}
	return d.befriend(ctx)
}

// demoRequests are who asks whom: those who ask each other are friends, others
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
		if _, err := d.app.domain.friends.Send(ctx, d.people[r[0]], r[1]); err != nil {
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
	p, err := d.app.domain.projects.Create(ctx, owner, projects.Draft{Name: b.name, Desc: b.desc, Private: b.private})
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
		if listIDs[i], _, err = d.app.domain.lists.Create(ctx, owner, p.ID, lists.Draft{Name: b.lists[i]}); err != nil {
			return err
		}
	}
	return d.cards(ctx, p, b, listIDs, writers)
}

// join lets everybody in by the links, as people do, and returns who may write.
func (d *demoData) join(ctx context.Context, p projects.Project, b demoBoard) ([]accounts.Actor, error) {
	writers := []accounts.Actor{d.people[b.owner]}
	for _, name := range b.admins {
		if _, _, err := d.app.domain.projects.Join(ctx, d.people[name], p.InviteAsAdminCode); err != nil {
			return nil, err
		}
		writers = append(writers, d.people[name])
	}
	for _, name := range b.readers {
		if _, _, err := d.app.domain.projects.Join(ctx, d.people[name], p.InviteCode); err != nil {
			return nil, err
		}
	}
	return writers, nil
}

func (d *demoData) cards(ctx context.Context, p projects.Project, b demoBoard, listIDs []int64, writers []accounts.Actor) error {
	for n := range b.cards * len(listIDs) {
		by := writers[d.random.IntN(len(writers))]
		draft := cards.Draft{Name: d.topic(b, n)}
		if d.random.IntN(3) == 0 {
			draft.Desc = "Agreed in the last meeting. " + by.Name + " knows more.\n\nOpen: who does it, and until when?"
		}
		for _, w := range writers {
			if d.random.IntN(4) == 0 {
				draft.Members = append(draft.Members, w.UserID)
			}
		}
		d.clock.pass(d.random.IntN(30))
		id, _, err := d.app.domain.cards.Create(ctx, by, p.ID, listIDs[n%len(listIDs)], draft)
		if err != nil {
			return err
		}
		// Some cards have a past: they came from the list to the left.
		if to := n%len(listIDs) + 1; d.random.IntN(8) == 0 && to < len(listIDs) {
			d.clock.pass(d.random.IntN(60))
			if _, err := d.app.domain.cards.Move(ctx, by, p.ID, id, listIDs[to], 0); err != nil {
				return err
			}
		}
	}
	return nil
}

// topic names a card: the board's topics in turn, numbered from the second
// round on.
func (d *demoData) topic(b demoBoard, n int) string {
	topic := b.topics[n%len(b.topics)]
	if round := n / len(b.topics); round > 0 {
		return fmt.Sprintf("%s, part %d", topic, round+1)
	}
	return topic
}

func (d *demoData) print(out io.Writer, publicURL string) {
	_, _ = fmt.Fprintf(out, "The database has %d people and %d boards. Start the server with `make run` and log in at %s/login\n\n", len(d.people), len(d.boards), publicURL)
	_, _ = fmt.Fprintf(out, "  password of everybody: %s\n\n", demoPassword)
	for _, name := range demoPeople {
		_, _ = fmt.Fprintf(out, "  %s\n", name)
	}
	_, _ = fmt.Fprintln(out)
	for _, p := range d.boards {
		_, _ = fmt.Fprintf(out, "  %s%s (%s)\n", publicURL, p.URL(), p.Visibility)
	}
}
