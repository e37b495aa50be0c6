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
	"os"
	"os/signal"
	"syscall"
	"time"

	chat "wsworkshop/steps/13"
	"wsworkshop/steps/13/auth"
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
	var opts options
	cfg := chat.DefaultConfig()
	flags := flag.NewFlagSet("server", flag.ContinueOnError)
	opts.addTo(flags)
	addConfig(flags, &cfg)
	if err := settings.Parse(flags, args); err != nil {
		return err
	}
	switch {
	case opts.printVersion:
		fmt.Println(version())
		return nil
	case opts.printConfig:
		settings.Print(os.Stdout, flags)
		return nil
	}
	logger, err := newLogger(os.Stderr, opts.logFormat, opts.logLevel)
	if err != nil {
		return err
	}
	slog.SetDefault(logger) // for net/http, too
	cfg.Logger = logger
	if err := opts.secure.apply(&cfg, opts.addr); err != nil {
		return err
	}
	if opts.open {
		logger.Warn("tokens are off: anybody can be anybody")
	} else {
		verifier, err := newVerifier(logger, opts.issuer, opts.audience)
		if err != nil {
			return err
		}
		cfg.Auth, cfg.GuardAdmin = verifier, verifier.Guard(auth.RoleOperator)
	}
	server, err := newServer(cfg, opts.adminAddr)
	if err != nil {
		return err
	}
	return server.Run(ctx, opts.addr)
}

// newServer returns a server that serves operators at adminAddr, too, unless that is empty. It listens there
// at once, so that an address that cannot be had is an error now.
func newServer(cfg chat.Config, adminAddr string) (server *chat.Server, err error) {
	if adminAddr != "" {
		ln, err := net.Listen("tcp", adminAddr)
		if err != nil {
			return nil, fmt.Errorf("-admin-addr: %w", err)
		}
		cfg.Background = append(cfg.Background, func(ctx context.Context) error { return serveAdmin(ctx, ln, server.Admin()) })
	}
	server, err = chat.New(cfg)
	return server, err
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
