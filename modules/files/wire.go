package files

import "taskstack.org/platform/socketio"

// Incoming is the contract's object of file name and content in an event from
// a client. Only binary attachments are contents; everything else does not
// decode.
type Incoming map[string]socketio.Binary

// Contents are the files by name.
func (in Incoming) Contents() map[string][]byte {
	contents := make(map[string][]byte, len(in))
	for name, content := range in {
		contents[name] = content
	}
	return contents
}

// Pairs is the contract's array of [name, URL] in events to clients.
func Pairs(all []View) [][2]string {
	pairs := make([][2]string, len(all))
	for i, f := range all {
		pairs[i] = [2]string{f.Name, f.URL}
	}
	return pairs
}
