package chat

import (
	"context"
)

// moderate asks Config.Moderate whether a message may be passed on. While it is away, the message
// waits, for ModerateTimeout at most. ctx ends with the connection.
func (s *Server) moderate(ctx context.Context, m Message) error {
	if s.cfg.Moderate == nil {
		return nil
	}
	connection := ctx
	if s.cfg.ModerateTimeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, s.cfg.ModerateTimeout)
		defer cancel()
	}
	return Retry(ctx, func(ctx context.Context) error {
		err := s.cfg.Moderate(ctx, m)
		// TODO(9.2): A connection that Moderate has lost is not c's.
		_ = connection
		return err
	})
}
