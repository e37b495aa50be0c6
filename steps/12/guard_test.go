package chat_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"wsworkshop/pkg/testclient"
	chat "wsworkshop/steps/12"
	"wsworkshop/steps/12/auth"
)

// operators are those who sign tokens, and what verifies them.
func operators(w *testclient.World) (key auth.Key, verifier *auth.Verifier) {
	w.Helper()
	key = auth.Key{ID: "one", Secret: []byte(strings.Repeat("s", 32))}
	verifier, err := auth.NewVerifier(auth.Config{Issuer: "workshop", Audience: "chat", Keys: []auth.Key{key}})
	require.NoError(w, err, "auth.NewVerifier")
	return key, verifier
}

// tokenOf returns a token for an hour, with these roles.
func tokenOf(w *testclient.World, key auth.Key, roles ...string) string {
	w.Helper()
	token, err := key.Sign(auth.Order{Issuer: "workshop", Audience: "chat", Subject: "ops", Roles: roles, Lifetime: time.Hour})
	require.NoError(w, err, "Key.Sign")
	return token
}

// bearing shows a token as a program does, and typing as a browser does that has asked a person.
func bearing(token string) testclient.DialOption {
	return testclient.Header("Authorization", "Bearer "+token)
}

func typing(name, token string) testclient.DialOption {
	r := &http.Request{Header: http.Header{}}
	r.SetBasicAuth(name, token)
	return testclient.Header("Authorization", r.Header.Get("Authorization"))
}

// Task 12.1: A token with a role opens what operators see, for programs and for browsers.
//
// Rules: 12.br.
func TestGuardWantsARole(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		key, verifier := operators(w)
		s := start(w, chat.Config{GuardAdmin: verifier.Guard(auth.RoleOperator)})
		good, other := tokenOf(w, key, "admin", auth.RoleOperator), tokenOf(w, key, "admin", "operators")
		for _, row := range []struct {
			who    string
			status int
			shows  []testclient.DialOption
		}{
			{"a program with a token of an operator", 200, []testclient.DialOption{bearing(good)}},
			{"a browser in which a person has typed such a token", 200, []testclient.DialOption{typing("anything", good)}},
			{"a browser without a user name", 200, []testclient.DialOption{typing("", good)}},
			{"somebody without a token", 401, nil},
			{"somebody with a token that does not hold", 401, []testclient.DialOption{bearing(good + "x")}},
			{"a browser with a password that is no token", 401, []testclient.DialOption{typing("operator", "operator")}},
			{"a browser with the token as its user name", 401, []testclient.DialOption{typing(good, "")}},
			{"a program with a token of somebody else", 403, []testclient.DialOption{bearing(other)}},
			{"a browser with a token of somebody else", 403, []testclient.DialOption{typing("operator", other)}},
		} {
			for _, path := range []string{"/metrics", "/admin/"} {
				resp := s.admin.Get(path, row.shows...)
				if resp.Status != row.status {
					w.Fatalf("GET %s of %s was answered %d, want %d", path, row.who, resp.Status, row.status)
				}
				asks := strings.Join(resp.Header.Values("WWW-Authenticate"), ", ")
				if row.status == 401 && (!strings.Contains(asks, "Basic realm=") || !strings.Contains(asks, "Bearer")) {
					w.Fatalf("GET %s of %s was answered with WWW-Authenticate: %q, want Basic with a realm, which has a browser ask, and Bearer", path, row.who, asks)
				}
			}
		}
		s.admin.Refused("/admin/live", []int{401})
		s.watch(typing("", good)).Close(1000, "")
		w.Sleep(time.Hour)
		get(w, s.admin, 401, "/metrics", "nobody has shown a token")
		if resp := s.admin.Get("/metrics", bearing(good)); resp.Status != 401 {
			w.Fatalf("GET /metrics was answered %d, want 401: the token has ended", resp.Status)
		}
	})
}

// Task 12.1: What a token opens does not outlive the token.
//
// Rules: 12.br.
func TestGuardEndsWithTheToken(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		key, verifier := operators(w)
		var ends time.Time
		at := w.Serve(verifier.Guard("reader")(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
			ends, _ = r.Context().Deadline()
		})))
		want := time.Now().Add(time.Hour)
		if resp := at.Get("/", bearing(tokenOf(w, key, "reader"))); resp.Status != 200 {
			w.Fatalf("a request with a token was answered %d, want 200: it has the role", resp.Status)
		}
		if d := ends.Sub(want); d < -time.Second || d > time.Second {
			w.Fatalf("the context of a request that got in has the deadline %v, want %v: then the token ends", ends, want)
		}
	})
}
