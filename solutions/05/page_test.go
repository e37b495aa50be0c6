package chat_test

import (
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"wsworkshop/pkg/testclient"
	"wsworkshop/pkg/testpage"
	chat "wsworkshop/solutions/05"
)

// connect opens the page's chat.js and lets it connect, as from another machine: there browsers
// define no crypto.randomUUID. What the page is told goes into got and trips.
func connect(w *testclient.World, s *testclient.Server, opts ...testclient.DialOption) *testpage.Page {
	p := testpage.Open(w, s, "/chat.js", opts...)
	p.Run(`delete crypto.randomUUID; // this is plain http
const got = [], trips = [];
const client = new ChatClient({
  url: "` + strings.Replace(s.URL(), "http", "ws", 1) + `/ws/page?room_id=den",
  onMessage: (message) => got.push(message.type),
  onRoundTrip: (milliseconds) => trips.push(milliseconds),
});
client.connect();`)
	p.Await("connect", `client.state === "open"`)
	return p
}

// host serves the pages of the server under test, and plays the server to one page itself.
type host struct {
	w     *testclient.World
	pages http.Handler
	conns chan *websocket.Conn
	conn  *websocket.Conn // the latest of conns; the test's own
	said  chan string     // what the page has sent

	latest string // of what heard has returned
}

// play opens a page on a host.
func play(w *testclient.World, opts ...testclient.DialOption) (*host, *testpage.Page) {
	pages, err := chat.New(chat.Config{Logger: w.Logger()})
	if err != nil {
		w.Fatalf("chat.New: %v", err)
	}
	w.Cleanup(func() { pages.Close() })
	h := &host{w: w, pages: pages, conns: make(chan *websocket.Conn, 10), said: make(chan string, 100)}
	p := connect(w, w.Serve(h), opts...)
	h.conn = <-h.conns
	return h, p
}

func (h *host) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !websocket.IsWebSocketUpgrade(r) {
		h.pages.ServeHTTP(w, r)
		return
	}
	var upgrader websocket.Upgrader
	conn, err := upgrader.Upgrade(w, r, nil)
	if err != nil {
		return
	}
	defer conn.Close()
	h.conns <- conn
	for {
		_, data, err := conn.ReadMessage()
		if err != nil {
			return
		}
		h.said <- string(data)
	}
}

// tell sends the page a message.
func (h *host) tell(kind, id string) {
	data, _ := json.Marshal(map[string]string{"type": kind, "message_id": id, "timestamp": "2000-01-01T00:00:00Z"})
	if err := h.conn.WriteMessage(websocket.TextMessage, data); err != nil {
		h.w.Fatalf("the page's connection has ended: %v", err)
	}
	h.w.Settle()
}

// wire are the keys that a message may have.
var wire = []string{"type", "data", "message_id", "timestamp", "from", "to", "room_id", "session_id", "code"}

// heard returns the next that the page has said, within a second.
func (h *host) heard(what string) message {
	h.w.Helper()
	select {
	case text := <-h.said:
		var fields map[string]any
		_ = json.Unmarshal([]byte(text), &fields) // of what is broken the rest is compared
		for key := range fields {
			if !slices.Contains(wire, key) {
				h.w.Fatalf("the page sent %s; the server refuses messages with a field %q", text, key)
			}
		}
		h.latest = text
		return parse(testclient.Message{Kind: testclient.Text, Data: []byte(text)})
	case <-time.After(time.Second):
		h.w.Lacks("page", "the page should have sent %s, within 1s; nothing more has come", what)
		return message{}
	}
}

// heardOwn returns a heartbeat of the page's own, whose id must be none that has been used.
func (h *host) heardOwn(used map[string]bool) message {
	h.w.Helper()
	own := h.heard("a heartbeat of its own after its heartbeat_ack, also while an earlier one has no answer yet")
	if own.Type != "heartbeat" || own.ID == "" || len(own.ID) > 64 || used[own.ID] {
		h.w.Fatalf("after its answer the page sent %s, want a heartbeat of its own, with another id each time: a string of 1 to 64 bytes", h.latest)
	}
	used[own.ID] = true
	return own
}

// Task 5.7 (10 points): The page answers, and measures the round trip.
func TestPageAnswersHeartbeats(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		h, p := play(w)
		used := map[string]bool{}
		for i, id := range []string{"beat-1", "beat-2", "beat-3"} {
			w.Sleep(interval)
			used[id] = true
			h.tell("heartbeat", id)
			if m := h.heard("a heartbeat_ack with the message_id " + id); m.Type != "heartbeat_ack" || m.ID != id {
				w.Fatalf("the page answered the heartbeat %q with %s, want heartbeat_ack and the same id", id, h.latest)
			}
			own := h.heardOwn(used)
			wait := time.Duration(i+1) * 50 * time.Millisecond
			w.Sleep(wait)
			h.tell("heartbeat_ack", "of-somebody-else")
			expectTrips(w, p, i, 2*(wait-50*time.Millisecond))
			w.Sleep(wait)
			h.tell("heartbeat_ack", own.ID)
			expectTrips(w, p, i+1, 2*wait)
			h.tell("heartbeat_ack", own.ID) // once more: it has been counted
			expectTrips(w, p, i+1, 2*wait)
		}
		select {
		case text := <-h.said:
			w.Fatalf("the page sent %s; a heartbeat_ack is not answered", text)
		case <-time.After(interval):
		}
		h.tell("system", "x")
		w.Sleep(time.Second)
		var got []string
		if p.Get("got", &got); !slices.Equal(got, []string{"system"}) {
			w.Fatalf("onMessage got messages of the types %q, want the system message alone: neither heartbeats nor their answers", got)
		}
	})
}

// expectTrips fails unless the page has measured so many round trips, the last as long as that.
func expectTrips(w *testclient.World, p *testpage.Page, n int, last time.Duration) {
	w.Helper()
	var trips []float64
	p.Get("trips", &trips)
	if len(trips) != n {
		w.Fatalf("onRoundTrip was called %s by now, want %s: once for each heartbeat_ack that answers a heartbeat of the page's", times(len(trips)), times(n))
	}
	if want := float64(last) / float64(time.Millisecond); n > 0 && math.Abs(trips[n-1]-want) > 1 {
		w.Fatalf("onRoundTrip was called with %v, want %v: the milliseconds from the page's heartbeat to its answer", trips[n-1], want)
	}
}

func times(n int) string {
	switch n {
	case 0:
		return "never"
	case 1:
		return "once"
	}
	return fmt.Sprint(n, " times")
}

// Task 5.7: A heartbeat of the page's that is never answered does not keep it from asking again, nor does a new connection.
func TestPageAsksAgain(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		h, p := play(w)
		used := map[string]bool{}
		ask := func() message {
			w.Sleep(interval)
			h.tell("heartbeat", "beat")
			h.heard("a heartbeat_ack")
			return h.heardOwn(used)
		}
		ask()
		own := ask()
		w.Sleep(50 * time.Millisecond)
		h.tell("heartbeat_ack", own.ID)
		expectTrips(w, p, 1, 50*time.Millisecond)
		ask()
		p.Run(`client.disconnect()`)
		p.Await("disconnect", `client.state === "closed"`)
		p.Run(`client.connect()`)
		p.Await("connect again", `client.state === "open"`)
		h.conn = <-h.conns
		own = ask()
		w.Sleep(70 * time.Millisecond)
		h.tell("heartbeat_ack", own.ID)
		expectTrips(w, p, 2, 70*time.Millisecond)
	})
}

// Task 5.7: The round trip is the time that the network takes, there and back.
func TestPageMeasuresTheNetwork(t *testing.T) {
	for _, latency := range []time.Duration{0, 7 * time.Millisecond, 120 * time.Millisecond} {
		testclient.Run(t, func(w *testclient.World) {
			h, p := play(w, testclient.Latency(latency))
			for i := range 3 {
				w.Sleep(interval)
				h.tell("heartbeat", fmt.Sprint("beat-", i))
				h.heard("a heartbeat_ack")
				h.tell("heartbeat_ack", h.heard("a heartbeat of its own").ID)
				w.Sleep(latency)
				expectTrips(w, p, i+1, 2*latency)
			}
		})
	}
}
