package chat_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"wsworkshop/pkg/chattest"
	"wsworkshop/pkg/testclient"
	chat "wsworkshop/solutions/11"
	"wsworkshop/solutions/11/auth"
)

// Task 11.3 (12 points, after 11.2): A server with tokens lets in clients whose token holds, and nobody else.
//
// Rules: 11.i.
func TestTokenLetsIn(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		s := start(w, guarded(w, lasting))
		ana := s.Join("ana", "den", as(w, "ana"))
		bob := s.Join("bob", "den", testclient.Subprotocol("chat.v1", "bearer."+tokenOf(w, "bob")))
		cleo := s.Join("cleo", "den", testclient.Header("Authorization", "bearer "+tokenOf(w, "cleo")))
		dora := s.JoinEvents("dora", "den", as(w, "dora"))
		ana.Hear("system bob joined", "system cleo joined", "system dora joined")
		for _, c := range []*chattest.Client{ana, bob, cleo, dora} {
			c.Ignoring("system").Say("hello from " + c.ID)
			w.Settle()
		}
		for _, c := range []*chattest.Client{ana, bob, cleo, dora} {
			c.Ignoring("system").Hear("message hello from ana", "message hello from bob", "message hello from cleo", "message hello from dora")
		}
	})
}

// visitor is a way to ask for a connection that must be refused.
type visitor struct {
	why   string
	given bool // a token was given
	query string
	opts  []testclient.DialOption
}

// strangers are those whom nobody knows.
func strangers(w *testclient.World) []visitor {
	good, bad := tokenOf(w, "bob"), sign(w, jwt.SigningMethodHS256, another, with(claims(), "sub", "bob"))
	auths := func(values ...string) (opts []testclient.DialOption) {
		for _, v := range values {
			opts = append(opts, testclient.Header("Authorization", v))
		}
		return opts
	}
	protocols := func(names ...string) []testclient.DialOption {
		return []testclient.DialOption{testclient.Subprotocol(names...)}
	}
	return []visitor{
		{"bob has no token", false, "", nil},
		{"bob has a token in the URL", false, "&token=" + good, nil},
		{"bob has a token in the URL", false, "&access_token=" + good, nil},
		{"bob has a token in a cookie, which any page would send", false, "", []testclient.DialOption{testclient.Cookie("token", good)}},
		{"another secret has signed bob's token", true, "", auths("Bearer " + bad)},
		{"another secret has signed bob's token", true, "", protocols("chat.v1", "bearer."+bad)},
		{"bob's token is empty", true, "", auths("Bearer ")},
		{"bob's token is empty", true, "", protocols("chat.v1", "bearer.")},
		{"bob's token has no scheme", true, "", auths(good)},
		{"bob sends a password", true, "", auths("Basic Ym9iOnNlY3JldA==")},
		{"bob's token has another scheme", true, "", auths("Basic " + good)},
		{"bob has two tokens", true, "", auths("Bearer "+good, "Bearer "+bad)},
		{"bob has two tokens", true, "", auths("Bearer "+bad, "Bearer "+good)},
		{"bob has the same token twice", true, "", auths("Bearer "+good, "Bearer "+good)},
		{"bob has two tokens", true, "", protocols("chat.v1", "bearer."+good, "bearer."+bad)},
		{"bob has the same token twice", true, "", protocols("chat.v1", "bearer."+good, "bearer."+good)},
		{"bob has the same token in two places", true, "", append(auths("Bearer "+good), protocols("chat.v1", "bearer."+good)...)},
		{"bob has two tokens, in two places", true, "", append(auths("Bearer "+good), protocols("bearer."+bad)...)},
		{"bob has a token of 60 kB", true, "", auths("Bearer " + sign(w, jwt.SigningMethodHS256, secret, with(claims(), "sub", "bob", "p", long(44_000))))},
		{"bob's token has ended", true, "", auths("Bearer " + tokenOf(w, "bob", "exp", time.Now().Unix()-1))},
	}
}

// Task 11.3: The others are refused before the upgrade.
//
// Rules: 11.i, 11.j.
func TestStrangersAreRefused(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		s := start(w, guarded(w, lasting))
		ana := s.Join("ana", "den", as(w, "ana"))
		for _, transport := range transports {
			answers := map[bool]string{}
			for _, v := range strangers(w) {
				_, resp := s.expectStatus(http.StatusUnauthorized, transport, "/ws/bob?room_id=den"+v.query, v.why, append(v.opts, testclient.As("bob"))...)
				challenge := resp.Header.Get("WWW-Authenticate")
				if !strings.HasPrefix(challenge, "Bearer ") {
					w.Fatalf("the answer has WWW-Authenticate: %q, want a challenge of Bearer (RFC 6750, section 3)", challenge)
				}
				if got := strings.Contains(challenge, `error="invalid_token"`); got != v.given {
					w.Fatalf("the answer has WWW-Authenticate: %q; with error=\"invalid_token\": %v, want %v: %s", challenge, got, v.given, v.why)
				}
				resp.Header.Del("Date")
				answer := fmt.Sprint(resp.Header, string(resp.Body))
				if before, ok := answers[v.given]; ok && before != answer {
					w.Fatalf("the answer is %s, and to another bad token it was %s: who tries tokens must not learn what is wrong with one", answer, before)
				}
				answers[v.given] = answer
				s.expectMembers("den", v.why, "ana")
			}
		}
		s.HearNoMore(ana)
		s.Join("bob", "den", as(w, "bob"))
		ana.Hear("system bob joined")
	})
}

// Task 11.3: A subprotocol is chosen, and never the one with the token.
//
// Rules: 11.k.
func TestSubprotocol(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		guard, open := start(w, guarded(w, lasting)), start(w, lasting)
		token := "bearer." + tokenOf(w, "bob")
		for _, row := range []struct {
			s       *server
			offered []string // each in a header of its own
			want    string
		}{
			{guard, []string{"chat.v1, " + token}, "chat.v1"},
			{guard, []string{token + ", chat.v1"}, "chat.v1"},
			{guard, []string{token, "chat.v1"}, "chat.v1"},
			{guard, []string{"chat.v1", token}, "chat.v1"},
			{guard, []string{"chat.v2," + token + ",chat.v1"}, "chat.v1"},
			{guard, []string{token}, ""},
			{guard, []string{"chat.v2, " + token}, ""},
			{open, []string{"chat.v1"}, "chat.v1"},
			{open, []string{"chat.v1, " + token}, "chat.v1"},
			{open, []string{"chat.v2"}, ""},
			{open, []string{token}, ""},
			{open, nil, ""},
		} {
			opts := []testclient.DialOption{testclient.As("bob")}
			for _, o := range row.offered {
				opts = append(opts, testclient.Header("Sec-WebSocket-Protocol", o))
			}
			c, _ := row.s.expectStatus(http.StatusOK, websocket, "/ws/bob", "bob offers "+strings.Join(row.offered, " and "), opts...)
			got := c.Response().Header.Values("Sec-WebSocket-Protocol")
			if want := slices.DeleteFunc([]string{row.want}, func(s string) bool { return s == "" }); !slices.Equal(got, want) {
				w.Fatalf("bob offered %.60q, and the answer has Sec-WebSocket-Protocol %.60q, want %q", row.offered, got, want)
			}
			c.Cut()
			w.Sleep(time.Second)
		}
	})
}

// Task 11.3: Each refusal is in the log, and no token is.
//
// Rules: 11.l.
func TestLogHasNoToken(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		s := start(w, guarded(w, lasting))
		token := tokenOf(w, "bob")
		s.Join("bob", "den", bearing(token))
		refusals := 0
		for _, transport := range transports {
			for _, v := range strangers(w) {
				s.expectStatus(http.StatusUnauthorized, transport, "/ws/bob?room_id=den"+v.query, v.why, v.opts...)
				refusals++
				s.expectRefusals(refusals, http.StatusUnauthorized)
			}
		}
		w.Note("tokens in wrong places")
		for _, path := range []string{"/ws/" + token, "/ws/bob?room_id=" + token, "/ws/bob?room_id=" + token[:64], "/ws/bob?session_id=" + token, "/ws/bob?ticket=" + token, "/ws/bob?last_message_id=" + token} {
			for _, transport := range transports {
				s.try(transport, path)
				_, c, _ := s.try(transport, path, bearing(token))
				if c != nil {
					c.Cut()
				}
			}
		}
		s.Get("/ticket?token="+token, post)
		s.Get("/rooms/" + token)
		s.Get("/rooms/"+token, bearing(token))
		bob := s.Join("bob", "den", bearing(token))
		bob.SendJSON(map[string]string{"type": "auth", "data": token})
		elsewhere, somebody := tokenOf(w, "bob", "rooms", []string{"attic"}), tokenOf(w, "ana")
		for _, renewal := range []string{token + "x", elsewhere, somebody} {
			bob.SendJSON(map[string]string{"type": "auth", "data": renewal})
		}
		s.misuse(bob, token[:64])
		bob.Close(1000, token[:120])
		w.Sleep(time.Second)
		s.expectNoSecret(token, elsewhere, somebody, string(secret))
	})
}

// misuse has a client put a secret where other texts belong.
func (s *server) misuse(c *chattest.Client, secret string) {
	c.SendJSON(map[string]string{"type": "direct", "message_id": secret, "to": "zed", "data": "hi"})
	c.SendJSON(map[string]string{"type": "direct", "to": secret, "data": "hi"})
	c.SendJSON(map[string]string{"type": "message", "data": "hi", secret: "hi"})
	c.SendJSON(map[string]string{"type": secret, "data": "hi"})
}

// Task 11.3: A handshake that is broken leaves a record with its status.
//
// Rules: 11.l.
func TestBrokenHandshakeIsLogged(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		s := start(w, guarded(w, lasting))
		s.expectStatus(http.StatusBadRequest, websocket, "/ws/bob", "the handshake has no key", as(w, "bob"), testclient.Header("Sec-WebSocket-Key", "x"))
		s.expectRefusals(1, http.StatusBadRequest)
	})
}

// quoting is an Authenticator of tokens that are no JWT. Its errors have the token in them.
type quoting struct{}

func (quoting) Authenticate(token string) (auth.Identity, error) {
	switch token {
	case "opaque-good":
		return auth.Identity{Subject: "bob", Rooms: []string{"*"}, Expires: time.Now().Add(time.Hour)}, nil
	case "opaque-away":
		return auth.Identity{}, fmt.Errorf("ask for %s: %w", token, chat.ErrUnavailable)
	}
	return auth.Identity{}, fmt.Errorf("%s is unknown: %w", token, auth.ErrInvalid)
}

// Task 11.3: What an Authenticator says about a token gets into the log without the token.
//
// Rules: 11.l, 11.m.
func TestAuthenticatorQuotes(t *testing.T) {
	cfg := lasting
	cfg.Auth = quoting{}
	run(t, cfg, func(w *testclient.World, s *server) {
		for _, transport := range transports {
			s.expectStatus(http.StatusUnauthorized, transport, "/ws/bob", "the token is unknown", bearing("opaque-bad"))
			s.expectStatus(http.StatusServiceUnavailable, transport, "/ws/bob", "nobody can tell whether the token holds", bearing("opaque-away"))
			s.expectStatus(http.StatusUnauthorized, transport, "/ws/bob", "the token is empty", bearing(""))
		}
		bob := s.Join("bob", "den", bearing("opaque-good"))
		bob.SendJSON(map[string]string{"type": "auth", "data": "opaque-bad"})
		bob.SendJSON(map[string]string{"type": "auth", "data": "opaque-away"})
		w.Sleep(time.Second)
		s.expectNoSecret("opaque-bad", "opaque-away")
	})
}

// expectNoSecret fails if some record of the log has a part of a secret.
func (s *server) expectNoSecret(secrets ...string) {
	s.w.Helper()
	s.w.Settle()
	for _, secret := range secrets {
		for _, part := range strings.Split(secret, ".") {
			part = part[:min(len(part), 32)]
			for _, r := range s.w.Logs().Records() {
				if strings.Contains(r.String(), part) {
					s.w.Fatalf("the log has %.12q…, a part of a token or a ticket. Whoever reads the log could use it:\n  %.300s", part, r)
				}
			}
		}
	}
}

// unreachable is an Authenticator that cannot find out.
type unreachable struct{}

func (unreachable) Authenticate(string) (auth.Identity, error) {
	return auth.Identity{}, fmt.Errorf("ask keys.internal: %w: connection refused", chat.ErrUnavailable)
}

// Task 11.3: Where nobody can tell whether a token holds, that is no fault of the token.
//
// Rules: 11.m.
func TestUnavailableAuthenticator(t *testing.T) {
	cfg := lasting
	cfg.Auth = unreachable{}
	run(t, cfg, func(w *testclient.World, s *server) {
		for _, transport := range transports {
			s.expectStatus(http.StatusUnauthorized, transport, "/ws/bob", "bob has no token")
			_, resp := s.expectStatus(http.StatusServiceUnavailable, transport, "/ws/bob", "the keys cannot be had", as(w, "bob"))
			if strings.Contains(string(resp.Body), "internal") {
				w.Fatalf("the answer is %q: it tells strangers about the inside", resp.Body)
			}
		}
	})
}

// Task 11.3: Without Config.Auth, nobody is asked.
//
// Rules: 11.i.
func TestOpenServer(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		guard, open := start(w, guarded(w, lasting)), start(w, lasting)
		for _, transport := range transports {
			guard.expectStatus(http.StatusUnauthorized, transport, "/ws/bob", "bob has no token")
			for _, v := range strangers(w) {
				c, _ := open.expectStatus(http.StatusOK, transport, "/ws/bob?room_id=den"+v.query, "this server has no Config.Auth", v.opts...)
				c.Cut()
				w.Sleep(time.Second)
			}
		}
	})
}
