package chats

import (
	"context"
	"embed"
	"io/fs"

	"taskstack.org/modules/accounts"
	"taskstack.org/modules/projects"
	"taskstack.org/platform/events"
	"taskstack.org/platform/module"
	"taskstack.org/platform/ratelimit"
	"taskstack.org/platform/realtime"
	"taskstack.org/platform/views"
	"taskstack.org/platform/web"
)

//go:embed locales
var locales embed.FS

// Module is the chats module.
type Module struct{ *Service }

// New wires chats; doc.go says what the module owns.
func New(deps module.Deps, people People, friends Friends, boards Boards, l Lists, c Cards, f Files) *Module {
	s := &Service{
		db: deps.DB, repo: repository{deps.DB}, people: people, friends: friends, boards: boards, lists: l, cards: c, files: f,
		users: userRooms{deps.Realtime, deps.Log}, bus: deps.Bus, log: deps.Log,
	}
	s.streams = deps.Realtime.FollowedStreams(realtime.StreamOptions{Kind: streamKind, Delivered: s.onSent}, s.repo, streamIDs()...)
	if deps.RateLimit {
		s.sending = ratelimit.New(sendEvery, sendBurst, deps.Now).OnRefuse(deps.Refused.Func("messages")).Over(deps.SharedLimits, "messages")
		s.reacting = ratelimit.New(reactEvery, reactBurst, deps.Now).OnRefuse(deps.Refused.Func("reactions")).Over(deps.SharedLimits, "reactions")
		s.creating = ratelimit.New(createEvery, createBurst, deps.Now).OnRefuse(deps.Refused.Func("chat_groups")).Over(deps.SharedLimits, "chat_groups")
	}
	boards.AddBoardPart(s.addToBoard)
	for _, kind := range kinds {
		f.AddKeeper(s, fileKind(kind))
	}
	events.On(deps.Bus, s.onProjectCreated)
	events.On(deps.Bus, s.onProjectRenamed)
	events.On(deps.Bus, s.onProjectRemoved)
	events.On(deps.Bus, s.onProjectRestored)
	events.On(deps.Bus, s.onProjectDeleting)
	events.On(deps.Bus, s.onMemberAdded)
	events.On(deps.Bus, s.onMemberRemoved)
	events.On(deps.Bus, s.onFriendshipEnded)
	events.On(deps.Bus, s.onAccountDeleting)
	events.On(deps.Bus, s.onBlocked)
	events.On(deps.Bus, s.onUnblocked)
	return &Module{s}
}

// Name is the folder's name.
func (m *Module) Name() string { return "chats" }

// Locales are the module's texts.
func (m *Module) Locales() fs.FS { return locales }

// Routes adds the page, and the route that reads messages.
func (m *Module) Routes(r *web.Router) {
	r.GET("/chat", r.Heavy(m.show), web.SignedIn)
	r.GET("/chat/cards", m.linkedCards, web.SignedIn)
	r.GET("/msgs", m.messages, web.SignedIn)
	r.POST("/chat/read", m.read, web.SignedIn)
	r.AddNavItem(views.NavItem{Text: "chats.title", Icon: "chat", URL: func(*views.Viewer) string { return "/chat" }})
}

// addToBoard adds to a member's board whether its project has a chat group, and
// which.
func (s *Service) addToBoard(ctx context.Context, b *projects.Board) error {
	if !b.Role.IsMember() {
		return nil
	}
	g, found, err := s.repo.ofProject(ctx, b.ID)
	if found {
		b.Data["chatGroupStatus"], b.Data["chatGroupId"] = activated, g.ID
	}
	return err
}

var (
	_ module.Module  = (*Module)(nil)
	_ module.Routes  = (*Module)(nil)
	_ module.Sockets = (*Module)(nil)
	_ module.Worker  = (*Module)(nil)
	_ module.Jobs    = (*Module)(nil)
	_ module.Locales = (*Module)(nil)

	_ module.Notifier       = (*Module)(nil)
	_ module.HomeGuest      = (*Module)(nil)
	_ module.BadgeCounter   = (*Module)(nil)
	_ module.TextSearchable = (*Module)(nil)
	_ accounts.Exporting    = (*Module)(nil)
)
