package client

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/gorilla/websocket"

	"wsworkshop/solutions/13/wire"
)

// Config says how a Client behaves. Only URL must be set.
type Config struct {
	// URL is where the server lets this client in: ws://localhost:8080/ws/ana?room_id=lobby.
	URL string

	// Dialer dials. Nil means websocket.DefaultDialer.
	Dialer *websocket.Dialer

	// Header goes with each handshake.
	Header http.Header

	// Token returns the token that goes with the next handshake, in the header Authorization. It is asked
	// each time, because a token ends; a refusal with 401 is then a reason to ask again. Its error is the
	// end of that attempt. Nil means that there is no token.
	Token func(ctx context.Context) (string, error)

	// OnMessage is called with each message but heartbeats, in order, by the goroutine of
	// Run. While it runs, nothing is read.
	OnMessage func(wire.Message)

	// OnState is called at each change, by the goroutine of Run. With Waiting comes the
	// reason why there is no connection.
	OnState func(State, error)

	// BaseDelay is the delay before the first retry; each further one is twice as long, but
	// not longer than MaxDelay. Zero means 1 s and 30 s.
	BaseDelay, MaxDelay time.Duration

	// Jitter returns a number in [0, 1), of which 30 % of each delay are added to it, so that
	// those who lost their connections together do not come back together. It is also the
	// part of its window after which a client moves. Nil means rand.Float64.
	Jitter func() float64

	// MaxAttempts is how many retries in a row may fail. Zero means that there is no end.
	MaxAttempts int

	// StableAfter is how long a connection must have held to make the delays short again.
	// Zero means 10 s.
	StableAfter time.Duration

	// IdleTimeout is how long the server may be silent, from the dial on, before the attempt
	// or the connection is given up; pings count. A server that sends heartbeats should get a
	// little more than two of its intervals. Zero means for ever, and then an attempt is
	// bounded by Dialer.HandshakeTimeout alone.
	IdleTimeout time.Duration
}

func (cfg Config) validate() (*url.URL, error) {
	u, err := url.Parse(cfg.URL)
	if err != nil {
		return nil, fmt.Errorf("config: URL: %w", errors.Unwrap(err)) // err quotes the URL, password included
	}
	if err := checkAddress(u); err != nil {
		return nil, fmt.Errorf("config: URL %q %w", u.Redacted(), err)
	}
	for _, key := range ownHeaders {
		if _, ok := cfg.Header[key]; ok {
			return nil, fmt.Errorf("config: Header has %s, which the handshake sets itself", key)
		}
	}
	switch {
	case cfg.BaseDelay < 0:
		return nil, errors.New("config: BaseDelay is negative")
	case cfg.MaxDelay < 0:
		return nil, errors.New("config: MaxDelay is negative")
	case cfg.MaxAttempts < 0:
		return nil, errors.New("config: MaxAttempts is negative")
	case cfg.StableAfter < 0:
		return nil, errors.New("config: StableAfter is negative")
	case cfg.IdleTimeout < 0:
		return nil, errors.New("config: IdleTimeout is negative")
	}
	return u, nil
}

// ownHeaders are those that gorilla refuses to be given, at each attempt.
var ownHeaders = []string{
	"Upgrade", "Connection", "Sec-Websocket-Key", "Sec-Websocket-Version", "Sec-Websocket-Extensions",
}

// checkAddress refuses what could be dialled for ever and never be reached.
func checkAddress(u *url.URL) error {
	if u.Scheme != "ws" && u.Scheme != "wss" || u.Hostname() == "" {
		return errors.New("is not ws://host/… or wss://host/…")
	}
	if u.User != nil {
		return errors.New("has a user name, which WebSocket URLs cannot have: put it into Header, as Authorization")
	}
	if strings.HasSuffix(u.Host, ":") {
		return errors.New("has a colon and no port")
	}
	if port, err := strconv.ParseUint(u.Port(), 10, 16); u.Port() != "" && (err != nil || port == 0) {
		return fmt.Errorf("has the port %s, want one from 1 to 65535", u.Port())
	}
	return nil
}

func (cfg Config) withDefaults() Config {
	if cfg.Dialer == nil {
		cfg.Dialer = websocket.DefaultDialer
	}
	if cfg.OnMessage == nil {
		cfg.OnMessage = func(wire.Message) {}
	}
	if cfg.OnState == nil {
		cfg.OnState = func(State, error) {}
	}
	if cfg.BaseDelay == 0 {
		cfg.BaseDelay = time.Second
	}
	if cfg.MaxDelay == 0 {
		cfg.MaxDelay = 30 * time.Second
	}
	if cfg.Jitter == nil {
		// task 7.7: It is random: another one each time, and for each client.
		cfg.Jitter = rand.Float64
		// end task 7.7
	}
	if cfg.StableAfter == 0 {
		cfg.StableAfter = 10 * time.Second
	}
	return cfg
}
