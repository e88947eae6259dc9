package removal

import "taskstack.org/modules/projects"

// binChanged is the payload of bin_changed.
type binChanged struct {
	Kind string   `json:"kind"`
	ID   int64    `json:"id"`
	From Location `json:"from"`
	To   Location `json:"to"`
}

func relocated(kind string, id int64, from, to Location) projects.Event {
	return projects.Event{Name: "bin_changed", Payload: binChanged{Kind: kind, ID: id, From: from, To: to}}
}
