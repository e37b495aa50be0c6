package chat_test

import (
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"wsworkshop/pkg/testclient"
	"wsworkshop/steps/11/auth"
)

// Task 11.2 (6 points, after 11.1): A key has an id, one method and perhaps an end.
//
// Rules: 11.f.
func TestKid(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		third := auth.Key{ID: "three", Secret: another}
		by := newVerifier(w, 0, secretKey, publicKey, third)
		expectHolds(w, by, sign(w, jwt.SigningMethodHS256, secret, claims(), "kid", "one"), "the key one has signed it")
		expectHolds(w, by, sign(w, jwt.SigningMethodEdDSA, private, claims(), "kid", "two"), "the key two has signed it")
		expectHolds(w, by, sign(w, jwt.SigningMethodHS256, another, claims(), "kid", "three"), "the key three has signed it")
		expectNot(w, by, sign(w, jwt.SigningMethodHS256, secret, claims(), "kid", "three"), "its kid is three, and the key one has signed it")
		expectNot(w, by, sign(w, jwt.SigningMethodHS256, another, claims(), "kid", "one"), "its kid is one, and the key three has signed it")
		for _, kid := range []any{nil, "", "four", "ONE", "one ", "../one", 1, []string{"one"}, true} {
			expectNot(w, by, sign(w, jwt.SigningMethodHS256, secret, claims(), "kid", kid), "no key is called that")
			expectNot(w, by, sign(w, jwt.SigningMethodHS256, []byte{}, claims(), "kid", kid), "no key is called that, and the secret is empty")
		}
		own := map[string]string{"kty": "oct", "k": "bWluZQ", "kid": "one"}
		expectNot(w, by, sign(w, jwt.SigningMethodHS256, []byte("mine"), claims(), "jwk", own), "it brings its own key")
		alone := newVerifier(w, 0, secretKey)
		expectNot(w, alone, sign(w, jwt.SigningMethodHS256, secret, claims(), "kid", nil), "it has no kid, even though there is one key only")
		expectNot(w, alone, sign(w, jwt.SigningMethodHS256, secret, claims(), "kid", "two"), "the server has no key two")
	})
}

// Task 11.2: The method belongs to the key, and not to the token.
//
// Rules: 11.g.
func TestKeyConfusion(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		by := newVerifier(w, 0, secretKey, publicKey)
		expectHolds(w, by, sign(w, jwt.SigningMethodEdDSA, private, claims(), "kid", "two"), "it is a good one")
		expectNot(w, by, sign(w, jwt.SigningMethodHS256, []byte(public), claims(), "kid", "two"),
			"everybody has the public key two, and somebody has used it as a secret of HS256")
		expectNot(w, by, sign(w, jwt.SigningMethodEdDSA, private, claims(), "kid", "one"), "the key one is for HS256, and the key two has signed it")
		expectNot(w, by, sign(w, jwt.SigningMethodHS256, secret, claims(), "kid", "two"), "the key two is for EdDSA, and the key one has signed it")
	})
}

// Task 11.2: A key may have an end, and the next one begins before that.
//
// Rules: 11.h.
func TestKeyRotation(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		old := secretKey
		old.Until = time.Now().Add(10 * time.Minute)
		next := auth.Key{ID: "three", Secret: another}
		late := auth.Key{ID: "two", Public: public, Until: time.Now().Add(20*time.Minute + time.Millisecond)}
		by := newVerifier(w, 30*time.Second, old, next, late)
		before, after := sign(w, jwt.SigningMethodHS256, secret, claims()), sign(w, jwt.SigningMethodHS256, another, claims(), "kid", "three")
		third := sign(w, jwt.SigningMethodEdDSA, private, claims(), "kid", "two")
		both := func(why string) {
			w.Helper()
			expectHolds(w, by, before, why)
			expectHolds(w, by, after, why)
			expectHolds(w, by, third, why)
		}
		both("both keys hold")
		w.Sleep(10*time.Minute - time.Millisecond)
		both("the old key has not ended yet")
		w.Sleep(time.Millisecond)
		expectNot(w, by, before, "the key that has signed it has ended, even though the token has not")
		expectHolds(w, by, after, "its key does not end")
		expectHolds(w, by, third, "its key has not ended yet")
		w.Sleep(10*time.Minute + time.Second)
		expectNot(w, by, sign(w, jwt.SigningMethodHS256, secret, claims()), "the key has ended; Leeway is for tokens")
		expectNot(w, by, third, "its key has ended, too")
		expectHolds(w, by, after, "its key does not end")
	})
}

// Task 11.2: A Verifier without good keys is none.
//
// Rules: 11.g.
func TestVerifierNeedsKeys(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		expectHolds(w, newVerifier(w, 0, publicKey), sign(w, jwt.SigningMethodEdDSA, private, claims(), "kid", "two"), "it is a good one")
		for why, keys := range map[string][]auth.Key{
			"there is no key":          {},
			"a key has no ID":          {{Secret: secret}},
			"two keys have one ID":     {secretKey, {ID: "one", Public: public}},
			"a secret is too short":    {{ID: "one", Secret: secret[:31]}},
			"a key has neither":        {{ID: "one"}},
			"a key has both":           {{ID: "one", Secret: secret, Public: public}},
			"a public key is too long": {{ID: "one", Public: append(public[:32:32], 1)}},
		} {
			if _, err := auth.NewVerifier(auth.Config{Issuer: issuer, Audience: audience, Keys: keys}); err == nil {
				w.Fatalf("NewVerifier returned no error: %s", why)
			}
		}
	})
}
