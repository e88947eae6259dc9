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

// Sealer seals and signs with its first secret, and opens and verifies what was
// made with any of them, so that a secret can be replaced. Safe for concurrent
// use.
type Sealer struct{ keys []keys }

// keys are derived from one secret.
type keys struct {
	aead cipher.AEAD
	sign []byte
}

// New derives the keys of secret, and of the secrets that were used before it.
func New(secret []byte, older ...[]byte) (*Sealer, error) {
	s := &Sealer{}
	for _, one := range append([][]byte{secret}, older...) {
		k, err := derive(one)
		if err != nil {
			return nil, fmt.Errorf("seal keys: %w", err)
		}
		s.keys = append(s.keys, k)
	}
	return s, nil
}

func derive(secret []byte) (keys, error) {
	encrypt, err := hkdf.Key(sha256.New, secret, nil, "taskstack seal encryption", 32)
	if err != nil {
		return keys{}, err
	}
	sign, err := hkdf.Key(sha256.New, secret, nil, "taskstack seal signature", 32)
	if err != nil {
		return keys{}, err
	}
	block, err := aes.NewCipher(encrypt)
	if err != nil {
		return keys{}, err
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	return keys{aead: aead, sign: sign}, err
}

// Seal encrypts a text. It can only be opened for the same purpose, such as
// "second factor of 17": rows that are swapped do not open.
func (s *Sealer) Seal(purpose, text string) string {
	return base64.RawURLEncoding.EncodeToString(s.keys[0].aead.Seal(nil, nil, []byte(text), []byte(purpose))) // the nonce is random, made inside
}

// Open is the text that was sealed for a purpose, or ErrBroken.
func (s *Sealer) Open(purpose, sealed string) (string, error) {
	text, _, err := s.open(purpose, sealed)
	return text, err
}

// Outdated reports whether a text was sealed with an older secret, and should
// be sealed again.
func (s *Sealer) Outdated(purpose, sealed string) bool {
	_, key, err := s.open(purpose, sealed)
	return err == nil && key > 0
}

func (s *Sealer) open(purpose, sealed string) (text string, key int, err error) {
	data, err := base64.RawURLEncoding.DecodeString(sealed)
	if err != nil {
		return "", 0, ErrBroken
	}
	for i, k := range s.keys {
		if text, err := k.aead.Open(nil, nil, data, []byte(purpose)); err == nil {
			return string(text), i, nil
		}
	}
	return "", 0, ErrBroken
}

// Sign is n bytes (32 at most) that only this program can make of purpose and
// data.
func (s *Sealer) Sign(purpose string, data []byte, n int) []byte {
	return s.keys[0].signature(purpose, data, n)
}

// Verify reports whether a signature of n bytes was made of purpose and data,
// with any of the secrets.
func (s *Sealer) Verify(purpose string, data, signature []byte, n int) bool {
	for _, k := range s.keys {
		if hmac.Equal(k.signature(purpose, data, n), signature) {
			return true
		}
	}
	return false
}

func (k keys) signature(purpose string, data []byte, n int) []byte {
	mac := hmac.New(sha256.New, k.sign)
	// The length keeps purpose and data apart.
	fmt.Fprintf(mac, "%d %s", len(purpose), purpose)
	mac.Write(data)
	return mac.Sum(nil)[:n]
}
