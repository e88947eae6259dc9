package admin

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"taskstack.org/modules/accounts"
	"taskstack.org/platform/module"
	"taskstack.org/platform/text"
)

const (
	// figureInterval is how often the figures are read.
	figureInterval = time.Hour
	// figureDays is how many days the dashboard shows.
	figureDays = 30
)

// figures keeps the sums of the site by day. A page reads what the job has stored, and
// counts nothing.
type figures struct {
	*Service
	// all are those of the modules; Connect adds them.
	all []module.AdminFigure
}

// keep reads every figure and stores it as that of the day, and deletes those that are
// too old. A figure that cannot be read does not keep the others from being stored.
func (s *figures) keep(ctx context.Context) error {
	now := s.db.Now(ctx)
	today := now.Truncate(24 * time.Hour)
	var problems []error
	for _, f := range s.all {
		value, err := f.Read(ctx, today)
		if err == nil {
			err = s.db.InTx(ctx, func(ctx context.Context) error {
				return s.repo.saveFigure(ctx, &figure{Day: dayName(today), Name: f.Name, Value: value})
			})
		}
		if err != nil {
			problems = append(problems, fmt.Errorf("figure %s: %w", f.Name, err))
		}
	}
	return errors.Join(append(problems, s.db.InTx(ctx, func(ctx context.Context) error {
		return s.repo.deleteFigures(ctx, dayName(now.Add(-figureLife)))
	}))...)
}

func dayName(at time.Time) string { return at.UTC().Format(time.DateOnly) }

// Chart is a figure with its last days.
type Chart struct {
	Name, Title string
	// Present is the newest value; Known is false before the job has run.
	Present string
	Known   bool
	// Line is the points of the drawing, in the box of chartWidth and chartHeight.
	Line string
	Days []ChartDay
}

// ChartDay is the value of a day.
type ChartDay struct{ Day, Value string }

// The box of the drawing.
const (
	chartWidth  = 240
	chartHeight = 48
	chartMargin = 3
)

// Charts returns the figures of the site with the last 30 days, in one statement.
// Errors: NotFound; errUnconfirmed.
func (s *figures) Charts(ctx context.Context, by accounts.Actor) ([]Chart, error) {
	if err := s.check(ctx, by, false); err != nil {
		return nil, err
	}
	today := s.db.Now(ctx).Truncate(24 * time.Hour)
	first := today.AddDate(0, 0, 1-figureDays)
	rows, err := s.repo.figures(ctx, dayName(first))
	if err != nil {
		return nil, err
	}
	values := map[string]map[string]int64{}
	for _, row := range rows {
		if values[row.Name] == nil {
			values[row.Name] = map[string]int64{}
		}
		values[row.Name][row.Day] = row.Value
	}
	charts := make([]Chart, len(s.all))
	for i, f := range s.all {
		charts[i] = chartOf(f, values[f.Name], first)
	}
	return charts, nil
}

// chartOf draws a figure. Days without a value, on which no server ran, are left out.
func chartOf(f module.AdminFigure, values map[string]int64, first time.Time) Chart {
	c := Chart{Name: f.Name, Title: f.Title}
	var xs []int
	var ys []int64
	for i := range figureDays {
		day := dayName(first.AddDate(0, 0, i))
		value, ok := values[day]
		if !ok {
			continue
		}
		xs, ys = append(xs, i), append(ys, value)
		c.Present, c.Known = shown(value, f.Bytes), true
		c.Days = append(c.Days, ChartDay{day, c.Present})
	}
	c.Line = line(xs, ys)
	return c
}

// line returns the points of a drawing that uses the whole height from 0 to the
// greatest value; one value alone is a line to its left.
func line(xs []int, ys []int64) string {
	var most int64 = 1
	for _, y := range ys {
		most = max(most, y)
	}
	points := make([]string, len(xs))
	for i := range xs {
		x := chartMargin + float64(xs[i])*(chartWidth-2*chartMargin)/(figureDays-1)
		y := chartHeight - chartMargin - float64(ys[i])*(chartHeight-2*chartMargin)/float64(most)
		points[i] = strconv.FormatFloat(x, 'f', 1, 64) + "," + strconv.FormatFloat(y, 'f', 1, 64)
	}
	if len(points) == 1 {
		_, y, _ := strings.Cut(points[0], ",")
		points = append([]string{strconv.Itoa(chartMargin) + "," + y}, points...)
	}
	return strings.Join(points, " ")
}

// shown is a value as people read it.
func shown(value int64, bytes bool) string {
	if !bytes {
		return strconv.FormatInt(value, 10)
	}
	return text.Size(value)
}
