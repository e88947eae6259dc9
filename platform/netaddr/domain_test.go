package netaddr_test

import (
	"strings"
	"testing"

	"taskstack.org/platform/netaddr"
)

func TestIsDomain(t *testing.T) {
	for name, want := range map[string]bool{
		"example.org": true, "mail.example.co.uk": true, "xn--bcher-kva.example": true, "a.b": true, "1.2": true,
		"": false, "example": false, ".org": false, "example.": false, "a..b": false, "Example.org": false, "exa mple.org": false, "a@b.c": false,
		"-a.org": false, "a-.org": false, "bücher.example": false, strings.Repeat("a", 64) + ".org": false, strings.Repeat("a.", 130) + "org": false,
	} {
		if got := netaddr.IsDomain(name); got != want {
			t.Errorf("%q: %v", name, got)
		}
	}
}
