package files

// SetPartSize makes parts small, for tests that send many.
func (s *Service) SetPartSize(size int64) { s.limits.Part = size }
