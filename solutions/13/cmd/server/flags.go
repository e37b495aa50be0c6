package main

import (
	"flag"
	"fmt"
	"log/slog"
	"net/netip"
	"strings"

	chat "wsworkshop/solutions/13"
)

// options are the flags that are no part of a chat.Config. Each flag also has a variable: CHAT_ADDR.
type options struct {
	addr, adminAddr  string
	open             bool
	issuer, audience string
	secure           security
	logFormat        string
	logLevel         slog.Level

	printConfig, printVersion bool
}

// addTo defines the flags.
func (o *options) addTo(flags *flag.FlagSet) {
	flags.StringVar(&o.addr, "addr", "localhost:8080", "host and port to listen on")
	flags.StringVar(&o.adminAddr, "admin-addr", "localhost:8081", "host and port for operators, never public; empty means none")
	flags.BoolVar(&o.open, "open", false, "let anybody in, without tokens, also at -admin-addr; keys are in the environment, see auth.FindKeys")
	flags.StringVar(&o.issuer, "issuer", "workshop", "who issues the tokens")
	flags.StringVar(&o.audience, "audience", "chat", "for whom the tokens are")
	o.secure.addTo(flags)
	flags.StringVar(&o.logFormat, "log-format", "text", "text or json")
	flags.TextVar(&o.logLevel, "log-level", slog.LevelInfo, "debug, info, warn or error: what is below is not logged")
	flags.BoolVar(&o.printConfig, "print-config", false, "print all settings, and end")
	flags.BoolVar(&o.printVersion, "version", false, "print the version, and end")
}

// addConfig defines a flag for each field of cfg that a number, a time or a list can set.
func addConfig(flags *flag.FlagSet, cfg *chat.Config) {
	flags.Int64Var(&cfg.MaxMessageSize, "max-message", cfg.MaxMessageSize, "largest message, in bytes; 0 means no limit")
	flags.DurationVar(&cfg.WriteTimeout, "write-timeout", cfg.WriteTimeout, "longest time that one write to a client may take; 0 means no bound")
	flags.IntVar(&cfg.OutboxSize, "outbox", cfg.OutboxSize, "messages that may wait for a slow client")
	flags.IntVar(&cfg.RoomCapacity, "room-capacity", cfg.RoomCapacity, "clients that a room holds; 0 means no limit")
	flags.DurationVar(&cfg.HeartbeatInterval, "heartbeat", cfg.HeartbeatInterval, "how often clients get a heartbeat; 0 means never")
	flags.DurationVar(&cfg.StaleAfter, "stale-after", cfg.StaleAfter, "how long a client may be silent; 0 means for ever")
	flags.IntVar(&cfg.RateLimit, "rate-limit", cfg.RateLimit, "messages that a client may send in -rate-window; 0 for both means no limit")
	flags.DurationVar(&cfg.RateWindow, "rate-window", cfg.RateWindow, "window of -rate-limit")
	flags.DurationVar(&cfg.ResumeWindow, "resume-window", cfg.ResumeWindow, "how long a session outlives its connection; 0 means not at all")
	flags.IntVar(&cfg.ResumeLogSize, "resume-log", cfg.ResumeLogSize, "messages kept for each session")
	flags.DurationVar(&cfg.CloseTimeout, "close-timeout", cfg.CloseTimeout, "longest time that a closing handshake may take; 0 means not to wait for the answer")
	flags.DurationVar(&cfg.ShutdownTimeout, "shutdown-timeout", cfg.ShutdownTimeout, "longest time that it may take to close all connections at the end; 0 means no bound beside -close-timeout")
	flags.DurationVar(&cfg.DrainPeriod, "drain", cfg.DrainPeriod, "time in which clients move to other servers before that; 0 means none")
	flags.IntVar(&cfg.MaxBadMessages, "max-bad-messages", cfg.MaxBadMessages, "bad messages that a client may send in a minute; 0 means any number")
	flags.IntVar(&cfg.MaxFailures, "max-failures", cfg.MaxFailures, "failures in a minute after which the server gets no new clients; 0 means any number")
	flags.DurationVar(&cfg.HSTS, "hsts", cfg.HSTS, "how long browsers come back over https only; 0 means that they are told nothing")
	addLimits(flags, cfg)
}

// addLimits defines the flags that say who may come, and how often.
func addLimits(flags *flag.FlagSet, cfg *chat.Config) {
	flags.IntVar(&cfg.MaxConnections, "max-connections", cfg.MaxConnections, "clients that the server holds; 0 means no limit")
	flags.IntVar(&cfg.MaxConnectionsPerIP, "max-per-ip", cfg.MaxConnectionsPerIP, "clients from one address; 0 means no limit")
	flags.IntVar(&cfg.AttemptLimit, "attempts", cfg.AttemptLimit, "attempts to connect from one address in -attempt-window; 0 for both means no limit")
	flags.DurationVar(&cfg.AttemptWindow, "attempt-window", cfg.AttemptWindow, "window of -attempts")
	flags.BoolVar(&cfg.RequireOrigin, "require-origin", cfg.RequireOrigin, "refuse clients that send no Origin")
	addList(flags, &cfg.Origins, asText, "origin", "`origins` of the pages that may connect, with commas between them; empty means the server's own")
	addList(flags, &cfg.TrustedProxies, netip.ParsePrefix, "trusted-proxy", "address `ranges` of proxies of ours, such as 10.0.0.0/8, with commas between them")
}

// addList defines a flag for values with commas between them. To give it again adds to them.
func addList[T any](flags *flag.FlagSet, to *[]T, parse func(string) (T, error), name, usage string) {
	flags.Var(&list[T]{to, parse}, name, usage)
}

func asText(text string) (string, error) { return text, nil }

// list implements flag.Value.
type list[T any] struct {
	to    *[]T
	parse func(string) (T, error)
}

func (l *list[T]) String() string {
	var texts []string
	if l.to != nil { // package flag also asks a zero value
		for _, value := range *l.to {
			texts = append(texts, fmt.Sprint(value))
		}
	}
	return strings.Join(texts, ",")
}

func (l *list[T]) Set(text string) error {
	for one := range strings.SplitSeq(text, ",") {
		value, err := l.parse(strings.TrimSpace(one))
		if err != nil {
			return err
		}
		*l.to = append(*l.to, value)
	}
	return nil
}
