package auth

import (
	"bytes"
	"crypto/subtle"
	"encoding/base32"
	"encoding/base64"
	"image/png"
	"strings"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/totp"
)

const (
	factorPeriod = 30 // seconds a code is for
	factorDigits = 6
	// pictureSize is the width of the QR code, in pixels.
	pictureSize = 232
	// recoveryBytes are the random bytes of a recovery code: 16 letters.
	recoveryBytes = 10
)

var factorOptions = totp.ValidateOpts{Period: factorPeriod, Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1}

// factorKey is the key for an authenticator app.
type factorKey struct {
	Secret string // base32, for typing
	// Picture is a data URL of the key as a QR code.
	Picture string
}

func newFactorKey(account string) (factorKey, error) { return makeFactorKey(account, nil) }

// factorKeyOf returns the key with an existing secret.
func factorKeyOf(account, secret string) (factorKey, error) {
	raw, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(secret)
	if err != nil {
		return factorKey{}, err
	}
	return makeFactorKey(account, raw)
}

// makeFactorKey returns a key; without raw bytes it gets random ones.
func makeFactorKey(account string, raw []byte) (factorKey, error) {
	key, err := totp.Generate(totp.GenerateOpts{
		Issuer: "Taskstack", AccountName: account, Period: factorPeriod, Digits: factorOptions.Digits,
		Algorithm: factorOptions.Algorithm, Secret: raw,
	})
	if err != nil {
		return factorKey{}, err
	}
	picture, err := key.Image(pictureSize, pictureSize)
	if err != nil {
		return factorKey{}, err
	}
	var buf bytes.Buffer
	if err := png.Encode(&buf, picture); err != nil {
		return factorKey{}, err
	}
	return factorKey{Secret: key.Secret(), Picture: "data:image/png;base64," + base64.StdEncoding.EncodeToString(buf.Bytes())}, nil
}

// matchStep returns the time step that a code is for: the current one, or the one
// before or after, since clocks differ. Steps up to last are used up, so no code
// works twice.
func matchStep(secret, code string, now time.Time, last int64) (step int64, ok bool) {
	current := now.Unix() / factorPeriod
	for s := current - 1; s <= current+1; s++ {
		want, err := totp.GenerateCodeCustom(secret, time.Unix(s*factorPeriod, 0), factorOptions)
		if err == nil && subtle.ConstantTimeCompare([]byte(want), []byte(code)) == 1 && s > last {
			step, ok = s, true
		}
	}
	return step, ok
}

// newRecoveryCode returns a code for a log-in without the app: 80 random bits in
// four groups.
func newRecoveryCode() string {
	text := strings.ToLower(base32.StdEncoding.EncodeToString(random(recoveryBytes)))
	return strings.Join([]string{text[:4], text[4:8], text[8:12], text[12:]}, "-")
}
