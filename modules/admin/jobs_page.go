package admin

import (
	"context"
	"net/url"
	"strconv"
	"time"

	"taskstack.org/platform/errs"
	"taskstack.org/platform/jobs"
	"taskstack.org/platform/module"
)

// jobsPage shows what the servers do in the background.
type jobsPage struct{ runner *jobs.Runner }

// jobsView is what the page shows.
type jobsView struct{ Jobs []listedJob }

// listedJob is a job with its times as people read them.
type listedJob struct {
	jobs.Run
	Interval, Took string
}

func (p *jobsPage) page() module.AdminPage {
	return module.AdminPage{
		Path: "jobs", Title: "admin.jobs.title", Order: 84, View: p.view,
		Acts: []module.AdminAct{{Name: "runNow", Title: "admin.jobs.runNow", Do: p.runNow}},
	}
}

func (p *jobsPage) view(ctx context.Context, _ url.Values) (any, error) {
	runs, err := p.runner.All(ctx)
	v := jobsView{Jobs: make([]listedJob, len(runs))}
	for i, run := range runs {
		v.Jobs[i] = listedJob{run, span(run.Every()), span(run.Duration())}
	}
	return ownView{Jobs: &v}, err
}

// runNow asks the server that does the jobs to run one. Errors: NotFound.
func (p *jobsPage) runNow(ctx context.Context, in module.AdminInput) (module.AdminDone, error) {
	name := in.Form.Get("job")
	if err := p.runner.Ask(ctx, name); err != nil {
		return module.AdminDone{}, err
	}
	return module.AdminDone{Subject: name, Message: errs.Text("admin.jobs.asked", "Job", name)}, nil
}

// span is a duration as people read it, in the unit that fits.
func span(d time.Duration) string {
	switch {
	case d < time.Second:
		return strconv.FormatInt(d.Milliseconds(), 10) + " ms"
	case d < 10*time.Second:
		return strconv.FormatFloat(d.Seconds(), 'f', 1, 64) + " s"
	case d < 2*time.Minute:
		return strconv.Itoa(int(d.Seconds())) + " s"
	case d < 2*time.Hour:
		return strconv.Itoa(int(d.Minutes())) + " min"
	}
	return strconv.Itoa(int(d.Hours())) + " h"
}
