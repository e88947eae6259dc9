// Package netaddr says which addresses are counted as one client by limits.
package netaddr

import (
	"net"
	"net/netip"
)

// Key gives the name under which everything that is limited by address counts
// a client: an IPv4 address as it is, also if it is written as an IPv4-mapped
// IPv6 address, and an IPv6 address by its /64 network, because one client can
// use all addresses of it. A port and a zone do not matter. A text that is no
// address, such as the name of a Unix socket, is its own network; at most 64
// bytes of it count.
func Key(addr string) string {
	if host, _, err := net.SplitHostPort(addr); err == nil {
		addr = host
	}
	ip, err := netip.ParseAddr(addr)
	if err != nil {
		return addr[:min(len(addr), 64)]
	}
	ip = ip.Unmap().WithZone("")
	if ip.Is4() {
		return ip.String()
	}
	return netip.PrefixFrom(ip, 64).Masked().String()
}
