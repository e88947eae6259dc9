package socketio_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"taskstack.org/platform/socketio"
)

// The cases below are those that the conformance suites of the engine.io-protocol
// and socket.io-protocol repositories describe, for both generations, in words
// of our own. Where those suites send bare Engine.IO messages, these send
// Socket.IO events.

func eachGeneration(t *testing.T, f func(t *testing.T, eio int)) {
	for _, eio := range []int{3, 4} {
		t.Run(fmt.Sprintf("EIO %d", eio), func(t *testing.T) { f(t, eio) })
	}
}

func heartbeats() socketio.Options {
	return socketio.Options{PingInterval: testInterval, PingTimeout: testTimeout}
}

func TestHandshakeAnswers(t *testing.T) {
	eachGeneration(t, func(t *testing.T, eio int) {
		h := newHost(t, heartbeats())
		check := func(text string, upgrades int) {
			t.Helper()
			var open struct {
				SID          string   `json:"sid"`
				Upgrades     []string `json:"upgrades"`
				PingInterval int      `json:"pingInterval"`
				PingTimeout  int      `json:"pingTimeout"`
				MaxPayload   int      `json:"maxPayload"`
			}
			if err := json.NewDecoder(strings.NewReader(text)).Decode(&open); err != nil {
				t.Fatal(err)
			}
			if len(open.SID) != 32 || open.Upgrades == nil || len(open.Upgrades) != upgrades ||
				open.PingInterval != 300 || open.PingTimeout != 200 || open.MaxPayload != 1<<20 {
				t.Errorf("handshake: %+v", open)
			}
		}
		status, body := h.request(http.MethodGet, fmt.Sprintf("EIO=%d&transport=polling", eio), "", "")
		start := strings.IndexByte(body, '{')
		if status != http.StatusOK {
			t.Fatal(status, body)
		}
		check(body[start:], 1)
		if eio == 3 {
			packet := body[strings.IndexByte(body, ':')+1 : strings.LastIndexByte(body, '}')+1]
			if want := fmt.Sprintf("%d:%s2:40", len(packet), packet); body != want {
				t.Errorf("payload %q, want %q", body, want)
			}
		}
		ws := h.dialWS(fmt.Sprintf("EIO=%d&transport=websocket", eio))
		check(ws.text()[1:], 0)
		if eio == 3 {
			ws.want("40")
		}
	})
}

func TestRefusedRequests(t *testing.T) {
	h := newHost(t, socketio.Options{})
	p, _ := h.open(4)
	for _, c := range []struct{ name, method, query, want string }{
		{"no EIO", "GET", "transport=polling", `{"code":5,"message":"Unsupported protocol version"}`},
		{"bad EIO", "GET", "EIO=abc&transport=polling", `{"code":5,`},
		{"EIO 2", "GET", "EIO=2&transport=polling", `{"code":5,`},
		{"no transport", "GET", "EIO=4", `{"code":0,"message":"Transport unknown"}`},
		{"bad transport", "GET", "EIO=3&transport=abc", `{"code":0,`},
		{"POST without session", "POST", "EIO=4&transport=polling", `{"code":2,"message":"Bad handshake method"}`},
		{"PUT without session", "PUT", "EIO=3&transport=polling", `{"code":2,`},
		{"unknown session", "GET", "EIO=4&transport=polling&sid=abc", `{"code":1,"message":"Session ID unknown"}`},
		{"other generation's session", "GET", strings.Replace(p.query, "EIO=4", "EIO=3", 1), `{"code":1,`},
		{"PUT to session", "PUT", p.query, `{"code":3,"message":"Bad request"}`},
		{"DELETE of session", "DELETE", p.query, `{"code":3,`},
		{"WebSocket without upgrade", "GET", "EIO=4&transport=websocket", `{"code":3,`},
		{"JSONP index not a number", "GET", "EIO=3&transport=polling&j=alert(1)", `{"code":3,`},
	} {
		t.Run(c.name, func(t *testing.T) {
			status, body := h.request(c.method, c.query, "", "")
			if status != http.StatusBadRequest || !strings.HasPrefix(body, c.want) {
				t.Errorf("%d %s, want 400 %s", status, body, c.want)
			}
		})
	}
	if _, answer, err := h.tryWS("EIO=abc&transport=websocket"); err != nil || answer.StatusCode != http.StatusBadRequest {
		t.Errorf("WebSocket with a bad EIO: %v %v", answer, err)
	}
	if status, _ := h.request("GET", "EIO=4&transport=polling&sid=x", "", ""); status != http.StatusBadRequest {
		t.Error(status)
	}
}

func TestPollingMessages(t *testing.T) {
	eachGeneration(t, func(t *testing.T, eio int) {
		h := newHost(t, socketio.Options{})
		p := h.member(eio)
		p.wantPost(200, `42["echo","hello"]`)
		p.want(`42["echo","hello"]`)
		p.wantPost(200, `420["double",1]`, `421["double",2]`, `422["double",3]`)
		got := ""
		for strings.Count(got, "43") < 3 {
			_, body := p.get()
			got += body
			if p.eio == 4 {
				got += "\x1e"
			}
		}
		if want := p.frames("430[2]", "431[4]", "432[6]"); strings.TrimSuffix(got, "\x1e") != want {
			t.Errorf("got %q, want %q", got, want)
		}
		bin := map[int]string{3: "b4AQIDBA==", 4: "bAQIDBA=="}[eio]
		p.query += "&b64=1"
		p.wantPost(200, `451-["files",{"name":"n","files":{"a":{"_placeholder":true,"num":0}}}]`, bin)
		p.want(`451-["files",{"name":"n","files":{"a":{"_placeholder":true,"num":0}}}]`, bin)
	})
}

// member opens a polling session that is in the main namespace.
func (h *host) member(eio int) *poller {
	h.t.Helper()
	p, rest := h.open(eio)
	if eio == 3 {
		if rest != "2:40" {
			h.t.Fatalf("main namespace not joined: %q", rest)
		}
		return p
	}
	p.wantPost(200, "40")
	if _, body := p.get(); !strings.HasPrefix(body, `40{"sid":`) {
		h.t.Fatalf("connect: %q", body)
	}
	return p
}

func TestPollingBinaryPayload(t *testing.T) {
	h := newHost(t, socketio.Options{})
	p := h.member(3)
	head := `451-["files",{"name":"ä","files":{"a":{"_placeholder":true,"num":0}}}]`
	payload := func(text string) string {
		out := "\x00"
		for _, d := range fmt.Sprint(len(text)) {
			out += string(d - '0')
		}
		return out + "\xff" + text + "\x01\x05\xff\x04\x01\x02\x03\x04"
	}
	status, body := p.request(http.MethodPost, p.query, "application/octet-stream", payload(head))
	if status != 200 || body != "ok" {
		t.Fatal(status, body)
	}
	if status, body = p.get(); status != 200 || body != payload(head) {
		t.Errorf("%d %q, want %q", status, body, payload(head))
	}
}

func TestJSONP(t *testing.T) {
	h := newHost(t, socketio.Options{})
	p := h.member(3)
	p.query += "&j=7"
	packet := `42["echo","a\nb \u2028"]`
	form := "d=" + strings.NewReplacer("%", "%25", "+", "%2B", "&", "%26", `\`, "%5C").Replace(
		strings.ReplaceAll(fmt.Sprintf("%d:%s", len(packet), packet), `\n`, `\\n`))
	if status, body := p.request(http.MethodPost, p.query, "application/x-www-form-urlencoded", form); status != 200 {
		t.Fatal(status, body)
	}
	status, body := p.get()
	text := strings.TrimSuffix(strings.TrimPrefix(body, "___eio[7]("), ");")
	var got string
	if err := json.Unmarshal([]byte(text), &got); err != nil || status != 200 {
		t.Fatal(status, body, err)
	}
	if want := fmt.Sprintf("%d:%s", len(packet), packet); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestSessionEndsOnBadPayload(t *testing.T) {
	eachGeneration(t, func(t *testing.T, eio int) {
		h := newHost(t, socketio.Options{})
		malformed := map[int][]string{3: {"1", "3:4", "0:", "2:b4"}, 4: {"4", "2", "bAQIDBA=="}}[eio]
		for _, bad := range append(malformed, "abc", "", ":", "99999999999999999999:4", "-1:4", "x\x1ey", "b!!!!", "\xff\xfe") {
			p := h.member(eio)
			if status, body := p.post(bad); status != http.StatusBadRequest {
				t.Errorf("%q: %d %s", bad, status, body)
			}
			if status, _ := p.get(); status != http.StatusBadRequest {
				t.Errorf("after %q the session is alive", bad)
			}
		}
	})
}

// pending starts a poll and waits until the server holds it.
func (p *poller) pending() <-chan string {
	answer := make(chan string, 1)
	go func() {
		status, body := p.get()
		answer <- fmt.Sprint(status, " ", body)
	}()
	return answer
}

func TestSecondPollEndsSession(t *testing.T) {
	eachGeneration(t, func(t *testing.T, eio int) {
		h := newHost(t, socketio.Options{})
		p := h.member(eio)
		answers := []<-chan string{p.pending(), p.pending()}
		got := map[string]bool{<-answers[0]: true, <-answers[1]: true}
		if !got["200 "+p.frames("1")] || !got[`400 {"code":3,"message":"Bad request"}`] {
			t.Errorf("answers: %v", got)
		}
		if status, _ := p.get(); status != http.StatusBadRequest {
			t.Error("the session is alive")
		}
	})
}

func TestHeartbeat(t *testing.T) {
	t.Run("EIO 3 polling: the client asks", func(t *testing.T) {
		p := newHost(t, heartbeats()).member(3)
		for range 3 {
			p.wantPost(200, "2")
			p.want("3")
		}
	})
	t.Run("EIO 4 polling: the server asks", func(t *testing.T) {
		p := newHost(t, heartbeats()).member(4)
		for range 3 {
			p.want("2")
			p.wantPost(200, "3")
		}
	})
	t.Run("EIO 3 WebSocket", func(t *testing.T) {
		c := newHost(t, heartbeats()).connect(3)
		for range 3 {
			c.send("2")
			c.want("3")
		}
		c.send("2probe")
		c.want("3probe")
	})
	t.Run("EIO 4 WebSocket", func(t *testing.T) {
		c := newHost(t, heartbeats()).connect(4)
		for range 3 {
			c.want("2")
			c.send("3")
		}
	})
	t.Run("EIO 4 refuses a client that asks", func(t *testing.T) {
		c := newHost(t, socketio.Options{}).connect(4)
		c.send("2")
		c.wantClosed(1002)
	})
	eachGeneration(t, func(t *testing.T, eio int) {
		h := newHost(t, heartbeats())
		p := h.member(eio)
		c := h.connect(eio)
		c.wantClosed(1000)
		eventually(t, "silent sessions end", func() bool { return h.srv.Stats().Closed[socketio.ReasonPingTimeout] == 2 })
		p.wantPost(400, "3")
	})
}

func TestClose(t *testing.T) {
	eachGeneration(t, func(t *testing.T, eio int) {
		h := newHost(t, socketio.Options{})
		p := h.member(eio)
		answer := p.pending()
		p.wantPost(200, "1")
		if got := <-answer; got != "200 "+p.frames("6") && !strings.HasPrefix(got, "400") {
			t.Errorf("poll that was waiting: %q", got)
		}
		if status, _ := p.get(); status != http.StatusBadRequest {
			t.Error("the session is alive")
		}
		c := h.connect(eio)
		c.send("1")
		c.wantClosed(0)
		eventually(t, "sessions end", func() bool { return h.srv.Stats().Sockets == 0 })
	})
}

func TestCancelledPollEndsSession(t *testing.T) {
	h := newHost(t, socketio.Options{})
	p := h.member(4)
	c := (&host{t: t, url: h.url}).rawRequest("GET /socket.io/?" + p.query + " HTTP/1.1\r\nHost: x\r\n\r\n")
	c.nc.Close()
	eventually(t, "the session ends", func() bool { return h.srv.Stats().Sockets == 0 })
	if status, _ := p.get(); status != http.StatusBadRequest {
		t.Error("the session is alive")
	}
}

func (h *host) rawRequest(text string) *wsClient {
	h.t.Helper()
	c, err := h.dialRaw()
	if err != nil {
		h.t.Fatal(err)
	}
	c.raw([]byte(text))
	return c
}

func TestUpgrade(t *testing.T) {
	eachGeneration(t, func(t *testing.T, eio int) {
		h := newHost(t, socketio.Options{})
		p := h.member(eio)
		ws := h.dialWS(strings.Replace(p.query, "polling", "websocket", 1))
		ws.send("2probe")
		ws.want("3probe")
		p.want("6")
		ws.send("5", `42["echo","hello"]`)
		ws.want(`42["echo","hello"]`)
		if status, _ := p.get(); status != http.StatusBadRequest {
			t.Error("polling goes on after the upgrade")
		}
		p.wantPost(http.StatusBadRequest, `42["echo",1]`)
		// A second WebSocket is closed, after the handshake: a browser shows no
		// more of a refused one than of a network that fails.
		h.dialWS(strings.Replace(p.query, "polling", "websocket", 1)).wantClosed(1008)
		ws.send(`42["echo","still here"]`)
		ws.want(`42["echo","still here"]`)
	})
	t.Run("EIO 3 without a poll: the noop comes by WebSocket", func(t *testing.T) {
		h := newHost(t, socketio.Options{})
		p := h.member(3)
		ws := h.dialWS(strings.Replace(p.query, "polling", "websocket", 1))
		ws.send("2probe", "5")
		ws.want("3probe", "6")
		if status, _ := p.get(); status != http.StatusBadRequest {
			t.Error("polling goes on after the upgrade")
		}
	})
	t.Run("one that fails leaves the session on polling", func(t *testing.T) {
		h := newHost(t, socketio.Options{})
		for _, bad := range []string{"2", "5", "4hello", "2probe2"} {
			p := h.member(4)
			ws := h.dialWS(strings.Replace(p.query, "polling", "websocket", 1))
			ws.send(bad)
			ws.wantClosed(0)
			p.wantPost(200, `42["echo",1]`)
			p.want(`42["echo",1]`)
		}
	})
	t.Run("one that stalls is given up", func(t *testing.T) {
		h := newHost(t, socketio.Options{UpgradeTimeout: testTimeout})
		p := h.member(4)
		ws := h.dialWS(strings.Replace(p.query, "polling", "websocket", 1))
		ws.send("2probe")
		ws.want("3probe")
		ws.wantClosed(0)
		p.wantPost(200, `42["echo",1]`)
		p.want(`42["echo",1]`)
	})
	t.Run("what is queued moves over in order", func(t *testing.T) {
		h := newHost(t, socketio.Options{})
		p := h.member(4)
		ws := h.dialWS(strings.Replace(p.query, "polling", "websocket", 1))
		ws.send("2probe")
		ws.want("3probe")
		p.wantPost(200, `420["double",1]`, `421["double",2]`)
		eventually(t, "both are handled", func() bool { return h.srv.Stats().Received == 2 })
		ws.send("5", `422["double",3]`)
		ws.want("430[2]", "431[4]", "432[6]")
	})
}

func TestConnectPackets(t *testing.T) {
	t.Run("protocol 5", func(t *testing.T) {
		h := newHost(t, socketio.Options{})
		c := h.dialWS("EIO=4&transport=websocket")
		c.text()
		c.send("40/nobody,")
		c.want(`44/nobody,{"message":"Invalid namespace"}`)
		for _, name := range []string{"40/project", "40"} {
			c.send(name + `{"token":"x"}`)
			if name == "40/project" { // without a comma the data is part of the name
				c.want(`44/project{"token":"x"},{"message":"Invalid namespace"}`)
				c.send(`40/project,{"token":"x"}`)
				if got := c.text(); !strings.HasPrefix(got, `40/project,{"sid":"`) {
					t.Errorf("connect: %q", got)
				}
				continue
			}
			if got := c.text(); !strings.HasPrefix(got, `40{"sid":"`) {
				t.Errorf("connect: %q", got)
			}
		}
	})
	t.Run("protocol 4", func(t *testing.T) {
		h := newHost(t, socketio.Options{})
		c := h.connect(3)
		c.send("40/nobody")
		c.want(`44/nobody,"Invalid namespace"`)
		c.send("40/project?token=x,")
		c.want("40/project")
		c.send(`42/project,0["where"]`)
		c.want(`43/project,0["/project"]`)
	})
	eachGeneration(t, func(t *testing.T, eio int) {
		h := newHost(t, socketio.Options{})
		c := h.connect(eio)
		c.send("40/project,")
		if got := c.text(); !strings.HasPrefix(got, "40/project") {
			t.Fatal(got)
		}
		c.send("41/project,", `42["echo","main"]`)
		c.want(`42["echo","main"]`)
		eventually(t, "left", func() bool { return h.srv.Of("/project").Len("") == 0 })
	})
	t.Run("in no namespace for long: closed", func(t *testing.T) {
		h := newHost(t, socketio.Options{ConnectTimeout: testTimeout})
		never := h.dialWS("EIO=4&transport=websocket")
		left := h.connect(4)
		left.send("41")
		left.wantClosed(1008)
		never.text()
		never.wantClosed(1008)
	})
}

func TestEventPackets(t *testing.T) {
	eachGeneration(t, func(t *testing.T, eio int) {
		h := newHost(t, socketio.Options{})
		c := h.connect(eio)
		c.send(`42["echo",1,"2",{"3":[true]}]`)
		c.want(`42["echo",1,"2",{"3":[true]}]`)
		c.send(`42456["double",4]`)
		c.want("43456[8]")
		lead := []byte{}
		if eio == 3 {
			lead = []byte{4}
		}
		c.send(`452-9["files",{"name":"n","files":{"a":{"_placeholder":true,"num":0},"b":{"_placeholder":true,"num":1}}}]`)
		c.sendBinary(append(lead, 1, 2, 3)...)
		c.sendBinary(append(lead, 4, 5, 6)...)
		data := `{"name":"n","files":{"a":{"_placeholder":true,"num":0},"b":{"_placeholder":true,"num":1}}}]`
		for _, head := range []string{`452-["files",`, `462-9[`} {
			c.want(head + data)
			c.wantBinary(append(lead, 1, 2, 3)...)
			c.wantBinary(append(lead, 4, 5, 6)...)
		}
		c.send(`421["askme",4]`)
		c.want(`420["question",4]`)
		c.send(`461-0[{"n":5,"data":{"_placeholder":true,"num":0}}]`)
		c.sendBinary(append(lead, 9)...)
		c.want(`431[{"data":[9],"n":5}]`)
	})
}

func TestMalformedPacketsCloseOnlyTheirConnection(t *testing.T) {
	eachGeneration(t, func(t *testing.T, eio int) {
		h := newHost(t, socketio.Options{})
		witness := h.connect(eio)
		for _, bad := range []string{
			"", "abc", "9", "4", "4abc", "47", "4x", "42", "42{}", "42[]", "42[{}]", "42[null]", "42[[]]", `42["x"`, `42"x"`, "42[1]x",
			`42["connect"]`, `42["disconnect"]`, "43[1]", "43", "430{}", "44", `44"x"`, "41x", "40[]", `40"x"`, "405",
			"45", "451", `451["x"]`, `45-["x"]`, `45-1-["x"]`, `451-{}`, `4565-["x"]`, `45999999999999999-["x"]`, "5999999999999-[",
			`4299999999999999999999["x"]`, `429007199254740992["x"]`, `451-["x"]` + "\x00", "4" + strings.Repeat("2", 300),
			`42["` + strings.Repeat("n", 256) + `"]`, "42" + strings.Repeat("[", 65) + strings.Repeat("]", 65), "42" + strings.Repeat("[", 100_000),
			"40/" + strings.Repeat("n", 300) + ",", "40/" + strings.Repeat("n", 100_000), "0{}", "7", "8",
		} {
			t.Run(fmt.Sprintf("%.20q", bad), func(t *testing.T) {
				c := h.connect(eio)
				c.t = t
				c.send(bad)
				c.wantClosed(1002)
			})
		}
		for _, bad := range [][]string{{`451-["x"]`, `42["y"]`}, {`451-["x"]`, `451-["x"]`}} {
			c := h.connect(eio)
			c.send(bad...)
			c.wantClosed(1002)
		}
		c := h.connect(eio)
		c.sendBinary(4, 1, 2, 3)
		c.wantClosed(1002)
		witness.send(`420["double",21]`)
		witness.want("430[42]")
	})
}

func TestHarmlessPacketsAreIgnored(t *testing.T) {
	eachGeneration(t, func(t *testing.T, eio int) {
		h := newHost(t, socketio.Options{})
		c := h.connect(eio)
		for _, odd := range []string{
			"41/project", "41/nobody,", "430[]", "43999[1]", "43/project,0[1]", `42["unknown"]`, "6", "3", `42[1,2]`,
		} {
			c.send(odd)
		}
		c.send(`421["never heard of",1]`)
		c.want(`431[{"error":"unknown"}]`)
		// A placeholder for an attachment that did not come is bad data.
		c.send(`422["files",{"files":{"a":{"_placeholder":true,"num":0}}}]`)
		c.want(`432[{"error":"invalid"}]`)
		c.send(`423["files",{"files":{"a":"AQID"}}]`)
		c.want(`433[{"error":"invalid"}]`)
		c.send(`424["double",21]`)
		c.want("434[42]")
	})
}
