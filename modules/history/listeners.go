package history

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"taskstack.org/modules/accounts"
	"taskstack.org/modules/cards"
	"taskstack.org/modules/lists"
	"taskstack.org/modules/projects"
)

func (s *Service) fact(ctx context.Context, by accounts.Actor, projectID, rev, id int64, name string) Fact {
	f := Fact{ID: id, Datetime: s.db.Now(ctx), ProjectID: projectID, Name: name, Rev: rev}
	if by.SignedIn() {
		f.UserID, f.UserName = &by.UserID, &by.Name
	}
	return f
}

// onHappened stores an event of another module.
func (s *Service) onHappened(ctx context.Context, e projects.Happened) error {
	details, err := detailsOf(e)
	if err != nil {
		return err
	}
	row, fact := newRow(Kind(e.Kind), details, e.Subject)
	if slices.Contains(contractual, Kind(e.Kind)) {
		if err := json.Unmarshal([]byte(details), row); err != nil {
			return fmt.Errorf("the details of %s do not fit its table: %w", e.Kind, err)
		}
	}
	*fact = s.fact(ctx, e.By, e.ProjectID, e.Rev, e.ID, e.Name)
	return s.repo.add(ctx, row)
}

// newRow returns a row of the table of a kind, and what it has in common with the
// others. The contract's tables have a column for each key of the details,
// history_change stores the object.
func newRow(k Kind, details string, about projects.Subject) (row any, fact *Fact) {
	switch k {
	case ListCreated:
		r := &listCreated{}
		return r, &r.Fact
	case ListDeleted:
		r := &listDeleted{}
		return r, &r.Fact
	case CardCreated:
		r := &cardCreated{}
		return r, &r.Fact
	case CardDeleted:
		r := &cardDeleted{}
		return r, &r.Fact
	case CardChangedList:
		r := &cardChangedList{}
		return r, &r.Fact
	default:
		r := &change{Kind: k, Details: details, Subject: about}
		return r, &r.Fact
	}
}

// detailsOf encodes the details of an event. Lists of names become one text
// each, as in the columns of the contract's tables.
func detailsOf(e projects.Happened) (string, error) {
	if len(e.Kind) > projects.MaxKindLength {
		return "", fmt.Errorf("the kind %q is longer than %d characters", e.Kind, projects.MaxKindLength)
	}
	if e.Details == nil {
		return "{}", nil
	}
	text, err := json.Marshal(e.Details)
	if err != nil {
		return "", fmt.Errorf("encode the details of %s: %w", e.Kind, err)
	}
	var all map[string]json.RawMessage
	if err := json.Unmarshal(text, &all); err != nil {
		return "", fmt.Errorf("the details of %s are no object: %w", e.Kind, err)
	}
	for key, value := range all {
		var names []string
		if value[0] != '[' || json.Unmarshal(value, &names) != nil {
			continue // another value is stored as it is
		}
		if all[key], err = json.Marshal(joined(names)); err != nil {
			return "", err
		}
	}
	text, err = json.Marshal(all)
	return string(text), err
}

// addChange stores a row of history_change. details marshals into an object.
func (s *Service) addChange(ctx context.Context, f Fact, kind Kind, about projects.Subject, details any) error {
	text, err := json.Marshal(details)
	if err != nil {
		return err
	}
	return s.repo.add(ctx, &change{Fact: f, Kind: kind, Details: string(text), Subject: about})
}

func (s *Service) onListCreated(ctx context.Context, e lists.Created) error {
	if e.CopyOf != 0 {
		return nil
	}
	return s.repo.add(ctx, &listCreated{
		Fact: s.fact(ctx, e.By, e.ProjectID, e.Rev, e.ID, e.Name), ListDesc: e.Desc, AttachedFiles: joined(e.FileNames),
	})
}

func (s *Service) onListEdited(ctx context.Context, e lists.Edited) error {
	d := edited(e.Name, e.OldName, e.DescChanged, e.NewFiles, e.RemovedFiles)
	if d == (editedDetails{}) {
		return nil
	}
	return s.addChange(ctx, s.fact(ctx, e.By, e.ProjectID, e.Rev, e.ID, e.Name), ListEdited, projects.ListSubject, d)
}

// editedDetails are the details of an edit; what did not change is left out.
type editedDetails struct {
	// OldName is a pointer because the name of an old row may be empty.
	OldName        *string `json:"oldName,omitempty"`
	DescChanged    bool    `json:"descChanged,omitempty"`
	NewFiles       string  `json:"newFilesNames,omitempty"`
	RemovedFiles   string  `json:"removedFilesNames,omitempty"`
	NewMembers     string  `json:"newMembersNames,omitempty"`
	RemovedMembers string  `json:"removedMembersNames,omitempty"`
	ListName       *string `json:"listName,omitempty"`
}

func edited(name, oldName string, descChanged bool, newFiles, removedFiles []string) editedDetails {
	d := editedDetails{DescChanged: descChanged, NewFiles: joined(newFiles), RemovedFiles: joined(removedFiles)}
	if name != oldName {
		d.OldName = &oldName
	}
	return d
}

func (s *Service) onCardCreated(ctx context.Context, e cards.Created) error {
	if e.CopyOf != 0 {
		return nil
	}
	return s.repo.add(ctx, &cardCreated{
		Fact: s.fact(ctx, e.By, e.ProjectID, e.Rev, e.ID, e.Name), ListName: e.ListName, CardDesc: e.Desc,
		AttachedFiles: joined(e.FileNames), AssignedUsers: joined(e.MemberNames),
	})
}

func (s *Service) onCardEdited(ctx context.Context, e cards.Edited) error {
	d := edited(e.Name, e.OldName, e.DescChanged, e.NewFiles, e.RemovedFiles)
	d.NewMembers, d.RemovedMembers = joined(e.NewMembers), joined(e.RemovedMembers)
	if d == (editedDetails{}) {
		return nil
	}
	d.ListName = &e.ListName
	return s.addChange(ctx, s.fact(ctx, e.By, e.ProjectID, e.Rev, e.ID, e.Name), CardEdited, projects.CardSubject, d)
}

func (s *Service) onCardsChangedList(ctx context.Context, e cards.ChangedList) error {
	rows := make([]cardChangedList, len(e.Moves))
	for i, m := range e.Moves {
		rows[i] = cardChangedList{
			Fact: s.fact(ctx, e.By, e.ProjectID, e.Rev, m.ID, m.Name), OldListName: m.OldListName, NewListName: m.NewListName,
		}
	}
	return s.repo.add(ctx, &rows)
}

func (s *Service) onMemberAdded(ctx context.Context, e projects.MemberAdded) error {
	return s.addMember(ctx, e.ProjectID, e.Rev, e.UserID, MemberAdded, memberDetails{Role: e.Role})
}

func (s *Service) onMemberRemoved(ctx context.Context, e projects.MemberRemoved) error {
	return s.addMember(ctx, e.ProjectID, e.Rev, e.UserID, MemberRemoved, memberDetails{Left: &e.Left})
}

// memberDetails are the details of a member who joined, or who left or was removed.
type memberDetails struct {
	Role projects.Role `json:"role,omitempty"`
	// Left is nil for a member who joined; rows from before it was stored lack it.
	Left *bool `json:"left,omitempty"`
}

// addMember stores the member as the one who acts: the board does not show who has
// added or removed them.
func (s *Service) addMember(ctx context.Context, projectID, rev, userID int64, kind Kind, d memberDetails) error {
	people, err := s.people.ByIDs(ctx, []int64{userID})
	if err != nil {
		return err
	}
	p, ok := people[userID]
	if !ok {
		return nil
	}
	return s.addChange(ctx, s.fact(ctx, accounts.Actor{UserID: userID, Name: p.Name}, projectID, rev, userID, p.Name), kind, "", d)
}

func (s *Service) onProjectDeleting(ctx context.Context, e projects.Deleting) error {
	return s.repo.deleteAll(ctx, e.ProjectID)
}

// onAccountDeleting keeps the entries and deletes the person's name from them.
func (s *Service) onAccountDeleting(ctx context.Context, e accounts.Deleting) error {
	return s.repo.forget(ctx, e.UserID)
}
