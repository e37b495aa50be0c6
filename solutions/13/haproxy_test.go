package chat_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"wsworkshop/pkg/testclient"
)

// Task 13.10 (6 points): HAProxy does for the server what nginx does.
//
// Rules: 13.ak.
func TestHAProxySendsToHTTPS(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		h := readHAProxy(w)
		plain, _ := h.frontend("80")
		for _, path := range []string{"/", "/ws/ana", "/.well-known/other"} {
			if got := h.answer(plain, haproxyRequest{path: path}); !leadsToHTTPS(got) {
				w.Fatalf("deploy/haproxy.cfg: %q answers http://chat.example.org%s by %q, want a redirect to https at the same host and path, with code 301 or 308", plain, path, got)
			}
		}
		if got := h.answer(plain, haproxyRequest{path: "/.well-known/acme-challenge/abc"}); strings.HasPrefix(got, "redirect") {
			w.Fatalf("deploy/haproxy.cfg: %q answers http://chat.example.org/.well-known/acme-challenge/abc by %q: the certificate cannot be renewed", plain, got)
		}
		secure, _ := h.frontend("443")
		if got := h.answer(secure, haproxyRequest{path: "/", tls: true}); got != "" {
			w.Fatalf("deploy/haproxy.cfg: %q answers https://chat.example.org/ by %q", secure, got)
		}
	})
}

// leadsToHTTPS tells whether an action is a redirect for good to https, with host and path.
func leadsToHTTPS(action string) bool {
	words := strings.Fields(action)
	code := slices.Index(words, "code")
	if len(words) < 3 || words[0] != "redirect" || code < 0 || code+1 >= len(words) || words[code+1] != "301" && words[code+1] != "308" {
		return false
	}
	to := words[slices.IndexFunc(words, func(w string) bool { return w == "scheme" || w == "prefix" || w == "location" })+1]
	to = strings.Trim(to, `"'`)
	atHost := strings.HasPrefix(to, "https://") && (strings.Contains(to, "hdr(host)") || strings.HasPrefix(to, "https://chat.example.org"))
	switch {
	case slices.Contains(words, "scheme"):
		return to == "https"
	case slices.Contains(words, "prefix"):
		return atHost && !slices.Contains(words, "drop-query")
	case slices.Contains(words, "location"):
		return atHost && (strings.Contains(to, "capture.req.uri]") || strings.Contains(to, "%[pathq]") || strings.Contains(to, "%[url]") || strings.HasSuffix(to, "%HU"))
	}
	return false
}

// Task 13.10: It speaks no old TLS, and browsers come back over https.
//
// Rules: 13.ak.
func TestHAProxySpeaksHTTPS(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		h := readHAProxy(w)
		secure, bind := h.frontend("443")
		options := strings.Fields(strings.Join(h.all("ssl-default-bind-options", "global"), " ") + " " + bind)
		if !slices.Contains(options, "ssl") {
			w.Fatalf("deploy/haproxy.cfg: bind %s: without ssl", bind)
		}
		has := func(words ...string) bool {
			return !slices.ContainsFunc(words, func(word string) bool { return !slices.Contains(options, word) })
		}
		bounded := has("no-sslv3", "no-tlsv10", "no-tlsv11")
		for i, word := range options {
			if word == "ssl-min-ver" && i+1 < len(options) {
				if bounded = options[i+1] == "TLSv1.2"; !bounded {
					break
				}
			}
		}
		if !bounded || has("no-tlsv12") || has("no-tlsv13") {
			w.Fatalf("deploy/haproxy.cfg: port 443 has the options %q, want what lets it speak TLS 1.2 and later: ssl-min-ver", strings.Join(options, " "))
		}
		r := haproxyRequest{path: "/", tls: true}
		if got := h.header("http-after-response", "Strict-Transport-Security", r, secure, "defaults"); !strings.HasPrefix(got, "max-age=") || strings.HasPrefix(got, "max-age=0") {
			w.Fatalf("deploy/haproxy.cfg: %q answers with Strict-Transport-Security %q, want max-age, also where HAProxy itself answers: http-response leaves those out", secure, got)
		}
	})
}

// Task 13.10: The server hears who asks, and how.
//
// Rules: 13.ak.
func TestHAProxyTellsWhoAsks(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		h := readHAProxy(w)
		secure, _ := h.frontend("443")
		r := haproxyRequest{path: "/", tls: true}
		sections := []string{"defaults", secure, h.backend()}
		added := h.header("http-request", "X-Forwarded-For", r, sections...) == "%[src]"
		for _, option := range h.all("option forwardfor", sections...) {
			added = added || !strings.Contains(option, "if-none") && !strings.Contains(option, "header")
		}
		if !added {
			w.Fatalf("deploy/haproxy.cfg: %q passes on no X-Forwarded-For that ends with the client's address, whatever the client has sent: option forwardfor", secure)
		}
		if got := h.header("http-request", "X-Forwarded-Proto", r, sections...); got != "https" && strings.ReplaceAll(got, " ", "") != "%[ssl_fc,iif(https,http)]" {
			w.Fatalf("deploy/haproxy.cfg: %q passes on X-Forwarded-Proto %q, want https", secure, got)
		}
	})
}

// Task 13.10: A client may be quiet between two heartbeats, and nobody is waited for long or for ever.
//
// Rules: 13.al.
func TestHAProxyIsPatient(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		h := readHAProxy(w)
		plain, _ := h.frontend("80")
		secure, _ := h.frontend("443")
		backend := h.backend()
		h.expectTime("timeout tunnel", backend, patience[0], patience[1], "it is for a WebSocket")
		h.expectTime("timeout server", backend, patience[0], patience[1], "it is for an event stream")
		h.expectTime("timeout client", secure, patience[0], patience[1], "it is for an event stream")
		h.expectTime("timeout connect", backend, 0, 10*time.Second, "an instance may be dead")
		h.expectTime("timeout http-request", secure, 0, 30*time.Second, "a client may send half a request")
		h.expectTime("timeout http-request", plain, 0, 30*time.Second, "a client may send half a request")
		if got := h.setting("hard-stop-after", "global"); got == "" {
			w.Fatalf("deploy/haproxy.cfg has no hard-stop-after: one idle socket keeps an old process for ever")
		}
		h.expectTime("hard-stop-after", "global", 9*time.Second, 10*time.Minute, "it is for what is left after a reload")
		if got := h.setting("maxconn", "global"); got == "" || number(w, got) < 10_000 {
			w.Fatalf("deploy/haproxy.cfg has maxconn %q, want 10000 or more", got)
		}
	})
}

// Task 13.10: A client goes to the instance that has its session.
//
// Rules: 13.am.
func TestHAProxyBringsAClientToItsSession(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		h := readHAProxy(w)
		backend := h.backend()
		balance := h.setting("balance", backend, "defaults")
		expr, ok := strings.CutPrefix(balance, "hash ")
		if !ok {
			w.Fatalf("deploy/haproxy.cfg: %q has balance %s, want hash, of what all requests of a client have in common", backend, balance)
		}
		key := func(r haproxyRequest) string { return h.sample(backend, expr, r) }
		want := key(haproxyRequest{path: "/ws/ana", query: "room_id=den"})
		for _, r := range []haproxyRequest{{path: "/ws/ana", query: "session_id=s"}, {path: "/events/ana", query: "room_id=den"}, {path: "/events/ana"}} {
			if got := key(r); got != want {
				w.Fatalf("deploy/haproxy.cfg: %q hashes %q for /ws/ana, and %q for %s?%s: ana's session is on one instance", backend, want, got, r.path, r.query)
			}
		}
		for _, path := range []string{"/ws/bob", "/ws/ana.b"} {
			if key(haproxyRequest{path: path}) == want {
				w.Fatalf("deploy/haproxy.cfg: %q hashes %q for %s as for /ws/ana: all go to one instance", backend, want, path)
			}
		}
		if got := h.setting("hash-type", backend, "defaults"); !strings.HasPrefix(got, "consistent") {
			w.Fatalf("deploy/haproxy.cfg: %q has hash-type %q, want consistent", backend, got)
		}
	})
}

// Task 13.10: An instance that is not ready gets no clients.
//
// Rules: 13.am.
func TestHAProxyAsksItsServers(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		h := readHAProxy(w)
		backend := h.backend()
		check := h.setting("option httpchk", backend, "defaults") + " " + h.setting("http-check send", backend, "defaults") + " "
		if !slices.ContainsFunc([]string{"/ready ", "/readyz "}, func(path string) bool { return strings.Contains(check, path) }) {
			w.Fatalf("deploy/haproxy.cfg: %q does not ask its servers GET /ready: option httpchk", backend)
		}
		servers := h.all("server", backend)
		byDefault := slices.Contains(strings.Fields(strings.Join(h.all("default-server", backend, "defaults"), " ")), "check")
		for _, server := range servers {
			if !slices.Contains(strings.Fields(server), "check") && !byDefault {
				w.Fatalf("deploy/haproxy.cfg: %q: server %s: without check, nobody asks it whether it is ready", backend, server)
			}
		}
		if len(servers) < 2 {
			w.Fatalf("deploy/haproxy.cfg: %q has %d servers, want two", backend, len(servers))
		}
	})
}
