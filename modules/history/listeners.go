package history

import (
	"context"
	"encoding/json"

	"taskstack.org/modules/accounts"
	"taskstack.org/modules/cards"
	"taskstack.org/modules/lists"
	"taskstack.org/modules/projects"
)

func (s *Service) fact(ctx context.Context, by accounts.Actor, projectID, id int64, name string) Fact {
	f := Fact{ID: id, Datetime: s.db.Now(ctx), ProjectID: projectID, Name: name, Rev: projects.NextRev(ctx)}
	if by.SignedIn() {
		f.UserID, f.UserName = &by.UserID, &by.Name
	}
	return f
}

// details are the keys of a change besides the common ones.
type details map[string]any

func (s *Service) addChange(ctx context.Context, f Fact, kind Kind, d details) error {
	if d == nil {
		d = details{}
	}
	text, err := json.Marshal(d)
	if err != nil {
		return err
	}
	return s.repo.add(ctx, &change{Fact: f, Kind: kind, Details: string(text)})
}

func (s *Service) onListCreated(ctx context.Context, e lists.Created) error {
	return s.repo.add(ctx, &listCreated{
		Fact: s.fact(ctx, e.By, e.ProjectID, e.ID, e.Name), ListDesc: e.Desc, AttachedFiles: joined(e.FileNames),
	})
}

func (s *Service) onListEdited(ctx context.Context, e lists.Edited) error {
	d := edited(e.Name, e.OldName, e.DescChanged, e.NewFiles, e.RemovedFiles)
	if len(d) == 0 {
		return nil
	}
	return s.addChange(ctx, s.fact(ctx, e.By, e.ProjectID, e.ID, e.Name), ListEdited, d)
}

// edited are the details of an edit; none if nothing has changed.
func edited(name, oldName string, descChanged bool, newFiles, removedFiles []string) details {
	d := details{}
	if name != oldName {
		d["oldName"] = oldName
	}
	if descChanged {
		d["descChanged"] = true
	}
	d.addNames("newFilesNames", newFiles)
	d.addNames("removedFilesNames", removedFiles)
	return d
}

func (d details) addNames(key string, names []string) {
	if len(names) > 0 {
		d[key] = joined(names)
	}
}

func (s *Service) onListDeleted(ctx context.Context, e lists.Deleted) error {
	return s.repo.add(ctx, &listDeleted{
		Fact: s.fact(ctx, e.By, e.ProjectID, e.ID, e.Name), ListDesc: e.Desc,
		AttachedFiles: joined(e.FileNames), DeletedCards: joined(e.CardNames),
	})
}

func (s *Service) onListArchived(ctx context.Context, e lists.Archived) error {
	return s.addChange(ctx, s.fact(ctx, e.By, e.ProjectID, e.ID, e.Name), ListArchived, cardsOf(e.CardNames))
}

func (s *Service) onListRestored(ctx context.Context, e lists.Restored) error {
	d := cardsOf(e.CardNames)
	d["from"] = e.From
	return s.addChange(ctx, s.fact(ctx, e.By, e.ProjectID, e.ID, e.Name), ListRestored, d)
}

// cardsOf names the cards of a list, as long as they fit into the column.
func cardsOf(names []string) details {
	const most = 100
	d := details{"cardsCount": len(names)}
	d.addNames("cardsNames", names[:min(len(names), most)])
	return d
}

func (s *Service) onListGivenUp(ctx context.Context, e lists.GivenUp) error {
	return s.addChange(ctx, s.fact(ctx, e.By, e.ProjectID, e.ID, e.Name), ListGivenUp, nil)
}

func (s *Service) onCardCreated(ctx context.Context, e cards.Created) error {
	return s.repo.add(ctx, &cardCreated{
		Fact: s.fact(ctx, e.By, e.ProjectID, e.ID, e.Name), ListName: e.ListName, CardDesc: e.Desc,
		AttachedFiles: joined(e.FileNames), AssignedUsers: joined(e.MemberNames),
	})
}

func (s *Service) onCardEdited(ctx context.Context, e cards.Edited) error {
	d := edited(e.Name, e.OldName, e.DescChanged, e.NewFiles, e.RemovedFiles)
	d.addNames("newMembersNames", e.NewMembers)
	d.addNames("removedMembersNames", e.RemovedMembers)
	if len(d) == 0 {
		return nil
	}
	d["listName"] = e.ListName
	return s.addChange(ctx, s.fact(ctx, e.By, e.ProjectID, e.ID, e.Name), CardEdited, d)
}

func (s *Service) onCardDeleted(ctx context.Context, e cards.Deleted) error {
	return s.repo.add(ctx, &cardDeleted{
		Fact: s.fact(ctx, e.By, e.ProjectID, e.ID, e.Name), ListName: e.ListName, CardDesc: e.Desc,
		AttachedFiles: joined(e.FileNames), AssignedUsers: joined(e.MemberNames),
	})
}

func (s *Service) onCardArchived(ctx context.Context, e cards.Archived) error {
	return s.addChange(ctx, s.fact(ctx, e.By, e.ProjectID, e.ID, e.Name), CardArchived, details{"listName": e.ListName})
}

func (s *Service) onCardRestored(ctx context.Context, e cards.Restored) error {
	return s.addChange(ctx, s.fact(ctx, e.By, e.ProjectID, e.ID, e.Name), CardRestored, details{"listName": e.ListName, "from": e.From})
}

func (s *Service) onCardGivenUp(ctx context.Context, e cards.GivenUp) error {
	return s.addChange(ctx, s.fact(ctx, e.By, e.ProjectID, e.ID, e.Name), CardGivenUp, nil)
}

func (s *Service) onCardsChangedList(ctx context.Context, e cards.ChangedList) error {
	rows := make([]cardChangedList, len(e.Moves))
	for i, m := range e.Moves {
		rows[i] = cardChangedList{
			Fact: s.fact(ctx, e.By, e.ProjectID, m.ID, m.Name), OldListName: m.OldListName, NewListName: m.NewListName,
		}
	}
	return s.repo.add(ctx, &rows)
}

func (s *Service) onMemberAdded(ctx context.Context, e projects.MemberAdded) error {
	return s.addMember(ctx, e.ProjectID, e.UserID, MemberAdded, details{"role": e.Role})
}

func (s *Service) onMemberRemoved(ctx context.Context, e projects.MemberRemoved) error {
	return s.addMember(ctx, e.ProjectID, e.UserID, MemberRemoved, nil)
}

// addMember tells of the member, not of who let them in or put them out: that
// is nobody's business on a board.
func (s *Service) addMember(ctx context.Context, projectID, userID int64, kind Kind, d details) error {
	people, err := s.people.ByIDs(ctx, []int64{userID})
	if err != nil {
		return err
	}
	p, ok := people[userID]
	if !ok {
		return nil
	}
	return s.addChange(ctx, s.fact(ctx, accounts.Actor{UserID: userID, Name: p.Name}, projectID, userID, p.Name), kind, d)
}

func (s *Service) onProjectDeleting(ctx context.Context, e projects.Deleting) error {
	return s.repo.deleteAll(ctx, e.ProjectID)
}

// onAccountDeleting leaves what happened and forgets by whom.
func (s *Service) onAccountDeleting(ctx context.Context, e accounts.Deleting) error {
	return s.repo.forget(ctx, e.UserID)
}
