package auth

import (
	"context"
	"strings"
	"testing"

	"taskstack.org/modules/accounts"

	"taskstack.org/platform/db"
	"taskstack.org/platform/errs"
)

// between returns a context in which change happens once, between the checks of
// a verb and the nth transaction that relies on them.
func between(t *testing.T, nth int, change func(ctx context.Context) error) context.Context {
	t.Helper()
	n := 0
	return db.BeforeTx(t.Context(), func() {
		if n++; n != nth {
			return
		}
		if err := change(t.Context()); err != nil {
			t.Errorf("the change in between: %v", err)
		}
	})
}

// setPassword is what the person does in another browser: all other logins end.
func (f fixture) setPassword(userID int64, password string) func(ctx context.Context) error {
	return func(ctx context.Context) error {
		hash, err := hashPassword(password, f.Passwords.hasher.cost)
		if err != nil {
			return err
		}
		return f.db.InTx(ctx, func(ctx context.Context) error {
			if err := f.credentials.SetPassword(ctx, userID, hash); err != nil {
				return err
			}
			return f.endLogins(ctx, userID, "")
		})
	}
}

// TestAPasswordThatChangesMeanwhileConfirmsNothing: every verb that asks for
// the password checks it before its transaction, which takes long enough for the
// account's person to set another one.
func TestAPasswordThatChangesMeanwhileConfirmsNothing(t *testing.T) {
	verbs := map[string]struct {
		factor bool // is on before
		field  string
		call   func(ctx context.Context, f fixture, by accounts.Actor) error
	}{
		"ChangeName": {false, "password", func(ctx context.Context, f fixture, by accounts.Actor) error {
			return f.changeName(ctx, by, "annabel", accounts.TestPassword, here)
		}},
		"ChangeEmail": {false, "password", func(ctx context.Context, f fixture, by accounts.Actor) error {
			_, err := f.ChangeEmail(ctx, by, "thief@example.org", accounts.TestPassword, "", here)
			return err
		}},
		"ChangePassword": {false, "old_password", func(ctx context.Context, f fixture, by accounts.Actor) error {
			return f.ChangePassword(ctx, by, accounts.TestPassword, "thief's password", here)
		}},
		"Delete": {false, "password", func(ctx context.Context, f fixture, by accounts.Actor) error {
			return f.deleteAccount(ctx, by, accounts.TestPassword)
		}},
		"RenewRecoveryCodes": {true, "password", func(ctx context.Context, f fixture, by accounts.Actor) error {
			_, err := f.renewRecoveryCodes(ctx, by, accounts.TestPassword, here)
			return err
		}},
		"RemoveSecondFactor": {true, "password", func(ctx context.Context, f fixture, by accounts.Actor) error {
			return f.removeSecondFactor(ctx, by, accounts.TestPassword, here)
		}},
		"LogIn": {false, "", func(ctx context.Context, f fixture, _ accounts.Actor) error {
			_, err := f.logIn(ctx, "anna", accounts.TestPassword, false, here)
			return err
		}},
	}
	for name, v := range verbs {
		t.Run(name, func(t *testing.T) {
			each(t, func(t *testing.T, f fixture) {
				by := f.member(t, "anna")
				if v.factor {
					f.withFactor(t, by)
				}
				ctx := between(t, 1, f.setPassword(by.UserID, newPassword))
				err := v.call(ctx, f, by)
				if errs.KindOf(err) != errs.Invalid || v.field != "" && fieldKeys(err)[v.field] != "auth.wrongPassword" {
					t.Errorf("%v, want a wrong password", err)
				}
				u, err := f.credentials.ByID(t.Context(), by.UserID)
				if err != nil || u.Name != "anna" || u.EmailPendingVerification != nil || !passwordMatches(u.PasswordHash, newPassword) {
					t.Errorf("changed all the same: %+v, %v", u, err)
				}
				if state, err := f.secondFactor(t.Context(), by); err != nil || state.On != v.factor {
					t.Errorf("second factor %+v, %v", state, err)
				}
			})
		})
	}
}

// TestALoginThatEndsMeanwhileChangesNothing: a person who was logged out by the
// person does not finish what they have begun, although the password they know
// is still the right one.
func TestALoginThatEndsMeanwhileChangesNothing(t *testing.T) {
	each(t, func(t *testing.T, f fixture) {
		by := f.member(t, "anna")
		setup, err := f.beginSecondFactor(t.Context(), by, accounts.TestPassword)
		if err != nil {
			t.Fatal(err)
		}
		for name, call := range map[string]func(ctx context.Context, by accounts.Actor) error{
			"ChangeName": func(ctx context.Context, by accounts.Actor) error {
				return f.changeName(ctx, by, "annabel", accounts.TestPassword, here)
			},
			"ConfirmSecondFactor": func(ctx context.Context, by accounts.Actor) error {
				_, err := f.confirmSecondFactor(ctx, by, setup.Sealed, f.appCode(t, setup.Key.Secret), here)
				return err
			},
		} {
			by := f.another(t, by)
			err := call(between(t, 1, func(ctx context.Context) error { return f.endAllLogins(ctx, by, here) }), by)
			if errs.KindOf(err) != errs.Unauthenticated {
				t.Errorf("%s: %v, want %s", name, err, errs.Unauthenticated)
			}
		}
		if state, err := f.secondFactor(t.Context(), by); err != nil || state.On {
			t.Errorf("second factor %+v, %v", state, err)
		}
	})
}

// TestTheSecondStepOfALogInThatWasEnded: a new password also ends log-ins that
// wait for their code.
func TestTheSecondStepOfALogInThatWasEnded(t *testing.T) {
	each(t, func(t *testing.T, f fixture) {
		by := f.member(t, "anna")
		secret, _ := f.withFactor(t, by)
		waiting := f.half(t, "anna", false)
		_, err := f.secondStep(between(t, 1, f.setPassword(by.UserID, newPassword)), f.appCode(t, secret), waiting)
		wantKind(t, err, errs.Unauthenticated)
		if all, err := f.List(t.Context(), by); err != nil || len(all) != 0 {
			t.Errorf("logins %+v, %v", all, err)
		}
	})
}

// TestASecondStepIsTakenOnce: the same code sent twice at once begins one login.
func TestASecondStepIsTakenOnce(t *testing.T) {
	each(t, func(t *testing.T, f fixture) {
		by := f.member(t, "anna")
		_, codes := f.withFactor(t, by)
		waiting := f.half(t, "anna", false)
		ctx := between(t, 1, func(ctx context.Context) error {
			_, err := f.secondStep(ctx, codes[0], waiting)
			return err
		})
		_, err := f.secondStep(ctx, codes[1], waiting)
		wantKind(t, err, errs.Unauthenticated)
		if state, err := f.secondFactor(t.Context(), by); err != nil || state.CodesLeft != 9 {
			t.Errorf("%+v, %v, want nine codes left", state, err)
		}
	})
}

// TestAResetGoesToTheAddressOfTheAccount: whose address has changed since the
// reset was asked for is not written to at the old one.
func TestAResetGoesToTheAddressOfTheAccount(t *testing.T) {
	for name, typed := range map[string]string{"by name": "anna", "by address": "anna@example.org"} {
		t.Run(name, func(t *testing.T) {
			each(t, func(t *testing.T, f fixture) {
				by := f.member(t, "anna")
				token, err := f.ForgotPassword(t.Context(), typed, "", here)
				if err != nil {
					t.Fatal(err)
				}
				f.beginAll(between(t, 1, func(ctx context.Context) error {
					return f.db.InTx(ctx, func(ctx context.Context) error {
						return f.db.From(ctx).Exec("UPDATE `user` SET email = ? WHERE id = ?", "new@example.org", by.UserID).Error
					})
				}))
				for _, m := range f.sent.all {
					if m.To == "anna@example.org" {
						t.Errorf("the old address got: %s", m.Text)
					}
				}
				if typed == "anna" && !strings.Contains(f.sent.last(t).Text, token) {
					t.Error("the new address got nothing")
				}
			})
		})
	}
}

// TestAnAddressThatIsTakenMeanwhile is not pending for a second person.
func TestAnAddressThatIsTakenMeanwhile(t *testing.T) {
	each(t, func(t *testing.T, f fixture) {
		by, other := f.member(t, "anna"), accounts.MakeUser(t, f.db, "bob")
		take := func(ctx context.Context) error {
			return f.db.InTx(ctx, func(ctx context.Context) error {
				return f.db.From(ctx).Exec("UPDATE `user` SET email = ? WHERE id = ?", "wanted@example.org", other.UserID).Error
			})
		}
		_, err := f.ChangeEmail(between(t, 1, take), by, "wanted@example.org", accounts.TestPassword, "", here)
		if fieldKeys(err)["newEmail"] != "auth.signup.emailTaken" {
			t.Errorf("%v, want a taken address", err)
		}
	})
}

// TestAMistypedAddressIsCorrectedByItsLoginOnly also when the login ends
// between the question and the change.
func TestAMistypedAddressIsCorrectedByItsLoginOnly(t *testing.T) {
	each(t, func(t *testing.T, f fixture) {
		w := f.mustSignUp(t, "anna")
		v := here
		v.LoginID = w.Actor.LoginID
		end := func(ctx context.Context) error { return f.logOut(ctx, v.LoginID) }
		_, err := f.correctAddress(between(t, 1, end), w.VerificationToken, "thief@example.org", "", v)
		wantKind(t, err, errs.Forbidden)
	})
}

// TestASuspensionEndsALogInUnderWay: the row is locked by both.
func TestASuspensionEndsALogInUnderWay(t *testing.T) {
	each(t, func(t *testing.T, f fixture) {
		by := f.member(t, "anna")
		suspend := func(ctx context.Context) error { return f.Suspend(ctx, by.UserID) }
		_, err := f.logIn(between(t, 1, suspend), "anna", accounts.TestPassword, false, here)
		wantKind(t, err, errs.Forbidden)
		token := f.asked(t, "anna")
		_, err = f.resetWith(t, token, f.mailedCode(t), newPassword)
		wantKind(t, err, errs.Forbidden)
	})
}
