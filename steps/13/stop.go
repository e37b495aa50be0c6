package chat

import (
	"context"
	"errors"
	"math/rand/v2"
	"net/http"
	"time"
)

// stop ends everything that Serve has begun, in order. It returns what has failed meanwhile.
func (s *Server) stop(srv *http.Server, background *background) error {
	// task 10.1: Each part of a stop makes the next one safe. None may last for ever.
	s.hub.shut()
	s.drain(s.cfg.DrainPeriod)
	limit, cancel := s.shutdownLimit()
	defer cancel()
	s.hub.close(limit) // before the background work ends: what the last clients say may need it
	err := background.stop(limit)
	if srv.Shutdown(limit) != nil { // requests that have not been answered in time
		return errors.Join(err, srv.Close())
	}
	return err
	// end task 10.1
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
	// task 10.5: Clients that leave at the same moment arrive at the next server at the same moment.
	if period == 0 {
		return
	}
	end := time.Now().Add(period)
	half := period / 2
	s.hub.tell(reconnect(half))
	if !s.pause(half) {
		return
	}
	rest := s.hub.connected()
	rand.Shuffle(len(rest), func(i, j int) { rest[i], rest[j] = rest[j], rest[i] })
	for _, c := range rest {
		interval := half / time.Duration(len(rest))
		if !s.pause(interval - rand.N(interval/2+1)) {
			return
		}
		c.hangUp(errClosing)
	}
	s.pause(time.Until(end)) // they may take it to answer
	// end task 10.5
}

// pause lets d pass. It returns false, at once, when nobody is here to wait for.
func (s *Server) pause(d time.Duration) bool {
	// task 10.5: Without clients there is nothing to wait for.
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-s.hub.empty:
		return false
	}
	// end task 10.5
}

// reconnect tells a client to open another connection within window, and to leave this one when it has.
func reconnect(window time.Duration) *envelope {
	return seal(Message{Type: TypeReconnect, Data: encode(struct {
		WindowMS int64 `json:"window_ms"`
	}{milliseconds(window)})})
}
