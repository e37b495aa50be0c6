package chat

import (
	"context"
	"fmt"
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
		// task 9.2: A connection that Moderate has lost is not c's.
		if KindOf(err) == KindLost && connection.Err() == nil {
			return fmt.Errorf("moderate: %w: %w", ErrUnavailable, err)
		}
		return err
		// end task 9.2
	})
}
