package web

import (
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
)

// maxForwarded is how many addresses of X-Forwarded-For are looked at, from
// the last one: no request passes more proxies.
const maxForwarded = 16

// ClientAddr finds the client's address, for pages and sockets alike: the
// peer's, or behind trusted proxies (addresses or networks) the last address in
// X-Forwarded-For that is not one of them. A proxy that does not send that
// header may name the client in X-Real-IP. What others send in these headers
// does not count.
func ClientAddr(trusted []string) func(r *http.Request) string {
	networks := parseNetworks(trusted)
	return func(r *http.Request) string {
		peer := peerAddr(r)
		if !contains(networks, peer) {
			return peer
		}
		forwarded := strings.Join(r.Header.Values("X-Forwarded-For"), ",")
		if strings.TrimSpace(forwarded) == "" {
			if real, err := netip.ParseAddr(strings.TrimSpace(r.Header.Get("X-Real-IP"))); err == nil {
				return real.Unmap().String()
			}
			return peer
		}
		for range maxForwarded {
			i := strings.LastIndexByte(forwarded, ',')
			addr, err := netip.ParseAddr(strings.TrimSpace(forwarded[i+1:]))
			if err != nil {
				break
			}
			if peer = addr.Unmap().String(); i < 0 || !contains(networks, peer) {
				break
			}
			forwarded = forwarded[:i]
		}
		return peer
	}
}

// peerAddr is the address at the other end of the connection.
func peerAddr(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}

// fromThisMachine reports whether a request was made on this machine and reached
// us without a proxy: behind one on the same machine everyone seems local.
func fromThisMachine(r *http.Request) bool {
	ip, err := netip.ParseAddr(peerAddr(r))
	if err != nil || !ip.Unmap().IsLoopback() {
		return false
	}
	for _, name := range []string{"Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-Ip", "Via"} {
		if len(r.Header.Values(name)) > 0 {
			return false
		}
	}
	return true
}

// isLoopbackHost reports whether a header Host names this machine. A foreign name
// that leads here is an attack by DNS, or a proxy.
func isLoopbackHost(host string) bool {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	host = strings.ToLower(strings.Trim(host, "[]"))
	if host == "localhost" || strings.HasSuffix(host, ".localhost") {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.Unmap().IsLoopback()
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

// CheckOrigin reports whether the header Origin names a page of ours: of the
// public URL, which comes first, of the other allowed origins, or of the host the
// request was sent to. That host counts with the scheme of the public URL or, if
// we end TLS ourselves, https.
func CheckOrigin(allowed []string) func(r *http.Request) bool {
	origins, scheme := map[string]bool{}, ""
	for i, text := range allowed {
		if u, err := url.Parse(text); err == nil && u.Host != "" {
			origins[strings.ToLower(u.Scheme+"://"+u.Host)] = true
			if i == 0 {
				scheme = strings.ToLower(u.Scheme)
			}
		}
	}
	return func(r *http.Request) bool {
		u, err := url.Parse(r.Header.Get("Origin"))
		if err != nil || u.Host == "" {
			return false
		}
		if strings.EqualFold(u.Host, r.Host) && (scheme == "" || strings.EqualFold(u.Scheme, scheme) || r.TLS != nil && strings.EqualFold(u.Scheme, "https")) {
			return true
		}
		return origins[strings.ToLower(u.Scheme+"://"+u.Host)]
	}
}
