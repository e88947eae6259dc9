package mail

import (
	"context"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// countPatience bounds the query of one scrape.
const countPatience = 2 * time.Second

// Collector gives Prometheus how many mails wait or have failed, in the
// database and so of all servers, and what this server did.
func (q *Queue) Collector() prometheus.Collector {
	return &collector{
		queue: q,
		mails: prometheus.NewDesc("mail_jobs", "Mails in the database by state.", []string{"state"}, nil),
		ends:  prometheus.NewDesc("mail_attempts_total", "Attempts to send a mail, by how they ended.", []string{"end"}, nil),
	}
}

type collector struct {
	queue       *Queue
	mails, ends *prometheus.Desc
}

func (c *collector) Describe(to chan<- *prometheus.Desc) {
	to <- c.mails
	to <- c.ends
}

func (c *collector) Collect(to chan<- prometheus.Metric) {
	for end, n := range map[string]uint64{
		"sent": c.queue.sent.Load(), "retry": c.queue.failures.Load(), "given_up": c.queue.givenUp.Load(),
	} {
		to <- prometheus.MustNewConstMetric(c.ends, prometheus.CounterValue, float64(n), end)
	}
	ctx, cancel := context.WithTimeout(context.Background(), countPatience)
	defer cancel()
	counts, err := c.queue.repo.count(ctx)
	if err != nil {
		c.queue.log.WarnContext(ctx, "mails not counted", "error", err)
		return
	}
	for state, n := range counts {
		to <- prometheus.MustNewConstMetric(c.mails, prometheus.GaugeValue, float64(n), state)
	}
}
