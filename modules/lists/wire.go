package lists

import (
	"fmt"

	"taskstack.org/modules/files"
	"taskstack.org/modules/projects"
)

// Fields are the columns of a list that clients get under the same names in
// every payload.
type Fields struct {
	Name string `json:"name"`
	Desc string `json:"listDesc" gorm:"column:list_desc"`
}

// View is a list as templates show it and, as JSON, as clients get it in the
// snapshot (contract, pages.md section 5), where ID is its key.
type View struct {
	ID int64 `json:"-"`
	Fields
	Pos   int         `json:"pos"`
	Files files.Links `json:"attachedFiles"`
	// Pictures is what is known of the files. 2.x clients ignore the key.
	Pictures files.Pictures `json:"pictures,omitempty"`
	Content
	version string
}

// CacheKey returns what the list's markup depends on: the board's version stands for
// the list and its cards.
func (v View) CacheKey(canWrite, collapsed bool) string {
	return fmt.Sprintf("%s %d %t %t", v.version, v.ID, canWrite, collapsed)
}

// Content is what a list contains. Events leave it out, because what is in the
// list has events of its own.
type Content struct {
	// Data is for clients: an object by id.
	Data any `json:"cards,omitempty"`
	// Cards is for templates.
	Cards any `json:"-"`
}

// buildNewList is the payload of build_new_list.
type buildNewList struct {
	ID int64 `json:"id"`
	View
	Restored bool `json:"restored,omitempty"`
}

func listBuilt(l List, attached files.Links, restored bool) projects.Event {
	return projects.Event{Name: "build_new_list", Payload: buildNewList{
		ID: l.ID, View: View{Fields: l.Fields, Files: attached, Pictures: files.PicturesOf(attached)}, Restored: restored,
	}}
}

// updateList is the payload of update_list.
type updateList struct {
	ID int64 `json:"id"`
	Fields
	files.Changed
}

func listUpdated(id int64, text projects.Text, applied files.Applied) projects.Event {
	return projects.Event{Name: "update_list", Payload: updateList{ID: id, Fields: Fields(text), Changed: applied.Changed()}}
}

// updateListPos is the payload of update_list_pos.
type updateListPos struct {
	ID     int64   `json:"id"`
	Pos    int     `json:"pos"`
	Others []delta `json:"otherListsPosChanges"`
}

func listMoved(id int64, pos int, others []delta) projects.Event {
	return projects.Event{Name: "update_list_pos", Payload: updateListPos{ID: id, Pos: pos, Others: others}}
}

// removeList is the payload of remove_list.
type removeList struct {
	ID     int64   `json:"id"`
	Others []delta `json:"listsPosChanges"`
}

func listRemoved(id int64, others []delta) projects.Event {
	return projects.Event{Name: "remove_list", Payload: removeList{ID: id, Others: others}}
}
