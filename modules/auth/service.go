package auth

import (
	"errors"
	"log/slog"

	"taskstack.org/modules/accounts"
	"taskstack.org/platform/db"
	"taskstack.org/platform/errs"
	"taskstack.org/platform/events"
	"taskstack.org/platform/seal"
)

// shared is what all services of this package use.
type shared struct {
	db          *db.DB
	repo        repository
	credentials accounts.Credentials
	bus         *events.Bus
	log         *slog.Logger
	seal        *seal.Sealer
	limits      limits
	policy      policy
}

// RequestInfo describes where a request comes from.
type RequestInfo struct {
	Address   string // of the client
	UserAgent string
	Lang      string // of mails that the request causes
	// LoginID is the login of the browser's cookie, ended or not; empty if none.
	LoginID string
	// Devices is the browser's cookie of known browsers.
	Devices string
}

// loginResult is a login that has begun, or its first step.
type loginResult struct {
	Actor accounts.Actor
	// Secret goes into the cookie, for as long as Persistent says.
	Secret     string
	Persistent bool
	// VerificationToken names the verification that the person still has to
	// complete; empty if there is none.
	VerificationToken string
	// SecondStep is true while a code is required: Secret then names a pending
	// login, which grants no access.
	SecondStep bool
}

// isNotFound reports whether err is NotFound, for callers to which a missing row
// is a result.
func isNotFound(err error) bool { return errors.Is(err, errs.Of(errs.NotFound)) }
