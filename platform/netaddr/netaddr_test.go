package netaddr_test

import (
	"strings"
	"testing"

	"taskstack.org/platform/netaddr"
)

func TestKey(t *testing.T) {
	for addr, want := range map[string]string{
		"192.0.2.7":                    "192.0.2.7",
		"192.0.2.7:4711":               "192.0.2.7",
		"::ffff:192.0.2.7":             "192.0.2.7",
		"[::ffff:192.0.2.7]:80":        "192.0.2.7",
		"::ffff:c000:207":              "192.0.2.7",
		"2001:db8:1:2:3:4:5:6":         "2001:db8:1:2::/64",
		"2001:db8:1:2::1":              "2001:db8:1:2::/64",
		"2001:DB8:1:2:FFFF::":          "2001:db8:1:2::/64",
		"[2001:db8:1:2::9]:443":        "2001:db8:1:2::/64",
		"2001:db8:1:3::1":              "2001:db8:1:3::/64",
		"::1":                          "::/64",
		"fe80::1%eth0":                 "fe80::/64",
		"[fe80::1%eth0]:80":            "fe80::/64",
		"":                             "",
		"@":                            "@",
		"not an address":               "not an address",
		strings.Repeat("x", 1_000_000): strings.Repeat("x", 64),
	} {
		if got := netaddr.Key(addr); got != want {
			t.Errorf("Key(%.40q) = %q, want %q", addr, got, want)
		}
	}
}
