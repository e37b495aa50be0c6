package chat_test

import (
	"bufio"
	"context"
	"io"
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"wsworkshop/pkg/testclient"
	chat "wsworkshop/steps/13"
	"wsworkshop/steps/13/certs"
)

// ask makes a request of a Plain that has these fields.
func ask(w *testclient.World, p certs.Plain, target, host string, opts ...testclient.DialOption) *testclient.Response {
	w.Helper()
	return w.Serve(&p).Get(target, append(opts, testclient.Header("Host", host))...)
}

// expectSent fails unless a request is sent to an address over https, for good.
func expectSent(w *testclient.World, resp *testclient.Response, want string) {
	w.Helper()
	if resp.Status != http.StatusMovedPermanently && resp.Status != http.StatusPermanentRedirect {
		w.Fatalf("the answer was %d, want a redirect for good, 301 or 308, to %s", resp.Status, want)
	}
	if got := resp.Header.Get("Location"); got != want {
		w.Fatalf("the answer leads to %q, want %q", got, want)
	}
}

// expectRefused fails unless a request got that status, and leads nowhere.
func expectRefused(w *testclient.World, resp *testclient.Response, want int, why string) {
	w.Helper()
	if resp.Status != want || resp.Header.Get("Location") != "" {
		w.Fatalf("the answer was %d, to %q, want %d and no address: %s", resp.Status, resp.Header.Get("Location"), want, why)
	}
}

// Task 13.5 (12 points, after 13.2): Plain HTTP is sent to https.
//
// Rules: 13.p.
func TestPlainHTTPIsSentToHTTPS(t *testing.T) {
	for _, c := range []struct {
		name         string
		port         int
		host, target string
		want         string
	}{
		{"Page", 0, "chat.test", "/", "https://chat.test/"},
		{"WithAQuery", 443, "chat.test:80", "/rooms/a%2Fb?x=1&y=%20", "https://chat.test/rooms/a%2Fb?x=1&y=%20"},
		{"OtherPorts", 8443, "chat.test:8080", "/x", "https://chat.test:8443/x"},
		{"IPv6", 0, "[2001:db8::1]", "/x", "https://[2001:db8::1]/x"},
		{"IPv6OtherPorts", 8443, "[2001:db8::1]:8080", "/x", "https://[2001:db8::1]:8443/x"},
		{"TwoSlashes", 0, "chat.test", "//evil.test/x", "https://chat.test//evil.test/x"},
	} {
		t.Run(c.name, func(t *testing.T) {
			testclient.Run(t, func(w *testclient.World) {
				s := w.Serve(&certs.Plain{Port: c.port})
				expectSent(w, s.Get(c.target, testclient.Header("Host", c.host)), c.want)
				expectSent(w, s.Get(c.target, testclient.Header("Host", c.host), testclient.Method("HEAD")), c.want)
			})
		})
	}
}

// Task 13.5: A request that names its whole address is sent to the same place.
//
// Rules: 13.p.
func TestPlainHTTPWithAWholeAddress(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		s := w.Serve(&certs.Plain{Hosts: []string{"chat.test"}})
		conn, err := s.Link(testclient.As("ana")).DialContext(w.Context(), "tcp", "")
		require.NoError(w, err)
		defer conn.Close()
		conn.SetDeadline(time.Now().Add(time.Second))
		io.WriteString(conn, "GET http://chat.test/rooms?x=1 HTTP/1.1\r\nHost: chat.test\r\nConnection: close\r\n\r\n")
		resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
		require.NoError(w, err)
		if got := resp.Header.Get("Location"); got != "https://chat.test/rooms?x=1" {
			w.Fatalf("GET http://chat.test/rooms?x=1 leads to %q, want https://chat.test/rooms?x=1", got)
		}
	})
}

// Task 13.5: What is no path leads to no other host.
//
// Rules: 13.p.
func TestPlainHTTPWithoutAPath(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		s := w.Serve(&certs.Plain{})
		expectSent(w, s.Get("/", testclient.Header("Host", "chat.test")), "https://chat.test/")
		for _, target := range []string{"x:.evil.test/a", "http:@evil.test/", "http:evil.test", "x:", "*", "http://chat.test", "http://u@chat.test/"} {
			conn, err := s.Link(testclient.As("ana")).DialContext(w.Context(), "tcp", "")
			require.NoError(w, err)
			conn.SetDeadline(time.Now().Add(time.Second))
			w.NoteBy("ana", "sends GET %s HTTP/1.1", target)
			io.WriteString(conn, "GET "+target+" HTTP/1.1\r\nHost: chat.test\r\nConnection: close\r\n\r\n")
			resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
			require.NoError(w, err)
			conn.Close()
			to := resp.Header.Get("Location")
			if u, err := url.Parse(to); err != nil || to != "" && (u.Scheme != "https" || u.Host != "chat.test" || u.User != nil) {
				w.Fatalf("GET %s, of chat.test, leads to %q: that is another host", target, to)
			}
		}
	})
}

// Task 13.5: Whoever asks for another host is sent nowhere.
//
// Rules: 13.q.
func TestPlainHTTPForAnotherHost(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		own := certs.Plain{Hosts: []string{"chat.test", "www.chat.test"}}
		expectSent(w, ask(w, own, "/", "WWW.Chat.Test"), "https://WWW.Chat.Test/")
		expectSent(w, ask(w, certs.Plain{Hosts: []string{"Chat.Test"}}, "/", "chat.test"), "https://chat.test/")
		for _, other := range []string{"evil.test", "evil.chat.test", "chat.test.evil.test", "chat.test@evil.test"} {
			expectRefused(w, ask(w, own, "/", other), http.StatusMisdirectedRequest, other+" is no name of this server")
		}
	})
}

// Task 13.5: What should not have been sent in plain text is refused, so that somebody notices.
//
// Rules: 13.r.
func TestPlainHTTPTakesNothing(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		s := w.Serve(&certs.Plain{})
		expectSent(w, s.Get("/events/ana"), "https://192.0.2.1/events/ana")
		for _, method := range []string{"POST", "PUT", "DELETE", "OPTIONS"} {
			resp := s.Get("/events/ana", testclient.Method(method), testclient.Body("a secret"))
			expectRefused(w, resp, http.StatusForbidden, method+" has sent something in plain text")
		}
	})
}

// Task 13.5: The authority's questions are answered over plain HTTP.
//
// Rules: 13.s.
func TestChallengesAreAnswered(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		asked := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, "proof of "+r.Host+r.URL.Path) })
		p := certs.Plain{Hosts: []string{"chat.test"}, Challenges: asked}
		for _, host := range []string{"chat.test", "chat.test:80"} {
			resp := ask(w, p, "/.well-known/acme-challenge/abc", host)
			if resp.Status != http.StatusOK || string(resp.Body) != "proof of chat.test/.well-known/acme-challenge/abc" {
				w.Fatalf("the authority's question was answered %d %q, want what Challenges answers to chat.test", resp.Status, resp.Body)
			}
		}
		if resp := ask(w, p, "/.well-known/acme-challenge/abc", "chat.test", testclient.Method("POST")); resp.Status != http.StatusOK {
			w.Fatalf("a POST below /.well-known/acme-challenge/ was answered %d, want what Challenges answers", resp.Status)
		}
		expectSent(w, ask(w, p, "/.well-known/other", "chat.test"), "https://chat.test/.well-known/other")
		expectSent(w, ask(w, p, "/x/.well-known/acme-challenge/abc", "chat.test"), "https://chat.test/x/.well-known/acme-challenge/abc")
		none := ask(w, certs.Plain{}, "/.well-known/acme-challenge/abc", "chat.test")
		expectRefused(w, none, http.StatusNotFound, "Challenges is nil")
	})
}

// Task 13.5: A connection over plain HTTP that is of no use ends within a minute.
//
// Rules: 13.t.
func TestPlainHTTPWaitsForNobody(t *testing.T) {
	for _, c := range []struct{ name, text string }{
		{"Silent", ""},
		{"HalfARequest", "GET / HTTP/1.1\r\nHost: chat.test\r\n"},
		{"Idle", "GET / HTTP/1.1\r\nHost: chat.test\r\n\r\n"},
		{"HalfABody", "POST / HTTP/1.1\r\nHost: chat.test\r\nContent-Length: 10\r\n\r\nhal"},
	} {
		t.Run(c.name, func(t *testing.T) {
			withPlain(t, func(w *testclient.World, s *plainServer) {
				expectSent(w, s.Get("/"), "https://192.0.2.1/")
				conn, err := s.Link(testclient.As("bob")).DialContext(w.Context(), "tcp", "")
				require.NoError(w, err)
				defer conn.Close()
				w.NoteBy("bob", "sends %q, and no more", c.text)
				io.WriteString(conn, c.text)
				conn.SetReadDeadline(time.Now().Add(time.Minute))
				if _, err := io.ReadAll(conn); err != nil {
					w.Fatalf("bob's connection should have ended within a minute; it is still open (%v)", err)
				}
			})
		})
	}
}

// Task 13.5: Plain.Serve ends with its context, whoever is connected.
//
// Rules: 13.u.
func TestPlainServeEnds(t *testing.T) {
	withPlain(t, func(w *testclient.World, s *plainServer) {
		for name, text := range map[string]string{
			"ana":  "",
			"bob":  "GET / HTTP/1.1\r\n",
			"cleo": "POST / HTTP/1.1\r\nHost: chat.test\r\nContent-Length: 10\r\n\r\nhal",
		} {
			conn, err := s.Link(testclient.As(name)).DialContext(w.Context(), "tcp", "")
			require.NoError(w, err)
			defer conn.Close()
			io.WriteString(conn, text)
		}
		w.Sleep(time.Second)
		w.Note("the ctx of Plain.Serve ends")
		s.end()
		select {
		case err := <-s.returned:
			if err != nil {
				w.Fatalf("Plain.Serve returned %v at the end of its ctx, want nil", err)
			}
		case <-time.After(3 * time.Second):
			w.Lacks("", "Plain.Serve should have returned within 3s of the end of its ctx")
		}
		s.returned <- nil // for the end of the test
	})
}

// Task 13.5: What ends it otherwise is its error.
//
// Rules: 13.u.
func TestPlainServeFails(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		ln := w.Listen()
		done := make(chan error, 1)
		go func() { done <- (&certs.Plain{}).Serve(w.Context(), ln) }()
		w.Sleep(time.Second)
		w.Note("its listener is closed")
		ln.Close()
		select {
		case err := <-done:
			if err == nil {
				w.Fatalf("Plain.Serve returned nil, and its ctx has not ended: its listener has failed")
			}
		case <-time.After(time.Second):
			w.Lacks("", "Plain.Serve should have returned: its listener has failed")
		}
	})
}

// plainServer is a Plain that serves.
type plainServer struct {
	*testclient.Server
	end      context.CancelFunc
	returned chan error
}

// withPlain is a test of a Plain that serves.
func withPlain(t *testing.T, fn func(w *testclient.World, s *plainServer)) {
	testclient.Run(t, func(w *testclient.World) {
		ln := w.Listen()
		ctx, end := context.WithCancel(context.Background())
		s := &plainServer{Server: w.At(ln), end: end, returned: make(chan error, 1)}
		go func() { s.returned <- (&certs.Plain{}).Serve(ctx, ln) }()
		s.Cleanup("Plain.Serve", func() {
			end()
			<-s.returned
		})
		fn(w, s)
	})
}

// Task 13.5: A browser that was here over https is told to come back over https, and for how long.
//
// Rules: 13.v.
func TestHSTS(t *testing.T) {
	for _, c := range []struct {
		hsts time.Duration
		want string
	}{{time.Hour, "max-age=3600"}, {365 * 24 * time.Hour, "max-age=31536000"}, {0, ""}} {
		t.Run(c.hsts.String(), func(t *testing.T) {
			cfg, a := secure(t, lasting)
			cfg.HSTS = c.hsts
			run(t, cfg, a.roots, func(w *testclient.World, s *server) {
				for _, path := range []string{"/", "/rooms", "/nothing-here", "/ws/ana"} {
					for _, method := range []string{"GET", "HEAD", "POST"} {
						if got := s.Get(path, testclient.Method(method)).Header.Get("Strict-Transport-Security"); got != c.want {
							w.Fatalf("%s %s was answered with Strict-Transport-Security %q, want %q", method, path, got, c.want)
						}
					}
				}
			})
			cfg.TLS = nil
			run(t, cfg, nil, func(w *testclient.World, s *server) {
				for _, opts := range [][]testclient.DialOption{nil, {testclient.Header("X-Forwarded-Proto", "https")}} {
					if got := s.Get("/", opts...).Header.Get("Strict-Transport-Security"); got != "" {
						w.Fatalf("GET / over plain HTTP was answered with Strict-Transport-Security %q, want none", got)
					}
				}
			})
		})
	}
	if _, err := chat.New(chat.Config{HSTS: -time.Second}); err == nil {
		t.Fatalf("New with HSTS -1s = nil, want an error")
	}
}
