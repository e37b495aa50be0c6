package chat_test

import (
	"bytes"
	"crypto/ed25519"
	"encoding/base64"
	"encoding/json"
	"maps"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/stretchr/testify/require"

	"wsworkshop/pkg/testclient"
	chat "wsworkshop/solutions/11"
	"wsworkshop/solutions/11/auth"
)

// The keys of the issuer in this suite.
var (
	secret  = []byte("not-so-secret-but-32-bytes-long!")
	another = []byte("another-secret-that-has-32-bytes")
	private = ed25519.NewKeyFromSeed(bytes.Repeat([]byte{7}, ed25519.SeedSize))
	public  = private.Public().(ed25519.PublicKey)

	secretKey = auth.Key{ID: "one", Secret: secret}
	publicKey = auth.Key{ID: "two", Public: public}
)

const (
	issuer   = "https://login.example"
	audience = "chat.example"
)

// newVerifier returns a Verifier with these keys.
func newVerifier(w *testclient.World, leeway time.Duration, keys ...auth.Key) *auth.Verifier {
	v, err := auth.NewVerifier(auth.Config{Issuer: issuer, Audience: audience, Keys: keys, Leeway: leeway})
	require.NoError(w, err, "auth.NewVerifier")
	return v
}

// claims are those of a good token of ana's for every room. It lasts for an hour.
func claims() jwt.MapClaims {
	return jwt.MapClaims{
		"iss": issuer, "aud": audience, "sub": "ana", "rooms": []string{"*"},
		"nbf": time.Now().Unix(), "exp": time.Now().Add(time.Hour).Unix(),
	}
}

// with returns claims with other values; nil leaves one out.
func with(c jwt.MapClaims, pairs ...any) jwt.MapClaims {
	c = maps.Clone(c)
	for i := 0; i < len(pairs); i += 2 {
		if c[pairs[i].(string)] = pairs[i+1]; pairs[i+1] == nil {
			delete(c, pairs[i].(string))
		}
	}
	return c
}

// sign makes a token that is signed by a method and a key. header has values in place of the usual ones;
// nil leaves one out.
func sign(w *testclient.World, method jwt.SigningMethod, key any, c jwt.MapClaims, header ...any) string {
	token := jwt.NewWithClaims(method, c)
	token.Header["kid"] = "one"
	token.Header = with(token.Header, header...)
	text, err := token.SignedString(key)
	require.NoError(w, err, "sign a token")
	return text
}

// tokenOf is a good token for a client, with other claims if there are any.
func tokenOf(w *testclient.World, id string, pairs ...any) string {
	return sign(w, jwt.SigningMethodHS256, secret, with(with(claims(), "sub", id), pairs...))
}

// segment is how a part of a token is written.
func segment(v any) string {
	data, _ := json.Marshal(v) // strings only
	return base64.RawURLEncoding.EncodeToString(data)
}

// expectHolds fails unless a token holds, and returns what it says.
func expectHolds(w *testclient.World, v chat.Authenticator, token, why string) auth.Identity {
	w.Helper()
	who, err := v.Authenticate(token)
	if err != nil {
		w.Fatalf("Authenticate(%s) returned the error %q, want none: %s", brief(token), err, why)
	}
	return who
}

// expectNot fails unless a token does not hold, and returns the error.
func expectNot(w *testclient.World, v chat.Authenticator, token, why string) error {
	w.Helper()
	who, err := v.Authenticate(token)
	if err == nil {
		w.Fatalf("Authenticate(%s) returned %+v and no error, want an error: %s", brief(token), who, why)
	}
	return err
}

// brief shows what a token says, as far as it can be read.
func brief(token string) string {
	var parts []string
	for i, part := range strings.Split(token, ".") {
		data, err := base64.RawURLEncoding.DecodeString(part)
		switch {
		case i == 2 && len(part) > 8:
			part = part[:8] + "…"
		case err == nil && i < 2 && len(data) < 400:
			part = string(data)
		case len(part) > 40:
			part = part[:40] + "…"
		}
		parts = append(parts, part)
	}
	if len(parts) > 4 {
		parts = append(parts[:4], "…")
	}
	return strings.Join(parts, " . ")
}

// guarded is a Config of a server with tokens, of both keys.
func guarded(w *testclient.World, cfg chat.Config) chat.Config {
	cfg.Auth = newVerifier(w, 0, secretKey, publicKey)
	return cfg
}

// bearing is the option of a client that has a token.
func bearing(token string) testclient.DialOption {
	return testclient.Header("Authorization", "Bearer "+token)
}

// as is the option of a client whose token says who it is.
func as(w *testclient.World, id string, pairs ...any) testclient.DialOption {
	return bearing(tokenOf(w, id, pairs...))
}
