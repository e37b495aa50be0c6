package chat

import (
	"errors"
	"log/slog"
)

// Config says how a Server behaves. Its zero value works.
type Config struct {
	// Logger gets the life of each connection. Nil means slog.Default().
	Logger *slog.Logger

	// MaxMessageSize is the largest message that a client may send, in bytes; a larger
	// one ends its connection. Zero means no limit, which only a test should want: one
	// client could fill the server's memory.
	MaxMessageSize int64
}

// DefaultConfig has the values that cmd/server runs with.
func DefaultConfig() Config {
	return Config{MaxMessageSize: 4 << 20}
}

func (c Config) validate() error {
	if c.MaxMessageSize < 0 {
		return errors.New("config: MaxMessageSize is negative")
	}
	return nil
}

func (c Config) logger() *slog.Logger {
	if c.Logger != nil {
		return c.Logger
	}
	return slog.Default()
}
