package files

import "taskstack.org/platform/storage"

// SetQuota sets the quota of a service, for tests.
func SetQuota(s *Service, q Quota) { s.quota = q }

// SetStorage makes a service for tests keep contents elsewhere.
func SetStorage(s *Service, in storage.Storage) {
	s.storage = in
	s.links, _ = in.(Linker)
}
