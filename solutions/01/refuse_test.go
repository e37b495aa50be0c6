package chat_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"wsworkshop/pkg/testclient"
)

// Task 1.1: A 405 names the method that is allowed (RFC 9110, section 15.5.6).
func TestOtherMethodIsRefused(t *testing.T) {
	run(t, func(w *testclient.World, s *testclient.Server) {
		s.Dial("/ws", testclient.As("ana"))
		for _, method := range []string{"HEAD", "POST"} {
			resp := s.Refused("/ws", append([]int{405}, refusals...), testclient.As("bob"), testclient.Method(method))
			if allow := resp.Header.Get("Allow"); resp.Status == 405 && !strings.Contains(allow, "GET") {
				w.Fatalf("%s /ws got status 405 with Allow: %q, want GET in it", method, allow)
			}
		}
	})
}

// Task 1.1: A refusal says what is wrong.
func TestRefusalSaysWhy(t *testing.T) {
	run(t, func(w *testclient.World, s *testclient.Server) {
		s.Dial("/ws", testclient.As("ana"))
		for _, resp := range []*testclient.Response{
			s.Get("/ws", testclient.As("bob")),
			s.Refused("/ws", refusals, testclient.As("no-key"), testclient.Header("Sec-WebSocket-Key", "")),
		} {
			if body := strings.TrimSpace(string(resp.Body)); body == "" || body == http.StatusText(resp.Status) {
				w.Fatalf("the body of the refusal with status %d is %q, want a sentence that says what is wrong with the request",
					resp.Status, resp.Body)
			}
		}
	})
}

// Task 1.1: Each refusal leaves one record in the log.
func TestRefusalIsLogged(t *testing.T) {
	run(t, func(w *testclient.World, s *testclient.Server) {
		s.Dial("/ws", testclient.As("ana"))
		s.Get("/ws", testclient.As("bob"), testclient.From("192.0.2.8"))
		s.Refused("/ws", refusals, testclient.As("no-key"), testclient.From("192.0.2.9"), testclient.Header("Sec-WebSocket-Key", ""))
		w.Sleep(time.Second)
		for _, ip := range []string{"192.0.2.8", "192.0.2.9"} {
			checkRecord(w, ip)
		}
	})
}

// checkRecord checks the one record about the refusal of the client at ip.
func checkRecord(w *testclient.World, ip string) {
	w.Helper()
	ofClient := func(r testclient.Record) bool {
		return r.Message == "handshake refused" && strings.HasPrefix(fmt.Sprint(r.Attrs["remote"]), ip+":")
	}
	record := w.Logs().ExpectRecord(fmt.Sprintf("\"handshake refused\" with remote=%s:…", ip), ofClient)
	if reason, ok := record.Attrs["reason"].(string); !ok || reason == "" {
		w.Fatalf("the record has reason=%v, a %T, want a string that says why the handshake was refused",
			record.Attrs["reason"], record.Attrs["reason"])
	}
	n := 0
	for _, r := range w.Logs().Records() {
		if ofClient(r) {
			n++
		}
	}
	if n != 1 {
		w.Fatalf("one refused request left %d records \"handshake refused\", want 1. Return from the handler after a refusal.", n)
	}
}
