package accounts

import (
	"context"
	"strings"
	"time"
	"unicode/utf8"

	"taskstack.org/platform/db"
	"taskstack.org/platform/errs"
	"taskstack.org/platform/text"
)

// Credentials holds the queries on the columns of user with which a person signs
// in: name, password, address and its verification. It decides nothing; auth
// does, and is the only module that is given it.
//
// Names and addresses compare ignoring case by collation. Results are compared
// once more, because MySQL's collation also ignores accents and trailing blanks.
type Credentials struct{ db *db.DB }

// Insert stores a new account and gives it the drawn picture of its name.
// Conflict if another account has the name, or the address.
func (c Credentials) Insert(ctx context.Context, u *User) error {
	u.AvatarURL, u.SmallAvatarURL = drawnPictures(u.Name)
	return db.Err(c.db.From(ctx).Create(u).Error)
}

// Find returns the account with this name, or else this verified address, as a
// person has typed it. Unverified accounts are found by name. NotFound if there
// is none; malformed input costs the same look-up, so that the time of the
// answer does not reveal which names exist.
func (c Credentials) Find(ctx context.Context, typed string) (User, error) {
	typed = text.Identifier(typed)
	if len(typed) > 4*MaxEmailLength || !utf8.ValidString(typed) {
		typed = ""
	}
	var found []User
	if err := c.db.From(ctx).Where("name = ? OR email = ?", typed, typed).Limit(2).Find(&found).Error; err != nil {
		return User{}, err
	}
	for _, u := range found {
		if strings.EqualFold(u.Name, typed) {
			return u, nil
		}
	}
	for _, u := range found {
		if u.Email != nil && strings.EqualFold(*u.Email, typed) {
			return u, nil
		}
	}
	return User{}, errs.Of(errs.NotFound)
}

// ByID returns an account. Errors: NotFound.
func (c Credentials) ByID(ctx context.Context, id int64) (User, error) {
	var u User
	err := c.db.From(ctx).Where("id = ?", id).Take(&u).Error
	return u, db.Err(err)
}

// Lock returns an account and locks its row until the transaction ends. Errors:
// NotFound.
func (c Credentials) Lock(ctx context.Context, id int64) (User, error) {
	var u User
	err := db.ForUpdate(c.db.From(ctx)).Where("id = ?", id).Take(&u).Error
	return u, db.Err(err)
}

// ByVerificationToken returns the account that a verification belongs to; with
// lock its row is locked until the transaction ends. Errors: NotFound.
func (c Credentials) ByVerificationToken(ctx context.Context, token string, lock bool) (User, error) {
	q := c.db.From(ctx)
	if lock {
		q = db.ForUpdate(q)
	}
	var u User
	err := q.Where("email_verification_case_id = ?", token).Take(&u).Error
	return u, db.Err(err)
}

// Taken reports whether an account has a name, and whether one has an address:
// verified, or by a sign-up that waits. An address that an account wants to
// change to is not taken.
func (c Credentials) Taken(ctx context.Context, name, email string) (nameTaken, emailTaken bool, err error) {
	var found []User
	err = c.db.From(ctx).Select("name", "email", "email_pending_verification", "sign_up_complete").
		Where("name = ? OR email = ? OR email_pending_verification = ?", name, email, email).Find(&found).Error
	for _, u := range found {
		nameTaken = nameTaken || strings.EqualFold(u.Name, name)
		emailTaken = emailTaken || u.has(email)
	}
	return nameTaken, emailTaken, err
}

// has reports whether an address belongs to the account: verified, or by a
// sign-up that waits for its verification.
func (u User) has(email string) bool {
	if u.Email != nil && strings.EqualFold(*u.Email, email) {
		return true
	}
	return !u.SignUpComplete && u.EmailPendingVerification != nil && strings.EqualFold(*u.EmailPendingVerification, email)
}

// EmailOfOther reports whether another account has an address, verified or by a
// sign-up that waits.
func (c Credentials) EmailOfOther(ctx context.Context, id int64, email string) (bool, error) {
	var found []User
	err := c.db.From(ctx).Select("email", "email_pending_verification", "sign_up_complete").
		Where("(email = ? OR email_pending_verification = ?) AND id <> ?", email, email, id).Find(&found).Error
	for _, u := range found {
		if u.has(email) {
			return true, err
		}
	}
	return false, err
}

// ReleaseAddress cancels the changes of other accounts to an address that the
// account except claims: none of them has proved that the address is theirs.
func (c Credentials) ReleaseAddress(ctx context.Context, except int64, email string) error {
	return c.db.From(ctx).Model(&User{}).Where("sign_up_complete = ? AND email_pending_verification = ? AND id <> ?", true, email, except).
		Updates(noPendingEmail()).Error
}

// CompleteVerification makes the pending address the verified one. Conflict if
// another account has verified it meanwhile.
func (c Credentials) CompleteVerification(ctx context.Context, u User) error {
	columns := noPendingEmail()
	columns["email"], columns["sign_up_complete"] = u.EmailPendingVerification, true
	return updateUser(ctx, c.db, u.ID, columns)
}

// SetVerificationSent stores when the mail of a verification was sent.
func (c Credentials) SetVerificationSent(ctx context.Context, id int64, at time.Time) error {
	return updateUser(ctx, c.db, id, map[string]any{"email_verification_sent_at": at})
}

// SetPendingEmail stores the pending address of u and its verification. Conflict
// if the address is pending for another account.
func (c Credentials) SetPendingEmail(ctx context.Context, u User) error {
	return updateUser(ctx, c.db, u.ID, map[string]any{
		"email_pending_verification": u.EmailPendingVerification, "email_verification_case_id": u.EmailVerificationToken,
		"email_verification_code": u.EmailVerificationCode, "email_verification_sent_at": u.EmailVerificationSentAt,
	})
}

// noPendingEmail returns the columns of a pending address, emptied.
func noPendingEmail() map[string]any {
	return map[string]any{
		"email_pending_verification": nil, "email_verification_case_id": nil, "email_verification_code": nil,
		"email_verification_sent_at": nil,
	}
}

// ClearPendingEmail cancels the change of an address.
func (c Credentials) ClearPendingEmail(ctx context.Context, id int64) error {
	return updateUser(ctx, c.db, id, noPendingEmail())
}

// ClearStaleEmails cancels the changes of addresses that wait since before a
// time; sign-ups are left alone.
func (c Credentials) ClearStaleEmails(ctx context.Context, before time.Time) error {
	return c.db.From(ctx).Model(&User{}).Where("sign_up_complete = ? AND email_pending_verification IS NOT NULL AND (email_verification_sent_at IS NULL OR email_verification_sent_at < ?)", true, before).
		Updates(noPendingEmail()).Error
}

// SetPassword stores the hash of a new password.
func (c Credentials) SetPassword(ctx context.Context, id int64, hash string) error {
	return updateUser(ctx, c.db, id, map[string]any{"password_hash": hash})
}

// UpdateAtLogin stores the columns that a log-in may change: whether the login
// is kept, and a renewed hash.
func (c Credentials) UpdateAtLogin(ctx context.Context, u User) error {
	return updateUser(ctx, c.db, u.ID, map[string]any{"stay_logged_in": u.StayLoggedIn, "password_hash": u.PasswordHash})
}

// DeleteUnverified deletes the accounts that were created before a time and
// never verified, and returns how many.
func (c Credentials) DeleteUnverified(ctx context.Context, before time.Time) (int64, error) {
	res := c.db.From(ctx).Where("sign_up_complete = ? AND created_at < ?", false, before).Delete(&User{})
	return res.RowsAffected, res.Error
}

// SetStayLoggedIn stores whether the person's logins outlive the browser.
func (c Credentials) SetStayLoggedIn(ctx context.Context, id int64, on bool) error {
	return updateUser(ctx, c.db, id, map[string]any{"stay_logged_in": on})
}

// SetLang stores the language of mails to a person.
func (c Credentials) SetLang(ctx context.Context, id int64, lang string) error {
	return updateUser(ctx, c.db, id, map[string]any{"lang": lang})
}
