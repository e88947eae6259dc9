package auth

import "strings"

// maxUserAgent bounds how much of a User-Agent header is read.
const maxUserAgent = 512

// browsers and systems are searched in this order: most browsers claim to be
// others too, so the most specific name comes first.
var browsers = [][2]string{
	{"Edg", "Edge"},
	{"OPR/", "Opera"},
	{"SamsungBrowser", "Samsung Internet"},
	{"Vivaldi", "Vivaldi"},
	{"Firefox", "Firefox"},
	{"FxiOS", "Firefox"},
	{"CriOS", "Chrome"},
	{"Chrome", "Chrome"},
	{"Safari", "Safari"},
}

var systems = [][2]string{
	{"iPhone", "iPhone"},
	{"iPad", "iPad"},
	{"Android", "Android"},
	{"Windows", "Windows"},
	{"Macintosh", "Mac"},
	{"CrOS", "ChromeOS"},
	{"Linux", "Linux"},
}

// deviceName returns a short name of a browser by its User-Agent header, such as
// "Firefox, Windows", so that people recognise their logins; empty if neither
// browser nor system is known.
func deviceName(userAgent string) string {
	userAgent = userAgent[:min(len(userAgent), maxUserAgent)]
	var parts []string
	for _, table := range [][][2]string{browsers, systems} {
		for _, row := range table {
			if strings.Contains(userAgent, row[0]) {
				parts = append(parts, row[1])
				break
			}
		}
	}
	return strings.Join(parts, ", ")
}
