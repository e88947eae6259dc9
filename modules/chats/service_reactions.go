package chats

import (
	"context"
	"slices"
	"unicode"
	"unicode/utf8"

	"taskstack.org/modules/accounts"
	"taskstack.org/platform/errs"
)

// Limits of reactions (docs/limits.md).
const (
	// maxReactions is how many different emoji may be on a message.
	maxReactions = 20
	// maxEmoji is how many bytes an emoji may have: a family with four skin tones has
	// more than any other in use.
	maxEmoji = 48
	// maxEmojiRunes is how many code points an emoji may have.
	maxEmojiRunes = 12
)

// React puts an emoji of the actor on a message, or removes it. What is as wanted
// already stays as it is.
//
// Errors: NotFound for a message that the actor may not answer, or that is deleted;
// Invalid with the field emoji; RateLimited.
func (s *Service) React(ctx context.Context, by accounts.Actor, kind Kind, id int64, emoji string, on bool) (Sent, error) {
	if !isEmoji(emoji) {
		return Sent{}, errs.Field("emoji", "chats.error.emoji")
	}
	if err := kind.check(); err != nil {
		return Sent{}, err
	}
	before, err := s.repo.message(ctx, kind, id)
	if err != nil {
		return Sent{}, err
	}
	if _, err := s.writable(ctx, by, refFor(by, kind, before)); err != nil {
		return Sent{}, err
	}
	if err := s.take(s.reacting, by, "chats.error.tooFast"); err != nil {
		return Sent{}, err
	}
	return s.change(ctx, by, kind, before, func(ctx context.Context, m *Message) (bool, error) {
		of, err := s.repo.reactions(ctx, kind, []int64{id})
		if err != nil {
			return false, err
		}
		if slices.Contains(of, reactionRow{MsgID: id, Emoji: emoji, UserID: by.UserID}) == on {
			return false, nil
		}
		if !on {
			return true, s.repo.removeReaction(ctx, kind, id, by.UserID, emoji)
		}
		if all := emojisOf(of); len(all) >= maxReactions && !slices.Contains(all, emoji) {
			return false, errs.Field("emoji", "chats.error.reactions", "Max", maxReactions)
		}
		return true, s.repo.addReaction(ctx, kind, id, by.UserID, emoji)
	})
}

func emojisOf(of []reactionRow) []string {
	var all []string
	for _, each := range of {
		if !slices.Contains(all, each.Emoji) {
			all = append(all, each.Emoji)
		}
	}
	return all
}

// isEmoji reports whether a text is one sign of the kind that pickers offer: no
// letters, blanks or characters that change the direction of text. Which signs a
// system can draw is not known here.
func isEmoji(text string) bool {
	if text == "" || len(text) > maxEmoji || utf8.RuneCountInString(text) > maxEmojiRunes {
		return false
	}
	hasPicture := false
	for _, r := range text {
		switch {
		case r == '\u20e3' || r >= 0x2000 && unicode.In(r, unicode.So, unicode.Sm, unicode.Po, unicode.Pd) || r == '©' || r == '®' || r == 'ℹ':
			hasPicture = true
		case r == '\u200d' || r == '\ufe0f' || r >= 0xe0020 && r <= 0xe007f || unicode.Is(unicode.Sk, r) && r > 0xffff:
		case r == '#' || r == '*' || r >= '0' && r <= '9':
		default:
			return false
		}
	}
	return hasPicture
}
