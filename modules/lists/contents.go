package lists

import (
	"context"

	"taskstack.org/modules/projects"
)

// nothing is what lists contain before somebody says otherwise.
type nothing struct{}

func (nothing) OfBoard(context.Context, *projects.Board, []int64) (map[int64]map[string]any, map[int64]any, error) {
	return nil, nil, nil
}

func (nothing) Names(context.Context, int64) ([]string, error) { return nil, nil }

func (nothing) Build(context.Context, projects.Access, int64) ([]projects.Event, error) {
	return nil, nil
}

func (nothing) PurgeAll(context.Context, []int64) error { return nil }
