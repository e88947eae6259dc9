package admin

import (
	"cmp"
	"context"
	"net/netip"
	"net/url"
	"slices"
	"sync/atomic"

	"taskstack.org/modules/accounts"
	"taskstack.org/platform/errs"
	"taskstack.org/platform/module"
	refusals "taskstack.org/platform/refused"
	"taskstack.org/platform/settings"
)

const (
	// maxBlocks is how many networks can be blocked.
	maxBlocks = 500
	// A network is at least as small as these, so that a slip of the pen does not
	// block half of the world.
	leastBits4 = 8
	leastBits6 = 16
	// blocksName is the name of the setting.
	blocksName = "admin.blockedNetworks"
)

// blocks are the networks that get no answer, as administrators have set them.
type blocks struct {
	value  *settings.Value
	parsed atomic.Pointer[parsedBlocks]
}

// parsedBlocks are the networks of a text.
type parsedBlocks struct {
	text     string
	networks []netip.Prefix
}

func newBlocks(s *settings.Store) *blocks {
	return &blocks{value: s.Add(settings.Definition{
		Name: blocksName, Group: "admin.blocks.group", Title: "admin.blockedNetworks", Hint: "admin.blocks.networksHint", Order: 15, Kind: settings.List, Most: maxBlocks,
		Item: func(word string) bool { _, ok := networkOf(word); return ok },
	})}
}

// networkOf reads an address or a network; ok is false for others, for what is too
// large, and for the machine itself.
func networkOf(word string) (network netip.Prefix, ok bool) {
	network, err := netip.ParsePrefix(word)
	if err != nil {
		addr, err := netip.ParseAddr(word)
		if err != nil || addr.Zone() != "" {
			return network, false
		}
		network = netip.PrefixFrom(addr.Unmap(), addr.Unmap().BitLen())
	}
	least := leastBits6
	if network.Addr().Is4() {
		least = leastBits4
	}
	return network.Masked(), !network.Addr().Is4In6() && network.Bits() >= least && !network.Addr().IsLoopback()
}

func networksOf(words []string) []netip.Prefix {
	var all []netip.Prefix
	for _, word := range words {
		if network, ok := networkOf(word); ok {
			all = append(all, network)
		}
	}
	return all
}

// Blocks reports whether requests from an address get no answer. It is asked for every
// request, and reads the text again only when it has changed.
func (b *blocks) Blocks(address string) bool {
	text := b.value.Text()
	if text == "" {
		return false
	}
	p := b.parsed.Load()
	if p == nil || p.text != text {
		p = &parsedBlocks{text, networksOf(b.value.Lines())}
		b.parsed.Store(p)
	}
	return isIn(p.networks, address)
}

func isIn(networks []netip.Prefix, address string) bool {
	addr, err := netip.ParseAddr(address)
	return err == nil && slices.ContainsFunc(networks, func(n netip.Prefix) bool { return n.Contains(addr.Unmap()) })
}

// refuseOwn refuses a change of the setting that would lock out the administrator who
// makes it. Errors: Invalid with the field value.
func (b *blocks) refuseOwn(name, typed, address string) error {
	if name != blocksName {
		return nil
	}
	words, problem := b.value.Clean(typed)
	if problem == "" && isIn(networksOf(settings.Words(words)), address) {
		return errs.Field("value", "admin.blocks.own", "Address", address)
	}
	return nil
}

// limitsPage shows what the limits of this server have refused.
type limitsPage struct {
	totals func() map[string]uint64
	recent func() []refusals.Recent
	people People
	server string
}

// maxMet is how many of those who have met limits the page lists, the newest.
const maxMet = 100

// limitsView is what the page shows.
type limitsView struct {
	Server string
	// Limits begin with the one that has refused most.
	Limits []limitTotal
	// Met are who has met which limit lately.
	Met []metLimit
}

// metLimit is a person or an address that has met a limit.
type metLimit struct {
	refusals.Recent
	// Name is the person's; empty for an address.
	Name string
}

// limitTotal is a limit with the number of its refusals since the start of the server.
type limitTotal struct {
	Name  string
	Count uint64
}

func (p *limitsPage) page() module.AdminPage {
	return module.AdminPage{Path: "limits", Title: "admin.limits.title", Order: 76, View: p.view}
}

func (p *limitsPage) view(ctx context.Context, _ url.Values) (any, error) {
	v := limitsView{Server: p.server}
	for name, n := range p.totals() {
		if n > 0 {
			v.Limits = append(v.Limits, limitTotal{name, n})
		}
	}
	slices.SortFunc(v.Limits, func(a, b limitTotal) int { return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Name, b.Name)) })
	var err error
	v.Met, err = p.met(ctx)
	return ownView{Limits: &v}, err
}

// met returns who has met which limit lately, with names, in at most one statement.
func (p *limitsPage) met(ctx context.Context) ([]metLimit, error) {
	recent := p.recent()
	recent = recent[:min(len(recent), maxMet)]
	var ids []int64
	for _, r := range recent {
		if r.UserID != 0 {
			ids = append(ids, r.UserID)
		}
	}
	var people map[int64]accounts.Person
	if len(ids) > 0 {
		var err error
		if people, err = p.people.ByIDs(ctx, ids); err != nil {
			return nil, err
		}
	}
	all := make([]metLimit, 0, len(recent))
	for _, r := range recent {
		person, ok := people[r.UserID]
		if r.UserID == 0 || ok { // an account may have been deleted
			all = append(all, metLimit{r, person.Called()})
		}
	}
	return all, nil
}
