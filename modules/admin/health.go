package admin

import (
	"cmp"
	"context"
	"encoding/json"
	"log/slog"
	"net/url"
	"slices"
	"time"

	"taskstack.org/platform/db"
	"taskstack.org/platform/doctor"
	"taskstack.org/platform/errs"
	"taskstack.org/platform/jobs"
	"taskstack.org/platform/module"
	"taskstack.org/platform/text"
)

const (
	// examineEvery is how often the site is examined: comparing all files with the
	// database, and reading the whole file of SQLite, take their time.
	examineEvery = 6 * time.Hour
	// examineAfter is how long a server that has just begun with the jobs waits with the
	// first examination, which asks for its own pages.
	examineAfter = 30 * time.Second
	// examineJob is what the job is called.
	examineJob = "examine the site"
)

// healthPage shows what `taskstack doctor` would print, as a job has found it.
type healthPage struct {
	db   *db.DB
	repo repository
	jobs *jobs.Runner
	// examine is what the command does; nil where there is no server.
	examine func(ctx context.Context) ([]doctor.Finding, error)
	server  string
}

// healthView is what the page shows.
type healthView struct {
	// Examined is false before the first examination.
	Examined   bool
	ExaminedAt time.Time
	Server     string
	// Findings begin with the worst. Problems and Warnings are how many of them there are.
	Findings           []doctor.Finding
	Problems, Warnings int
}

func (p *healthPage) page() module.AdminPage {
	return module.AdminPage{
		Path: "health", Title: "admin.health.title", Order: 86, View: p.view,
		Acts: []module.AdminAct{{Name: "examine", Title: "admin.health.examine", Do: p.examineNow}},
	}
}

// run examines the site again and again, as a job.
func (p *healthPage) run(ctx context.Context, log *slog.Logger) error {
	if p.examine == nil {
		return nil
	}
	timer := time.NewTimer(examineAfter)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return nil
	case <-timer.C:
	}
	return module.Repeat(ctx, examineEvery, log, examineJob, p.keep)
}

// keep examines the site and stores what was found.
func (p *healthPage) keep(ctx context.Context) error {
	found, err := p.examine(ctx)
	if err != nil || ctx.Err() != nil {
		return err
	}
	encoded, err := json.Marshal(found)
	if err != nil {
		return err
	}
	return p.db.InTx(ctx, func(ctx context.Context) error {
		row := health{ID: healthID, ExaminedAt: p.db.Now(ctx), Server: text.Cut(p.server, 64), Findings: string(encoded)}
		return p.repo.saveHealth(ctx, &row)
	})
}

func (p *healthPage) view(ctx context.Context, _ url.Values) (any, error) {
	row, ok, err := p.repo.health(ctx)
	if err != nil || !ok {
		return ownView{Health: &healthView{}}, err
	}
	v := healthView{Examined: true, ExaminedAt: row.ExaminedAt, Server: row.Server}
	if err := json.Unmarshal([]byte(row.Findings), &v.Findings); err != nil {
		return nil, err
	}
	rank := map[doctor.Level]int{doctor.Problem: 0, doctor.Warning: 1, doctor.OK: 2}
	slices.SortStableFunc(v.Findings, func(a, b doctor.Finding) int { return cmp.Compare(rank[a.Level], rank[b.Level]) })
	for _, f := range v.Findings {
		switch f.Level {
		case doctor.Problem:
			v.Problems++
		case doctor.Warning:
			v.Warnings++
		case doctor.OK:
		}
	}
	return ownView{Health: &v}, nil
}

// examineNow asks the server that does the jobs to examine the site. Errors: Conflict if
// it has not begun with that.
func (p *healthPage) examineNow(ctx context.Context, _ module.AdminInput) (module.AdminDone, error) {
	err := p.jobs.Ask(ctx, "admin: "+examineJob)
	if errs.KindOf(err) == errs.NotFound {
		err = errs.New(errs.Conflict, "admin.health.soon")
	}
	return module.AdminDone{Message: errs.Text("admin.health.asked")}, err
}
