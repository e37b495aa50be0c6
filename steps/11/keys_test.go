package chat_test

import (
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/stretchr/testify/require"

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
// Rules: 11.c, 11.h.
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
		if who := expectHolds(w, by, before, "both keys hold"); !who.Expires.Equal(old.Until) {
			w.Fatalf("the identity's Expires is %v, want %v: its key ends before the token, and Leeway is for tokens", who.Expires.UTC(), old.Until.UTC())
		}
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
		keys := []auth.Key{secretKey}
		for why, cfg := range map[string]auth.Config{
			"there is no Issuer":   {Audience: audience, Keys: keys},
			"there is no Audience": {Issuer: issuer, Keys: keys},
			"Leeway is negative":   {Issuer: issuer, Audience: audience, Keys: keys, Leeway: -1},
			"Leeway is an hour":    {Issuer: issuer, Audience: audience, Keys: keys, Leeway: time.Hour},
		} {
			if _, err := auth.NewVerifier(cfg); err == nil {
				w.Fatalf("NewVerifier returned no error: %s", why)
			}
		}
	})
}

// Task 11.2: Keys come from the environment, or from a file that nobody else can read.
//
// Rules: 11.bx.
func TestWhereKeysComeFrom(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"XDG_CACHE_HOME", "HOME", "LocalAppData"} {
		t.Setenv(name, dir)
	}
	unset := func(name string) {
		t.Setenv(name, "") // so that it is as before after the test
		require.NoError(t, os.Unsetenv(name))
	}
	find := func(where string, want []auth.Key, development bool) []auth.Key {
		t.Helper()
		got, file, err := auth.FindKeys()
		require.NoError(t, err, "FindKeys, with keys from "+where)
		require.Equal(t, development, file != "", "whether FindKeys names the file of a development key, with keys from "+where)
		if want != nil {
			require.Equal(t, want, got, "the keys from "+where)
		}
		return got
	}
	until := secretKey
	until.Until = time.Date(2030, 1, 2, 3, 4, 5, 0, time.UTC)
	signing := publicKey
	signing.Private = private
	listed := []auth.Key{until, publicKey}

	unset(auth.KeysVar)
	unset(auth.KeysFileVar)
	made := find("nowhere", nil, true)
	require.Len(t, made, 1, "development keys")
	require.GreaterOrEqual(t, len(made[0].Secret), 32, "bytes of the development key")
	require.NotEqual(t, make([]byte, len(made[0].Secret)), made[0].Secret, "the development key")
	find("the file that was made", made, true)
	_, file, _ := auth.FindKeys()
	info, err := os.Stat(file)
	require.NoError(t, err)
	if runtime.GOOS != "windows" {
		require.Zero(t, info.Mode().Perm()&0o077, "the rights of others in the file of the development key")
	}

	name := filepath.Join(dir, "keys.json")
	require.NoError(t, os.WriteFile(name, auth.FormatKeys(listed), 0o600))
	t.Setenv(auth.KeysFileVar, name)
	find(auth.KeysFileVar, listed, false)
	t.Setenv(auth.KeysVar, string(auth.FormatKeys([]auth.Key{signing})))
	find(auth.KeysVar, []auth.Key{signing}, false)
	for _, bad := range []string{"", "my-secret", `{"keys":[{"kid":"one","kty":"RSA","k":"my-secret"}]}`, `{"keys":[{"kid":"one","kty":"oct","k":"my-secret!"}]}`,
		`{"keys":[{"kid":"one","kty":"RSA"}]}`, `{"keys":[{"kid":"one","kty":"OKP","crv":"X25519","x":"AAAA"}]}`} {
		t.Setenv(auth.KeysVar, bad)
		_, _, err := auth.FindKeys()
		require.Error(t, err, "FindKeys with %s=%s", auth.KeysVar, bad)
		require.NotContains(t, err.Error(), "my-secret", "an error of FindKeys, which goes into the log")
	}
}
