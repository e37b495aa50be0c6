package auth

import (
	"crypto/ed25519"
	"errors"
	"fmt"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// Key verifies tokens, and signs them if it can. It has either a Secret or a Public key, never both: one
// key is for one method.
type Key struct {
	// ID is what the header of a token calls the key ("kid", RFC 7515, section 4.1.4).
	ID string

	// Secret is for HS256. A server that can verify with it can sign with it, too. At least 32 bytes (RFC 7518,
	// section 3.2).
	Secret []byte

	// Public is for EdDSA with Ed25519 (RFC 8037), and Private for signing. A server needs no Private.
	Public  ed25519.PublicKey
	Private ed25519.PrivateKey

	// Until ends the key: from then on, no token that it has signed holds. Zero means that it does not end.
	Until time.Time
}

// The methods that this package knows. There are no others, whatever a token says.
const (
	methodHS256 = "HS256"
	methodEdDSA = "EdDSA"
)

// method is the one method that k is for.
func (k Key) method() string {
	if k.Secret != nil {
		return methodHS256
	}
	return methodEdDSA
}

// forVerifying is k as the method takes it.
func (k Key) forVerifying() any {
	if k.Secret != nil {
		return k.Secret
	}
	return k.Public
}

// minSecret is how many bytes the hash of HS256 has. A shorter secret can be guessed from one token,
// offline (RFC 7518, section 3.2).
const minSecret = 32

// check tells what is wrong with k.
func (k Key) check() error {
	switch {
	case k.ID == "":
		return errors.New("a key needs an ID")
	case (k.Secret == nil) == (k.Public == nil):
		return fmt.Errorf("key %q: want either a Secret or a Public key", k.ID)
	case k.Secret != nil && len(k.Secret) < minSecret:
		return fmt.Errorf("key %q: the Secret has %d bytes, want at least %d", k.ID, len(k.Secret), minSecret)
	case k.Public != nil && len(k.Public) != ed25519.PublicKeySize:
		return fmt.Errorf("key %q: the Public key has %d bytes, want %d", k.ID, len(k.Public), ed25519.PublicKeySize)
	}
	return nil
}

// keyFor returns the key with which token must have been signed. The header of the token is not verified
// yet, so that it may only choose among what the server has.
func (v *Verifier) keyFor(token *jwt.Token) (any, error) {
	// task 11.2: A key has an id, one method and perhaps an end.
	id, _ := token.Header["kid"].(string)
	key, known := v.keys[id]
	switch {
	case !known:
		return nil, errUnknownKey
	case token.Method.Alg() != key.method():
		return nil, errWrongMethod
	case !key.Until.IsZero() && !time.Now().Before(key.Until):
		return nil, errKeyEnded
	}
	return key.forVerifying(), nil
	// end task 11.2
}

// endOf is when a token, which its key has signed and which ends at exp, does not hold any more.
func (v *Verifier) endOf(token *jwt.Token, exp time.Time) time.Time {
	// task 11.2: No token outlives its key.
	id, _ := token.Header["kid"].(string)
	if until := v.keys[id].Until; !until.IsZero() && until.Before(exp) {
		return until
	}
	return exp
	// end task 11.2
}

// Why a key is not used.
var (
	errUnknownKey  = errors.New("no key has this id")
	errWrongMethod = errors.New("the key is for another method")
	errKeyEnded    = errors.New("the key has ended")
)
