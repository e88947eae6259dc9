package cards

import (
	"strconv"
	"strings"
)

// Look names everything templates/cards/_card.html shows of a card: two cards
// of one look render alike, so the board renders each look once.
func (v View) Look(canWrite bool) string {
	var b strings.Builder
	b.Grow(64 + len(v.Name))
	for _, n := range []int64{v.ID, int64(len(v.Files)), int64(len(v.Members))} {
		b.WriteString(strconv.FormatInt(n, 36))
		b.WriteByte(',')
	}
	for _, flag := range []bool{canWrite, v.HasDesc} {
		b.WriteString(strconv.FormatBool(flag))
	}
	b.WriteString(strconv.Quote(v.Name))
	for _, m := range v.Members {
		b.WriteString(strconv.FormatInt(m.ID, 36))
		b.WriteString(strconv.Quote(m.Name))
		b.WriteString(strconv.Quote(m.PicURL))
	}
	return b.String()
}
