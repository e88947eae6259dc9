package web

import (
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
)

// ClientAddr finds the client's address for what does not pass through the
// router: the peer's, or behind trusted proxies (addresses or networks) the
// last address in X-Forwarded-For that is not one of them.
func ClientAddr(trusted []string) func(r *http.Request) string {
	networks := parseNetworks(trusted)
	return func(r *http.Request) string {
		peer, _, err := net.SplitHostPort(r.RemoteAddr)
		if err != nil {
			peer = r.RemoteAddr
		}
		forwarded := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
		for i := len(forwarded) - 1; i >= 0 && contains(networks, peer); i-- {
			addr, err := netip.ParseAddr(strings.TrimSpace(forwarded[i]))
			if err != nil {
				break
			}
			peer = addr.String()
		}
		return peer
	}
}

// parseNetworks skips what is neither an address nor a network; configuration
// has refused that before.
func parseNetworks(texts []string) []netip.Prefix {
	var networks []netip.Prefix
	for _, text := range texts {
		if p, err := netip.ParsePrefix(text); err == nil {
			networks = append(networks, p)
		} else if a, err := netip.ParseAddr(text); err == nil {
			networks = append(networks, netip.PrefixFrom(a, a.BitLen()))
		}
	}
	return networks
}

func contains(networks []netip.Prefix, text string) bool {
	addr, err := netip.ParseAddr(text)
	if err != nil {
		return false
	}
	for _, n := range networks {
		if n.Contains(addr.Unmap()) {
			return true
		}
	}
	return false
}

// CheckOrigin lets pages of the request's own host connect, and those of the
// given origins.
func CheckOrigin(allowed []string) func(r *http.Request) bool {
	origins := map[string]bool{}
	for _, text := range allowed {
		if u, err := url.Parse(text); err == nil && u.Host != "" {
			origins[strings.ToLower(u.Scheme+"://"+u.Host)] = true
		}
	}
	return func(r *http.Request) bool {
		u, err := url.Parse(r.Header.Get("Origin"))
		if err != nil {
			return false
		}
		return strings.EqualFold(u.Host, r.Host) || origins[strings.ToLower(u.Scheme+"://"+u.Host)]
	}
}
