package cards

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// CacheKey contains everything templates/cards/_card.html shows of a card, with
// what the pieces of other modules show of their parts, so two cards with the
// same key render alike and the board renders them once.
func (v View) CacheKey(canWrite bool) (string, error) {
	var b strings.Builder
	b.Grow(64 + len(v.Name))
	for _, n := range []int64{v.ID, int64(len(v.Files)), int64(len(v.Members))} {
		b.WriteString(strconv.FormatInt(n, 36))
		b.WriteByte(',')
	}
	for _, flag := range []bool{canWrite, v.Desc != ""} {
		b.WriteString(strconv.FormatBool(flag))
	}
	b.WriteString(strconv.Quote(v.Name))
	if c := v.CoverPicture(); c != nil {
		b.WriteString(strconv.Quote(c.Src))
		b.WriteString(strconv.Quote(c.Text))
		b.WriteString(strconv.Itoa(c.Width) + "x" + strconv.Itoa(c.Height))
	}
	for _, m := range v.Members {
		b.WriteString(strconv.FormatInt(m.ID, 36))
		b.WriteString(strconv.Quote(m.Called()))
		b.WriteString(strconv.Quote(m.PicURL))
	}
	for _, name := range slices.Sorted(maps.Keys(v.Parts)) {
		shown, err := json.Marshal(v.Parts[name].view())
		if err != nil {
			return "", fmt.Errorf("cache key of part %s of a card: %w", name, err)
		}
		b.WriteString(strconv.Quote(name))
		b.Write(shown)
	}
	return b.String(), nil
}
