package chat_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"wsworkshop/pkg/testclient"
	chat "wsworkshop/solutions/11"
)

// from is the option of a page of an origin.
func from(origins ...string) []testclient.DialOption {
	opts := []testclient.DialOption{testclient.As("page")}
	for _, o := range origins {
		opts = append(opts, testclient.Header("Origin", o))
	}
	return opts
}

// expectOrigin fails unless a page of some origin is let in, or refused with 403, over both transports.
func (s *server) expectOrigin(allowed bool, why string, opts ...testclient.DialOption) {
	s.w.Helper()
	want := http.StatusForbidden
	if allowed {
		want = http.StatusOK
	}
	for _, transport := range transports {
		c, _ := s.expectStatus(want, transport, "/ws/page?room_id=den", why, opts...)
		if c != nil {
			c.Cut()
			s.w.Sleep(time.Second)
		}
	}
}

// Task 11.8 (12 points, after 11.4): Only pages of certain origins may connect.
//
// Rules: 11.z, 11.ba.
func TestOrigins(t *testing.T) {
	cfg := lasting
	cfg.Origins = []string{"https://chat.example", "http://dev.example:3000"}
	run(t, cfg, func(w *testclient.World, s *server) {
		ana := s.Join("ana", "den")
		s.expectOrigin(true, "it is in the list", from("https://chat.example")...)
		s.expectOrigin(true, "it is in the list", from("http://dev.example:3000")...)
		ana.Hear("system page joined", "system page left", "system page joined", "system page left", "system page joined", "system page left", "system page joined", "system page left")
		for _, origin := range []string{
			"https://evil.example", "https://evil-chat.example", "https://chat.example.evil.net", "https://chat.exampl", "https://example",
			"https://www.chat.example", "https://chat_example", "https://chat.example.", "https://chat-example",
			"http://chat.example", "wss://chat.example", "ftp://chat.example", "chat.example", "//chat.example",
			"https://chat.example:8443", "https://chat.example:80", "http://dev.example", "http://dev.example:300", "http://dev.example:30000", "https://dev.example:3000",
			"http://192.0.2.1", "http://192.0.2.1:80", "http://localhost",
		} {
			s.expectOrigin(false, "the origin "+origin+" is not in the list", from(origin)...)
		}
		s.HearNoMore(ana)
	})
}

// Task 11.8: Two origins are the same if scheme, host and port are.
//
// Rules: 11.bb.
func TestSameOrigin(t *testing.T) {
	for _, row := range []struct {
		list []string
		same []string
		not  []string
	}{
		{[]string{"https://chat.example"},
			[]string{"https://chat.example", "https://chat.example:443", "https://CHAT.example", "https://Chat.Example:443"},
			[]string{"https://chat.example:80", "http://chat.example:443", "https://chat.example:4433"}},
		{[]string{"https://Chat.Example:443", "http://[2001:db8::1]:8080"},
			[]string{"https://chat.example", "https://chat.example:443", "http://[2001:db8::1]:8080", "http://[2001:DB8::1]:8080"},
			[]string{"http://chat.example", "http://[2001:db8::1]", "http://[2001:db8::2]:8080"}},
		{[]string{"http://chat.example:80"},
			[]string{"http://chat.example", "http://chat.example:80"},
			[]string{"https://chat.example", "https://chat.example:80", "http://chat.example:8080"}},
	} {
		cfg := lasting
		cfg.Origins = row.list
		run(t, cfg, func(w *testclient.World, s *server) {
			w.Note("Origins: %q", row.list)
			for _, origin := range row.same {
				s.expectOrigin(true, origin+" is in the list, written in another way perhaps", from(origin)...)
			}
			for _, origin := range row.not {
				s.expectOrigin(false, origin+" is not in the list", from(origin)...)
			}
		})
	}
}

// Task 11.8: Without a list, a page must be the server's own.
//
// Rules: 11.ba.
func TestOwnOrigin(t *testing.T) {
	run(t, lasting, func(w *testclient.World, s *server) {
		host := testclient.Header("Host", "Chat.example:8080")
		own := func(origin string) []testclient.DialOption { return append(from(origin), host) }
		s.expectOrigin(true, "the request came to chat.example:8080", own("http://chat.example:8080")...)
		for _, origin := range []string{"https://chat.example:8080", "http://chat.example", "http://chat.example:80", "http://192.0.2.1", "http://evil.example:8080"} {
			s.expectOrigin(false, "the request came to http://chat.example:8080", own(origin)...)
		}
		s.expectOrigin(true, "the request came to 192.0.2.1", from("http://192.0.2.1")...)
		s.expectOrigin(true, "the request came to 192.0.2.1", from("http://192.0.2.1:80")...)
		usual := append(from("http://chat.example"), testclient.Header("Host", "chat.example:80"))
		s.expectOrigin(true, "80 is the usual port", usual...)
	})
	testclient.Run(t, func(w *testclient.World) {
		manners(w)
		s := w.Serve(newServer(w, lasting), testclient.TLS())
		host := testclient.Header("Host", "chat.example")
		for origin, want := range map[string]bool{"https://chat.example": true, "https://chat.example:443": true, "http://chat.example": false, "http://chat.example:443": false} {
			c, _ := s.TryDial("/ws/page", append(from(origin), host)...)
			if (c != nil) != want {
				w.Fatalf("a page of %s was let in: %v, want %v: the request came to https://chat.example", origin, c != nil, want)
			}
			if c != nil {
				c.Cut()
				w.Sleep(time.Second)
			}
		}
	})
}

// Task 11.8: A text that is no origin is not allowed.
//
// Rules: 11.bc.
func TestNoOrigins(t *testing.T) {
	for _, origins := range [][]string{nil, {"http://192.0.2.1"}, {"https://chat.example", "http://192.0.2.1"}} {
		cfg := lasting
		cfg.Origins = origins
		run(t, cfg, func(w *testclient.World, s *server) {
			w.Note("Origins: %q", origins)
			s.expectOrigin(true, "it is the server's own", from("http://192.0.2.1")...)
			for _, origin := range []string{
				"null", "", "https://", "http://", "http://:80", "://192.0.2.1", "192.0.2.1", "*", "%", "http:192.0.2.1", "http:///",
				"http://192.0.2.1/", "http://192.0.2.1/page", "http://192.0.2.1?", "http://192.0.2.1?a=b", "http://192.0.2.1#", "http://192.0.2.1#a",
				"http://ana@192.0.2.1", "http://192.0.2.1@evil.example", "http://evil.example@192.0.2.1", "http://192.0.2.1, http://192.0.2.1", "http://192.0.2.1 http://192.0.2.1",
			} {
				s.expectOrigin(false, "the origin is "+origin, from(origin)...)
			}
			s.expectOrigin(false, "there are two", from("http://192.0.2.1", "http://192.0.2.1")...)
			s.expectOrigin(false, "there are two", from("http://192.0.2.1", "http://evil.example")...)
			s.expectOrigin(false, "there are two", from("http://evil.example", "http://192.0.2.1")...)
		})
	}
}

// Task 11.8: A request without an Origin is not from a browser.
//
// Rules: 11.bd.
func TestRequireOrigin(t *testing.T) {
	for _, origins := range [][]string{nil, {"http://192.0.2.1"}} {
		for _, required := range []bool{false, true} {
			cfg := lasting
			cfg.Origins, cfg.RequireOrigin = origins, required
			run(t, cfg, func(w *testclient.World, s *server) {
				w.Note("RequireOrigin: %v", required)
				s.expectOrigin(true, "it is the server's own", from("http://192.0.2.1")...)
				s.expectOrigin(!required, "there is no Origin", testclient.As("page"))
				s.expectOrigin(false, "it is another site's", from("http://evil.example")...)
			})
		}
	}
}

// Task 11.8: A browser sends no Origin with an image, and says all the same that its page is of another site.
//
// Rules: 11.bd.
func TestImagesOfOtherSites(t *testing.T) {
	for _, origins := range [][]string{nil, {"http://192.0.2.1"}} {
		cfg := lasting
		cfg.Origins = origins
		run(t, cfg, func(w *testclient.World, s *server) {
			for site, allowed := range map[string]bool{"same-origin": true, "none": true, "cross-site": false, "same-site": false} {
				s.expectOrigin(allowed, "there is no Origin, and Sec-Fetch-Site is "+site, testclient.As("page"), testclient.Header("Sec-Fetch-Site", site))
			}
			s.expectOrigin(true, "there is an Origin, and it is allowed", append(from("http://192.0.2.1"), testclient.Header("Sec-Fetch-Site", "cross-site"))...)
		})
	}
}

// Task 11.8: POST has the same rule, and the answers say who may read them.
//
// Rules: 11.z, 11.be.
func TestCORS(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		cfg := guarded(w, lasting)
		cfg.Origins = []string{"https://chat.example", "https://other.example"}
		s := start(w, cfg)
		bob := s.JoinEvents("bob", "den", as(w, "bob"), testclient.Header("Origin", "https://chat.example"))
		check := func(what, origin string, header http.Header, allowed bool) {
			w.Helper()
			want := ""
			if allowed {
				want = origin
			}
			if got := header.Values("Access-Control-Allow-Origin"); len(got) > 1 || header.Get("Access-Control-Allow-Origin") != want {
				w.Fatalf("the answer to %s of a page of %s has Access-Control-Allow-Origin %q, want %q", what, origin, got, want)
			}
			if vary := strings.Join(header.Values("Vary"), ", "); !strings.Contains(vary, "Origin") {
				w.Fatalf("the answer to %s of a page of %s has Vary: %q, want Origin among others: a cache must not give it to another page", what, origin, vary)
			}
		}
		check("GET /events/…", "https://chat.example", bob.Response().Header, true)
		for _, origin := range []string{"https://other.example", "https://chat.example:443", "https://evil.example", "null"} {
			allowed := !strings.Contains(origin, "evil") && origin != "null"
			given := testclient.Header("Origin", origin)
			_, refused := s.expectStatus(map[bool]int{true: 401, false: 403}[allowed], events, "/ws/cleo", "cleo has no token", given)
			check("GET /events/… without a token", origin, refused.Header, allowed)
			ticket := s.expectGet(map[bool]int{true: 200, false: 403}[allowed], "/ticket", "the token holds", post, as(w, "cleo"), given)
			check("POST /ticket", origin, ticket.Header, allowed)
			nobody := s.Get("/events/zed", post, given)
			if want := map[bool]int{true: 404, false: 403}[allowed]; nobody.Status != want {
				w.Fatalf("a POST of a page of %s was answered %d, want %d", origin, nobody.Status, want)
			}
			check("POST /events/…", origin, nobody.Header, allowed)
			forged := s.Get("/events/bob", post, given, testclient.Header("Chat-Session", bob.Session), testclient.Header("Chat-Instance", bob.Instance),
				testclient.Body(`{"type":"message","data":"from `+origin+`"}`))
			if want := map[bool]int{true: 204, false: 403}[allowed]; forged.Status != want {
				w.Fatalf("a POST of a page of %s was answered %d, want %d, even though it names the session", origin, forged.Status, want)
			}
		}
		bob.Hear("message from https://other.example", "message from https://chat.example:443")
		s.HearNoMore(bob)
		open := s.Get("/ticket", post)
		check("POST /ticket", "no origin", open.Header, false)
	})
}

// Task 11.8: A browser asks before a page makes a request.
//
// Rules: 11.bf.
func TestPreflight(t *testing.T) {
	cfg := chat.Config{Origins: []string{"https://chat.example"}}
	run(t, cfg, func(w *testclient.World, s *server) {
		ask := func(path, origin string) *testclient.Response {
			return s.Get(path, append(from(origin), testclient.Method(http.MethodOptions), testclient.Header("Access-Control-Request-Method", "POST"),
				testclient.Header("Access-Control-Request-Headers", "authorization,chat-instance,chat-session"))...)
		}
		for _, path := range []string{"/events/bob", "/ticket"} {
			resp := ask(path, "https://chat.example")
			if resp.Status != http.StatusNoContent || resp.Header.Get("Access-Control-Allow-Origin") != "https://chat.example" {
				w.Fatalf("OPTIONS %s was answered %d with Access-Control-Allow-Origin %q, want 204 with the origin", path, resp.Status, resp.Header.Get("Access-Control-Allow-Origin"))
			}
			if methods := words(resp, "Access-Control-Allow-Methods"); !slices.Contains(methods, "post") {
				w.Fatalf("OPTIONS %s was answered with the methods %q, want POST among others", path, methods)
			}
			for _, want := range []string{"authorization", "chat-session", "chat-instance"} {
				if headers := words(resp, "Access-Control-Allow-Headers"); !slices.Contains(headers, want) {
					w.Fatalf("OPTIONS %s was answered with the headers %q, want %s among others", path, headers, want)
				}
			}
			for _, origin := range []string{"https://evil.example", "null"} {
				if resp := ask(path, origin); resp.Status != http.StatusForbidden || resp.Header.Get("Access-Control-Allow-Origin") != "" {
					w.Fatalf("OPTIONS %s from %s was answered %d with Access-Control-Allow-Origin %q, want 403 without it", path, origin, resp.Status, resp.Header.Get("Access-Control-Allow-Origin"))
				}
			}
		}
	})
}

// words are those of a header that is a list.
func words(resp *testclient.Response, key string) []string {
	var all []string
	for word := range strings.SplitSeq(strings.Join(resp.Header.Values(key), ","), ",") {
		all = append(all, strings.ToLower(strings.TrimSpace(word)))
	}
	return all
}

// Task 11.8: The origin counts before the token.
//
// Rules: 11.z.
func TestOriginComesFirst(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		s := start(w, guarded(w, lasting))
		s.expectOrigin(true, "the page and the token are good", append(from("http://192.0.2.1"), as(w, "page"))...)
		s.expectOrigin(false, "the token is good, and the page another site's", append(from("http://evil.example"), as(w, "page"))...)
		s.expectOrigin(false, "the token and the page are not", append(from("http://evil.example"), bearing("x"))...)
		ticket := s.ticketOf(as(w, "page"))
		s.expectStatus(http.StatusForbidden, websocket, "/ws/page?ticket="+ticket, "the page is another site's", from("http://evil.example")...)
	})
}

// Task 11.8: New refuses a list of origins that has anything else in it.
//
// Rules: 11.ba.
func TestOriginsMakeSense(t *testing.T) {
	for what, origins := range map[string][]string{
		"a path":               {"https://chat.example/"},
		"a host alone":         {"chat.example"},
		"an asterisk":          {"*"},
		"a wildcard":           {"https://*.chat.example"},
		"nothing in one place": {"https://chat.example", ""},
	} {
		if s, err := chat.New(chat.Config{Origins: origins}); err == nil {
			s.Close()
			t.Errorf("New with Origins %q returns no error: there is %s", origins, what)
		}
	}
}
