package chats

import (
	"context"
	"strings"

	"taskstack.org/modules/accounts"
	"taskstack.org/modules/files"
	"taskstack.org/modules/projects"
	"taskstack.org/platform/errs"
	"taskstack.org/platform/text"
)

// Files is what chats needs of files.
type Files interface {
	AddKeeper(k files.Keeper, kinds ...files.Kind)
	Of(ctx context.Context, kind files.Kind, ids []int64) (map[int64][]files.View, error)
	DeleteAll(ctx context.Context, kind files.Kind, ids ...int64) (map[int64][]string, error)
	DeletePlaces(ctx context.Context, kind files.Kind, placeIDs ...int64) error
	Export(ctx context.Context, kind files.Kind, folders map[int64]string, to accounts.Exporter) error
	Limits() files.Limits
}

// fileKind is how files calls the messages of a kind of chats.
func fileKind(kind Kind) files.Kind { return files.Kind(string(kind) + "s") }

// kindOfFiles is the inverse of fileKind.
func kindOfFiles(kind files.Kind) Kind { return Kind(strings.TrimSuffix(string(kind), "s")) }

// PlaceFor implements files.Keeper: files may be added to a chat by those who may write
// into it. Errors: NotFound.
func (s *Service) PlaceFor(ctx context.Context, by accounts.Actor, kind files.Kind, id int64) (files.Place, error) {
	if !by.SignedIn() {
		return files.Place{}, errs.Of(errs.NotFound)
	}
	in, err := s.writable(ctx, by, Ref{kindOfFiles(kind), id})
	return files.Place{ID: in.ChatID, ProjectID: in.ProjectID}, err
}

// PlacesOf implements files.Keeper.
func (s *Service) PlacesOf(ctx context.Context, kind files.Kind, projectID int64) ([]int64, error) {
	if kindOfFiles(kind) != ProjectGroup {
		return nil, nil
	}
	g, found, err := s.repo.ofProject(ctx, projectID)
	if !found {
		return nil, err
	}
	return []int64{g.ID}, err
}

// Added implements files.Keeper.
func (s *Service) Added(ctx context.Context, by accounts.Actor, kind files.Kind, id int64, typed string) (projects.Reply, error) {
	key, err := checkKey(typed)
	if err != nil {
		return nil, err
	}
	sent, found, err := s.sentBefore(ctx, by, Ref{kindOfFiles(kind), id}, key)
	if !found || err != nil {
		return nil, err
	}
	return replyOf(sent), nil
}

// Add implements files.Keeper: it sends a message that is a file. Errors: those of Send.
func (s *Service) Add(ctx context.Context, by accounts.Actor, kind files.Kind, id int64, f files.ItemFile) (projects.Reply, error) {
	sent, err := s.Send(ctx, by, Draft{To: Ref{kindOfFiles(kind), id}, Content: text.Line(f.Name), Key: f.Key, attach: f.AttachTo})
	if err != nil {
		return nil, err
	}
	return replyOf(sent), nil
}

func replyOf(sent Sent) projects.Reply { return projects.Reply{"id": sent.ID, "message": sent} }

// MayRead implements files.Keeper: the file of a message is read by those who are in the
// chat now and see the message. Errors: NotFound.
func (s *Service) MayRead(ctx context.Context, by accounts.Actor, of files.Kind, messageID int64) error {
	kind := kindOfFiles(of)
	m, err := s.repo.message(ctx, kind, messageID)
	if err != nil {
		return err
	}
	in, err := s.repo.membership(ctx, refFor(by, kind, m), by.UserID)
	if err != nil {
		return err
	}
	// A person has other chats with the recipient of a message.
	if in.ChatID != m.ChatID || m.DeletedAt != nil {
		return errs.Of(errs.NotFound)
	}
	if hidden, err := s.hiddenIn(ctx, kind, by.UserID); err != nil || hidden[m.FromID] {
		return orNotFound(err)
	}
	return nil
}

// deleteGroup deletes a group with its messages, their files, and members.
func (s *Service) deleteGroup(ctx context.Context, groupID int64) error {
	if err := s.files.DeletePlaces(ctx, fileKind(Group), groupID); err != nil {
		return err
	}
	return s.repo.deleteGroup(ctx, groupID)
}

// deleteFilesIn deletes the files of the messages that a person has written in a group.
func (s *Service) deleteFilesIn(ctx context.Context, kind Kind, chatID, userID int64) error {
	ids, err := s.repo.withFiles(ctx, kind, chatID, userID)
	if err != nil || len(ids) == 0 {
		return err
	}
	_, err = s.files.DeleteAll(ctx, fileKind(kind), ids...)
	return err
}

// deleteFilesOf deletes the files of all messages that are deleted with a person: those
// in chats of two, and the person's own in groups.
func (s *Service) deleteFilesOf(ctx context.Context, userID int64) error {
	pairs, err := s.repo.pairsOf(ctx, userID)
	if err != nil {
		return err
	}
	if err := s.files.DeletePlaces(ctx, fileKind(UserChat), pairs...); err != nil {
		return err
	}
	for _, kind := range []Kind{Group, ProjectGroup} {
		if err := s.deleteFilesIn(ctx, kind, 0, userID); err != nil {
			return err
		}
	}
	return nil
}
