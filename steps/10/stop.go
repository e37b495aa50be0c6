package chat

import (
	"context"
	"net/http"
	"time"
)

// stop ends everything that Serve has begun, in order. It returns what has failed meanwhile.
func (s *Server) stop(srv *http.Server, background *background) error {
	// TODO(10.1): Each part of a stop makes the next one safe. None may last for ever.
	_ = background
	s.Close()
	return srv.Close() // placeholder
}

// shutdownLimit is a context that ends when ShutdownTimeout has passed.
func (s *Server) shutdownLimit() (context.Context, context.CancelFunc) {
	if s.cfg.ShutdownTimeout == 0 {
		return context.WithCancel(context.Background())
	}
	return context.WithTimeout(context.Background(), s.cfg.ShutdownTimeout)
}

// drain tells the clients to connect to another server, and gives them the first half of period to do
// so. In the second half it closes those who are left, one after the other. It returns when nobody is
// left, so Close cuts it short.
func (s *Server) drain(period time.Duration) {
	// TODO(10.5): Clients that leave at the same moment arrive at the next server at the same moment.
	_ = period // placeholder: all leave at once
}

// pause lets d pass. It returns false, at once, when nobody is here to wait for.
func (s *Server) pause(d time.Duration) bool {
	// TODO(10.5): Without clients there is nothing to wait for.
	time.Sleep(d)
	return true // placeholder: whoever is here
}

// reconnect tells a client to open another connection within window, and to leave this one when it has.
func reconnect(window time.Duration) *envelope {
	return seal(Message{Type: TypeReconnect, Data: encode(struct {
		WindowMS int64 `json:"window_ms"`
	}{milliseconds(window)})})
}
