package projects

import (
	"regexp"
	"strings"
)

// mentionRule finds @ with a user name behind it, but not in an e-mail address.
var mentionRule = regexp.MustCompile(`(?:^|[^\pL\pN_@./-])@([A-Za-z][A-Za-z0-9_-]{2,15})`)

// maxMentionLine is how many characters of a line Mentioned returns.
const maxMentionLine = 200

// Mentioned returns the ids of the members whose user names follow an @ in a text and
// did not in the text before, and the line of the first of them. Case is ignored.
func Mentioned(members []Member, before, after string) (ids []int64, line string) {
	had := map[string]bool{}
	for _, m := range mentionRule.FindAllStringSubmatch(before, -1) {
		had[strings.ToLower(m[1])] = true
	}
	byName := map[string]int64{}
	for _, m := range members {
		byName[strings.ToLower(m.Name)] = m.ID
	}
	for each := range strings.Lines(after) {
		for _, m := range mentionRule.FindAllStringSubmatch(each, -1) {
			name := strings.ToLower(m[1])
			id, isMember := byName[name]
			if !isMember || had[name] {
				continue
			}
			had[name] = true
			ids = append(ids, id)
			if line == "" {
				line = shortLine(each)
			}
		}
	}
	return ids, line
}

func shortLine(line string) string {
	line = strings.TrimSpace(line)
	if runes := []rune(line); len(runes) > maxMentionLine {
		return string(runes[:maxMentionLine]) + "…"
	}
	return line
}
