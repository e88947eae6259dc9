package cards

import (
	"context"
	"encoding/json"

	"taskstack.org/modules/files"
	"taskstack.org/modules/projects"
	"taskstack.org/platform/realtime"
	"taskstack.org/platform/socketio"
)

// Sockets registers the events of cards (contract, socket-events.md section 5).
func (m *Module) Sockets(rt *realtime.Server) {
	projects.On(m.boards, rt, "create_card", projects.Write, m.onCreate)
	projects.On(m.boards, rt, "move_card", projects.Write, m.onMove)
	projects.On(m.boards, rt, "move_cards", projects.Write, m.onMoveMany)
	projects.On(m.boards, rt, "edit_card", projects.Write, m.onEdit)
	projects.On(m.boards, rt, "put_cards_back", projects.Write, m.onMoveBack)
	projects.On(m.boards, rt, "delete_card", projects.Write, m.onDelete)
	projects.On(m.boards, rt, "archive_card", projects.Write, m.onArchive)
	projects.On(m.boards, rt, "copy_card", projects.Write, m.onCopy)
	projects.On(m.boards, rt, "sort_list", projects.Write, m.onSort)
	projects.On(m.boards, rt, "set_card_cover", projects.Write, m.onSetCover)
}

type createCard struct {
	projects.Target
	ListID  socketio.ID    `json:"listId" event:"required"`
	Name    *string        `json:"name" event:"required"`
	Desc    *string        `json:"cardDesc" event:"required"`
	Files   files.Incoming `json:"attachedFiles" event:"max=64"`
	Members []socketio.ID  `json:"members" event:"max=500"`
	// Parts is what the modules of parts get, by the part's name.
	Parts map[string]json.RawMessage `json:"parts" event:"max=64"`
}

func (m *Module) onCreate(ctx context.Context, r projects.Request, in createCard) (projects.Reply, error) {
	id, rev, err := m.Create(ctx, r.Confirming("create_card_successful"), int64(in.ListID), Draft{
		Name: *in.Name, Desc: *in.Desc, Files: in.Files.Contents(), Members: numbers(in.Members), Parts: in.Parts,
	})
	if err != nil {
		return nil, err
	}
	return projects.Reply{"rev": rev, "id": id}, nil
}

type moveCard struct {
	projects.Target
	ID     socketio.ID `json:"id" event:"required"`
	ListID socketio.ID `json:"listId" event:"required"`
	Pos    *int        `json:"pos" event:"required"`
}

// onMove has no confirmation event: the broadcast is it.
func (m *Module) onMove(ctx context.Context, r projects.Request, in moveCard) (projects.Reply, error) {
	return projects.Recorded(m.Move(ctx, r, int64(in.ID), int64(in.ListID), *in.Pos))
}

type moveCards struct {
	projects.Target
	IDs    []socketio.ID `json:"ids" event:"required,max=500"`
	ListID socketio.ID   `json:"listId" event:"required"`
	Pos    *int          `json:"pos" event:"required"`
}

func (m *Module) onMoveMany(ctx context.Context, r projects.Request, in moveCards) (projects.Reply, error) {
	return projects.Recorded(m.MoveMany(ctx, r.Confirming("move_cards_successful"), numbers(in.IDs), int64(in.ListID), *in.Pos))
}

// moveBack undoes moves: the cards get the positions they had.
type moveBack struct {
	projects.Target
	Cards []struct {
		ID     socketio.ID `json:"id" event:"required"`
		ListID socketio.ID `json:"listId" event:"required"`
		Pos    int         `json:"pos"`
	} `json:"cards" event:"required,max=500"`
	// Undoes is the revision of the last of the moves.
	Undoes *int64 `json:"undoes" event:"required"`
}

func (m *Module) onMoveBack(ctx context.Context, r projects.Request, in moveBack) (projects.Reply, error) {
	positions := make([]Position, len(in.Cards))
	for i, c := range in.Cards {
		positions[i] = Position{ID: int64(c.ID), ListID: int64(c.ListID), Pos: c.Pos}
	}
	return projects.Recorded(m.MoveBack(ctx, r, positions, *in.Undoes))
}

// editCard ignores the client's listId, because the card may have been moved
// concurrently (defect D29).
type editCard struct {
	projects.Target
	ID             socketio.ID    `json:"id" event:"required"`
	Name           *string        `json:"name" event:"required"`
	Desc           *string        `json:"cardDesc" event:"required"`
	New            files.Incoming `json:"newAttachedFiles" event:"max=64"`
	Replaced       files.Incoming `json:"replacedAttachedFiles" event:"max=64"`
	Removed        []string       `json:"removedAttachedFiles" event:"max=100"`
	NewMembers     []socketio.ID  `json:"newMembers" event:"max=500"`
	RemovedMembers []socketio.ID  `json:"removedMembers" event:"max=500"`
	Base           struct {
		Name *string `json:"name"`
		Desc *string `json:"cardDesc"`
	} `json:"base"`
}

func (m *Module) onEdit(ctx context.Context, r projects.Request, in editCard) (projects.Reply, error) {
	return projects.Recorded(m.Edit(ctx, r.Confirming("edit_card_successful"), int64(in.ID), Edit{
		Name: *in.Name, Desc: *in.Desc, Base: projects.Base(in.Base),
		Files:      files.Changes{New: in.New.Contents(), Replaced: in.Replaced.Contents(), Removed: in.Removed},
		NewMembers: numbers(in.NewMembers), RemovedMembers: numbers(in.RemovedMembers),
	}))
}

// removeCardRequest names a card to delete or archive.
type removeCardRequest struct {
	projects.Target
	ID socketio.ID `json:"id" event:"required"`
}

func (m *Module) onDelete(ctx context.Context, r projects.Request, in removeCardRequest) (projects.Reply, error) {
	return projects.Recorded(m.Delete(ctx, r.Confirming("delete_card_successful"), int64(in.ID)))
}

// onArchive has no confirmation event: 2.x clients do not know it.
func (m *Module) onArchive(ctx context.Context, r projects.Request, in removeCardRequest) (projects.Reply, error) {
	return projects.Recorded(m.Archive(ctx, r, int64(in.ID)))
}

type copyCard struct {
	projects.Target
	ID   socketio.ID `json:"id" event:"required"`
	Name *string     `json:"name" event:"required"`
}

// onCopy has no confirmation event: 2.x clients do not know it.
func (m *Module) onCopy(ctx context.Context, r projects.Request, in copyCard) (projects.Reply, error) {
	id, rev, err := m.Copy(ctx, r, int64(in.ID), *in.Name)
	if err != nil {
		return nil, err
	}
	return projects.Reply{"rev": rev, "id": id}, nil
}

// sortList gives the cards of a list an order.
type sortList struct {
	projects.Target
	ID  socketio.ID   `json:"id" event:"required"`
	IDs []socketio.ID `json:"ids" event:"required,max=2000"`
	// Undoes is the revision of the sorting that this one undoes.
	Undoes *int64 `json:"undoes"`
}

// onSort has no confirmation event: 2.x clients do not know it.
func (m *Module) onSort(ctx context.Context, r projects.Request, in sortList) (projects.Reply, error) {
	return projects.Recorded(m.Sort(ctx, r, int64(in.ID), numbers(in.IDs), in.Undoes))
}

// setCardCover names the file that is shown on a card; "" for none.
type setCardCover struct {
	projects.Target
	ID   socketio.ID `json:"id" event:"required"`
	File *string     `json:"file" event:"required"`
}

// onSetCover has no confirmation event: 2.x clients do not know it.
func (m *Module) onSetCover(ctx context.Context, r projects.Request, in setCardCover) (projects.Reply, error) {
	return projects.Recorded(m.SetCover(ctx, r, int64(in.ID), *in.File))
}

func numbers(ids []socketio.ID) []int64 {
	all := make([]int64, len(ids))
	for i, id := range ids {
		all[i] = int64(id)
	}
	return all
}
