package chat_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"wsworkshop/pkg/testclient"
	chat "wsworkshop/steps/02"
)

// Task 2.1 (10 points): A name is checked before the upgrade.
func TestNamesAreChecked(t *testing.T) {
	run(t, chat.Config{}, func(w *testclient.World, s *testclient.Server) {
		for _, name := range []string{"ana", "B", "7", "_", "-", "Ana-Maria_07", strings.Repeat("x", 32)} {
			dial(w, s, name)
		}
		for _, name := range []string{"", strings.Repeat("x", 33), "ana maria", " ana", "ana\n", "añá", "ana:", "*", "a/b", "<b>ana</b>"} {
			s.Refused("/ws?name="+url.QueryEscape(name), []int{400}, testclient.As("nobody"))
		}
		s.Refused("/ws", []int{400}, testclient.As("nobody"))
		dial(w, s, "zoe")
	})
}

// Task 2.1: A refusal leaves one record in the log, and the refused client never joins.
func TestRefusalIsLogged(t *testing.T) {
	run(t, chat.Config{}, func(w *testclient.World, s *testclient.Server) {
		s.Refused("/ws?name=bob+bobson", []int{400}, testclient.As("bob"), testclient.From("192.0.2.8"))
		w.Sleep(time.Second)
		wantRefusal(w, "192.0.2.8", 400)
	})
}

// wantRefusal expects one record that the client at ip was refused, and none that it has
// connected.
func wantRefusal(w *testclient.World, ip string, status int) {
	w.Helper()
	of := func(message string) func(testclient.Record) bool {
		return func(r testclient.Record) bool {
			return r.Message == message && strings.HasPrefix(fmt.Sprint(r.Attrs["remote"]), ip+":")
		}
	}
	refused, connected := of("handshake refused"), of("client connected")
	record := w.Logs().ExpectRecord(fmt.Sprintf("\"handshake refused\" with remote=%s:…", ip), refused)
	if reason, ok := record.Attrs["reason"].(string); !ok || reason == "" || fmt.Sprint(record.Attrs["status"]) != fmt.Sprint(status) {
		w.Fatalf("the record of the refusal is %v, want status=%d and a reason in words", record, status)
	}
	n := 0
	for _, r := range w.Logs().Records() {
		if connected(r) {
			w.Fatalf("the client at %s was refused with %d and joined all the same: the log has \"client connected\".\n"+
				"Return from the handler after a refusal.", ip, status)
		}
		if refused(r) {
			n++
		}
	}
	if n != 1 {
		w.Fatalf("one refused request left %d records \"handshake refused\", want 1. Return from the handler after a refusal.", n)
	}
}
