package projects

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"sync/atomic"

	"taskstack.org/platform/bytecache"
)

// sharedBytes is the memory for what shared parts have read of boards.
const sharedBytes = 64 << 20

// weightOfBoard is the memory that each board takes beside its parts, at least.
const weightOfBoard = 2 << 10

// weightOfJSON is how much memory a shared part takes for each byte of its JSON: the
// values that the JSON was made of stay for templates.
const weightOfJSON = 4

// sharedBoards keeps what shared parts have read, of the boards that were opened last.
// A board's revision is read anew with every page, in the same snapshot of the
// database, so what another server changes is never missed.
type sharedBoards struct {
	kept *bytecache.Cache[int64, sharedBoard]
	read atomic.Int64
}

func newSharedBoards() *sharedBoards {
	return &sharedBoards{kept: bytecache.New[int64, sharedBoard](sharedBytes)}
}

// sharedBoard is what shared parts have added to a board with a revision.
type sharedBoard struct {
	rev     int64
	version string
	data    map[string]any
	views   map[string]any
	json    map[string]json.RawMessage
}

// addShared adds what shared parts show, and reads it only if it is not kept.
func (s boardReader) addShared(ctx context.Context, b *Board) error {
	kept, ok := s.shared.kept.Get(b.ID)
	if !ok || kept.rev != b.Rev {
		var err error
		if kept, err = s.readShared(ctx, b); err != nil {
			return err
		}
	}
	maps.Copy(b.Data, kept.data)
	maps.Copy(b.Views, kept.views)
	b.Version, b.ready = kept.version, kept.json
	return nil
}

func (s boardReader) readShared(ctx context.Context, b *Board) (sharedBoard, error) {
	version := strconv.FormatInt(b.ID, 10) + "." + strconv.FormatInt(s.shared.read.Add(1), 10)
	part := &Board{Access: Access{Project: b.Project}, Members: b.Members, Version: version, Data: map[string]any{}, Views: map[string]any{}}
	for _, read := range s.sharedParts {
		if err := read(ctx, part); err != nil {
			return sharedBoard{}, err
		}
	}
	kept := sharedBoard{
		rev: b.Rev, version: version, data: part.Data, views: part.Views, json: map[string]json.RawMessage{},
	}
	size := weightOfBoard
	for key, value := range part.Data {
		encoded, err := json.Marshal(value)
		if err != nil {
			return sharedBoard{}, fmt.Errorf("encode the board's %s: %w", key, err)
		}
		kept.json[key] = encoded
		size += weightOfJSON * len(encoded)
	}
	s.shared.kept.Put(b.ID, kept, size)
	return kept, nil
}

// ForgetBoards empties the cache of boards.
func (s boardReader) ForgetBoards() { s.shared.kept.Purge() }

// encode returns the JSON object of head with one more key: project, which is the
// board's Data. What is JSON already is not encoded again.
func (b *Board) encode(head any) ([]byte, error) {
	encoded, err := json.Marshal(head)
	if err != nil {
		return nil, fmt.Errorf("encode a board's head: %w", err)
	}
	var out bytes.Buffer
	out.Write(bytes.TrimSuffix(encoded, []byte("}")))
	out.WriteString(`,"project":`)
	before := byte('{')
	for _, key := range slices.Sorted(maps.Keys(b.Data)) {
		value, ok := b.ready[key]
		if !ok {
			if value, err = json.Marshal(b.Data[key]); err != nil {
				return nil, fmt.Errorf("encode the board's %s: %w", key, err)
			}
		}
		out.WriteByte(before)
		before = ','
		out.WriteString(strconv.Quote(key) + ":")
		out.Write(value)
	}
	out.WriteString("}}")
	return out.Bytes(), nil
}
