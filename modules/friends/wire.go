package friends

import "taskstack.org/modules/accounts"

// wireTime is the contract's datetime (socket-events.md section 3), with a T instead
// of the blank, which one browser cannot parse.
const wireTime = "2006-01-02T15:04:05-07:00"

// receivedRequest is a request in the contract's shape, in events and in the
// start page's data.
type receivedRequest struct {
	ID       int64  `json:"id"`
	Type     string `json:"type"`
	FromName string `json:"fromName"`
	// DisplayName is what the sender is called, if it is not the name.
	DisplayName string `json:"displayName,omitempty"`
	PicURL      string `json:"picUrl"`
	GoToURL     string `json:"goToUrl"`
	Datetime    string `json:"datetime"`
}

// wire returns the request in the contract's shape.
func (r Request) wire() receivedRequest {
	return receivedRequest{
		ID: r.ID, Type: "friendshipRequest", FromName: r.From.Name, DisplayName: r.From.DisplayName, PicURL: r.From.PicURL, GoToURL: r.From.GoToURL,
		Datetime: r.At.UTC().Format(wireTime),
	}
}

// newFriend is sent to both sides when a friendship begins. Chat pages keep the
// whole object as a chat without messages.
type newFriend struct {
	ID          int64  `json:"id"`
	Type        string `json:"type"`
	Name        string `json:"name"`
	DisplayName string `json:"displayName,omitempty"`
	PicURL      string `json:"picUrl"`
	GoToURL     string `json:"goToUrl"`
	UnreadCount int    `json:"unreadCount"`
	LastMsg     string `json:"lastMsg"`
}

func newFriendOf(p accounts.Person) newFriend {
	return newFriend{ID: p.ID, Type: "userToUser", Name: p.Name, DisplayName: p.DisplayName, PicURL: p.PicURL, GoToURL: p.GoToURL, LastMsg: "None"}
}

type removed struct {
	ID int64 `json:"id"`
}

// blocksChanged is sent to the pages of a person who has blocked or unblocked another
// one.
type blocksChanged struct {
	ID int64 `json:"id"`
}

type newName struct {
	ID   int64  `json:"id"`
	Name string `json:"name"`
}
