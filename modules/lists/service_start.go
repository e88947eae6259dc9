package lists

import (
	"context"

	"taskstack.org/modules/projects"
	"taskstack.org/platform/errs"
	"taskstack.org/platform/text"
)

// maxStartLists is how many lists a new board may begin with.
const maxStartLists = 10

// onProjectCreated makes the lists that a board begins with, in the transaction
// that makes the project. The board has not been seen yet, so they are no events.
// Errors: Invalid with the field lists.
func (s *Service) onProjectCreated(ctx context.Context, e projects.Created) error {
	if len(e.Lists) > maxStartLists {
		return errs.Field("lists", "lists.error.start", "Max", maxStartLists)
	}
	for pos, name := range e.Lists {
		name = text.Line(name)
		if text.ProblemOfLine(name, MaxNameLength) != text.NoProblem {
			return errs.Field("lists", "lists.error.name", "Max", MaxNameLength)
		}
		if err := s.repo.create(ctx, &List{ProjectID: e.Project.ID, Fields: Fields{Name: name}, Pos: pos}); err != nil {
			return err
		}
	}
	return nil
}
