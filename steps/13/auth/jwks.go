package auth

import (
	"crypto/ed25519"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// jwk is a key as JSON (RFC 7517, RFC 8037), as far as this package knows them. "until" is its own.
type jwk struct {
	ID      string    `json:"kid"`
	Type    string    `json:"kty"` // "oct" for HS256, "OKP" for EdDSA
	Curve   string    `json:"crv,omitempty"`
	Secret  base64url `json:"k,omitempty"`
	Public  base64url `json:"x,omitempty"`
	Private base64url `json:"d,omitempty"`
	Until   time.Time `json:"until,omitzero"`
}

// keySet is a set of keys (RFC 7517, section 5).
type keySet struct {
	Keys []jwk `json:"keys"`
}

// ParseKeys reads a set of keys, for example
//
//	{"keys":[{"kid":"2026-01","kty":"oct","k":"…"},{"kid":"2026-02","kty":"OKP","crv":"Ed25519","x":"…"}]}
//
// Its errors have nothing of a key in them but its id.
func ParseKeys(data []byte) ([]Key, error) {
	var set keySet
	if err := json.Unmarshal(data, &set); err != nil {
		return nil, errors.New("keys: not a JSON Web Key Set") // err may quote a secret
	}
	var keys []Key
	for _, one := range set.Keys {
		key, err := one.key()
		if err != nil {
			return nil, fmt.Errorf("keys: %q: %w", one.ID, err)
		}
		keys = append(keys, key)
	}
	return keys, nil
}

func (j jwk) key() (Key, error) {
	key := Key{ID: j.ID, Until: j.Until}
	switch {
	case j.Type == "oct":
		key.Secret = j.Secret
		return key, nil
	case j.Type != "OKP" || j.Curve != "Ed25519":
		return key, errors.New(`want kty "oct", or "OKP" with crv "Ed25519"`)
	}
	key.Public = ed25519.PublicKey(j.Public)
	if len(j.Private) == ed25519.SeedSize {
		key.Private = ed25519.NewKeyFromSeed(j.Private)
	}
	return key, nil
}

// FormatKeys writes keys as ParseKeys reads them, with what must stay secret.
func FormatKeys(keys []Key) []byte {
	var set keySet
	for _, key := range keys {
		one := jwk{ID: key.ID, Type: "oct", Secret: key.Secret, Until: key.Until}
		if key.Public != nil {
			one.Type, one.Curve, one.Public = "OKP", "Ed25519", base64url(key.Public)
			if key.Private != nil {
				one.Private = key.Private.Seed()
			}
		}
		set.Keys = append(set.Keys, one)
	}
	data, err := json.MarshalIndent(set, "", "  ")
	if err != nil {
		panic(err) // strings and times only
	}
	return append(data, '\n')
}

// base64url is written in base64url without padding (RFC 7515, section 2).
type base64url []byte

func (b base64url) MarshalText() ([]byte, error) {
	return base64.RawURLEncoding.AppendEncode(nil, b), nil
}

func (b *base64url) UnmarshalText(text []byte) (err error) {
	*b, err = base64.RawURLEncoding.AppendDecode(nil, text)
	return err
}
