package chat_test

import (
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"wsworkshop/pkg/testclient"
)

// patience is how long a proxy may wait for a client that is quiet: longer than StaleAfter of DefaultConfig, so
// that the server finds the dead ones, and not for days.
var patience = [2]time.Duration{time.Minute, time.Hour}

// passed are requests that nginx passes on.
var passed = []nginxRequest{
	{path: "/", remote: "198.51.100.1"},
	{path: "/rooms/den", remote: "198.51.100.1"},
	{path: "/ws/ana", query: "room_id=den", upgrade: true, remote: "198.51.100.1"},
	{path: "/events/ana", query: "room_id=den", remote: "198.51.100.1"},
}

// Task 13.8 (10 points): nginx lets WebSockets and event streams through.
//
// Rules: 13.ab.
func TestNginxSpeaksHTTPS(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		n := readNginx(w)
		plain := n.server("80")
		for _, path := range []string{"/", "/ws/ana"} {
			r := nginxRequest{path: path, query: "room_id=den", remote: "198.51.100.1"}
			code, target := n.returned(n.location(plain, path), r)
			want := "https://chat.example.org" + path + "?room_id=den"
			if (code != "301" && code != "308") || target != want {
				w.Fatalf("deploy/nginx.conf: http://chat.example.org%s?room_id=den is answered %q %q, want 301 or 308 and %s", path, code, target, want)
			}
		}
		challenge := n.location(plain, "/.well-known/acme-challenge/abc")
		if code, _ := n.returned(challenge, nginxRequest{}); code != "" || challenge == plain ||
			len(challenge.effective("root"))+len(challenge.all("alias"))+len(challenge.all("proxy_pass")) == 0 {
			w.Fatalf("deploy/nginx.conf: http://chat.example.org/.well-known/acme-challenge/abc is not served (root, alias or proxy_pass): the certificate cannot be renewed")
		}
		secure := n.server("443")
		protocols := strings.Fields(secure.value("ssl_protocols", "TLSv1 TLSv1.1 TLSv1.2"))
		for _, old := range []string{"SSLv2", "SSLv3", "TLSv1", "TLSv1.1"} {
			if slices.Contains(protocols, old) {
				w.Fatalf("deploy/nginx.conf: the server of port 443 speaks %s: %s is too old", strings.Join(protocols, " "), old)
			}
		}
		if !slices.Contains(protocols, "TLSv1.2") || !slices.Contains(protocols, "TLSv1.3") {
			w.Fatalf("deploy/nginx.conf: the server of port 443 speaks %s, want TLSv1.2 and TLSv1.3", strings.Join(protocols, " "))
		}
		for _, r := range passed {
			l := n.secure(r.path)
			ok := false
			for _, d := range l.effective("add_header") {
				ok = ok || strings.EqualFold(d.args[0], "Strict-Transport-Security") && strings.HasPrefix(d.args[1], "max-age=") &&
					!strings.HasPrefix(d.args[1], "max-age=0") && slices.Contains(d.args, "always")
			}
			if !ok {
				w.Fatalf("deploy/nginx.conf: %s answers without Strict-Transport-Security: add_header, with max-age and always", l)
			}
		}
	})
}

// returned is what a server or a location answers by itself. A server's own return comes before all locations.
func (n *nginx) returned(b *nginxBlock, r nginxRequest) (code, target string) {
	list := b.all("return")
	if b.name == "location" {
		list = append(b.parent.all("return"), list...)
	}
	if len(list) == 0 {
		return "", ""
	}
	args := list[0].args
	if len(args) == 1 {
		return args[0], ""
	}
	return args[0], n.eval(args[1], r)
}

// Task 13.8: A handshake reaches the server as one, and other requests do not look like one.
//
// Rules: 13.ac.
func TestNginxPassesTheUpgradeOn(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		n := readNginx(w)
		for _, r := range passed {
			l := n.secure(r.path)
			if got := l.value("proxy_http_version", "1.0"); got != "1.1" && (r.upgrade || strings.HasPrefix(r.path, "/events")) {
				w.Fatalf("deploy/nginx.conf: %s speaks HTTP %s with the server; an upgrade, and an answer that streams, needs proxy_http_version 1.1", l, got)
			}
			upgrade, connection := n.header(l, "Upgrade", r), n.header(l, "Connection", r)
			if r.upgrade && (upgrade != "websocket" || !strings.EqualFold(connection, "upgrade")) {
				w.Fatalf("deploy/nginx.conf: %s passes a handshake on with Upgrade %q, Connection %q, want websocket and upgrade", l, upgrade, connection)
			}
			if !r.upgrade && strings.EqualFold(connection, "upgrade") {
				w.Fatalf("deploy/nginx.conf: %s passes a plain request on with Connection %q: only one that has Upgrade may have that", l, connection)
			}
		}
		plain := nginxRequest{path: "/ws/ana", remote: "198.51.100.1"}
		if got := n.header(n.secure("/ws/ana"), "Connection", plain); strings.EqualFold(got, "upgrade") {
			w.Fatalf("deploy/nginx.conf: a GET of /ws/ana without Upgrade is passed on with Connection %q: take it from a map of $http_upgrade", got)
		}
	})
}

// Task 13.8: The server hears who asks, and how.
//
// Rules: 13.ad.
func TestNginxTellsWhoAsks(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		n := readNginx(w)
		for _, r := range passed {
			l := n.secure(r.path)
			if got := n.header(l, "Host", r); got != "chat.example.org" {
				w.Fatalf("deploy/nginx.conf: %s passes on Host %q, want the client's, chat.example.org", l, got)
			}
			if got := n.header(l, "X-Forwarded-Proto", r); got != "https" {
				w.Fatalf("deploy/nginx.conf: %s passes on X-Forwarded-Proto %q, want https", l, got)
			}
			if got := n.header(l, "X-Forwarded-For", r); got != r.remote && !strings.HasSuffix(got, ", "+r.remote) {
				w.Fatalf("deploy/nginx.conf: %s passes on X-Forwarded-For %q, want the client's address, %s, at the end", l, got, r.remote)
			}
		}
	})
}

// Task 13.8: A client may be quiet between two heartbeats, and a dead one is not kept for days.
//
// Rules: 13.ae.
func TestNginxIsPatient(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		n := readNginx(w)
		for _, path := range []string{"/ws/ana", "/events/ana"} {
			l := n.secure(path)
			for _, name := range []string{"proxy_read_timeout", "proxy_send_timeout"} {
				got := n.duration(name, l.value(name, "60s"))
				if got <= patience[0] || got > patience[1] {
					w.Fatalf("deploy/nginx.conf: %s has %s %v, want more than %v and %v at most", l, name, got, patience[0], patience[1])
				}
			}
		}
	})
}

// Task 13.8: Events arrive when they happen.
//
// Rules: 13.af.
func TestNginxKeepsNoEventsBack(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		n := readNginx(w)
		l := n.secure("/events/ana")
		if got := l.value("proxy_buffering", "on"); got != "off" {
			w.Fatalf("deploy/nginx.conf: %s has proxy_buffering %s, want off: events would wait for a buffer to fill", l, got)
		}
	})
}

// Task 13.9 (8 points, after 13.8): Instances behind nginx may come and go.
//
// Rules: 13.ag.
func TestNginxBringsAClientToItsSession(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		n := readNginx(w)
		key := func(r nginxRequest) string {
			u := n.upstream(n.secure(r.path))
			hash := u.all("hash")
			if len(hash) != 1 {
				w.Fatalf("deploy/nginx.conf: %s, where %s is passed to, has no hash: two requests of a client may reach different instances", u, r.path)
			}
			if !slices.Contains(hash[0].args, "consistent") {
				w.Fatalf("deploy/nginx.conf: %s: hash without consistent sends nearly all clients to other instances when one is added", u)
			}
			return u.args[0] + " " + n.eval(hash[0].args[0], r)
		}
		ana := nginxRequest{path: "/ws/ana", query: "room_id=den", upgrade: true, remote: "198.51.100.1"}
		want := key(ana)
		for what, r := range map[string]nginxRequest{
			"with another address":     {path: "/ws/ana", query: "room_id=den", upgrade: true, remote: "198.51.100.2"},
			"that resumes":             {path: "/ws/ana", query: "room_id=den&session_id=s&last_message_id=m", upgrade: true, remote: "198.51.100.1"},
			"over the fallback":        {path: "/events/ana", query: "room_id=den", remote: "198.51.100.1"},
			"that sends with a POST":   {path: "/events/ana", remote: "198.51.100.1"},
			"who goes to another room": {path: "/ws/ana", query: "room_id=lobby", upgrade: true, remote: "198.51.100.1"},
		} {
			if got := key(r); got != want {
				w.Fatalf("deploy/nginx.conf: the hash of ana is %q, and of ana %s %q: her session is on one instance", want, what, got)
			}
		}
		for _, other := range []nginxRequest{
			{path: "/ws/bob", query: "room_id=den", upgrade: true, remote: "198.51.100.1"},
			{path: "/ws/ana.b", query: "room_id=den", upgrade: true, remote: "198.51.100.1"},
		} {
			if key(other) == want {
				w.Fatalf("deploy/nginx.conf: the hash of %s is that of /ws/ana, %q: all go to one instance", other.path, want)
			}
		}
	})
}

// Task 13.9: What has no session goes where there is least to do.
//
// Rules: 13.ah.
func TestNginxBalances(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		n := readNginx(w)
		u := n.upstream(n.secure("/"))
		random := u.value("random", "")
		if len(u.all("least_conn")) != 1 && random != "two least_conn" && random != "two" { // of two, least_conn is the default
			w.Fatalf("deploy/nginx.conf: %s, where / is passed to, has no least_conn", u)
		}
		for _, path := range []string{"/", "/ws/ana", "/events/ana"} {
			if u := n.upstream(n.secure(path)); len(u.all("server")) < 2 {
				w.Fatalf("deploy/nginx.conf: %s, where %s is passed to, has %d servers, want two", u, path, len(u.all("server")))
			}
		}
	})
}

// Task 13.9: An instance that is dead, or draining, costs a client seconds, and no message goes out twice.
//
// Rules: 13.ai.
func TestNginxTriesTheNextInstance(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		n := readNginx(w)
		for _, path := range []string{"/ws/ana", "/events/ana"} {
			l := n.secure(path)
			if got := n.duration("proxy_connect_timeout", l.value("proxy_connect_timeout", "60s")); got > 10*time.Second || got == 0 {
				w.Fatalf("deploy/nginx.conf: %s has proxy_connect_timeout %v, want 10s at most", l, got)
			}
			when := strings.Fields(l.value("proxy_next_upstream", "error timeout"))
			for _, want := range []string{"error", "timeout", "http_503"} {
				if !slices.Contains(when, want) {
					w.Fatalf("deploy/nginx.conf: %s has proxy_next_upstream %s, want %s too", l, strings.Join(when, " "), want)
				}
			}
			if slices.Contains(when, "non_idempotent") {
				w.Fatalf("deploy/nginx.conf: %s has proxy_next_upstream with non_idempotent: a POST that was lost on the way back is sent twice", l)
			}
		}
	})
}

// Task 13.9: A worker holds many clients, and ends when its time has come.
//
// Rules: 13.aj.
func TestNginxWorkers(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		n := readNginx(w)
		if got := n.duration("worker_shutdown_timeout", n.main.value("worker_shutdown_timeout", "0")); got < 10*time.Second || got > 10*time.Minute {
			w.Fatalf("deploy/nginx.conf has worker_shutdown_timeout %v, want 10s to 10m; zero means that one idle socket keeps an old worker for ever", got)
		}
		connections := number(w, n.main.only(w, "events").value("worker_connections", "512"))
		if connections < 20_000 {
			w.Fatalf("deploy/nginx.conf has worker_connections %d, want 20000 or more: each of ten thousand clients is two", connections)
		}
		if files := number(w, n.main.value("worker_rlimit_nofile", "1024")); files < connections {
			w.Fatalf("deploy/nginx.conf has worker_rlimit_nofile %d, want worker_connections (%d) or more: each connection is a file", files, connections)
		}
	})
}

func number(w *testclient.World, text string) int {
	w.Helper()
	n, err := strconv.Atoi(text)
	if err != nil {
		w.Fatalf("%q is no number", text)
	}
	return n
}
