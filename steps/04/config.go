package chat

import (
	"errors"
	"log/slog"
	"time"
)

// Config says how a Server behaves. Its zero value works.
type Config struct {
	// Logger gets the life of each connection. Nil means slog.Default().
	Logger *slog.Logger

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
}

// DefaultConfig has the values that cmd/server runs with.
func DefaultConfig() Config {
	return Config{
		MaxMessageSize: 64 << 10,
		WriteTimeout:   10 * time.Second,
		OutboxSize:     64,
		RoomCapacity:   100,
	}
}

func (c Config) validate() error {
	switch {
	case c.MaxMessageSize < 0:
		return errors.New("config: MaxMessageSize is negative")
	case c.WriteTimeout < 0:
		return errors.New("config: WriteTimeout is negative")
	case c.OutboxSize < 0:
		return errors.New("config: OutboxSize is negative")
	case c.RoomCapacity < 0:
		return errors.New("config: RoomCapacity is negative")
	}
	return nil
}

func (c Config) logger() *slog.Logger {
	if c.Logger != nil {
		return c.Logger
	}
	return slog.Default()
}

func (c Config) outboxSize() int {
	if c.OutboxSize == 0 {
		return 64
	}
	return c.OutboxSize
}
