package jobs

import "time"

// Hasten makes a runner look for requests ten times in a second, for tests.
func Hasten(r *Runner) { r.poll = time.Second / 10 }
