package client

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"time"

	"github.com/gorilla/websocket"

	"wsworkshop/solutions/07/wire"
)

// Config says how a Client behaves. Only URL must be set.
type Config struct {
	// URL is where the server lets this client in: ws://localhost:8080/ws/ana?room_id=lobby.
	URL string

	// Dialer dials. Nil means websocket.DefaultDialer.
	Dialer *websocket.Dialer

	// Header goes with each handshake.
	Header http.Header

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
	// those who lost their connections together do not come back together. Nil means
	// rand.Float64.
	Jitter func() float64

	// MaxAttempts is how many retries in a row may fail. Zero means that there is no end.
	MaxAttempts int

	// StableAfter is how long a connection must have held to make the delays short again.
	// Zero means 10 s.
	StableAfter time.Duration

	// IdleTimeout is how long the server may be silent, pings included, before the
	// connection is given up. Zero means for ever; a server that sends heartbeats should get
	// a little more than two of its intervals.
	IdleTimeout time.Duration
}

func (cfg Config) validate() (*url.URL, error) {
	u, err := url.Parse(cfg.URL)
	if err != nil {
		return nil, fmt.Errorf("config: URL: %w", err)
	}
	if u.Scheme != "ws" && u.Scheme != "wss" || u.Host == "" {
		return nil, fmt.Errorf("config: URL %q is not ws://host/… or wss://host/…", cfg.URL)
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
		cfg.Jitter = rand.Float64
	}
	if cfg.StableAfter == 0 {
		cfg.StableAfter = 10 * time.Second
	}
	return cfg
}
