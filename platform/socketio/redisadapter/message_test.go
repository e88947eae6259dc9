package redisadapter

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"taskstack.org/platform/socketio"
)

func commandsForTests() []socketio.Command {
	return []socketio.Command{
		{Kind: socketio.CommandEmit, Namespace: "/", Event: "e"},
		{
			Kind: socketio.CommandEmit, Namespace: "/project", Event: "build_new_card", Volatile: true,
			To:   socketio.Rooms{In: []string{"a", ""}, Except: []string{"b"}},
			Args: []json.RawMessage{json.RawMessage(`{"_placeholder":true,"num":0}`), json.RawMessage(`"é"`)}, Attachments: [][]byte{{0, 1, 255}},
		},
		{Kind: socketio.CommandJoin, Namespace: "/", Rooms: []string{"x", "y"}},
		{Kind: socketio.CommandLeave, Namespace: "/", To: socketio.Rooms{In: []string{strings.Repeat("long", 1000)}}, Rooms: []string{"x"}},
		{Kind: socketio.CommandDisconnect, Namespace: "/", Close: true},
	}
}

func TestCommandsComeThrough(t *testing.T) {
	for _, cmd := range commandsForTests() {
		body, err := encodeCommand(cmd)
		if err != nil {
			t.Fatal(err)
		}
		m, err := decodeMessage(string(message{kind: messageCommand, from: "server", seq: 1 << 40, body: body}.encode()))
		if err != nil || m.kind != messageCommand || m.from != "server" || m.seq != 1<<40 {
			t.Fatalf("%+v, %v", m, err)
		}
		if got, err := decodeCommand(m.body); err != nil || !reflect.DeepEqual(got, cmd) {
			t.Errorf("%+v came as %+v, %v", cmd, got, err)
		}
		for n := range body { // cut anywhere
			if got, err := decodeCommand(body[:n]); err == nil {
				t.Errorf("%d of %d bytes were taken for %+v", n, len(body), got)
			}
		}
	}
	if _, err := encodeCommand(socketio.Command{Kind: "other", Namespace: "/"}); err == nil {
		t.Error("an unknown kind was encoded")
	}
}

func FuzzMessage(f *testing.F) {
	for _, cmd := range commandsForTests() {
		if body, err := encodeCommand(cmd); err == nil {
			f.Add(message{kind: messageCommand, from: "server", seq: 7, body: body}.encode())
		}
	}
	f.Fuzz(func(t *testing.T, payload []byte) {
		m, err := decodeMessage(string(payload))
		if err != nil {
			return
		}
		cmd, err := decodeCommand(m.body)
		if err != nil {
			return
		}
		body, err := encodeCommand(cmd)
		if err != nil {
			t.Fatalf("%+v was decoded and cannot be encoded: %v", cmd, err)
		}
		if again, err := decodeCommand(body); err != nil || !reflect.DeepEqual(again, cmd) {
			t.Fatalf("%+v became %+v, %v", cmd, again, err)
		}
	})
}

func TestAMessageCountsOnce(t *testing.T) {
	var w window
	for _, step := range []struct {
		seq  uint64
		want bool
	}{
		{1, true},
		{1, false},
		{3, true},
		{2, true},
		{2, false},
		{3, false},
		{4098, true},
		{3, false},
		{4, true},
		{4, false},
		{2, true}, // 2 is too old to know
		{100_000, true},
		{99_000, true},
		{99_000, false},
		{100_000, false},
		{99_999, true},
	} {
		if got := w.first(step.seq); got != step.want {
			t.Errorf("first(%d) = %v", step.seq, got)
		}
	}
}

func TestAddresses(t *testing.T) {
	for _, good := range []string{
		"redis://host", "redis://user:hush@host:6379/2", "rediss://host:6380?skip_verify=true",
		"redis://a:1?cluster=true&addr=b:2&addr=c:3", "rediss://:hush@a:1?master_name=main&addr=b:2&username=u&password=p", "redis://a?read_timeout=2s&cluster=false",
	} {
		client, err := Connect(good)
		if err != nil {
			t.Errorf("%s: %v", good, err)
			continue
		}
		if err := client.Close(); err != nil {
			t.Error(err)
		}
	}
	for bad, problem := range map[string]string{
		"http://host": "redis://host:6379", "redis://": "redis://host:6379", "redis://u:hush%zz@host": "URL-encoding",
		"redis://host/hush": "invalid database number", "redis://hush@host?addr=b:1": "cluster=true", "redis://host?cluster=yes": "cluster=true",
		"redis://host?cluster=true&master_name=m": "leave one out", "redis://host?colour=red": "unexpected option", "redis://host?ca=/x": "rediss://",
		"rediss://host?ca=/nowhere.pem": "cannot be read", "rediss://host?ca=/dev/null": "no certificate",
	} {
		_, err := Connect(bad)
		if err == nil || !strings.Contains(err.Error(), problem) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v, want %s", bad, err, problem)
		}
	}
}
