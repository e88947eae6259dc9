package files

// SetQuota sets the quota of a service, for tests.
func SetQuota(s *Service, q Quota) { s.quota = q }
