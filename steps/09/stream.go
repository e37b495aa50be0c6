package chat

import (
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"sync"
	"time"

	"wsworkshop/steps/09/wire"
)

// stream is one event stream (HTML standard, "Server-sent events"): the answer to one request, which
// lasts as long as the client stays. It is the transport of those for whom no WebSocket opens.
type stream struct {
	w            http.ResponseWriter
	control      *http.ResponseController
	writeTimeout time.Duration
	session      string // of the client; the welcome names it

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
func (s *Server) openStream(w http.ResponseWriter) (*stream, error) {
	st := &stream{w: w, control: http.NewResponseController(w), writeTimeout: s.cfg.WriteTimeout}
	// TODO(9.7): The client is to know at once that it is connected. Nothing on the way may keep events back.
	return st, nil // placeholder
}

// write writes one message as an event.
func (st *stream) write(e *envelope) error {
	// TODO(9.7): The message is the data of an event without a name. Its id is st.eventID, if it has one.
	return errors.New("this is no event stream yet") // placeholder
}

// print writes and flushes, within writeTimeout.
func (st *stream) print(format string, args ...any) error {
	// TODO(9.7): Each write has st.writeTimeout of its own; zero means none. net/http sets a deadline too, for
	// the whole answer.
	return nil // placeholder
}

// eventID says where a client is to go on after a message, or is empty when the message changes nothing
// about that.
func (st *stream) eventID(e *envelope) string {
	// TODO(9.9): See e.welcome and e.kept.
	return "" // placeholder: the browser cannot say where it was
}

// writeClose announces the end of the stream, which ends when the request's handler returns. A browser
// would then ask for the stream again.
func (st *stream) writeClose(code wire.CloseCode, reason string) {
	data, _ := json.Marshal(struct {
		Code   wire.CloseCode `json:"code"`
		Reason string         `json:"reason"`
	}{code, reason})
	// TODO(9.7): These are the data of an event with the name close. Its id is lastID's.
	_ = data
	st.mu.Lock()
	defer st.mu.Unlock()
	st.over = true
}

// lastID is the line that gives the last event of a stream its id, or empty. A browser that asks for
// the stream again says this id.
func lastID(code wire.CloseCode) string {
	// TODO(9.9): It depends on the advice.
	return "" // placeholder: the browser goes on, whatever the advice
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

// drop makes a write that waits fail. It comes before the handler returns, and w is net/http's again.
func (st *stream) drop() {
	st.mu.Lock()
	defer st.mu.Unlock()
	if !st.over {
		st.over = true
		_ = st.control.SetWriteDeadline(time.Unix(1, 0)) // the connection may be gone already
	}
}
