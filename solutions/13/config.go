package chat

import (
	"context"
	"crypto/tls"
	"errors"
	"log/slog"
	"net/http"
	"net/netip"
	"time"

	"wsworkshop/solutions/13/auth"
)

// Config says how a Server behaves. Its zero value works.
type Config struct {
	// Logger gets the life of each connection. Nil means slog.Default().
	Logger *slog.Logger

	// TLS is what Serve speaks below HTTP, see package certs. Nil means plain HTTP, which is for
	// development, and for a server behind a proxy on the same machine.
	TLS *tls.Config

	// HSTS is how long a browser that was here over https comes back over https only, whatever it is
	// asked to open. It cannot be taken back before, so begin with little. Zero means that the browser
	// is told nothing.
	HSTS time.Duration

	// MaxMessageSize is the largest message that a client may send, in bytes; a larger
	// one ends its connection. Zero means no limit, which only a test should want: one
	// client could fill the server's memory.
	MaxMessageSize int64

	// WriteTimeout bounds each write to a client: one that takes longer ends the
	// connection. Zero means no bound.
	WriteTimeout time.Duration

	// OutboxSize is how many messages may wait for a client that reads more slowly than
	// the others write, beside the one that is being written. One more, and the client
	// is disconnected. Zero means 64.
	OutboxSize int

	// RoomCapacity is how many clients a room holds; the next is refused with 503. Zero
	// means no limit.
	RoomCapacity int

	// HeartbeatInterval is how often each client gets a heartbeat and a ping. Zero means
	// never.
	HeartbeatInterval time.Duration

	// StaleAfter is how long a client may be silent. A longer silence ends its connection,
	// with close code 1001, within one HeartbeatInterval more. It must be longer than
	// HeartbeatInterval, or who only answers heartbeats would be cut. Zero means that silence
	// is no fault.
	StaleAfter time.Duration

	// RateLimit is how many messages a client may send in any RateWindow, on however many
	// connections; each one more is refused. Zero means no limit. One without the other is
	// an error.
	RateLimit  int
	RateWindow time.Duration

	// ResumeWindow is how long a session outlives its connection: whoever comes back in that
	// time gets what it missed. Zero means that no session is resumed.
	ResumeWindow time.Duration

	// CloseTimeout is how long a closing handshake may take, from its beginning until TCP is cut.
	// Queued messages and the close frame go out in that time, and the client answers. Zero means
	// that the server does not wait for the answer.
	CloseTimeout time.Duration

	// ShutdownTimeout bounds the closing of all connections, and the end of the background work, when
	// the server stops. Then what has not ended is cut. Zero means no bound beside CloseTimeout.
	ShutdownTimeout time.Duration

	// DrainPeriod comes before that: the time in which clients move to other servers, spread over it.
	// Zero means that all are closed at once. What stops the program, a container's grace period for
	// example, must give it DrainPeriod and ShutdownTimeout.
	DrainPeriod time.Duration

	// Background is the work that Serve runs beside the server, each in a goroutine of its own. Its
	// ctx ends when all clients are gone. To return nil ends that work alone; an error, or a panic,
	// stops the server.
	Background []func(ctx context.Context) error

	// MaxBadMessages is how many bad messages a client may send in a minute, on however many
	// connections: messages that are refused for its own fault, and pings, pongs and answers to
	// heartbeats that nobody has asked for, as far as they are more than RateLimit in RateWindow.
	// One more ends its connection with close code 1008. Zero means that none does.
	MaxBadMessages int

	// Moderate is asked before each message, broadcast and direct message is passed on. Its error
	// refuses the message: one that Refuse has made, in its own words. It is called by many
	// goroutines at once, and must return soon after the end of ctx. Nil lets everything pass.
	Moderate func(ctx context.Context, m Message) error

	// ModerateTimeout bounds the time that one message waits for Moderate, with all attempts.
	// Zero means that it waits as long as its sender does.
	ModerateTimeout time.Duration

	// MaxFailures is how many failures a server may have in a minute, and get new clients all the same.
	// Errors that are a client's fault are none. Zero means any number.
	MaxFailures int

	// RecentSize is how many failures, and how many events, /stats tells: the latest. Zero means 10.
	// RecentFor is for how long it tells each. Zero means without such a limit.
	RecentSize int
	RecentFor  time.Duration

	// OnFailure is told of each failure, when it is in the log: for an error tracker. It is called by
	// many goroutines at once, and must not wait. A panic in it has no effect. Nil means that nobody is
	// told.
	OnFailure func(Failure)

	// GuardAdmin is put around all that Admin serves, and decides who gets in, see auth.Verifier.Guard. A
	// dashboard stays until the context ends that it was let in with. Nil lets everybody in who can reach the
	// address.
	GuardAdmin func(http.Handler) http.Handler

	// Auth verifies tokens. Each client needs one then, and its subject is the client id. Nil means that
	// nobody is asked for one.
	Auth Authenticator

	// Roles returns the roles that somebody has at the moment of the call, whatever the token says: it is
	// asked for each message that needs a role, by many goroutines at once. Nil means that the token says
	// it all.
	Roles func(who auth.Identity) []string

	// Origins are the origins of the pages that may connect: scheme://host, with a port unless it is the
	// usual one. Empty means those of the server itself alone.
	Origins []string

	// RequireOrigin refuses requests without an Origin. Those are not from browsers, which send one.
	RequireOrigin bool

	// TrustedProxies are the addresses of the proxies that stand before the server: what they say in
	// X-Forwarded-For and X-Forwarded-Proto is believed. Empty means that there are none.
	TrustedProxies []netip.Prefix

	// MaxConnections is how many clients the server holds, and MaxConnectionsPerIP how many of them may
	// come from one address; of an IPv6 address, the first 64 bits count. Zero means no limit.
	MaxConnections      int
	MaxConnectionsPerIP int

	// AttemptLimit is how many attempts to connect, or to get a ticket, may come from one address in any
	// AttemptWindow. Attempts to resume a session have a limit of their own, ten times as high. Zero means
	// no limit. One without the other is an error.
	AttemptLimit  int
	AttemptWindow time.Duration

	// ResumeLogSize is how many messages are kept for each session, to be sent again. Zero
	// means 128.
	ResumeLogSize int
}

// DefaultConfig has the values that cmd/server runs with.
func DefaultConfig() Config {
	return Config{
		MaxMessageSize: 64 << 10,
		WriteTimeout:   10 * time.Second,
		OutboxSize:     128, // more than RateLimit: what one client may send at once drops nobody else
		RoomCapacity:   100,

		HeartbeatInterval: 30 * time.Second,
		StaleAfter:        60 * time.Second,

		RateLimit:  100,
		RateWindow: 60 * time.Second,

		ResumeWindow:  2 * time.Minute,
		ResumeLogSize: 128,

		CloseTimeout: 5 * time.Second,

		ShutdownTimeout: 10 * time.Second,

		MaxFailures: 60,
		RecentSize:  100,
		RecentFor:   time.Hour,

		MaxConnections:      10_000,
		MaxConnectionsPerIP: 10,
		AttemptLimit:        60,
		AttemptWindow:       time.Minute,

		MaxBadMessages:  20,
		ModerateTimeout: 2 * time.Second,
	}
}

func (c Config) validate() error {
	switch {
	case c.HSTS < 0:
		return errors.New("config: HSTS is negative")
	case c.MaxMessageSize < 0:
		return errors.New("config: MaxMessageSize is negative")
	case c.WriteTimeout < 0:
		return errors.New("config: WriteTimeout is negative")
	case c.OutboxSize < 0:
		return errors.New("config: OutboxSize is negative")
	case c.RoomCapacity < 0:
		return errors.New("config: RoomCapacity is negative")
	case c.HeartbeatInterval < 0:
		return errors.New("config: HeartbeatInterval is negative")
	case c.StaleAfter < 0:
		return errors.New("config: StaleAfter is negative")
	case c.StaleAfter > 0 && c.HeartbeatInterval == 0:
		return errors.New("config: StaleAfter needs a HeartbeatInterval")
	case c.StaleAfter > 0 && c.StaleAfter <= c.HeartbeatInterval:
		return errors.New("config: StaleAfter is not longer than HeartbeatInterval")
	case c.RateLimit < 0:
		return errors.New("config: RateLimit is negative")
	case c.RateWindow < 0:
		return errors.New("config: RateWindow is negative")
	case (c.RateLimit == 0) != (c.RateWindow == 0):
		return errors.New("config: RateLimit and RateWindow need each other")
	case c.ResumeWindow < 0:
		return errors.New("config: ResumeWindow is negative")
	case c.CloseTimeout < 0:
		return errors.New("config: CloseTimeout is negative")
	case c.ShutdownTimeout < 0:
		return errors.New("config: ShutdownTimeout is negative")
	case c.DrainPeriod < 0:
		return errors.New("config: DrainPeriod is negative")
	case c.MaxBadMessages < 0:
		return errors.New("config: MaxBadMessages is negative")
	case c.ModerateTimeout < 0:
		return errors.New("config: ModerateTimeout is negative")
	case c.MaxFailures < 0:
		return errors.New("config: MaxFailures is negative")
	case c.RecentSize < 0:
		return errors.New("config: RecentSize is negative")
	case c.RecentFor < 0:
		return errors.New("config: RecentFor is negative")
	case c.MaxConnections < 0:
		return errors.New("config: MaxConnections is negative")
	case c.MaxConnectionsPerIP < 0:
		return errors.New("config: MaxConnectionsPerIP is negative")
	case c.AttemptLimit < 0:
		return errors.New("config: AttemptLimit is negative")
	case c.AttemptWindow < 0:
		return errors.New("config: AttemptWindow is negative")
	case (c.AttemptLimit == 0) != (c.AttemptWindow == 0):
		return errors.New("config: AttemptLimit and AttemptWindow need each other")
	case c.ResumeLogSize < 0:
		return errors.New("config: ResumeLogSize is negative")
	}
	return checkOrigins(c.Origins)
}

func (c Config) logger() *slog.Logger {
	logger := c.Logger
	if logger == nil {
		logger = slog.Default()
	}
	return slog.New(scrubber{logger.Handler()})
}

func (c Config) outboxSize() int {
	if c.OutboxSize == 0 {
		return 64
	}
	return c.OutboxSize
}

func (c Config) recentSize() int {
	if c.RecentSize == 0 {
		return 10
	}
	return c.RecentSize
}

func (c Config) resumeLogSize() int {
	if c.ResumeLogSize == 0 {
		return 128
	}
	return c.ResumeLogSize
}
