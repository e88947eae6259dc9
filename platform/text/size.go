package text

import "strconv"

// Size is a number of bytes as people read it, in the unit that fits: "1.2 GB".
func Size(bytes int64) string {
	units := []string{"B", "kB", "MB", "GB", "TB"}
	size, i := float64(bytes), 0
	for size >= 1000 && i < len(units)-1 {
		size, i = size/1000, i+1
	}
	if i == 0 {
		return strconv.FormatInt(bytes, 10) + " B"
	}
	return strconv.FormatFloat(size, 'f', 1, 64) + " " + units[i]
}
