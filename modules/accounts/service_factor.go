package accounts

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"
	"time"

	"taskstack.org/platform/errs"
	"taskstack.org/platform/text"
)

const (
	// factorSetup is how long setting up a second factor may take.
	factorSetup = 15 * time.Minute
	// recoveryCodes is how many recovery codes one is given.
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

// SecondFactor is whether somebody logs in in two steps.
type SecondFactor struct {
	On    bool
	Since time.Time
	// CodesLeft is how many recovery codes are not used yet.
	CodesLeft int
}

// SecondFactor is the actor's own.
func (s *Service) SecondFactor(ctx context.Context, by Actor) (SecondFactor, error) {
	f, err := s.repo.factor(ctx, by.UserID, false)
	if isNotFound(err) {
		return SecondFactor{}, nil
	}
	if err != nil {
		return SecondFactor{}, err
	}
	left, err := s.repo.countRecoveryCodes(ctx, by.UserID)
	return SecondFactor{On: true, Since: f.ConfirmedAt, CodesLeft: left}, err
}

// FactorSetup is a second factor that is being set up. Nothing is stored until
// it is confirmed.
type FactorSetup struct {
	// Sealed goes through the form and comes back with the first code.
	Sealed string
	Key    factorKey
}

// BeginSecondFactor makes a key for an authenticator app, after the password.
// Errors: Invalid with the field password; Conflict if there is one already;
// RateLimited.
func (s *Service) BeginSecondFactor(ctx context.Context, by Actor, password string) (FactorSetup, error) {
	if _, err := s.confirm(ctx, by, "password", password); err != nil {
		return FactorSetup{}, err
	}
	if _, err := s.repo.factor(ctx, by.UserID, false); !isNotFound(err) {
		return FactorSetup{}, conflictOr(err)
	}
	key, err := newFactorKey(by.Name)
	if err != nil {
		return FactorSetup{}, err
	}
	until := strconv.FormatInt(s.db.Now(ctx).Add(factorSetup).Unix(), 10)
	return FactorSetup{Sealed: s.seal.Seal(setupPurpose(by.UserID), until+" "+key.Secret), Key: key}, nil
}

// conflictOr is Conflict where something was found that must not be.
func conflictOr(err error) error {
	if err == nil {
		return errs.Of(errs.Conflict)
	}
	return err
}

// OpenSetup is a setup that came back through the form; Invalid if it is not
// the actor's or too old.
func (s *Service) OpenSetup(ctx context.Context, by Actor, sealed string) (FactorSetup, error) {
	text, err := s.seal.Open(setupPurpose(by.UserID), sealed)
	until, secret, _ := strings.Cut(text, " ")
	end, parseErr := strconv.ParseInt(until, 10, 64)
	if err != nil || parseErr != nil || s.db.Now(ctx).Unix() >= end {
		return FactorSetup{}, errs.New(errs.Invalid, "accounts.twoFactor.expired")
	}
	key, err := factorKeyOf(by.Name, secret)
	return FactorSetup{Sealed: sealed, Key: key}, err
}

// ConfirmSecondFactor switches the second factor on with a first code of the
// app and returns the recovery codes, which are shown this once. Errors: Invalid
// for a setup that is too old, or with the field code; Conflict if it is on
// already; RateLimited.
func (s *Service) ConfirmSecondFactor(ctx context.Context, by Actor, sealed, code string, v Visit) ([]string, error) {
	setup, err := s.OpenSetup(ctx, by, sealed)
	if err != nil {
		return nil, err
	}
	g := guessAt(s.limits.secondSteps, s.limits.secondStepsOf, userKey(by.UserID), v, by.LoginID)
	if err := g.try(); err != nil {
		return nil, err
	}
	step, ok := matchStep(setup.Key.Secret, normalCode(code), s.db.Now(ctx), 0)
	if !ok {
		return nil, errs.Field("code", "accounts.twoFactor.wrongCode")
	}
	g.right()
	var codes []string
	err = s.db.InTx(ctx, func(ctx context.Context) error {
		u, err := s.repo.lockUser(ctx, by.UserID)
		if err != nil {
			return err
		}
		if err := s.checkStillSignedIn(ctx, by); err != nil {
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
		return s.recordAndTell(ctx, u, EventFactorOn, v)
	})
	return codes, err
}

// RenewRecoveryCodes makes new recovery codes in place of all old ones. Errors:
// Invalid with the field password; NotFound without a second factor;
// RateLimited.
func (s *Service) RenewRecoveryCodes(ctx context.Context, by Actor, password string, v Visit) ([]string, error) {
	u, err := s.confirm(ctx, by, "password", password)
	if err != nil {
		return nil, err
	}
	var codes []string
	err = s.db.InTx(ctx, func(ctx context.Context) error {
		if _, err := s.lockConfirmed(ctx, by, u, "password", password); err != nil {
			return err
		}
		if _, err := s.repo.factor(ctx, by.UserID, true); err != nil {
			return err
		}
		if codes, err = s.newRecoveryCodes(ctx, by.UserID); err != nil {
			return err
		}
		return s.recordEvent(ctx, by.UserID, EventCodesRenewed, v)
	})
	return codes, err
}

// RemoveSecondFactor switches it off, with the recovery codes. Errors: Invalid
// with the field password; NotFound if it is off; RateLimited.
func (s *Service) RemoveSecondFactor(ctx context.Context, by Actor, password string, v Visit) error {
	u, err := s.confirm(ctx, by, "password", password)
	if err != nil {
		return err
	}
	return s.db.InTx(ctx, func(ctx context.Context) error {
		u, err := s.lockConfirmed(ctx, by, u, "password", password)
		if err != nil {
			return err
		}
		if _, err := s.repo.factor(ctx, by.UserID, true); err != nil {
			return err
		}
		if err := s.repo.deleteFactor(ctx, by.UserID); err != nil {
			return err
		}
		return s.recordAndTell(ctx, u, EventFactorOff, v)
	})
}

// newRecoveryCodes replaces the recovery codes in the transaction of ctx.
func (s *Service) newRecoveryCodes(ctx context.Context, userID int64) ([]string, error) {
	codes, rows := make([]string, recoveryCodes), make([]recoveryCode, recoveryCodes)
	for i := range codes {
		codes[i] = newRecoveryCode()
		rows[i] = recoveryCode{UserID: userID, CodeHash: hashRecoveryCode(codes[i])}
	}
	return codes, s.repo.replaceRecoveryCodes(ctx, userID, rows)
}

// useCode uses up a code of the app or a recovery code, in the transaction of
// ctx, which holds the factor's row. used is the recovery code's event, empty
// for a code of the app.
func (s *Service) useCode(ctx context.Context, f secondFactor, code string) (used EventKind, err error) {
	wrong := errs.Field("code", "accounts.twoFactor.wrongCode")
	code = normalCode(code)
	if len(code) != factorDigits {
		ok, err := s.repo.deleteRecoveryCode(ctx, f.UserID, hashRecoveryCode(code))
		if err == nil && !ok {
			err = wrong
		}
		return EventCodeUsed, err
	}
	secret, err := s.seal.Open(factorPurpose(f.UserID), f.Secret)
	if err != nil {
		// The program has another secret than when the factor was set up: only
		// recovery codes still work.
		s.log.ErrorContext(ctx, "second factor cannot be opened: was TASKSTACK_SECRET_KEY changed?", "user", f.UserID, "error", err)
		return "", wrong
	}
	step, ok := matchStep(secret, code, s.db.Now(ctx), f.LastStep)
	if !ok {
		return "", wrong
	}
	if s.seal.Outdated(factorPurpose(f.UserID), f.Secret) {
		if err := s.repo.setFactorSecret(ctx, f.UserID, s.seal.Seal(factorPurpose(f.UserID), secret)); err != nil {
			return "", err
		}
	}
	return "", s.repo.setFactorStep(ctx, f.UserID, step)
}

func factorPurpose(userID int64) string { return fmt.Sprintf("second factor of %d", userID) }
func setupPurpose(userID int64) string  { return fmt.Sprintf("second factor setup of %d", userID) }

// normalCode is a code as it is compared: people type blanks, dashes, capitals.
func normalCode(code string) string {
	return strings.ToLower(strings.NewReplacer(" ", "", "-", "").Replace(strings.TrimSpace(text.Identifier(code))))
}

// hashRecoveryCode is what is stored of a recovery code. It has 80 random bits,
// so a plain hash is as good as a slow one.
func hashRecoveryCode(code string) string {
	sum := sha256.Sum256([]byte(normalCode(code)))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}
