// Package seal keeps small secrets in the database so that a copy of the
// database alone gives nothing away: encrypted and signed with keys derived
// from the program's secret.
package seal

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
)

// ErrBroken is returned for what was not sealed here, was sealed for something
// else, or was sealed when the program had another secret.
var ErrBroken = errors.New("seal: not sealed with this secret for this purpose")

// Sealer seals and signs. Safe for concurrent use.
type Sealer struct {
	aead cipher.AEAD
	sign []byte
}

// New derives the keys.
func New(secret []byte) (*Sealer, error) {
	encrypt, err := hkdf.Key(sha256.New, secret, nil, "taskstack seal encryption", 32)
	if err != nil {
		return nil, fmt.Errorf("seal keys: %w", err)
	}
	sign, err := hkdf.Key(sha256.New, secret, nil, "taskstack seal signature", 32)
	if err != nil {
		return nil, fmt.Errorf("seal keys: %w", err)
	}
	block, err := aes.NewCipher(encrypt)
	if err != nil {
		return nil, fmt.Errorf("seal keys: %w", err)
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		return nil, fmt.Errorf("seal keys: %w", err)
	}
	return &Sealer{aead: aead, sign: sign}, nil
}

// Seal encrypts a text. It can only be opened for the same purpose, such as
// "second factor of 17": rows that are swapped do not open.
func (s *Sealer) Seal(purpose, text string) string {
	return base64.RawURLEncoding.EncodeToString(s.aead.Seal(nil, nil, []byte(text), []byte(purpose))) // the nonce is random, made inside
}

// Open is the text that was sealed for a purpose, or ErrBroken.
func (s *Sealer) Open(purpose, sealed string) (string, error) {
	data, err := base64.RawURLEncoding.DecodeString(sealed)
	if err != nil {
		return "", ErrBroken
	}
	text, err := s.aead.Open(nil, nil, data, []byte(purpose))
	if err != nil {
		return "", ErrBroken
	}
	return string(text), nil
}

// Sign is n bytes (32 at most) that only this program can make of purpose and
// data.
func (s *Sealer) Sign(purpose string, data []byte, n int) []byte {
	mac := hmac.New(sha256.New, s.sign)
	// The length keeps purpose and data apart.
	fmt.Fprintf(mac, "%d %s", len(purpose), purpose)
	mac.Write(data)
	return mac.Sum(nil)[:n]
}
