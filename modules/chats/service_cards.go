package chats

import (
	"context"
	"strconv"

	"taskstack.org/modules/accounts"
	"taskstack.org/modules/cards"
	"taskstack.org/modules/lists"
	"taskstack.org/modules/projects"
	"taskstack.org/modules/removal"
	"taskstack.org/platform/errs"
)

// maxLinked is how many cards a page asks for at a time.
const maxLinked = 30

// Cards is what chats needs of cards.
type Cards interface {
	ByIDs(ctx context.Context, ids []int64) (map[int64]cards.Card, error)
	Views(ctx context.Context, p projects.Project, all []cards.Card) ([]cards.View, error)
}

// Lists is what chats needs of lists.
type Lists interface {
	ByIDs(ctx context.Context, ids []int64) (map[int64]lists.List, error)
}

// LinkedCard is a card whose address is in a message, as one viewer sees it.
type LinkedCard struct {
	ID        int64        `json:"id"`
	Name      string       `json:"name"`
	List      string       `json:"list"`
	ProjectID int64        `json:"projectId"`
	Project   string       `json:"project"`
	URLPath   string       `json:"urlPath"`
	Chips     []cards.Chip `json:"chips"`
	// Members are those assigned to it.
	Members []projects.Member `json:"members"`
}

// LinkedCards returns those of some cards that are on boards which the actor may
// read now. Of the others the actor learns nothing.
//
// Errors: Invalid for more than maxLinked.
func (s *Service) LinkedCards(ctx context.Context, by accounts.Actor, ids []int64) ([]LinkedCard, error) {
	if len(ids) > maxLinked {
		return nil, errs.Malformed("ids", "chats.error.linked")
	}
	found, err := s.cards.ByIDs(ctx, ids)
	if err != nil {
		return nil, err
	}
	var listIDs []int64
	for _, c := range found {
		listIDs = append(listIDs, c.ListID)
	}
	in, err := s.lists.ByIDs(ctx, listIDs)
	if err != nil {
		return nil, err
	}
	ofProject, projectIDs := map[int64][]cards.Card{}, []int64{}
	for _, id := range unique(ids) {
		c, ok := found[id]
		list := in[c.ListID]
		if !ok || c.RemovedAs != removal.OnBoard || list.RemovedAs != removal.OnBoard {
			continue
		}
		ofProject[list.ProjectID] = append(ofProject[list.ProjectID], c)
		projectIDs = append(projectIDs, list.ProjectID)
	}
	all := []LinkedCard{}
	for _, id := range unique(projectIDs) {
		more, err := s.linkedOf(ctx, by, id, ofProject[id], in)
		if err != nil {
			return nil, err
		}
		all = append(all, more...)
	}
	return all, nil
}

// linkedOf returns cards of one project, none if the actor may not read it.
func (s *Service) linkedOf(ctx context.Context, by accounts.Actor, projectID int64, some []cards.Card, in map[int64]lists.List) ([]LinkedCard, error) {
	board, err := s.boards.Access(ctx, by, projectID)
	if kind := errs.KindOf(err); kind == errs.NotFound || kind == errs.Forbidden {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	views, err := s.cards.Views(ctx, board.Project, some)
	all := make([]LinkedCard, 0, len(views))
	for i, v := range views {
		all = append(all, LinkedCard{
			ID: v.ID, Name: some[i].Name, List: in[some[i].ListID].Name, ProjectID: projectID, Project: board.Called(),
			URLPath: board.URL() + "?card=" + strconv.FormatInt(v.ID, 10), Chips: v.Chips(), Members: append([]projects.Member{}, v.Members...), // never null in JSON
		})
	}
	return all, err
}
