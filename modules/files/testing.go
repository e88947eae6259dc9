package files

import (
	"taskstack.org/platform/objects"
	"taskstack.org/platform/storage"
)

// SetQuota sets the quota of a service, for tests.
func SetQuota(s *Service, q Quota) { s.quotas = quotas{given: q} }

// SetStorage makes a service for tests keep contents elsewhere, and returns the
// account of what is there.
func SetStorage(s *Service, in storage.Storage) *objects.Store {
	s.objects = objects.New(s.db, in, s.log)
	s.links, _ = in.(Linker)
	return s.objects
}
