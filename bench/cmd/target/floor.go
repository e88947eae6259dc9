package main

import (
	"bytes"
	"encoding/binary"
	"net"
	"net/http"
	"strings"
	"sync"

	"github.com/lxzan/gws"
)

// floor is what no server with a write per delivery gets below: no protocol,
// no queues, one frame made per message and one write for every connection.
func floor() (http.Handler, error) {
	f := &floorHandler{conns: make(map[*gws.Conn]net.Conn)}
	up := gws.NewUpgrader(f, &gws.ServerOption{ReadBufferSize: 1024})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c, err := up.Upgrade(w, r)
		if err == nil {
			go c.ReadLoop()
		}
	}), nil
}

type floorHandler struct {
	gws.BuiltinEventHandler
	mu    sync.Mutex
	conns map[*gws.Conn]net.Conn
}

func (f *floorHandler) OnOpen(c *gws.Conn) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.conns[c] = c.NetConn()
	_ = c.WriteString(`0{"sid":"floor","upgrades":[],"pingInterval":25000,"pingTimeout":60000}`)
	_ = c.WriteString("40")
}

func (f *floorHandler) OnClose(c *gws.Conn, _ error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.conns, c)
}

func (f *floorHandler) OnMessage(c *gws.Conn, m *gws.Message) {
	defer m.Close()
	text, ok := strings.CutPrefix(string(m.Bytes()), `42["say"`)
	if !ok {
		return
	}
	payload := `42["news"` + text
	var frame bytes.Buffer
	frame.WriteByte(0x81)
	frame.WriteByte(126)
	_ = binary.Write(&frame, binary.BigEndian, uint16(len(payload)))
	frame.WriteString(payload)
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, nc := range f.conns {
		_, _ = nc.Write(frame.Bytes())
	}
}
