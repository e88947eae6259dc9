package labels

import (
	"context"

	"taskstack.org/modules/projects"
	"taskstack.org/platform/realtime"
	"taskstack.org/platform/socketio"
)

// Sockets registers the events of labels.
func (m *Module) Sockets(rt *realtime.Server) {
	projects.On(m.boards, rt, "create_label", projects.Write, m.onCreate)
	projects.On(m.boards, rt, "edit_label", projects.Write, m.onEdit)
	projects.On(m.boards, rt, "move_label", projects.Write, m.onMove)
	projects.On(m.boards, rt, "delete_label", projects.Write, m.onDelete)
	projects.On(m.boards, rt, "restore_label", projects.Write, m.onRestore)
	projects.On(m.boards, rt, "set_label_on_cards", projects.Write, m.onSetOnCards)
}

type createLabel struct {
	projects.Target
	Name   *string `json:"name" event:"required"`
	Colour Colour  `json:"colour" event:"required"`
}

func (m *Module) onCreate(ctx context.Context, r projects.Request, in createLabel) (projects.Reply, error) {
	id, rev, err := m.Create(ctx, r, Draft{Name: *in.Name, Colour: in.Colour})
	if err != nil {
		return nil, err
	}
	return projects.Reply{"rev": rev, "id": id}, nil
}

type editLabel struct {
	projects.Target
	ID     socketio.ID `json:"id" event:"required"`
	Name   *string     `json:"name" event:"required"`
	Colour Colour      `json:"colour" event:"required"`
}

func (m *Module) onEdit(ctx context.Context, r projects.Request, in editLabel) (projects.Reply, error) {
	return projects.Recorded(m.Edit(ctx, r, int64(in.ID), Draft{Name: *in.Name, Colour: in.Colour}))
}

type moveLabel struct {
	projects.Target
	ID  socketio.ID `json:"id" event:"required"`
	Pos *int        `json:"pos" event:"required"`
}

func (m *Module) onMove(ctx context.Context, r projects.Request, in moveLabel) (projects.Reply, error) {
	return projects.Recorded(m.Move(ctx, r, int64(in.ID), *in.Pos))
}

type oneLabel struct {
	projects.Target
	ID socketio.ID `json:"id" event:"required"`
}

func (m *Module) onDelete(ctx context.Context, r projects.Request, in oneLabel) (projects.Reply, error) {
	return projects.Recorded(m.Delete(ctx, r, int64(in.ID)))
}

func (m *Module) onRestore(ctx context.Context, r projects.Request, in oneLabel) (projects.Reply, error) {
	return projects.Recorded(m.Restore(ctx, r, int64(in.ID)))
}

type setLabelOnCards struct {
	projects.Target
	LabelID socketio.ID   `json:"labelId" event:"required"`
	CardIDs []socketio.ID `json:"cardIds" event:"required,max=500"`
	On      *bool         `json:"on" event:"required"`
}

func (m *Module) onSetOnCards(ctx context.Context, r projects.Request, in setLabelOnCards) (projects.Reply, error) {
	ids := make([]int64, len(in.CardIDs))
	for i, id := range in.CardIDs {
		ids[i] = int64(id)
	}
	return projects.Recorded(m.SetOnCards(ctx, r, int64(in.LabelID), ids, *in.On))
}
