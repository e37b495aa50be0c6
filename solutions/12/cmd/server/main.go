// Command server runs the chat server until it is interrupted.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/netip"
	"os"
	"os/signal"
	"syscall"
	"time"

	chat "wsworkshop/solutions/12"
	"wsworkshop/solutions/12/auth"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // the next signal ends the process at once
	if err := run(ctx, os.Args[1:]); err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "server:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	cfg := chat.DefaultConfig()
	flags := flag.NewFlagSet("server", flag.ContinueOnError)
	adminAddr := flags.String("admin-addr", envOr("CHAT_ADMIN_ADDR", "localhost:8081"), "host and port for operators, never public; empty means none; also CHAT_ADMIN_ADDR")
	addr := flags.String("addr", envOr("CHAT_ADDR", "localhost:8080"), "host and port to listen on; also CHAT_ADDR")
	flags.Int64Var(&cfg.MaxMessageSize, "max-message", cfg.MaxMessageSize, "largest message, in bytes; 0 means no limit")
	flags.DurationVar(&cfg.WriteTimeout, "write-timeout", cfg.WriteTimeout, "longest time that one write to a client may take; 0 means no bound")
	flags.IntVar(&cfg.OutboxSize, "outbox", cfg.OutboxSize, "messages that may wait for a slow client")
	flags.IntVar(&cfg.RoomCapacity, "room-capacity", cfg.RoomCapacity, "clients that a room holds; 0 means no limit")
	flags.DurationVar(&cfg.HeartbeatInterval, "heartbeat", cfg.HeartbeatInterval, "how often clients get a heartbeat; 0 means never")
	flags.DurationVar(&cfg.StaleAfter, "stale-after", cfg.StaleAfter, "how long a client may be silent; 0 means for ever")
	flags.IntVar(&cfg.RateLimit, "rate-limit", cfg.RateLimit, "messages that a client may send in -rate-window; 0 for both means no limit")
	flags.DurationVar(&cfg.RateWindow, "rate-window", cfg.RateWindow, "window of -rate-limit")
	flags.DurationVar(&cfg.ResumeWindow, "resume-window", cfg.ResumeWindow, "how long a session outlives its connection; 0 means not at all")
	flags.DurationVar(&cfg.CloseTimeout, "close-timeout", cfg.CloseTimeout, "longest time that a closing handshake may take; 0 means not to wait for the answer")
	flags.DurationVar(&cfg.ShutdownTimeout, "shutdown-timeout", cfg.ShutdownTimeout, "longest time that it may take to close all connections at the end; 0 means no bound beside -close-timeout")
	flags.DurationVar(&cfg.DrainPeriod, "drain", cfg.DrainPeriod, "time in which clients move to other servers before that; 0 means none")
	flags.IntVar(&cfg.MaxBadMessages, "max-bad-messages", cfg.MaxBadMessages, "bad messages that a client may send in a minute; 0 means any number")
	flags.IntVar(&cfg.ResumeLogSize, "resume-log", cfg.ResumeLogSize, "messages kept for each session")
	flags.IntVar(&cfg.MaxFailures, "max-failures", cfg.MaxFailures, "failures in a minute after which the server gets no new clients; 0 means any number")
	flags.IntVar(&cfg.MaxConnections, "max-connections", cfg.MaxConnections, "clients that the server holds; 0 means no limit")
	flags.IntVar(&cfg.MaxConnectionsPerIP, "max-per-ip", cfg.MaxConnectionsPerIP, "clients from one address; 0 means no limit")
	flags.IntVar(&cfg.AttemptLimit, "attempts", cfg.AttemptLimit, "attempts to connect from one address in -attempt-window; 0 for both means no limit")
	flags.DurationVar(&cfg.AttemptWindow, "attempt-window", cfg.AttemptWindow, "window of -attempts")
	flags.BoolVar(&cfg.RequireOrigin, "require-origin", cfg.RequireOrigin, "refuse clients that send no Origin")
	flags.Func("origin", "origin of pages that may connect; several times for several; without any, the server's own", func(text string) error {
		cfg.Origins = append(cfg.Origins, text)
		return nil
	})
	flags.Func("trusted-proxy", "address range of a proxy of ours, such as 10.0.0.0/8; several times for several", func(text string) error {
		prefix, err := netip.ParsePrefix(text)
		cfg.TrustedProxies = append(cfg.TrustedProxies, prefix)
		return err
	})
	open := flags.Bool("open", false, "let anybody in, without tokens, also at -admin-addr; keys are in the environment, see auth.FindKeys")
	issuer := flags.String("issuer", "workshop", "who issues the tokens")
	audience := flags.String("audience", "chat", "for whom the tokens are")
	logFormat := flags.String("log-format", envOr("CHAT_LOG_FORMAT", "text"), "text or json; also CHAT_LOG_FORMAT")
	logLevel := slog.LevelInfo
	flags.TextVar(&logLevel, "log-level", logLevel, "debug, info, warn or error: what is below is not logged")
	if err := flags.Parse(args); err != nil {
		return err
	}
	logger, err := newLogger(os.Stderr, *logFormat, logLevel)
	if err != nil {
		return err
	}
	slog.SetDefault(logger) // for net/http, too
	cfg.Logger = logger
	if *open {
		logger.Warn("tokens are off: anybody can be anybody")
	} else {
		verifier, err := newVerifier(logger, *issuer, *audience)
		if err != nil {
			return err
		}
		cfg.Auth, cfg.GuardAdmin = verifier, verifier.Guard(auth.RoleOperator)
	}
	var server *chat.Server
	if *adminAddr != "" {
		ln, err := net.Listen("tcp", *adminAddr)
		if err != nil {
			return fmt.Errorf("-admin-addr: %w", err)
		}
		defer ln.Close()
		cfg.Background = append(cfg.Background, func(ctx context.Context) error { return serveAdmin(ctx, ln, server.Admin()) })
	}
	server, err = chat.New(cfg)
	if err != nil {
		return err
	}
	return server.Run(ctx, *addr)
}

// newVerifier verifies tokens with the keys of the environment.
func newVerifier(logger *slog.Logger, issuer, audience string) (*auth.Verifier, error) {
	keys, development, err := auth.FindKeys()
	if err != nil {
		return nil, err
	}
	if development != "" {
		logger.Warn("this is a development key; set "+auth.KeysVar+" or "+auth.KeysFileVar+" in production", "file", development)
	}
	return auth.NewVerifier(auth.Config{Issuer: issuer, Audience: audience, Keys: keys, Leeway: 5 * time.Second})
}

// newLogger is the one place that decides how the log looks.
func newLogger(w io.Writer, format string, level slog.Level) (*slog.Logger, error) {
	opts := &slog.HandlerOptions{Level: level}
	switch format {
	case "text":
		return slog.New(slog.NewTextHandler(w, opts)), nil
	case "json":
		return slog.New(slog.NewJSONHandler(w, opts)), nil
	}
	return nil, fmt.Errorf("-log-format is text or json, not %q", format)
}

func envOr(name, otherwise string) string {
	if v, ok := os.LookupEnv(name); ok {
		return v
	}
	return otherwise
}
