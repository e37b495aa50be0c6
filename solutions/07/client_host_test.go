package chat_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/gorilla/websocket"

	"wsworkshop/pkg/testclient"
)

// host plays the server to clients and pages that connect by themselves: it answers
// handshakes as the test says.
type host struct {
	w     *testclient.World
	pages http.Handler  // answers what is no handshake
	calls chan *call    // handshakes that have succeeded
	tells func() string // what who connects is doing, for failures

	mu     sync.Mutex    // guards what follows
	status int           // of the answer to handshakes; hangs is none
	open   []*call       // all of calls
	closed chan struct{} // ends what hangs
}

// elsewhere is where a host redirects to.
const elsewhere = "https://192.0.2.99/ws/bob"

// hangs is in place of a status: the handshake is never answered.
const hangs = 0

// call is a connection of who connected to a host.
type call struct {
	w     *testclient.World
	query url.Values
	conn  *websocket.Conn
	said  chan string   // what it has sent
	ended chan struct{} // closed when it is over
	end   error         // why; may be read once ended is closed
}

func newHost(w *testclient.World) *host {
	return &host{w: w, calls: make(chan *call, 1000), status: http.StatusSwitchingProtocols, closed: make(chan struct{})}
}

// answer has the host answer handshakes with a status from now on.
func (h *host) answer(status int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.status = status
}

func (h *host) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !websocket.IsWebSocketUpgrade(r) {
		h.pages.ServeHTTP(w, r)
		return
	}
	h.mu.Lock()
	status := h.status
	h.mu.Unlock()
	switch status {
	case hangs:
		select {
		case <-r.Context().Done():
		case <-h.closed:
		}
	case http.StatusSwitchingProtocols:
		var upgrader websocket.Upgrader
		if conn, err := upgrader.Upgrade(w, r, nil); err == nil {
			h.take(conn, r.URL.Query())
		}
	default:
		if status < 400 {
			w.Header().Set("Location", elsewhere)
		}
		http.Error(w, http.StatusText(status), status)
	}
}

// take is one connection's life.
func (h *host) take(conn *websocket.Conn, query url.Values) {
	c := &call{w: h.w, query: query, conn: conn, said: make(chan string, 1000), ended: make(chan struct{})}
	h.mu.Lock()
	h.open = append(h.open, c)
	h.mu.Unlock()
	h.calls <- c
	defer close(c.ended)
	defer conn.Close()
	for {
		_, data, err := conn.ReadMessage()
		if err != nil {
			c.end = err
			return
		}
		c.said <- string(data)
	}
}

// Close ends all connections.
func (h *host) Close() error {
	close(h.closed)
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, c := range h.open {
		c.conn.Close()
	}
	return nil
}

// call returns the next connection, which must come within so long.
func (h *host) call(who string, within time.Duration) *call {
	h.w.Helper()
	select {
	case c := <-h.calls:
		return c
	case <-time.After(within):
		h.w.Lacks(who, "%s should have connected within %v; it has not: %s", who, within, h.tells())
		return nil
	}
}

// tell sends a message. A value that is empty is left out.
func (c *call) tell(message map[string]any) {
	c.w.Helper()
	data, _ := json.Marshal(message)
	c.write(websocket.TextMessage, string(data))
}

// write sends any data.
func (c *call) write(kind int, data string) {
	c.w.Helper()
	if err := c.conn.WriteMessage(kind, []byte(data)); err != nil {
		c.w.Fatalf("the connection has ended: %v", err)
	}
	c.w.Settle()
}

// hangUp ends the connection with a close code; 1005 is a close frame without one, 1006 none.
func (c *call) hangUp(code int) {
	if code != websocket.CloseAbnormalClosure {
		frame := websocket.FormatCloseMessage(code, "") // of 1005 it is empty
		_ = c.conn.WriteControl(websocket.CloseMessage, frame, time.Now().Add(time.Second))
		select { // the answer ends it
		case <-c.ended:
		case <-time.After(time.Second):
		}
	}
	c.conn.Close()
	<-c.ended
}
