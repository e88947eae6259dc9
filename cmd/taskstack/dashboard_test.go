package main

import (
	"bytes"
	"encoding/json"
	"os"
	"regexp"
	"slices"
	"testing"

	"github.com/prometheus/client_golang/prometheus"

	"taskstack.org/internal/testenv"
)

// The dashboard asks for metrics that the program has, and for labels that they
// have.
func TestDashboard(t *testing.T) {
	text, err := os.ReadFile("../../docker/grafana.json")
	if err != nil {
		t.Fatal(err)
	}
	var dashboard struct {
		Panels []struct {
			ID      int
			Title   string
			Targets []struct{ Expr, LegendFormat string }
		}
	}
	if err := json.Unmarshal(text, &dashboard); err != nil {
		t.Fatal(err)
	}
	known := metricsOf(t)
	seen := map[int]bool{}
	name := regexp.MustCompile(`\b((?:socketio|taskstack|mail|process|go)_[a-z_]+?)(?:_bucket)?\{`)
	label := regexp.MustCompile(`\{\{([a-z]+)\}\}`)
	for _, p := range dashboard.Panels {
		if seen[p.ID] || len(p.Targets) == 0 {
			t.Errorf("%s: another panel has its number, or it asks for nothing", p.Title)
		}
		seen[p.ID] = true
		for _, target := range p.Targets {
			asked := name.FindAllStringSubmatch(target.Expr, -1)
			if len(asked) == 0 && p.Title != "Servers up" {
				t.Errorf("%s asks for no metric: %s", p.Title, target.Expr)
			}
			for _, m := range asked {
				labels, ok := known[m[1]]
				if !ok {
					t.Errorf("%s asks for %s, which is no metric", p.Title, m[1])
				}
				for _, l := range label.FindAllStringSubmatch(target.LegendFormat, -1) {
					if l[1] != "instance" && !slices.Contains(labels, l[1]) {
						t.Errorf("%s: %s has no label %s", p.Title, m[1], l[1])
					}
				}
			}
		}
	}
	if len(seen) < 10 {
		t.Errorf("%d panels", len(seen))
	}
}

// metricsOf returns the labels of every metric, by name. What has not happened
// yet has no value, so the descriptions are asked.
func metricsOf(t *testing.T) map[string][]string {
	t.Helper()
	a := outageApp(t, testenv.MigratedSQLite(t), &bytes.Buffer{})
	registry, ok := a.metrics().(*prometheus.Registry)
	if !ok {
		t.Fatal("metrics are in no registry")
	}
	descriptions := make(chan *prometheus.Desc)
	go func() { registry.Describe(descriptions); close(descriptions) }()
	known := map[string][]string{}
	form := regexp.MustCompile(`fqName: "([a-z_]+)".*variableLabels: \{([a-z_,]*)\}`)
	for d := range descriptions {
		if m := form.FindStringSubmatch(d.String()); m != nil {
			known[m[1]] = regexp.MustCompile(`[a-z_]+`).FindAllString(m[2], -1)
		}
	}
	return known
}
