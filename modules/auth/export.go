package auth

import (
	"context"
	"time"

	"taskstack.org/modules/accounts"
)

// exportedEvents is how many of the last events an export contains.
const exportedEvents = 10_000

// exportedAccount is account.json: what accounts stores, with the logins and
// security events. auth writes it, because it depends on accounts.
type exportedAccount struct {
	accounts.ExportedAccount
	Logins   []exportedLogin `json:"logins"`
	TwoSteps bool            `json:"twoSteps"`
	Events   []exportedEvent `json:"events"`
}

type exportedLogin struct {
	Device     string    `json:"device"`
	Address    string    `json:"address"`
	CreatedAt  time.Time `json:"createdAt"`
	LastSeenAt time.Time `json:"lastSeenAt"`
}

type exportedEvent struct {
	Kind    eventKind `json:"kind"`
	Device  string    `json:"device"`
	Address string    `json:"address"`
	At      time.Time `json:"at"`
}

// Export writes account.json. It contains no hashes and codes: they are
// credentials, and an archive may be passed on.
func (m *Module) Export(ctx context.Context, by accounts.Actor, to accounts.Exporter) error {
	account, err := m.people.ExportedAccount(ctx, by)
	if err != nil {
		return err
	}
	logins, err := m.repo.logins(ctx, by.UserID, m.db.Now(ctx))
	if err != nil {
		return err
	}
	factor, err := m.SecondFactors.secondFactor(ctx, by)
	if err != nil {
		return err
	}
	events, err := m.repo.events(ctx, by.UserID, exportedEvents)
	if err != nil {
		return err
	}
	out := exportedAccount{
		ExportedAccount: account, Logins: make([]exportedLogin, len(logins)), TwoSteps: factor.On,
		Events: make([]exportedEvent, len(events)),
	}
	for i, l := range logins {
		out.Logins[i] = exportedLogin{Device: l.Device, Address: l.Address, CreatedAt: l.CreatedAt, LastSeenAt: l.LastSeenAt}
	}
	for i, e := range events {
		out.Events[i] = exportedEvent{Kind: e.Kind, Device: e.Device, Address: e.Address, At: e.CreatedAt}
	}
	return to.JSON("account", out)
}
