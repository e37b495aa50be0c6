package chat_test

import (
	"fmt"
	"time"

	"wsworkshop/pkg/chattest"
	"wsworkshop/pkg/testclient"
)

// Ends after which there must be no other attempt, and ends after which there must be one.
var (
	forbidding = []int{1000, 1002, 1008, 1010, 4000, 4001, 4002, 4999}
	passing    = []int{1001, 1003, 1005, 1006, 1007, 1009, 1011, 1012, 1013, 1014}

	forbiddingStatuses = []int{301, 302, 303, 307, 308, 400, 401, 403, 404, 409}
	passingStatuses    = []int{429, 500, 502, 503}
)

// heldFor is how long a connection held, and the delay that must follow.
type heldFor struct{ held, delay time.Duration }

// aroundStable are connections one after the other, shorter and longer than stable, that make
// the delays longer and then short again: with a base of a second, and without jitter.
func aroundStable(stable time.Duration) []heldFor {
	return []heldFor{
		{3 * time.Second, 1 * time.Second},
		{0, 2 * time.Second},
		{stable - time.Second, 4 * time.Second},
		{3 * time.Second, 8 * time.Second},
		{stable + time.Second, 1 * time.Second},
		{0, 2 * time.Second},
		{time.Second, 4 * time.Second},
		{time.Hour, 1 * time.Second},
		{0, 2 * time.Second},
	}
}

// doubled is the delay before retry n, without jitter.
func doubled(base, most time.Duration, n int) time.Duration {
	delay := min(base, most)
	for range n - 1 {
		delay = min(2*delay, most)
	}
	return delay
}

// expectResume fails unless a client has asked for a session, from a message on. Without a
// message it may leave last_message_id out or empty.
func expectResume(w *testclient.World, c *chattest.Call, session, last, why string) {
	w.Helper()
	if got := c.Query.Get("session_id"); got != session {
		w.Fatalf("the handshake had session_id %q, want %q: %s", got, session, why)
	}
	if n := len(c.Query["session_id"]); n > 1 {
		w.Fatalf("the handshake had session_id %s in its query, want once: an attempt adds it to the query of URL, and not to that of the attempt before",
			times(n))
	}
	if got := c.Query.Get("last_message_id"); got != last {
		w.Fatalf("the handshake had last_message_id %q, want %q: %s", got, last, why)
	}
	if got := c.Query.Get("room_id"); got != "den" {
		w.Fatalf("the handshake had room_id %q, want den: what is in the query of URL stays there", got)
	}
}

// resumes plays a server that resumes sessions and forgets them, to bob, or to a page called bob.
func resumes(w *testclient.World, h *chattest.Host, who string) {
	const odd = "s+1 &x=ü/%"
	cut := func(c *chattest.Call) *chattest.Call {
		c.HangUp(1006)
		return h.Call(who, 40*time.Second)
	}
	c := h.Call(who, time.Second)
	expectResume(w, c, "", "", "this client has had no welcome yet; another client in the program has a session of its own")
	c.Welcomes(odd, false, "")
	c = cut(c)
	expectResume(w, c, odd, "", "it asks for the session of the latest welcome, escaped as by url.QueryEscape or encodeURIComponent; nothing has come yet in that one")
	c.Welcomes(odd, true, "")
	for i, kind := range []string{"system", "message", "direct", "broadcast"} {
		id := fmt.Sprintf("id+%d &é", i)
		c.Says(kind, id)
		c = cut(c)
		expectResume(w, c, odd, id, "the latest that came was a "+kind)
		c.Welcomes(odd, true, "")
		for _, other := range []string{"error", "heartbeat", "heartbeat_ack", "of-a-later-step"} {
			c.Says(other, "id-of-"+other)
		}
		c = cut(c)
		expectResume(w, c, odd, id, "only message, broadcast, direct and system count, and a welcome that says resumed does not begin anew")
		c.Welcomes(odd, true, "")
	}
	c = cut(c)
	c.Welcomes("s2", false, "unknown_session")
	c = cut(c)
	expectResume(w, c, "s2", "", "the session of the latest welcome counts, and nothing has come yet in that one")
	c.Welcomes("s2", true, "")
	c.Says("message", "first-of-s2")
	c = cut(c)
	expectResume(w, c, "s2", "first-of-s2", "it came in the session of the latest welcome")
}

// hammering is how many attempts to connect in a minute are more than any test has.
const hammering = 300

func times(n int) string {
	if n == 1 {
		return "once"
	}
	return fmt.Sprint(n, " times")
}

// near tells whether two times are the same but for rounding.
func nearly(a, b time.Duration) bool { return (a - b).Abs() <= time.Millisecond }
