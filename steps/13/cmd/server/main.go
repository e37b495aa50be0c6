// Command server runs the chat server until it is interrupted.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"syscall"

	chat "wsworkshop/steps/13"
	"wsworkshop/steps/13/settings"
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
	flags := flag.NewFlagSet("server", flag.ContinueOnError) // each flag also has a variable: CHAT_ADDR
	addr := flags.String("addr", "localhost:8080", "host and port to listen on")
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
	logFormat := flags.String("log-format", "text", "text or json")
	logLevel := slog.LevelInfo
	flags.TextVar(&logLevel, "log-level", logLevel, "debug, info, warn or error: what is below is not logged")
	flags.DurationVar(&cfg.HSTS, "hsts", cfg.HSTS, "how long browsers come back over https only; 0 means that they are told nothing")
	var secure security
	secure.addTo(flags)
	printConfig := flags.Bool("print-config", false, "print all settings, and end")
	printVersion := flags.Bool("version", false, "print the version, and end")
	if err := settings.Parse(flags, args); err != nil {
		return err
	}
	switch {
	case *printVersion:
		fmt.Println(version())
		return nil
	case *printConfig:
		settings.Print(os.Stdout, flags)
		return nil
	}
	logger, err := newLogger(os.Stderr, *logFormat, logLevel)
	if err != nil {
		return err
	}
	slog.SetDefault(logger) // for net/http, too
	cfg.Logger = logger
	if err := secure.apply(&cfg, *addr); err != nil {
		return err
	}
	server, err := chat.New(cfg)
	if err != nil {
		return err
	}
	return server.Run(ctx, *addr)
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
