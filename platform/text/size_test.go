package text_test

import (
	"testing"

	"taskstack.org/platform/text"
)

func TestSize(t *testing.T) {
	for bytes, want := range map[int64]string{0: "0 B", 999: "999 B", 1000: "1.0 kB", 1_250_000: "1.2 MB", 5_000_000_000_000_000: "5000.0 TB"} {
		if got := text.Size(bytes); got != want {
			t.Errorf("%d: %q, want %q", bytes, got, want)
		}
	}
}
