package main

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"time"
)

// serveAdmin serves operators at ln until ctx ends. That is when the last client has gone, so that they
// see how the server stops.
func serveAdmin(ctx context.Context, ln net.Listener, admin http.Handler) error {
	slog.Info("for operators", "url", "http://"+ln.Addr().String()+"/admin/")
	srv := &http.Server{
		Handler:           admin,
		ReadHeaderTimeout: 10 * time.Second,
		IdleTimeout:       2 * time.Minute, // no WriteTimeout: a profile takes its time
	}
	stop := context.AfterFunc(ctx, func() { srv.Close() })
	defer stop()
	if err := srv.Serve(ln); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}
