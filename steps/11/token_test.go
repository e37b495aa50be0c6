package chat_test

import (
	"encoding/base64"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/stretchr/testify/require"

	"wsworkshop/pkg/testclient"
	"wsworkshop/steps/11/auth"
)

// Task 11.1 (12 points): A token that holds says who its client is, and no other token does.
//
// Rules: 11.a, 11.b, 11.c.
func TestTokenHolds(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		by := newVerifier(w, 0, secretKey)
		c := with(claims(), "roles", []string{"admin", "poet"}, "rooms", []string{"den", "attic"}, "iat", time.Now().Add(time.Minute).Unix())
		who := expectHolds(w, by, sign(w, jwt.SigningMethodHS256, secret, c), "the key has signed it, by HS256")
		want := auth.Identity{Subject: "ana", Roles: []string{"admin", "poet"}, Rooms: []string{"den", "attic"}, Expires: who.Expires}
		require.Equal(w, want, who, "what the token says")
		if end := time.Unix(c["exp"].(int64), 0); !who.Expires.Equal(end) {
			w.Fatalf("the identity's Expires is %v, want %v: that is exp, and Leeway is zero", who.Expires.UTC(), end.UTC())
		}
		many := with(claims(), "sub", "bob", "aud", []string{"payroll.example", audience})
		who = expectHolds(w, newVerifier(w, 0, publicKey), sign(w, jwt.SigningMethodEdDSA, private, many, "kid", "two"), "the key has signed it, by EdDSA")
		if who.Subject != "bob" || who.Roles != nil {
			w.Fatalf("the identity is %+v, want bob, without roles", who)
		}
	})
}

// Task 11.1: Only two methods hold.
//
// Rules: 11.a.
func TestMethods(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		by := newVerifier(w, 0, secretKey)
		good := sign(w, jwt.SigningMethodHS256, secret, claims())
		expectHolds(w, by, good, "it is a good one")
		signature := good[strings.LastIndex(good, "."):]
		unsigned := sign(w, jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType, claims())
		expectNot(w, by, unsigned, "nobody has signed it: alg is none")
		expectNot(w, by, unsigned+signature[1:], "alg is none")
		for _, alg := range []any{"None", "NONE", "hs256", "RS256", "PS256", "ES256", "HS512", "", nil, 256} {
			forged := segment(with(map[string]any{"typ": "JWT", "kid": "one"}, "alg", alg)) + "." + segment(claims())
			expectNot(w, by, forged+signature, "no key has signed that")
			expectNot(w, by, forged+".", "nobody has signed it")
		}
		for _, method := range []jwt.SigningMethod{jwt.SigningMethodHS384, jwt.SigningMethodHS512} {
			expectNot(w, by, sign(w, method, secret, claims()), "alg is neither HS256 nor EdDSA, even though the secret is right")
		}
	})
}

// Task 11.1: Every bit of a token is signed.
//
// Rules: 11.a, 11.e.
func TestSignature(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		by := newVerifier(w, 0, secretKey)
		good := sign(w, jwt.SigningMethodHS256, secret, claims())
		expectHolds(w, by, good, "it is a good one")
		expectNot(w, by, sign(w, jwt.SigningMethodHS256, another, claims()), "another secret has signed it")
		bob := sign(w, jwt.SigningMethodHS256, secret, with(claims(), "sub", "bob"))
		parts, others := strings.Split(good, "."), strings.Split(bob, ".")
		for why, token := range map[string]string{
			"the signature is another token's": parts[0] + "." + parts[1] + "." + others[2],
			"the claims are another token's":   parts[0] + "." + others[1] + "." + parts[2],
			"the signature is missing":         parts[0] + "." + parts[1] + ".",
			"the signature is cut":             good[:len(good)-4],
			"it has two parts":                 parts[0] + "." + parts[1],
			"it has four parts":                good + "." + parts[2],
			"it has no parts":                  "token",
			"it is empty":                      "",
			"it is dots":                       "..",
			"its header is no JSON":            "bm90IGpzb24." + parts[1] + "." + parts[2],
		} {
			err := expectNot(w, by, token, why)
			if !errors.Is(err, auth.ErrInvalid) {
				w.Fatalf("Authenticate returned the error %q, which does not wrap auth.ErrInvalid: %s", err, why)
			}
		}
		for at := range good {
			if good[at] == '.' {
				continue
			}
			changed := []byte(good)
			changed[at] = alike(good[at])
			expectNot(w, by, string(changed), "one of its characters is another")
		}
	})
}

// alike is another character of base64url, which differs in the highest bit of its six.
func alike(b byte) byte {
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	return alphabet[strings.IndexByte(alphabet, b)^32]
}

// Task 11.1: All the claims are required.
//
// Rules: 11.b.
func TestClaims(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		by := newVerifier(w, 0, secretKey)
		expectHolds(w, by, sign(w, jwt.SigningMethodHS256, secret, claims()), "it is a good one")
		for _, row := range []struct {
			claim string
			value any
		}{
			{"iss", nil}, {"iss", ""}, {"iss", issuer + ".evil.example"}, {"iss", "https://login"}, {"iss", strings.ToUpper(issuer)},
			{"aud", nil}, {"aud", ""}, {"aud", []string{}}, {"aud", "payroll.example"}, {"aud", "chat.example.evil"}, {"aud", strings.ToUpper(audience)},
			{"aud", []string{"payroll.example", "chat"}},
			{"exp", nil}, {"exp", "tomorrow"}, {"exp", "9999999999"}, {"exp", 9999999999.5}, {"exp", 253402300800}, {"exp", 1e30}, {"exp", 1e300}, {"exp", -1e300}, {"exp", true},
			{"nbf", nil}, {"nbf", "now"}, {"nbf", "1"}, {"nbf", 1.5}, {"nbf", -1}, {"nbf", 1e30}, {"nbf", 1e300}, {"nbf", []int{1}},
			{"sub", nil}, {"sub", ""},
		} {
			token := sign(w, jwt.SigningMethodHS256, secret, with(claims(), row.claim, row.value))
			expectNot(w, by, token, "its "+row.claim+" is missing or wrong")
		}
		expectHolds(w, by, sign(w, jwt.SigningMethodHS256, secret, with(claims(), "nbf", 0, "exp", 253402300799)), "it holds from 1970 until the end of the year 9999")
		for _, claim := range []string{"Sub", "EXP", "Roles", "aUd"} {
			token := sign(w, jwt.SigningMethodHS256, secret, with(claims(), claim, claims()["exp"]))
			expectNot(w, by, token, "it has a claim "+claim+", which encoding/json takes for "+strings.ToLower(claim))
		}
	})
}

// Task 11.1: A token has a beginning and an end.
//
// Rules: 11.c.
func TestTimesOfAToken(t *testing.T) {
	for _, leeway := range []time.Duration{0, 5 * time.Second, 45 * time.Second} {
		testclient.Run(t, func(w *testclient.World) {
			w.Note("Leeway is %v", leeway)
			by := newVerifier(w, leeway, secretKey)
			began := time.Now()
			token := sign(w, jwt.SigningMethodHS256, secret, with(claims(), "nbf", began.Add(time.Minute).Unix(), "exp", began.Add(10*time.Minute).Unix()))
			until := func(at time.Duration) { w.Sleep(at - w.Elapsed()) }
			until(time.Minute - leeway - time.Millisecond)
			expectNot(w, by, token, "nbf has not come yet, not even with Leeway")
			until(time.Minute - leeway)
			who := expectHolds(w, by, token, "nbf has come, with Leeway")
			end := 10*time.Minute + leeway
			if got := who.Expires.Sub(began); got != end {
				w.Fatalf("Expires is %v after the beginning of the test, want %v: exp is 10m0s after it, and Leeway %v", got, end, leeway)
			}
			until(end - time.Millisecond)
			expectHolds(w, by, token, "exp and Leeway are not over yet")
			until(end)
			expectNot(w, by, token, "exp and Leeway are over")
			until(end + 24*time.Hour)
			expectNot(w, by, token, "it is yesterday's")
		})
	}
}

// Task 11.1: A token is written in one way only.
//
// Rules: 11.d.
func TestFormOfAToken(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		by := newVerifier(w, 0, secretKey)
		good := sign(w, jwt.SigningMethodHS256, secret, claims())
		expectHolds(w, by, good, "it is a good one")
		expectHolds(w, by, sized(w, 8<<10), "it has 8 KiB, and not more")
		expectNot(w, by, sized(w, 8<<10+1), "it has a byte more than 8 KiB")
		expectNot(w, by, sign(w, jwt.SigningMethodHS256, secret, with(claims(), "padding", long(75_000))), "it is 100 kB long")
		for _, crit := range []any{[]string{"exp"}, []string{"b64"}, []string{}, nil} {
			token := sign(w, jwt.SigningMethodHS256, secret, claims(), "crit", crit)
			if crit == nil {
				expectHolds(w, by, token, "its header has no crit")
			} else {
				expectNot(w, by, token, "its header has crit: it may not be understood without an extension (RFC 7515, section 4.1.11)")
			}
		}
		dot := strings.LastIndex(good, ".")
		for why, token := range map[string]string{
			"the last bits of its signature mean nothing, and are set": good[:len(good)-1] + loose(good[len(good)-1]),
			"its signature is padded":                                  good + "=",
			"there is a blank at its end":                              good + " ",
			"there is a line break in it":                              good[:dot+5] + "\n" + good[dot+5:],
			"there is a carriage return in it":                         good[:dot+5] + "\r" + good[dot+5:],
			"it is in base64, not in base64url":                        good[:dot+1] + standard(good[dot+1:]),
		} {
			if token == good {
				continue // the signature has none of the characters that differ
			}
			expectNot(w, by, token, why)
		}
	})
}

// sized is a good token of so many bytes.
func sized(w *testclient.World, bytes int) string {
	w.Helper()
	for n := 5500; ; n++ {
		for extra := range 4 { // base64 has no text of 4n+1 characters
			token := sign(w, jwt.SigningMethodHS256, secret, with(claims(), "padding", long(n)), "padding", long(extra))
			if len(token) == bytes {
				return token
			}
		}
	}
}

// loose sets the last bit of a character. A signature of 32 bytes has 43 characters; of the last one, two
// bits mean nothing.
func loose(b byte) string {
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	return alphabet[strings.IndexByte(alphabet, b)|1:][:1]
}

func standard(signature string) string {
	data, _ := base64.RawURLEncoding.DecodeString(signature)
	return base64.RawStdEncoding.EncodeToString(data)
}

// Task 11.1: An error has nothing of the token in it.
//
// Rules: 11.e.
func TestErrorsDoNotQuote(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		by := newVerifier(w, 0, secretKey)
		expectHolds(w, by, sign(w, jwt.SigningMethodHS256, secret, claims()), "it is a good one")
		raw := base64.RawURLEncoding.EncodeToString([]byte(`{"marked":`))
		for why, token := range map[string]string{
			"its alg is unknown":       segment(map[string]string{"alg": "marked-alg", "kid": "marked-kid"}) + "." + segment(claims()) + ".c2ln",
			"its claims are no JSON":   segment(map[string]string{"alg": "HS256", "kid": "one"}) + "." + raw + ".c2ln",
			"its header is no JSON":    raw + "." + segment(claims()) + ".c2ln",
			"no key has its kid":       sign(w, jwt.SigningMethodHS256, another, claims(), "kid", "marked"),
			"another secret signed it": sign(w, jwt.SigningMethodHS256, another, with(claims(), "sub", "marked")),
			"its audience is wrong":    sign(w, jwt.SigningMethodHS256, secret, with(claims(), "aud", "marked")),
			"its issuer is wrong":      sign(w, jwt.SigningMethodHS256, secret, with(claims(), "iss", "marked")),
			"it has ended":             sign(w, jwt.SigningMethodHS256, secret, with(claims(), "exp", 1, "sub", "marked")),
			"it has ended, and crit":   sign(w, jwt.SigningMethodHS256, secret, claims(), "crit", []string{"marked"}),
			"its method is not listed": sign(w, jwt.SigningMethodHS384, secret, with(claims(), "sub", "marked")),
			"it is too long":           "marked" + long(100_000),
			"it has one part":          "marked",
			"it has bad characters":    "marked!.marked!.marked!",
			"its sub is empty":         sign(w, jwt.SigningMethodHS256, secret, with(claims(), "sub", "", "iat", 1)),
		} {
			who, err := by.Authenticate(token)
			if !errors.Is(err, auth.ErrInvalid) {
				w.Fatalf("Authenticate(%s) returned the error %v, want one that wraps auth.ErrInvalid: %s", brief(token), err, why)
			}
			if who.Subject != "" || who.Roles != nil || who.Rooms != nil || !who.Expires.IsZero() {
				w.Fatalf("Authenticate(%s) returned %+v beside the error, want a zero Identity: %s", brief(token), who, why)
			}
			pieces := append(slices.DeleteFunc(strings.Split(token, "."), func(p string) bool { return len(p) < 6 }), "marked")
			for _, piece := range pieces {
				if strings.Contains(err.Error(), piece) {
					w.Fatalf("Authenticate(%s) returned the error %.200q, which quotes the token (%.20q): it goes into the log (%s)", brief(token), err, piece, why)
				}
			}
		}
	})
}
