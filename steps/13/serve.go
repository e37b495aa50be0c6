package chat

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"
)

// ErrClosed is what Serve returns when the server has been closed before.
var ErrClosed = errors.New("the server is closed")

// Run listens on addr and serves there, see Serve.
func (s *Server) Run(ctx context.Context, addr string) error {
	ln, err := net.Listen("tcp", addr)
	if err != nil {
		return err
	}
	return s.Serve(ctx, ln)
}

// Serve answers requests at ln, which it closes, and runs Config.Background, until ctx ends, Close is
// called, or something fails. Then it stops the server in order, see stop. It returns what has failed,
// or nil. It may be called once.
func (s *Server) Serve(ctx context.Context, ln net.Listener) error {
	s.log.Info("listening", "url", s.scheme()+"://"+ln.Addr().String()+"/")
	err := s.serve(ctx, ln)
	s.logStop(err)
	return err
}

func (s *Server) serve(ctx context.Context, ln net.Listener) error {
	// task 10.1: What begins here has ended when this returns.
	if s.ended.Err() != nil {
		return errors.Join(ErrClosed, ln.Close())
	}
	srv := newHTTPServer(s)
	srv.ErrorLog = slog.NewLogLogger(s.log.Handler(), slog.LevelWarn) // of TLS handshakes, too
	background := startBackground(s.cfg.Background)
	all, failed := errgroup.WithContext(ctx)
	var stopped error
	all.Go(func() error {
		if err := srv.Serve(s.secured(ln)); !errors.Is(err, http.ErrServerClosed) {
			return err
		}
		return nil
	})
	all.Go(func() error {
		select {
		case <-failed.Done(): // or ctx
		case <-background.failed.Done():
		case <-s.ended.Done():
		}
		stopped = s.stop(srv, background)
		return nil
	})
	return errors.Join(all.Wait(), stopped)
	// end task 10.1
}

// logStop writes down that the server has stopped, and what has failed. A panic has a stack that nobody
// else shows.
func (s *Server) logStop(err error) {
	if err != nil {
		s.log.LogAttrs(context.Background(), slog.LevelError, "stopped", causeAttrs(err)...)
		return
	}
	s.log.Info("stopped")
}

// newHTTPServer returns a server that drops a client that stands still in the middle of a
// request or an answer, or between two. The limits end with the upgrade. An answer that
// takes longer, such as an event stream, moves its write deadline with
// http.ResponseController.
func newHTTPServer(handler http.Handler) *http.Server {
	srv := &http.Server{
		Handler:           handler,
		MaxHeaderBytes:    64 << 10,
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       30 * time.Second, // head and body
		WriteTimeout:      time.Minute,      // from the end of the head on, so it includes the body
		IdleTimeout:       2 * time.Minute,
	}
	srv.ConnContext = withConn
	var silent sync.Map // connections that have brought nothing yet: Shutdown would wait for them for five seconds
	srv.ConnState = func(conn net.Conn, state http.ConnState) {
		if state == http.StateNew {
			silent.Store(conn, nil)
		} else {
			silent.Delete(conn)
		}
	}
	srv.RegisterOnShutdown(func() {
		silent.Range(func(conn, _ any) bool {
			_ = cut(conn.(net.Conn)) // it may be gone already
			return true
		})
	})
	return srv
}
