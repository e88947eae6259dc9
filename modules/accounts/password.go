package accounts

import (
	"bytes"
	"strings"

	"golang.org/x/crypto/bcrypt"
)

// bcryptBytes is how much of a password bcrypt looks at. A password of 64
// characters can be longer as UTF-8; what is beyond does not count, as it
// never did (defect H20), so old hashes keep verifying.
const bcryptBytes = 72

// hashPassword makes a hash that the Flask application can verify as well.
func hashPassword(password string, cost int) (string, error) {
	hash, err := bcrypt.GenerateFromPassword(countingBytes(password), cost)
	if err != nil {
		return "", err
	}
	// Go says 2a for what everybody else calls 2b; the algorithm is the same.
	return string(bytes.Replace(hash, []byte("$2a$"), []byte("$2b$"), 1)), nil
}

// passwordMatches tells whether password is the one that was hashed. A hash
// that is none matches nothing.
func passwordMatches(hash, password string) bool {
	if strings.ContainsRune(password, 0) {
		return false
	}
	return bcrypt.CompareHashAndPassword([]byte(hash), countingBytes(password)) == nil
}

// outdated tells whether a hash is cheaper to guess than new ones are.
func outdated(hash string, cost int) bool {
	c, err := bcrypt.Cost([]byte(hash))
	return err == nil && c < cost
}

func countingBytes(password string) []byte {
	b := []byte(password)
	return b[:min(len(b), bcryptBytes)]
}
