package chat

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"sync"
	"time"

	"wsworkshop/solutions/13/wire"
)

// stream is one event stream (HTML standard, "Server-sent events"): the answer to one request, which
// lasts as long as the client stays. It is the transport of those for whom no WebSocket opens.
type stream struct {
	w            http.ResponseWriter
	control      *http.ResponseController
	writeTimeout time.Duration
	conn         net.Conn // below; nil if somebody else serves
	session      string   // of the client; the welcome names it

	mu   sync.Mutex
	over bool // there may be no write any more
}

// How long the browser waits before it asks for a stream again, at random, so that those who were
// cut off together do not come back together.
const (
	retryAtLeast = time.Second
	retryAtMost  = 5 * time.Second
)

// openStream begins an event stream, so that the client knows that it is connected.
func (s *Server) openStream(w http.ResponseWriter, r *http.Request) (*stream, error) {
	st := &stream{w: w, control: http.NewResponseController(w), writeTimeout: s.cfg.WriteTimeout, conn: connOf(r)}
	context.AfterFunc(r.Context(), st.drop) // net/http ends that when a write fails, and would say goodbye over TLS
	// task 9.7: The client is to know at once that it is connected. Nothing on the way may keep events back.
	header := w.Header()
	header.Set("Content-Type", "text/event-stream")
	header.Set("Cache-Control", "no-store")
	header.Set("X-Accel-Buffering", "no") // nginx would collect events otherwise
	retry := retryAtLeast + rand.N(retryAtMost-retryAtLeast)
	return st, st.print("retry: %d\n\n", retry.Milliseconds())
	// end task 9.7
}

// write writes one message as an event.
func (st *stream) write(e *envelope) error {
	// task 9.7: The message is the data of an event without a name. Its id is st.eventID, if it has one.
	if id := st.eventID(e); id != "" {
		return st.print("id: %s\ndata: %s\n\n", id, e.data)
	}
	return st.print("data: %s\n\n", e.data)
	// end task 9.7
}

// print writes and flushes, within writeTimeout.
func (st *stream) print(format string, args ...any) error {
	// task 9.7: Each write has st.writeTimeout of its own; zero means none. net/http sets a deadline too, for
	// the whole answer.
	var until time.Time
	if st.writeTimeout > 0 {
		until = time.Now().Add(st.writeTimeout)
	}
	if err := st.setDeadline(until); err != nil {
		return err
	}
	if _, err := fmt.Fprintf(st.w, format, args...); err != nil {
		return err
	}
	if err := st.control.Flush(); err != nil {
		return err
	}
	return st.setDeadline(time.Time{})
	// end task 9.7
}

// eventID says where a client is to go on after a message, or is empty when the message changes nothing
// about that.
func (st *stream) eventID(e *envelope) string {
	// task 9.9: See e.welcome and e.kept.
	at := e.welcome
	if e.kept {
		at = resumption{st.session, e.id}
	} else if at.sessionID != "" {
		st.session = at.sessionID
	}
	if at.lastMessageID == "" {
		return at.sessionID
	}
	return at.sessionID + "/" + at.lastMessageID
	// end task 9.9
}

// writeClose announces the end of the stream, which ends when the request's handler returns. A browser
// would then ask for the stream again.
func (st *stream) writeClose(code wire.CloseCode, reason string) {
	data, _ := json.Marshal(struct {
		Code   wire.CloseCode `json:"code"`
		Reason string         `json:"reason"`
	}{code, reason})
	// task 9.7: These are the data of an event with the name close. Its id is lastID's.
	err := st.print("event: close\n%sdata: %s\n\n", lastID(code), data)
	// end task 9.7
	if err != nil {
		st.drop() // the stream ends, whether this arrived or not
		return
	}
	st.mu.Lock()
	defer st.mu.Unlock()
	st.over = true
}

// lastID is the line that gives the last event of a stream its id, or empty. A browser that asks for
// the stream again says this id.
func lastID(code wire.CloseCode) string {
	// task 9.9: It depends on the advice.
	if code.Advice() == wire.Stop {
		return "id: " + stopID + "\n"
	}
	return ""
	// end task 9.9
}

// setDeadline bounds the writes from now on. After drop there are none.
func (st *stream) setDeadline(t time.Time) error {
	st.mu.Lock()
	defer st.mu.Unlock()
	if st.over {
		return net.ErrClosed
	}
	return st.control.SetWriteDeadline(t)
}

func (st *stream) dropIn(d time.Duration) { time.AfterFunc(d, st.drop) }

// drop ends the connection, and with it a write that waits. It comes before the handler returns, and w is
// net/http's again.
func (st *stream) drop() {
	st.mu.Lock()
	defer st.mu.Unlock()
	if st.over {
		return
	}
	st.over = true
	_ = st.control.SetWriteDeadline(time.Unix(1, 0)) // the connection may be gone already
	if st.conn != nil {
		_ = cut(st.conn)
	}
}
