package accounts

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"testing"

	"golang.org/x/crypto/bcrypt"

	"taskstack.org/platform/db"
)

// TestPassword is the password of everyone made by MakeUser.
const TestPassword = "correct horse"

// MakeUser makes a person with a verified account, for tests: the address is
// ⟨name⟩@example.org, the password TestPassword. The actor has no login.
func MakeUser(t testing.TB, d *db.DB, name string) Actor {
	t.Helper()
	return makeUser(t, d, name, true)
}

// MakeUnverifiedUser makes a person who has signed up and not confirmed the
// address.
func MakeUnverifiedUser(t testing.TB, d *db.DB, name string) Actor {
	t.Helper()
	return makeUser(t, d, name, false)
}

func makeUser(t testing.TB, d *db.DB, name string, verified bool) Actor {
	t.Helper()
	hash, err := bcrypt.GenerateFromPassword([]byte(TestPassword), bcrypt.MinCost)
	if err != nil {
		t.Fatalf("make user %s: %v", name, err)
	}
	// The verification of an unverified person needs a token of its own.
	email, code := name+"@example.org", "testcode"
	u := User{Name: name, PasswordHash: string(hash), EmailPrivate: true}
	err = d.InTx(t.Context(), func(ctx context.Context) error {
		u.ID, u.CreatedAt = 0, d.Now(ctx)
		u.EmailPendingVerification, u.EmailVerificationCode, u.EmailVerificationSentAt = &email, &code, &u.CreatedAt
		sum := sha256.Sum256([]byte(name))
		token := hex.EncodeToString(sum[:16])
		u.EmailVerificationToken = &token
		if err := (Credentials{d}).Insert(ctx, &u); err != nil || !verified {
			return err
		}
		return Credentials{d}.CompleteVerification(ctx, u)
	})
	if err != nil {
		t.Fatalf("make user %s: %v", name, err)
	}
	return Actor{UserID: u.ID, Name: u.Name}
}
