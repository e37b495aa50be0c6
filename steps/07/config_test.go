package chat_test

import (
	"testing"
	"time"

	"wsworkshop/pkg/chattest"
	"wsworkshop/pkg/testclient"
	chat "wsworkshop/steps/07"
)

// Task 7.1: New returns an error for a Config that cannot be right.
//
// Rules: 7.ak.
func TestNewChecksItsConfig(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		for _, cfg := range []chat.Config{
			{MaxMessageSize: -1},
			{WriteTimeout: -1},
			{OutboxSize: -1},
			{RoomCapacity: -1},
			{HeartbeatInterval: -1},
			{StaleAfter: -1},
			{StaleAfter: time.Minute},
			{HeartbeatInterval: time.Minute, StaleAfter: time.Minute},
			{RateLimit: -1, RateWindow: time.Minute},
			{RateLimit: 1, RateWindow: -1},
			{RateLimit: 1},
			{RateWindow: time.Minute},
			{ResumeWindow: -1},
			{ResumeLogSize: -1},
		} {
			if s, err := chat.New(cfg); err == nil {
				_ = s.Close()
				w.Fatalf("New accepts a Config with %s, want an error that names the field", chattest.Settings(cfg))
			}
		}
	})
}
