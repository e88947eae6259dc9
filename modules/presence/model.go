package presence

import (
	"slices"
	"time"

	"taskstack.org/modules/projects"
)

// TTL is how long a row is believed whose server does not renew it.
const TTL = 30 * time.Second

// The worker's rhythm.
const (
	// flushEvery bounds how long a change on this server waits for others that
	// go with it.
	flushEvery = 200 * time.Millisecond
	// pollEvery is how often the rows of other servers are read.
	pollEvery = 2 * time.Second
	// heartbeatEvery is how often a server renews its rows; TTL is three of them.
	heartbeatEvery = TTL / 3
)

// State is how present a person is.
type State string

// The states, from the most to the least present.
const (
	// Here is a person who looks at the board.
	Here State = "here"
	// Idle is a person who has not used the page for a while.
	Idle State = "idle"
	// Away is a person whose page is in the background.
	Away State = "away"
)

// states is all of them in order.
var states = []State{Here, Idle, Away}

func (s State) valid() bool { return slices.Contains(states, s) }

// morePresent is the more present of two.
func morePresent(a, b State) State {
	if !a.valid() || slices.Index(states, b) >= 0 && slices.Index(states, b) < slices.Index(states, a) {
		return b
	}
	return a
}

// row is a row of board_presence.
type row struct {
	ProjectID int64
	ServerID  string
	// UserID is 0 for all who are not signed in together.
	UserID int64
	State  State
	// Amount is how many sockets the row counts.
	Amount int
	SeenAt time.Time
}

// TableName is not the type's.
func (row) TableName() string { return "board_presence" }

// Person is a member who has the board open.
type Person struct {
	ID   int64  `json:"id"`
	Name string `json:"name"`
	// DisplayName is what the person is called, if it is not the name.
	DisplayName string `json:"displayName,omitempty"`
	PicURL      string `json:"picUrl"`
	URL         string `json:"goToUrl"`
	State       State  `json:"state"`
}

// Present is the people on a board: members by name, and the number of others.
type Present struct {
	People   []Person `json:"people"`
	Visitors int      `json:"visitors"`
}

// presentOf sums up the rows of a board.
func presentOf(rows []row, members []projects.Member) Present {
	seen, p := map[int64]State{}, Present{People: []Person{}}
	for _, r := range rows {
		if r.UserID == 0 {
			p.Visitors += r.Amount
			continue
		}
		seen[r.UserID] = morePresent(seen[r.UserID], r.State)
	}
	for _, m := range members {
		if state, ok := seen[m.ID]; ok {
			p.People = append(p.People, Person{ID: m.ID, Name: m.Name, DisplayName: m.DisplayName, PicURL: m.PicURL, URL: m.URL, State: state})
			delete(seen, m.ID)
		}
	}
	p.Visitors += len(seen)
	return p
}
