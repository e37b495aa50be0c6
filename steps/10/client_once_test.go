package chat_test

import (
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"wsworkshop/pkg/chattest"
	"wsworkshop/pkg/testclient"
	"wsworkshop/steps/10/client"
)

// moving has bob open his second connection when the old one has just brought m2.
func moving(w *testclient.World, h *chattest.Host, r *runner) (old, second *chattest.Call) {
	w.Helper()
	old = settled(w, h, r)
	asksToMove(old, 10*time.Second)
	old.Says("message", "m2")
	second = h.Call("bob", 11*time.Second)
	expectAsks(w, second, "s1", "m2")
	r.expectGot("it is what has come", "m2")
	return old, second
}

// Task 10.7: What both connections bring is handed on once, in order.
//
// Rules: 10.s.
func TestClientHandsOnOnce(t *testing.T) {
	kinds := []string{"message", "broadcast", "direct", "system"}
	for _, c := range []struct {
		what            string
		old, replay, is []string
	}{
		{"the new connection repeats all and has more", []string{"m9", "m3"}, []string{"m9", "m3", "m5", "m4"}, []string{"m5", "m4"}},
		{"the new connection repeats nothing", nil, []string{"m5", "m3"}, []string{"m5", "m3"}},
		{"there are notices and a direct message among them", []string{"m9", "m3", "m7", "m6"}, []string{"m9", "m3", "m7", "m6"}, nil},
		{"the server's log has not kept the first ones", []string{"m9", "m3", "m7"}, []string{"m3", "m7", "m4"}, []string{"m4"}},
		{"the server's log has kept none of them", []string{"m9", "m3"}, []string{"m5", "m4"}, []string{"m5", "m4"}},
		{"the old connection is ahead", []string{"m9", "m3", "m7"}, []string{"m9", "m3", "m7"}, nil},
	} {
		withHost(t, client.Config{Jitter: steady(0.5)}, func(w *testclient.World, h *chattest.Host, r *runner) {
			w.Note("%s", c.what)
			old, second := moving(w, h, r)
			for i, id := range c.old {
				old.Says(kinds[i], id)
			}
			r.expectGot("the old connection has brought it", c.old...)
			second.Welcomes("s1", true, "")
			for i, id := range c.replay {
				second.Says(kinds[i], id)
			}
			r.expectGot("what the old connection has brought is not handed on again: "+c.what, append([]string{"welcome-s1"}, c.is...)...)
			w.Sleep(time.Minute)
			second.Says("message", "m8")
			r.expectGot("it is new", "m8")
			second.HangUp(1006)
			last := "m8"
			expectAsks(w, h.Call("bob", 2*time.Second), "s1", last)
		})
	}
}

// Task 10.7: What no session keeps is handed on from both connections, whatever its id.
//
// Rules: 10.s.
func TestClientHandsOnAnswers(t *testing.T) {
	withHost(t, client.Config{Jitter: steady(0.5)}, func(w *testclient.World, h *chattest.Host, r *runner) {
		const answer = `{"type":"error","code":"rate_limited","data":"slow down","timestamp":"2000-01-01T00:00:00Z"}`
		old, second := moving(w, h, r)
		old.Write(websocket.TextMessage, answer)
		old.Write(websocket.TextMessage, answer)
		second.Welcomes("s1", true, "")
		second.Write(websocket.TextMessage, answer)
		r.expectGot("an error has the id of what it answers, if any", "error", "error", "welcome-s1", "error")
	})
}

// Task 10.7: A connection that ends in the middle of what it repeats does not take the client back.
//
// Rules: 10.s.
func TestClientDoesNotGoBack(t *testing.T) {
	withHost(t, client.Config{Jitter: steady(0.5)}, func(w *testclient.World, h *chattest.Host, r *runner) {
		old, second := moving(w, h, r)
		for _, id := range []string{"m3", "m4", "m5"} {
			old.Says("message", id)
		}
		second.Welcomes("s1", true, "")
		second.Says("message", "m3")
		r.expectGot("each once", "m3", "m4", "m5", "welcome-s1")
		second.HangUp(1006)
		third := h.Call("bob", 3*time.Second)
		expectAsks(w, third, "s1", "m5")
	})
}

// Task 10.7: What still arrives over the old connection after the welcome is not handed on twice either.
//
// Rules: 10.s.
func TestClientHandsOnOnceWhatIsLate(t *testing.T) {
	withHost(t, client.Config{Jitter: steady(0.5)}, func(w *testclient.World, h *chattest.Host, r *runner) {
		old := settled(w, h, r)
		r.link.SetLatency(700 * time.Millisecond)
		asksToMove(old, 10*time.Second)
		second := h.Call("bob", 11*time.Second)
		w.Note("m2 and m3 are under way on the old connection when the new one brings them")
		old.Says("message", "m2")
		w.Sleep(400 * time.Millisecond)
		old.Says("message", "m3")
		w.Sleep(400 * time.Millisecond)
		r.expectGot("the old connection has brought it", "m2")
		second.Welcomes("s1", true, "")
		second.Says("message", "m2")
		second.Says("message", "m3")
		second.Says("message", "m4")
		r.expectGot("the new connection has brought it", "welcome-s1", "m3", "m4")
		w.Sleep(10 * time.Second)
		r.expectGot("the new connection has brought m3 already")
		second.Says("message", "m5")
		r.expectGot("it is new", "m5")
	})
}
