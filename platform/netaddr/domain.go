package netaddr

import "strings"

// maxDomain is how long the name of a domain may be, maxLabel each part of it.
const (
	maxDomain = 253
	maxLabel  = 63
)

// IsDomain reports whether a text is the name of a domain with at least two parts, in
// lower case and in the form that the DNS has: "example.org".
func IsDomain(name string) bool {
	labels := strings.Split(name, ".")
	if len(name) > maxDomain || len(labels) < 2 {
		return false
	}
	for _, label := range labels {
		if label == "" || len(label) > maxLabel || label[0] == '-' || label[len(label)-1] == '-' || strings.Trim(label, "abcdefghijklmnopqrstuvwxyz0123456789-") != "" {
			return false
		}
	}
	return true
}
