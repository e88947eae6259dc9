package notifications

import "taskstack.org/platform/push"

// PushBy makes a module for tests send pushes.
func PushBy(m *Module, sender *push.Sender) { m.push = sender }
