package watching

import (
	"context"
	"slices"

	"taskstack.org/modules/accounts"
	"taskstack.org/modules/cards"
	"taskstack.org/modules/lists"
	"taskstack.org/modules/projects"
	"taskstack.org/platform/db"
	"taskstack.org/platform/errs"
	"taskstack.org/platform/events"
)

// People is what watching needs of accounts.
type People interface {
	// Deliver sends people an event after the commit, as the next of their streams.
	Deliver(ctx context.Context, event string, payload any, userIDs ...int64) error
}

// Boards is what watching needs of projects.
type Boards interface {
	projects.Registrar
	Require(ctx context.Context, by accounts.Actor, projectID int64, action projects.Action) (projects.Access, error)
	ByIDs(ctx context.Context, ids []int64) (map[int64]projects.Project, error)
	AddBoardPart(part projects.BoardPart)
}

// Cards is what watching needs of cards.
type Cards interface {
	OnBoard(ctx context.Context, projectID, id int64) (cards.Placed, error)
	ByIDs(ctx context.Context, ids []int64) (map[int64]cards.Card, error)
}

// Lists is what watching needs of lists.
type Lists interface {
	FindOnBoard(ctx context.Context, projectID int64, ids ...int64) ([]lists.List, error)
	ByIDs(ctx context.Context, ids []int64) (map[int64]lists.List, error)
}

// Service holds the rules of watching. It is safe for concurrent use.
type Service struct {
	db     *db.DB
	repo   repository
	people People
	boards Boards
	cards  Cards
	lists  Lists
	bus    *events.Bus
}

// Set makes the actor watch a card or list on a board, or ends it. What is as wanted
// already stays as it is. It returns what the actor watches on the board.
//
// Errors: those of projects.Require, for members only; Invalid with the field kind;
// NotFound for what is not on the board; Conflict for more than maxWatched.
func (s *Service) Set(ctx context.Context, r projects.Request, subject projects.Subject, id int64, on bool) (all Watched, err error) {
	if err := checkSubject(subject); err != nil {
		return Watched{}, err
	}
	err = s.db.InTx(ctx, func(ctx context.Context) error {
		if _, err := s.boards.Require(ctx, r.By, r.ProjectID, projects.ReadHistory); err != nil {
			return err
		}
		if on {
			err = s.add(ctx, r, subject, id)
		} else {
			err = s.repo.delete(ctx, r.By.UserID, subject, id)
		}
		if err != nil {
			return err
		}
		rows, err := s.repo.of(ctx, r.By.UserID, r.ProjectID)
		if err != nil {
			return err
		}
		all = watchedOf(rows)
		return s.people.Deliver(ctx, "watched_changed", watchedChanged{r.ProjectID, all}, r.By.UserID)
	})
	return all, err
}

func (s *Service) add(ctx context.Context, r projects.Request, subject projects.Subject, id int64) error {
	if err := s.find(ctx, r.ProjectID, subject, id); err != nil {
		return err
	}
	rows, err := s.repo.of(ctx, r.By.UserID, r.ProjectID)
	if err != nil {
		return err
	}
	if len(rows) >= maxWatched {
		return errs.New(errs.Conflict, "watching.error.most", "Max", maxWatched)
	}
	return s.repo.insert(ctx, watch{UserID: r.By.UserID, Subject: subject, ItemID: id, ProjectID: r.ProjectID, CreatedAt: s.db.Now(ctx)})
}

// find returns NotFound unless a card or list is on a board.
func (s *Service) find(ctx context.Context, projectID int64, subject projects.Subject, id int64) error {
	if subject == projects.CardSubject {
		_, err := s.cards.OnBoard(ctx, projectID, id)
		return err
	}
	found, err := s.lists.FindOnBoard(ctx, projectID, id)
	if err == nil && len(found) == 0 {
		err = errs.Of(errs.NotFound)
	}
	return err
}

// addToBoard adds to a member's board what the member watches there.
func (s *Service) addToBoard(ctx context.Context, b *projects.Board) error {
	if !b.Role.IsMember() {
		return nil
	}
	rows, err := s.repo.of(ctx, b.By.UserID, b.ID)
	b.Data["watched"] = watchedOf(rows)
	return err
}

// exported is an entry of watched.json.
type exported struct {
	Project string           `json:"project"`
	Kind    projects.Subject `json:"kind"`
	ID      int64            `json:"id"`
	Name    string           `json:"name"`
}

// Export writes watched.json: the cards and lists that the actor watches.
func (s *Service) Export(ctx context.Context, by accounts.Actor, to accounts.Exporter) error {
	rows, err := s.repo.ofPerson(ctx, by.UserID)
	if err != nil {
		return err
	}
	ids := map[projects.Subject][]int64{}
	var projectIDs []int64
	for _, w := range rows {
		ids[w.Subject] = append(ids[w.Subject], w.ItemID)
		projectIDs = append(projectIDs, w.ProjectID)
	}
	out := []exported{}
	if len(rows) == 0 {
		return to.JSON("watched", out)
	}
	boards, err := s.boards.ByIDs(ctx, slices.Compact(projectIDs))
	if err != nil {
		return err
	}
	foundCards, err := s.cards.ByIDs(ctx, ids[projects.CardSubject])
	if err != nil {
		return err
	}
	foundLists, err := s.lists.ByIDs(ctx, ids[projects.ListSubject])
	if err != nil {
		return err
	}
	for _, w := range rows {
		name := foundCards[w.ItemID].Name
		if w.Subject == projects.ListSubject {
			name = foundLists[w.ItemID].Name
		}
		board := boards[w.ProjectID]
		out = append(out, exported{board.Called(), w.Subject, w.ItemID, name})
	}
	return to.JSON("watched", out)
}
