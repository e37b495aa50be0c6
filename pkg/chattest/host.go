package chattest

import (
	"encoding/json"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/gorilla/websocket"

	"wsworkshop/pkg/testclient"
)

// Host plays the server to clients and pages that connect by themselves: it answers
// handshakes as the test says. [testclient.World.Serve] puts it on the network.
type Host struct {
	Pages http.Handler  // answers what is no handshake; nil where nobody asks for a page
	Tells func() string // what the program under test is doing, for failures

	w     *testclient.World
	calls chan *Call // handshakes that have succeeded

	mu     sync.Mutex    // guards what follows
	status int           // of the answer to handshakes
	delay  time.Duration // before it
	open   []*Call       // all of calls
	closed chan struct{} // ends what hangs
}

// Hangs is in place of a status: the handshake is never answered.
const Hangs = 0

// Elsewhere is where a Host redirects to.
const Elsewhere = "https://192.0.2.99/ws/bob"

// NewHost returns a Host that upgrades.
func NewHost(w *testclient.World) *Host {
	return &Host{
		w: w, Tells: func() string { return "nothing more is known" },
		calls: make(chan *Call, 1000), status: http.StatusSwitchingProtocols, closed: make(chan struct{}),
	}
}

// Answer has the host answer handshakes with a status from now on.
func (h *Host) Answer(status int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.status = status
}

// AnswerAfter has the host take so long for each answer to a handshake from now on.
func (h *Host) AnswerAfter(delay time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.delay = delay
}

// Call returns the next connection, which must come within so long. who is what a failure
// calls the program that should have connected.
func (h *Host) Call(who string, within time.Duration) *Call {
	select {
	case c := <-h.calls:
		return c
	case <-time.After(within):
		h.w.Lacks(who, "%s should have connected within %v; it has not: %s", who, within, h.Tells())
		return nil
	}
}

// ServeHTTP answers a handshake, or leaves the request to Pages.
func (h *Host) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !websocket.IsWebSocketUpgrade(r) {
		h.Pages.ServeHTTP(w, r)
		return
	}
	h.mu.Lock()
	status, delay := h.status, h.delay
	h.mu.Unlock()
	select {
	case <-time.After(delay):
	case <-h.closed:
	}
	switch status {
	case Hangs:
		select {
		case <-r.Context().Done():
		case <-h.closed:
		}
	case http.StatusSwitchingProtocols:
		var upgrader websocket.Upgrader
		if conn, err := upgrader.Upgrade(w, r, nil); err == nil {
			h.take(conn, r)
		}
	default:
		if status < 400 {
			w.Header().Set("Location", Elsewhere)
		}
		http.Error(w, http.StatusText(status), status)
	}
}

// take is one connection's life.
func (h *Host) take(conn *websocket.Conn, r *http.Request) {
	c := &Call{
		Query: r.URL.Query(), Header: r.Header, Ended: make(chan struct{}),
		w: h.w, conn: conn, heard: make(chan string, 1000),
	}
	h.mu.Lock()
	h.open = append(h.open, c)
	h.mu.Unlock()
	h.calls <- c
	defer close(c.Ended)
	defer func() { _ = conn.Close() }() // may be closed already
	for {
		_, data, err := conn.ReadMessage()
		if err != nil {
			c.End = err
			return
		}
		select {
		case c.heard <- string(data):
		default: // no test hears so many
		}
	}
}

// Close ends all connections.
func (h *Host) Close() error {
	close(h.closed)
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, c := range h.open {
		_ = c.conn.Close() // may be closed already
	}
	return nil
}

// Call is a connection of a program to a Host.
type Call struct {
	Query  url.Values    // of the handshake
	Header http.Header   // of the handshake
	Ended  chan struct{} // closed when the connection is over
	End    error         // why; may be read once Ended is closed

	w     *testclient.World
	conn  *websocket.Conn
	heard chan string // what the program has sent
}

// Says sends a message of a type with this id. Its data is "x".
func (c *Call) Says(kind, id string) { c.send(said(kind, id)) }

// Welcomes sends the welcome of a session.
func (c *Call) Welcomes(session string, resumed bool, reason string) {
	m := said("welcome", "welcome-"+session)
	m["session_id"] = session
	m["data"] = map[string]any{"client_id": "bob", "room_id": "den", "resumed": resumed, "reason": reason, "reconnects": 0}
	c.send(m)
}

func said(kind, id string) map[string]any {
	return map[string]any{"type": kind, "data": "x", "message_id": id, "timestamp": "2000-01-01T00:00:00Z"}
}

func (c *Call) send(message map[string]any) {
	data, _ := json.Marshal(message) // strings and numbers only
	c.Write(websocket.TextMessage, string(data))
}

// Write sends any data in a message of one of gorilla's kinds.
func (c *Call) Write(kind int, data string) {
	if err := c.conn.WriteMessage(kind, []byte(data)); err != nil {
		c.w.Fatalf("the connection has ended: %v", err)
	}
	c.w.Settle()
}

// Ping sends a ping.
func (c *Call) Ping() {
	if err := c.conn.WriteControl(websocket.PingMessage, nil, time.Now().Add(time.Second)); err != nil {
		c.w.Fatalf("the connection has ended: %v", err)
	}
	c.w.Settle()
}

// Heard returns the next message that the program sends, and whether it does so within a second.
func (c *Call) Heard() (string, bool) {
	select {
	case text := <-c.heard:
		return text, true
	case <-time.After(time.Second):
		return "", false
	}
}

// HangUp ends the connection with a close code. 1005 is a close frame without a code, 1006
// the end of TCP without a close frame.
func (c *Call) HangUp(code int) { c.HangUpWith(code, "") }

// HangUpWith is HangUp with a reason in the close frame.
func (c *Call) HangUpWith(code int, reason string) {
	if code != websocket.CloseAbnormalClosure {
		frame := websocket.FormatCloseMessage(code, reason) // of 1005 it is empty
		_ = c.conn.WriteControl(websocket.CloseMessage, frame, time.Now().Add(time.Second))
		select { // the answer ends it
		case <-c.Ended:
		case <-time.After(time.Second):
		}
	}
	_ = c.conn.Close() // may be closed already
	<-c.Ended
}
