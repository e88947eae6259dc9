package accounts

import (
	"context"

	"taskstack.org/platform/errs"
)

// ByIDs are the verified people with these ids, in one statement; ids of
// nobody are missing in the answer.
func (s *Service) ByIDs(ctx context.Context, ids []int64) (map[int64]Person, error) {
	return s.byIDs(ctx, ids, false)
}

// Lock is ByIDs, and holds the people's rows until the transaction of ctx ends:
// nobody else's Lock of any of them gets ahead, and no account of them is
// deleted.
func (s *Service) Lock(ctx context.Context, ids ...int64) (map[int64]Person, error) {
	return s.byIDs(ctx, ids, true)
}

func (s *Service) byIDs(ctx context.Context, ids []int64, lock bool) (map[int64]Person, error) {
	people := make(map[int64]Person, len(ids))
	if len(ids) == 0 {
		return people, nil
	}
	found, err := s.repo.people(ctx, ids, lock)
	if err != nil {
		return nil, err
	}
	for _, u := range found {
		people[u.ID] = u.person()
	}
	return people, nil
}

// ByName is the verified person with this name, ignoring case; Person.Name is
// in the stored spelling. NotFound if there is none.
func (s *Service) ByName(ctx context.Context, name string) (Person, error) {
	if !ValidName(name) {
		return Person{}, errs.Of(errs.NotFound)
	}
	return s.ByNameOrEmail(ctx, name)
}

// ByNameOrEmail is the verified person with this name, or else this verified
// address. NotFound if there is none.
func (s *Service) ByNameOrEmail(ctx context.Context, text string) (Person, error) {
	u, err := s.find(ctx, text)
	if err != nil {
		return Person{}, err
	}
	if !u.SignUpComplete {
		return Person{}, errs.Of(errs.NotFound)
	}
	return u.person(), nil
}

// PrivateAmong are those of the ids whose person keeps the profile private.
func (s *Service) PrivateAmong(ctx context.Context, ids []int64) (map[int64]bool, error) {
	found, err := s.repo.privateAmong(ctx, ids)
	private := make(map[int64]bool, len(found))
	for _, id := range found {
		private[id] = true
	}
	return private, err
}
