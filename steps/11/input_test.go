package chat_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"wsworkshop/pkg/chattest"
	"wsworkshop/pkg/testclient"
	chat "wsworkshop/steps/11"
)

// Task 11.11 (4 points): Ids have no hidden characters, and text of a message never runs.
//
// Rules: 11.bq.
func TestHiddenCharacters(t *testing.T) {
	run(t, lasting, func(w *testclient.World, s *server) {
		bob, ana := s.Join("bob", "den"), s.JoinEvents("ana", "den")
		bob.Hear("system ana joined")
		for _, hidden := range []rune{0, '\t', '\n', '\r', 0x1b, 0x7f, 0x85, 0xad, 0x200b, 0x200e, 0x200f, 0x202a, 0x202e, 0x2060, 0x2066, 0x2069, 0xfeff, 0xe0041} {
			for _, c := range []*chattest.Client{bob, ana} {
				for _, id := range []string{string(hidden), "a" + string(hidden) + "b", string(hidden) + "b"} {
					c.SendJSON(map[string]string{"type": "message", "message_id": id, "data": "hi"})
					expectError(w, c, "invalid_field", "", fmt.Sprintf("message_id has %U", hidden))
					c.SendJSON(map[string]string{"type": "direct", "message_id": "m-1", "to": id, "data": "hi"})
					expectError(w, c, "invalid_field", "m-1", fmt.Sprintf("to has %U", hidden))
				}
			}
		}
		for _, visible := range []string{"ä", "日本", "m 1", "🙂", "<b>", "a\u0301"} {
			bob.SendJSON(map[string]string{"type": "direct", "message_id": visible, "to": "zed", "data": "hi"})
			expectError(w, bob, "no_such_client", visible, "an id may have any characters that can be seen")
		}
	})
}

// Task 11.11: Text goes out as it came: it is the page that shows it.
//
// Rules: 11.bq.
func TestTextGoesOutAsItCame(t *testing.T) {
	run(t, lasting, func(w *testclient.World, s *server) {
		ana, bob := s.Join("ana", "den"), s.JoinEvents("bob", "den")
		ana.Hear("system bob joined")
		for _, text := range []string{
			"<img src=x onerror=alert(1)>", "</script><script>alert(1)</script>", "&lt;b&gt; & &amp;", "javascript:alert(1)", `"'` + "`",
			"one\ntwo\r\nthree\tfour", "\u202eabc\u202c", "a\u0000b", "data: x\n\nevent: close\ndata: {}", "🙂 ä 日本",
		} {
			ana.Say(text)
			for _, c := range []*chattest.Client{ana, bob} {
				got := chattest.Parse(c.Expect("a message", chattest.IsType("message")))
				if got.Text() != text {
					w.Fatalf("ana sent %q, and %s got %q, want the same", text, c.Name(), got.Text())
				}
			}
		}
	})
}

// Task 11.11: Answers say what they may be used for.
//
// Rules: 11.br.
func TestHeadersOfAnswers(t *testing.T) {
	run(t, chat.Config{}, func(w *testclient.World, s *server) {
		bob := s.JoinEvents("bob", "den")
		check := func(what string, header http.Header) {
			w.Helper()
			policy := directives(header.Get("Content-Security-Policy"))
			for name, want := range map[string]string{"default-src": "'none'", "frame-ancestors": "'none'"} {
				if policy[name] != want {
					w.Fatalf("the answer to %s has Content-Security-Policy: %q, want %s %s in it", what, header.Get("Content-Security-Policy"), name, want)
				}
			}
			for name, value := range policy {
				if strings.Contains(value, "unsafe-") || strings.Contains(value, "*") || strings.HasPrefix(name, "script-src") && value != "'self'" {
					w.Fatalf("the answer to %s has %s %s in its Content-Security-Policy: that lets in scripts which nobody has checked", what, name, value)
				}
			}
			for name, want := range map[string]string{"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer"} {
				if got := header.Get(name); got != want {
					w.Fatalf("the answer to %s has %s: %q, want %q", what, name, got, want)
				}
			}
		}
		check("GET /events/bob", bob.Response().Header)
		for _, path := range []string{"/", "/chat.js", "/style.css", "/rooms", "/rooms/den", "/nowhere", "/ws/bob", "/ready", "/ws/"} {
			check("GET "+path, s.Get(path).Header)
		}
		check("POST /events/zed", s.Get("/events/zed", post).Header)
		check("POST /ticket", s.Get("/ticket", post).Header)
		check("DELETE /", s.Get("/", testclient.Method("DELETE")).Header)
		page := directives(s.Get("/").Header.Get("Content-Security-Policy"))
		for name, want := range map[string]string{"script-src": "'self'", "style-src": "'self'", "connect-src": "'self'"} {
			if page[name] != want {
				w.Fatalf("the page's Content-Security-Policy has %s %q, want %s: the page has files of its own, and asks its own server", name, page[name], want)
			}
		}
	})
}

// directives takes a Content-Security-Policy apart.
func directives(policy string) map[string]string {
	all := map[string]string{}
	for directive := range strings.SplitSeq(policy, ";") {
		name, value, _ := strings.Cut(strings.TrimSpace(directive), " ")
		if _, there := all[name]; !there { // the first one counts
			all[name] = value
		}
	}
	return all
}

// Task 11.11: The head of a request has a limit, and so has the time that it takes.
//
// Rules: 11.bw.
func TestHeadsOfRequests(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		manners(w)
		ln := w.Listen()
		c := newServer(w, chat.Config{})
		served := make(chan struct{})
		ctx, end := context.WithCancel(w.Context())
		go func() {
			defer close(served)
			_ = c.Serve(ctx, ln)
		}()
		s := w.At(ln)
		s.Cleanup("Serve", func() {
			end()
			<-served
		})
		large := s.Get("/", testclient.Header("X-Large", long(60<<10)))
		larger := s.Get("/", testclient.Header("X-Large", long(100<<10)))
		if large.Status != http.StatusOK || larger.Status != http.StatusRequestHeaderFieldsTooLarge {
			w.Fatalf("requests with 60 KiB and 100 KiB of headers were answered with %d and %d, want 200 and 431", large.Status, larger.Status)
		}
		if large.Header.Get("X-Content-Type-Options") != "nosniff" {
			w.Fatalf("the answer has no X-Content-Type-Options: nosniff")
		}
		for sent, most := range map[string]time.Duration{
			"GET /ws/bob HTTP/1.1\r\nHost: x\r\n":                             11 * time.Second, // the head does not end
			"POST /ticket HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n": 31 * time.Second, // the body does not come
		} {
			conn, err := s.Link().DialContext(ctx, "tcp", "")
			if err != nil {
				w.Fatalf("dial: %v", err)
			}
			_, _ = io.WriteString(conn, sent)
			began := time.Now()
			_ = conn.SetReadDeadline(began.Add(time.Minute))
			_, _ = io.Copy(io.Discard, conn)
			if took := time.Since(began); took > most {
				w.Fatalf("a request that began with %.30q and did not end was cut after %v, want at most %v", sent, took, most)
			}
			_ = conn.Close()
		}
	})
}
