package files

// SetQuota gives a service another quota, for tests.
func SetQuota(s *Service, q Quota) { s.quota = q }
