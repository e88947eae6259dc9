package auth

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"
	"time"

	"taskstack.org/modules/accounts"
	"taskstack.org/platform/errs"
)

const (
	// factorSetupTime is how long setting up a second factor may take.
	factorSetupTime = 15 * time.Minute
	// recoveryCodes is how many recovery codes a person gets.
	recoveryCodes = 10
)

// secondFactor is a row of table second_factor.
type secondFactor struct {
	UserID      int64  `gorm:"primaryKey;autoIncrement:false"`
	Secret      string // sealed for factorPurpose
	ConfirmedAt time.Time
	LastStep    int64
}

// TableName is for GORM.
func (secondFactor) TableName() string { return "second_factor" }

// recoveryCode is a row of table recovery_code.
type recoveryCode struct {
	UserID   int64
	CodeHash string
}

// TableName is for GORM.
func (recoveryCode) TableName() string { return "recovery_code" }

// SecondFactors sets second factors up and removes them. It is safe for
// concurrent use.
type SecondFactors struct {
	*shared
	audit     *Audit
	logins    *Logins
	passwords *Passwords
}

// factorState is the state of a person's second factor.
type factorState struct {
	On    bool
	Since time.Time
	// CodesLeft is how many recovery codes are unused.
	CodesLeft int
}

// secondFactor returns the actor's second factor.
func (s *SecondFactors) secondFactor(ctx context.Context, by accounts.Actor) (factorState, error) {
	f, err := s.repo.factor(ctx, by.UserID, false)
	if isNotFound(err) {
		return factorState{}, nil
	}
	if err != nil {
		return factorState{}, err
	}
	left, err := s.repo.countRecoveryCodes(ctx, by.UserID)
	return factorState{On: true, Since: f.ConfirmedAt, CodesLeft: left}, err
}

// factorSetup is a second factor that is being set up. It is stored only when it
// is confirmed.
type factorSetup struct {
	// Sealed is in a hidden field of the form and comes back with the first code.
	Sealed string
	Key    factorKey
}

// passwordOf returns the confirmation of the second factor's forms.
func passwordOf(password string) Confirmation {
	return Confirmation{Field: "password", Password: password}
}

// beginSecondFactor makes a key for an authenticator app, after the password.
// Errors: Invalid with the field password; Conflict if the factor is on;
// RateLimited.
func (s *SecondFactors) beginSecondFactor(ctx context.Context, by accounts.Actor, password string) (factorSetup, error) {
	if _, err := s.passwords.confirm(ctx, by, passwordOf(password)); err != nil {
		return factorSetup{}, err
	}
	switch _, err := s.repo.factor(ctx, by.UserID, false); {
	case err == nil:
		return factorSetup{}, errs.Of(errs.Conflict)
	case !isNotFound(err):
		return factorSetup{}, err
	}
	key, err := newFactorKey(by.Name)
	if err != nil {
		return factorSetup{}, err
	}
	until := strconv.FormatInt(s.db.Now(ctx).Add(factorSetupTime).Unix(), 10)
	return factorSetup{Sealed: s.seal.Seal(setupPurpose(by.UserID), until+" "+key.Secret), Key: key}, nil
}

// openSetup opens a setup that came back through the form; Invalid if it is not
// the actor's or too old.
func (s *SecondFactors) openSetup(ctx context.Context, by accounts.Actor, sealed string) (factorSetup, error) {
	text, err := s.seal.Open(setupPurpose(by.UserID), sealed)
	until, secret, _ := strings.Cut(text, " ")
	end, parseErr := strconv.ParseInt(until, 10, 64)
	if err != nil || parseErr != nil || s.db.Now(ctx).Unix() >= end {
		return factorSetup{}, errs.New(errs.Invalid, "auth.twoFactor.expired")
	}
	key, err := factorKeyOf(by.Name, secret)
	return factorSetup{Sealed: sealed, Key: key}, err
}

// confirmSecondFactor switches the second factor on with a first code of the app
// and returns the recovery codes, which are shown only once. Errors: Invalid for
// a setup that is too old, or with the field code; Conflict if the factor is on;
// RateLimited.
func (s *SecondFactors) confirmSecondFactor(ctx context.Context, by accounts.Actor, sealed, code string, info RequestInfo) ([]string, error) {
	setup, err := s.openSetup(ctx, by, sealed)
	if err != nil {
		return nil, err
	}
	g := guessAt(s.limits.secondSteps, s.limits.secondStepsOf, userKey(by.UserID), info, by.LoginID)
	if err := g.try(); err != nil {
		return nil, err
	}
	step, ok := matchStep(setup.Key.Secret, normalCode(code), s.db.Now(ctx), 0)
	if !ok {
		return nil, errs.Field("code", "auth.twoFactor.wrongCode")
	}
	g.right()
	var codes []string
	err = s.db.InTx(ctx, func(ctx context.Context) error {
		u, err := s.credentials.Lock(ctx, by.UserID)
		if err != nil {
			return err
		}
		if err := s.logins.checkStillSignedIn(ctx, by); err != nil {
			return err
		}
		err = s.repo.insertFactor(ctx, &secondFactor{
			UserID: by.UserID, Secret: s.seal.Seal(factorPurpose(by.UserID), setup.Key.Secret), ConfirmedAt: s.db.Now(ctx), LastStep: step,
		})
		if err != nil {
			return err
		}
		if codes, err = s.newRecoveryCodes(ctx, by.UserID); err != nil {
			return err
		}
		return s.audit.recordAndNotify(ctx, u, eventFactorOn, info)
	})
	return codes, err
}

// renewRecoveryCodes replaces all recovery codes. Errors: Invalid with the field
// password; NotFound without a second factor; RateLimited.
func (s *SecondFactors) renewRecoveryCodes(ctx context.Context, by accounts.Actor, password string, info RequestInfo) (codes []string, err error) {
	err = s.passwords.Confirmed(ctx, by, passwordOf(password), errs.Fields{}, func(ctx context.Context) error {
		if _, err := s.repo.factor(ctx, by.UserID, true); err != nil {
			return err
		}
		if codes, err = s.newRecoveryCodes(ctx, by.UserID); err != nil {
			return err
		}
		return s.audit.record(ctx, by.UserID, eventCodesRenewed, info)
	})
	return codes, err
}

// removeSecondFactor switches the second factor off and deletes the recovery
// codes. Errors: Invalid with the field password; NotFound if it is off;
// RateLimited.
func (s *SecondFactors) removeSecondFactor(ctx context.Context, by accounts.Actor, password string, info RequestInfo) error {
	return s.passwords.confirmed(ctx, by, passwordOf(password), errs.Fields{}, func(ctx context.Context, u accounts.User) error {
		if _, err := s.repo.factor(ctx, by.UserID, true); err != nil {
			return err
		}
		if err := s.repo.deleteFactor(ctx, by.UserID); err != nil {
			return err
		}
		return s.audit.recordAndNotify(ctx, u, eventFactorOff, info)
	})
}

// newRecoveryCodes replaces the recovery codes in the transaction of ctx.
func (s *SecondFactors) newRecoveryCodes(ctx context.Context, userID int64) ([]string, error) {
	codes, rows := make([]string, recoveryCodes), make([]recoveryCode, recoveryCodes)
	for i := range codes {
		codes[i] = newRecoveryCode()
		rows[i] = recoveryCode{UserID: userID, CodeHash: hashRecoveryCode(codes[i])}
	}
	return codes, s.repo.replaceRecoveryCodes(ctx, userID, rows)
}

func factorPurpose(userID int64) string { return fmt.Sprintf("second factor of %d", userID) }
func setupPurpose(userID int64) string  { return fmt.Sprintf("second factor setup of %d", userID) }

// hashRecoveryCode returns the stored form of a recovery code. It has 80 random
// bits, so a plain hash is as good as a slow one.
func hashRecoveryCode(code string) string {
	sum := sha256.Sum256([]byte(normalCode(code)))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}
