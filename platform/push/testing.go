package push

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/ecdh"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"slices"
)

// Browser is a browser for tests: it makes a subscription and reads what is sent to it.
// It is written from RFC 8291, without the library that encrypts.
type Browser struct {
	private *ecdh.PrivateKey
	auth    []byte
}

// NewBrowser returns a browser with keys of its own.
func NewBrowser() (*Browser, error) {
	private, err := ecdh.P256().GenerateKey(rand.Reader)
	if err != nil {
		return nil, err
	}
	b := &Browser{private, make([]byte, authBytes)}
	_, err = rand.Read(b.auth)
	return b, err
}

// Subscription returns the browser's subscription at an address.
func (b *Browser) Subscription(endpoint string) Subscription {
	return Subscription{
		Endpoint: endpoint, Key: base64.RawURLEncoding.EncodeToString(b.private.PublicKey().Bytes()), Auth: base64.RawURLEncoding.EncodeToString(b.auth),
	}
}

var errBody = errors.New("push: this is no message for the browser")

// Read decrypts the body of a request to a push service.
func (b *Browser) Read(body []byte) ([]byte, error) {
	const header = 16 + 4 + 1
	if len(body) < header+keyBytes || body[header-1] != keyBytes {
		return nil, errBody
	}
	salt, sender, text := body[:16], body[header:header+keyBytes], body[header+keyBytes:]
	public, err := ecdh.P256().NewPublicKey(sender)
	if err != nil {
		return nil, err
	}
	secret, err := b.private.ECDH(public)
	if err != nil {
		return nil, err
	}
	info := slices.Concat([]byte("WebPush: info\x00"), b.private.PublicKey().Bytes(), sender)
	keyMaterial, err := hkdf.Key(sha256.New, secret, b.auth, string(info), 32)
	if err != nil {
		return nil, err
	}
	key, err := hkdf.Key(sha256.New, keyMaterial, salt, "Content-Encoding: aes128gcm\x00", 16)
	if err != nil {
		return nil, err
	}
	nonce, err := hkdf.Key(sha256.New, keyMaterial, salt, "Content-Encoding: nonce\x00", 12)
	if err != nil {
		return nil, err
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	gcm, err := cipher.NewGCM(block)
	if err != nil {
		return nil, err
	}
	plain, err := gcm.Open(nil, nonce, text, nil)
	if err != nil {
		return nil, err
	}
	// The delimiter 2 stands between the text and the padding of zeros.
	plain = bytes.TrimRight(plain, "\x00")
	if len(plain) == 0 || plain[len(plain)-1] != 2 {
		return nil, errBody
	}
	return plain[:len(plain)-1], nil
}
