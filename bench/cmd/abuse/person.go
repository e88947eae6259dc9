package main

import (
	"bufio"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// board is the demo's largest one, which visitors may see.
const board = "/dmitri/hardware-release"

// person is a member who is logged in.
type person struct {
	server *target
	cookie string
}

func (s *target) logIn(ctx context.Context, name string) (*person, error) {
	form := url.Values{"username": {name}, "password": {"taskstack-demo"}}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+s.addr+"/login", strings.NewReader(form.Encode()))
	if err != nil {
		return nil, err
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	answer, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	answer.Body.Close()
	if answer.StatusCode != http.StatusFound && answer.StatusCode != http.StatusSeeOther {
		return nil, fmt.Errorf("log in: %s", answer.Status)
	}
	var cookies []string
	for _, c := range answer.Cookies() {
		cookies = append(cookies, c.Name+"="+c.Value)
	}
	return &person{s, strings.Join(cookies, "; ")}, nil
}

// open loads a page.
func (p *person) open(ctx context.Context, path string) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+p.server.addr+path, nil)
	if err != nil {
		return err
	}
	r.Header.Set("Cookie", p.cookie)
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	_, err = io.Copy(io.Discard, answer.Body)
	return err
}

// mover moves one card to and fro.
type mover struct {
	ws       *socket
	project  int64
	card     string
	lists    []string
	made     int
	deadline time.Duration
}

func (p *person) mover(ctx context.Context) (*mover, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+p.server.addr+board, nil)
	if err != nil {
		return nil, err
	}
	r.Header.Set("Cookie", p.cookie)
	r.Header.Set("Accept", "application/json")
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	var page struct {
		Project struct {
			ID    int64 `json:"id"`
			Lists map[string]struct {
				Cards map[string]json.RawMessage `json:"cards"`
			} `json:"lists"`
		} `json:"project"`
	}
	if err := json.NewDecoder(answer.Body).Decode(&page); err != nil {
		return nil, fmt.Errorf("board: %w", err)
	}
	m := &mover{project: page.Project.ID, deadline: 20 * time.Second}
	for id, list := range page.Project.Lists {
		m.lists = append(m.lists, id)
		for card := range list.Cards {
			m.card = card
		}
	}
	if len(m.lists) < 2 || m.card == "" {
		return nil, errors.New("the board is empty")
	}
	slices.Sort(m.lists)
	if m.ws, err = dial(ctx, p.server.addr, "127.0.0.1", "EIO=4&transport=websocket", "Cookie: "+p.cookie); err != nil {
		return nil, err
	}
	m.ws.text("40/project,")
	if err := m.ws.await("40/project,", m.deadline); err != nil {
		return nil, err
	}
	m.ws.text(fmt.Sprintf(`42/project,0["join_project_room",%d]`, m.project))
	return m, m.ws.await("43/project,0", m.deadline)
}

func (m *mover) close() { m.ws.nc.Close() }

// moveFor moves ten times a second and gives the median of the waiting times.
func (m *mover) moveFor(ctx context.Context, length time.Duration) (time.Duration, error) {
	var waits []time.Duration
	for end := time.Now().Add(length); time.Now().Before(end) && ctx.Err() == nil; {
		m.made++
		start := time.Now()
		m.ws.text(fmt.Sprintf(`42/project,%d["move_card",{"projectId":%d,"id":%q,"listId":%q,"pos":0}]`,
			m.made, m.project, m.card, m.lists[m.made%2]))
		if err := m.ws.await("43/project,"+strconv.Itoa(m.made)+`[{"`, m.deadline); err != nil {
			return 0, err
		}
		waits = append(waits, time.Since(start))
		time.Sleep(100*time.Millisecond - min(time.Since(start), 90*time.Millisecond))
	}
	if len(waits) == 0 {
		return 0, ctx.Err()
	}
	slices.Sort(waits)
	return waits[len(waits)/2], nil
}

// socket is a WebSocket that can do everything wrong.
type socket struct {
	nc net.Conn
	br *bufio.Reader
}

// dial opens a WebSocket from one of the machine's own addresses.
func dial(ctx context.Context, addr, from, query string, headers ...string) (*socket, error) {
	nc, err := dialFrom(ctx, addr, from)
	if err != nil {
		return nil, err
	}
	lines := append([]string{
		"GET /socket.io/?" + query + " HTTP/1.1", "Host: " + addr, "Connection: Upgrade", "Upgrade: websocket",
		"Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
	}, headers...)
	_ = nc.SetDeadline(time.Now().Add(10 * time.Second)) // fails only if closed, as reading will
	if _, err = io.WriteString(nc, strings.Join(lines, "\r\n")+"\r\n\r\n"); err != nil {
		nc.Close()
		return nil, err
	}
	br := bufio.NewReaderSize(nc, 4096)
	answer, err := http.ReadResponse(br, nil)
	if err == nil {
		answer.Body.Close() // what follows the answer to an upgrade is not its body
	}
	if err == nil && answer.StatusCode != http.StatusSwitchingProtocols {
		err = fmt.Errorf("upgrade: %s", answer.Status)
	}
	if err != nil {
		nc.Close()
		return nil, err
	}
	return &socket{nc, br}, nc.SetDeadline(time.Time{})
}

func dialFrom(ctx context.Context, addr, from string) (net.Conn, error) {
	d := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(from)}, Timeout: 10 * time.Second}
	return d.DialContext(ctx, "tcp", addr)
}

// frame is a client's frame, masked with zeros.
func frame(first byte, payload []byte) []byte {
	out := []byte{first}
	switch n := len(payload); {
	case n < 126:
		out = append(out, 0x80|byte(n))
	case n < 1<<16:
		out = binary.BigEndian.AppendUint16(append(out, 0x80|126), uint16(n))
	default:
		out = binary.BigEndian.AppendUint64(append(out, 0x80|127), uint64(n))
	}
	return append(append(out, 0, 0, 0, 0), payload...)
}

// text sends a message. That it failed shows in what comes back.
func (s *socket) text(packet string) { _, _ = s.nc.Write(frame(0x81, []byte(packet))) }

// await reads until a text message begins with prefix, and answers pings.
func (s *socket) await(prefix string, timeout time.Duration) error {
	if err := s.nc.SetReadDeadline(time.Now().Add(timeout)); err != nil {
		return err
	}
	for {
		head, err := s.br.Peek(2)
		if err != nil {
			return fmt.Errorf("waiting for %s: %w", prefix, err)
		}
		header, n := 2, int(head[1])
		if n == 126 || n == 127 {
			header = map[int]int{126: 4, 127: 10}[n]
			if head, err = s.br.Peek(header); err != nil {
				return err
			}
			if n = int(binary.BigEndian.Uint16(head[2:])); header == 10 {
				n = int(binary.BigEndian.Uint64(head[2:]))
			}
		}
		whole := make([]byte, header+n)
		if _, err := io.ReadFull(s.br, whole); err != nil {
			return err
		}
		switch payload := string(whole[header:]); {
		case whole[0] == 0x81 && payload == "2":
			s.text("3")
		case whole[0] == 0x81 && strings.HasPrefix(payload, prefix):
			return nil
		}
	}
}
