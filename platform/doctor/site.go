package doctor

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
)

// SiteOptions are the settings about the public address.
type SiteOptions struct {
	PublicURL      string
	Production     bool
	TrustedProxies []string
	// Client asks the public address; nil for one of its own.
	Client *http.Client
}

// Cookies examines whether session cookies fit the public address, and whether
// the addresses of clients are known. It asks no one.
func Cookies(o SiteOptions) Check {
	const cookies, proxies = about("cookies"), about("proxy")
	return func(context.Context) []Finding {
		https := strings.HasPrefix(o.PublicURL, "https://")
		found := []Finding{cookies.ok("are marked Secure, with the prefix __Host-")}
		switch {
		case https && !o.Production:
			found[0] = cookies.problem("Set TASKSTACK_ENV=production.", "are not marked Secure although the address is https")
		case !https && !o.Production:
			found[0] = cookies.ok("work without TLS, as in development")
		}
		switch {
		case !https: // A browser reaches the server itself.
		case len(o.TrustedProxies) == 0:
			found = append(found, proxies.problem("Put the address or network of your proxy into TASKSTACK_TRUSTED_PROXIES.",
				"something in front ends TLS and is not trusted, so that all people seem to have one address and share its rate limits"))
		case slices.ContainsFunc(o.TrustedProxies, everyone):
			found = append(found, proxies.problem("Name only the address or network of your proxy in TASKSTACK_TRUSTED_PROXIES.",
				"every client may claim any address, so that rate limits can be bypassed"))
		default:
			found = append(found, proxies.ok("X-Forwarded-For counts from %s", strings.Join(o.TrustedProxies, ", ")))
		}
		return found
	}
}

func everyone(network string) bool {
	p, err := netip.ParsePrefix(network)
	return err == nil && p.Bits() == 0
}

// Site asks the public address as a browser would: whether it leads here, by
// https only, with WebSockets.
func Site(o SiteOptions) Check {
	const site = about("public address")
	client := &http.Client{}
	if o.Client != nil {
		*client = *o.Client
	}
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return func(ctx context.Context) []Finding {
		status, body, header, err := ask(ctx, client, o.PublicURL+"/healthz", nil)
		switch {
		case err != nil:
			return []Finding{site.warn("Start the server and its proxy, and check the name's DNS record, the certificate and the firewall. Some networks do not let a machine reach its own public address: then ask from another one.",
				"%s does not answer: %v", o.PublicURL, err)}
		case status >= 300 && status < 400:
			return []Finding{site.problem("Set TASKSTACK_PUBLIC_URL to the address that people end up at.", "%s leads on to %s", o.PublicURL, header.Get("Location"))}
		case status != http.StatusOK || !strings.Contains(body, `"status":"ok"`):
			return []Finding{site.problem("Check where the proxy sends requests for this name.", "%s is answered by something else (status %d)", o.PublicURL, status)}
		}
		found := []Finding{site.ok("%s leads to Taskstack", o.PublicURL), webSocket(ctx, client, o.PublicURL)}
		if strings.HasPrefix(o.PublicURL, "https://") {
			found = append(found, plainHTTP(ctx, client, o.PublicURL))
		}
		return found
	}
}

// ask sends a GET and returns the beginning of what came back.
func ask(ctx context.Context, client *http.Client, address string, header http.Header) (status int, body string, got http.Header, err error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return 0, "", nil, err
	}
	for name, values := range header {
		r.Header[name] = values
	}
	response, err := client.Do(r)
	if err != nil {
		var wrapped *url.Error
		if errors.As(err, &wrapped) {
			err = wrapped.Err // Without the address, which the finding names.
		}
		return 0, "", nil, err
	}
	defer func() { _ = response.Body.Close() }() // Only read.
	if response.StatusCode == http.StatusSwitchingProtocols {
		return response.StatusCode, "", response.Header, nil
	}
	text, err := io.ReadAll(io.LimitReader(response.Body, 4096))
	return response.StatusCode, string(text), response.Header, err
}

func webSocket(ctx context.Context, client *http.Client, publicURL string) Finding {
	const sockets = about("WebSocket")
	status, _, _, err := ask(ctx, client, publicURL+"/socket.io/?EIO=4&transport=websocket&visitor=1", http.Header{
		"Connection": {"Upgrade"}, "Upgrade": {"websocket"}, "Origin": {publicURL},
		"Sec-Websocket-Version": {"13"}, "Sec-Websocket-Key": {"dGhlIHNhbXBsZSBub25jZQ=="},
	})
	switch {
	case err != nil:
		return sockets.warn("Try again.", "could not be asked: %v", err)
	case status != http.StatusSwitchingProtocols:
		return sockets.problem("Let the proxy pass on the headers Upgrade and Connection with HTTP/1.1, as docker/nginx.conf does. Until then browsers use long polling, which costs more.",
			"the proxy does not let it through (status %d)", status)
	}
	return sockets.ok("reaches the server")
}

func plainHTTP(ctx context.Context, client *http.Client, publicURL string) Finding {
	const plain = about("plain http")
	u, err := url.Parse(publicURL)
	if err != nil {
		return plain.problem("", "%v", err)
	}
	if u.Port() != "" {
		return plain.ok("not asked: the address has a port of its own")
	}
	status, _, header, err := ask(ctx, client, "http://"+u.Host+"/", nil)
	var refused *net.OpError
	switch {
	case errors.As(err, &refused):
		return plain.warn("Answer port 80 with a redirect to https: people type names without it.", "is not answered")
	case err != nil:
		return plain.warn("Try again.", "could not be asked: %v", err)
	case status < 300 || status >= 400 || !strings.HasPrefix(header.Get("Location"), "https://"):
		return plain.problem("Answer port 80 with a redirect to https.", "is served (status %d): cookies and passwords can be read on the way", status)
	}
	return plain.ok("leads to https")
}

// Ready asks a server's /readyz and returns nil if it may be given traffic. The
// error says which checks fail.
func Ready(ctx context.Context, client *http.Client, address string) error {
	status, body, _, err := ask(ctx, client, address+"/readyz", nil)
	if err != nil {
		return fmt.Errorf("the server at %s does not answer: %w", address, err)
	}
	if status != http.StatusOK {
		return fmt.Errorf("the server at %s is not ready (status %d): %s", address, status, strings.TrimSpace(body))
	}
	return nil
}
