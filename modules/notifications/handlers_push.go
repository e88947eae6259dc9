package notifications

import (
	"context"
	_ "embed"
	"net/http"

	"taskstack.org/modules/accounts"
	"taskstack.org/platform/push"
	"taskstack.org/platform/realtime"
	"taskstack.org/platform/socketio"
	"taskstack.org/platform/web"
)

const (
	pushPath   = listPath + "/push"
	workerPath = listPath + "/worker.js"
)

// worker is the service worker, which shows pushes and does nothing else: it handles no
// requests of pages and stores none.
//
//go:embed worker.js
var worker []byte

// showWorker answers with the service worker. Its address is always the same, so that
// browsers find a new one.
func (m *Module) showWorker(c *web.Context) error {
	c.Header("Cache-Control", "no-cache")
	c.Data(http.StatusOK, "text/javascript; charset=utf-8", worker)
	return nil
}

// pushKey answers with the key that a browser subscribes with, and with the token of the
// login: the worker subscribes again by itself and has no page to read it from.
func (m *Module) pushKey(c *web.Context) error {
	key, err := m.PushKey(c.Ctx(), accounts.ActorFrom(c.Ctx()))
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, struct {
		Key   string `json:"key"`
		Token string `json:"token"`
	}{key, c.Token()})
}

type browserForm struct {
	Endpoint string `form:"endpoint,required"`
	Key      string `form:"p256dh"`
	Auth     string `form:"auth"`
}

func (m *Module) subscribe(c *web.Context) error {
	in, err := web.DecodeForm[browserForm](c)
	if err != nil {
		return err
	}
	err = m.Subscribe(c.Ctx(), accounts.ActorFrom(c.Ctx()), push.Subscription{Endpoint: in.Endpoint, Key: in.Key, Auth: in.Auth}, c.Lang())
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, struct{}{})
}

func (m *Module) removeBrowser(c *web.Context) error {
	in, err := web.DecodeForm[browserForm](c)
	if err != nil {
		return err
	}
	if err := m.RemoveBrowser(c.Ctx(), accounts.ActorFrom(c.Ctx()), in.Endpoint); err != nil {
		return err
	}
	return c.JSON(http.StatusOK, struct{}{})
}

// Sockets adds the event of pages that are seen.
func (m *Module) Sockets(rt *realtime.Server) {
	accounts.On(rt, "push_seen", func(ctx context.Context, by accounts.Actor, _ socketio.NoArgs) (realtime.OK, error) {
		if err := m.Seen(ctx, by); err != nil {
			return nil, err
		}
		return realtime.OK{}, nil
	})
}
