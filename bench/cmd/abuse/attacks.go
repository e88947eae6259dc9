package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// attack is one line of what a signed-out client may try.
type attack struct {
	name   string
	run    func(ctx context.Context, a *attacker) error
	served bool  // it asks for what visitors may have; its CPU time is no fault
	memory int64 // a budget of its own
	// rest is how much longer it lasts; then memory is what is left at its end,
	// not what it took in between.
	rest time.Duration
}

// attacker is one address.
type attacker struct {
	server  *target
	person  *person
	address string
}

var attacks = []attack{
	{name: "attachments without end", run: attachments},
	{name: "CONNECT with 80 MB", run: connectData},
	{name: "event of 40 MB of zeros", run: zeros},
	{name: "handshakes with large headers", run: headers},
	{name: "half frames", run: halfFrames},
	{name: "pings", run: flood(frame(0x81, []byte("2")))},
	{name: "control frames", run: flood(frame(0x89, nil))},
	{name: "empty fragments", run: fragments},
	{name: "unknown events", run: flood(frame(0x81, []byte(`42/project,1["nothing",{"a":1}]`)))},
	{name: "namespaces", run: flood(frame(0x81, []byte("40/nothing,")))},
	{name: "pings by POST", run: postPings},
	{name: "sessions left behind", run: sessions},
	{name: "sockets that come and go", run: churn},
	{name: "sync answers unread", run: unreadSync, served: true},
	{name: "pages unread", run: unreadPages, served: true},
	{name: "bodies without end", run: endlessBodies},
	{name: "multipart", run: uploads},
	{name: "Accept-Language of 900 KB", run: languages},
	{name: "paths of 900 KB", run: paths},
	{name: "refused requests", run: refusals, served: true},
	{name: "log-ins", run: logIns, served: true},
	{name: "a million ids, signed in", run: millionIDs, served: true, memory: 256 << 20},
	{name: "ten thousand at rest", run: atRest, served: true, memory: 100 << 20, rest: 25 * time.Second},
}

// gone reports whether an attack was ended by the server or by its time, which is
// what it is there for.
func gone(error) error { return nil }

// together runs n copies until all have ended.
func together(n int, f func(i int)) {
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() { f(i) })
	}
	wg.Wait()
}

const visitor = "EIO=4&transport=websocket&visitor=1"

func (a *attacker) dial(ctx context.Context, query string, headers ...string) (*socket, error) {
	return dial(ctx, a.server.addr, a.address, query, headers...)
}

// hold keeps a socket open until the attack is over, reading nothing.
func (s *socket) hold(ctx context.Context) {
	<-ctx.Done()
	s.nc.Close()
}

// send writes as long as the server takes it and the attack lasts.
func (s *socket) send(ctx context.Context, data []byte) error {
	stop := context.AfterFunc(ctx, func() { s.nc.Close() })
	defer stop()
	_, err := s.nc.Write(data)
	return err
}

func (s *socket) drain() { _, _ = io.Copy(io.Discard, s.br) }

func attachments(ctx context.Context, a *attacker) error {
	together(6, func(int) {
		s, err := a.dial(ctx, visitor)
		if err != nil {
			return
		}
		go s.drain()
		s.text("40/project,")
		s.text(`4564-/project,["create_card",{"attachedFiles":{"a":{"_placeholder":true,"num":0}}}]`)
		part := frame(0x82, make([]byte, 1<<20))
		for range 63 {
			if s.send(ctx, part) != nil {
				return
			}
		}
		for ctx.Err() == nil && s.send(ctx, frame(0x81, []byte("3"))) == nil {
			time.Sleep(100 * time.Millisecond)
		}
	})
	return nil
}

func connectData(ctx context.Context, a *attacker) error {
	packet := frame(0x81, []byte(`40/project,{"a":"`+strings.Repeat("x", 80<<20)+`"}`))
	together(5, func(int) {
		s, err := a.dial(ctx, visitor)
		if err == nil && s.send(ctx, packet) == nil {
			s.hold(ctx)
		}
	})
	return nil
}

func zeros(ctx context.Context, a *attacker) error {
	packet := frame(0x81, []byte(`42/project,["x"`+strings.Repeat(",0", 20<<20)+"]"))
	together(2, func(int) {
		s, err := a.dial(ctx, visitor)
		if err != nil {
			return
		}
		s.text("40/project,")
		if s.send(ctx, packet) == nil {
			s.hold(ctx)
		}
	})
	return nil
}

func headers(ctx context.Context, a *attacker) error {
	for _, count := range []int{110, 3} { // 3 is within the limit of headers
		var lines []string
		for i := range count {
			lines = append(lines, fmt.Sprintf("X-Pad-%d: %s", i, strings.Repeat("x", 8000)))
		}
		together(150, func(int) {
			if s, err := a.dial(ctx, visitor, lines...); err == nil {
				s.text("40/project,")
				go s.hold(ctx)
			}
		})
	}
	<-ctx.Done()
	return nil
}

func halfFrames(ctx context.Context, a *attacker) error {
	half := frame(0x81, []byte(`42/project,["sync_project","`+strings.Repeat("x", 8000)+`"]`))
	together(200, func(int) {
		s, err := a.dial(ctx, visitor)
		if err == nil && s.send(ctx, half[:len(half)-2]) == nil {
			s.hold(ctx)
		}
	})
	return nil
}

// flood sends one frame as often as the server takes it, by ten sockets, and
// reads what comes back.
func flood(one []byte) func(ctx context.Context, a *attacker) error {
	return func(ctx context.Context, a *attacker) error {
		many := bytes.Repeat(one, 1+(64<<10)/len(one))
		together(10, func(int) {
			s, err := a.dial(ctx, "EIO=3&transport=websocket&visitor=1")
			if err != nil {
				return
			}
			go s.drain()
			s.text("40/project,")
			for s.send(ctx, many) == nil {
			}
		})
		return nil
	}
}

func fragments(ctx context.Context, a *attacker) error {
	s, err := a.dial(ctx, visitor)
	if err != nil {
		return err
	}
	go s.drain()
	if err := s.send(ctx, frame(0x01, nil)); err != nil {
		return gone(err)
	}
	many := bytes.Repeat(frame(0x00, nil), 10_000)
	for s.send(ctx, many) == nil {
	}
	return nil
}

// client makes requests from the attacker's address.
func (a *attacker) client(ctx context.Context) *http.Client {
	t := &http.Transport{
		DialContext: func(context.Context, string, string) (net.Conn, error) {
			return dialFrom(ctx, a.server.addr, a.address)
		},
		MaxIdleConnsPerHost: 100,
	}
	return &http.Client{Transport: t, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

// request makes one and throws its answer away.
func (a *attacker) request(ctx context.Context, c *http.Client, method, path, kind string, body io.Reader) (text string, err error) {
	r, err := http.NewRequestWithContext(ctx, method, "http://"+a.server.addr+path, body)
	if err != nil {
		return "", err
	}
	if kind != "" {
		r.Header.Set("Content-Type", kind)
	}
	answer, err := c.Do(r)
	if err != nil {
		return "", err
	}
	defer answer.Body.Close()
	all, err := io.ReadAll(io.LimitReader(answer.Body, 1<<20))
	return string(all), err
}

const polling = "/socket.io/?EIO=3&transport=polling&visitor=1"

// session opens a polling session and gives its path.
func (a *attacker) session(ctx context.Context, c *http.Client) (string, error) {
	text, err := a.request(ctx, c, http.MethodGet, polling, "", nil)
	_, rest, ok := strings.Cut(text, `"sid":"`)
	id, _, closed := strings.Cut(rest, `"`)
	if err == nil && (!ok || !closed) {
		err = fmt.Errorf("no session: %.100s", text)
	}
	return polling + "&sid=" + id, err
}

func postPings(ctx context.Context, a *attacker) error {
	c := a.client(ctx)
	together(10, func(int) {
		path, err := a.session(ctx, c)
		for err == nil {
			if _, err = a.request(ctx, c, http.MethodPost, path, "text/plain", strings.NewReader(strings.Repeat("1:2", 64))); err == nil {
				_, err = a.request(ctx, c, http.MethodGet, path, "", nil)
			}
		}
	})
	return nil
}

func sessions(ctx context.Context, a *attacker) error {
	c := a.client(ctx)
	together(4, func(int) {
		for ctx.Err() == nil {
			if _, err := a.session(ctx, c); err != nil {
				time.Sleep(40 * time.Millisecond) // a hundred refused ones a second
			}
		}
	})
	return nil
}

func churn(ctx context.Context, a *attacker) error {
	together(4, func(int) {
		for ctx.Err() == nil {
			s, err := a.dial(ctx, visitor)
			if err != nil {
				time.Sleep(40 * time.Millisecond) // as above
				continue
			}
			s.text("40/project,")
			s.nc.Close()
		}
	})
	return nil
}

func unreadSync(ctx context.Context, a *attacker) error {
	m, err := a.person.mover(ctx) // knows the project's number
	if err != nil {
		return err
	}
	m.close()
	packets := bytes.Repeat(frame(0x81, fmt.Appendf(nil, `42/project,1["sync_project",{"projectId":%d,"sinceRev":0}]`, m.project)), 500)
	together(200, func(int) {
		s, err := a.dial(ctx, visitor)
		if err != nil {
			return
		}
		s.text("40/project,")
		s.text(fmt.Sprintf(`42/project,0["join_project_room",%d]`, m.project))
		for s.send(ctx, packets) == nil {
		}
	})
	return nil
}

func unreadPages(ctx context.Context, a *attacker) error {
	together(60, func(int) {
		nc, err := dialFrom(ctx, a.server.addr, a.address)
		if err != nil {
			return
		}
		defer nc.Close()
		_, _ = io.WriteString(nc, "GET "+board+" HTTP/1.1\r\nHost: "+a.server.addr+"\r\n\r\n") // shows in nothing that we wait for
		<-ctx.Done()
	})
	return nil
}

func endlessBodies(ctx context.Context, a *attacker) error {
	together(200, func(i int) {
		nc, err := dialFrom(ctx, a.server.addr, a.address)
		if err != nil {
			return
		}
		defer nc.Close()
		path := []string{"/login", polling, "/register"}[i%3]
		_, err = io.WriteString(nc, "POST "+path+" HTTP/1.1\r\nHost: "+a.server.addr+
			"\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 900000\r\n\r\n")
		for err == nil && ctx.Err() == nil {
			_, err = nc.Write([]byte("a"))
			time.Sleep(200 * time.Millisecond)
		}
	})
	return nil
}

func uploads(ctx context.Context, a *attacker) error {
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	part, err := form.CreateFormFile("file", "x.bin")
	if err != nil {
		return err
	}
	if _, err := part.Write(make([]byte, 11<<20)); err != nil {
		return err
	}
	if err := form.Close(); err != nil {
		return err
	}
	c := a.client(ctx)
	together(4, func(i int) {
		path := []string{"/login", "/register", "/forgot-password", "/"}[i]
		for ctx.Err() == nil {
			_, _ = a.request(ctx, c, http.MethodPost, path, form.FormDataContentType(), bytes.NewReader(body.Bytes())) // refused, as hoped
			time.Sleep(100 * time.Millisecond)
		}
	})
	return nil
}

func languages(ctx context.Context, a *attacker) error {
	return gone(a.raw(ctx, "GET /login HTTP/1.1\r\nHost: x\r\nAccept-Language: "+strings.Repeat("_", 900<<10)+"\r\n\r\n"))
}

func paths(ctx context.Context, a *attacker) error {
	return gone(a.raw(ctx, "GET /"+strings.Repeat("a", 900<<10)+" HTTP/1.1\r\nHost: x\r\n\r\n"))
}

// raw sends a request again and again, each on a connection of its own.
func (a *attacker) raw(ctx context.Context, request string) error {
	together(2, func(int) {
		for ctx.Err() == nil {
			nc, err := dialFrom(ctx, a.server.addr, a.address)
			if err != nil {
				return
			}
			_ = nc.SetDeadline(time.Now().Add(10 * time.Second)) // fails only if closed
			_, _ = io.WriteString(nc, request)                   // the server may hang up in between
			_, _ = io.CopyN(io.Discard, nc, 64)
			nc.Close()
			time.Sleep(40 * time.Millisecond)
		}
	})
	return nil
}

func refusals(ctx context.Context, a *attacker) error {
	c := a.client(ctx)
	together(2, func(int) {
		for ctx.Err() == nil { // above the rate of requests, at 200 a second
			_, _ = a.request(ctx, c, http.MethodGet, "/"+strings.Repeat("b", 2000), "", nil) // refused, as hoped
			time.Sleep(10 * time.Millisecond)
		}
	})
	return nil
}

func logIns(ctx context.Context, a *attacker) error {
	c := a.client(ctx)
	var tries atomic.Int64
	together(20, func(int) {
		for ctx.Err() == nil {
			form := url.Values{"username": {fmt.Sprint("nobody", tries.Add(1))}, "password": {"wrong-password"}}
			_, _ = a.request(ctx, c, http.MethodPost, "/login", "application/x-www-form-urlencoded", strings.NewReader(form.Encode())) // refused, as hoped
			time.Sleep(20 * time.Millisecond)
		}
	})
	return nil
}

// millionIDs is what an account may try.
func millionIDs(ctx context.Context, a *attacker) error {
	m, err := a.person.mover(ctx)
	if err != nil {
		return err
	}
	defer m.close()
	for _, count := range []int{1_000_000, 100_000, 10_000} {
		for range 3 {
			s, err := a.dial(ctx, "EIO=4&transport=websocket", "Cookie: "+a.person.cookie)
			if err != nil {
				return gone(err)
			}
			go s.drain()
			s.text("40/project,")
			_ = s.send(ctx, frame(0x81, fmt.Appendf(nil, `42/project,1["edit_card",{"projectId":%d,"id":%q,"listId":%q,"newMembers":[1%s]}]`,
				m.project, m.card, m.lists[0], strings.Repeat(",1", count)))) // refused, as hoped
			time.Sleep(300 * time.Millisecond)
			s.nc.Close()
		}
	}
	return nil
}

// atRest keeps as many sockets as are allowed from each of fifty addresses.
func atRest(ctx context.Context, a *attacker) error {
	var opened atomic.Int64
	together(50, func(i int) {
		for range 200 {
			s, err := dial(ctx, a.server.addr, fmt.Sprintf("127.0.1.%d", i+1), visitor)
			if err != nil {
				return
			}
			s.text("40/project,")
			opened.Add(1)
			go s.hold(ctx)
		}
	})
	if n := opened.Load(); n < 10_000 {
		return fmt.Errorf("only %d of 10,000 sockets were opened: %w", n, errors.Join(ctx.Err()))
	}
	<-ctx.Done()
	return nil
}
