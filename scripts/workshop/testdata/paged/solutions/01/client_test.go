package chat_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"wsworkshop/pkg/testclient"
	"wsworkshop/solutions/01/client"
)

// Task 1.3 (30 points): The Go client hears itself.
func TestGoClient(t *testing.T) {
	run(t, func(w *testclient.World, s *testclient.Server) {
		link := s.Link(testclient.As("bob"))
		c, err := client.Dial(w.Context(), s.Addr(), link.DialContext)
		require.NoError(w, err)
		defer func() { _ = c.Close() }()
		require.Equal(w, "hi", c.Ask("hi"), "the answer to hi")
		link.BlackHole()
		began := time.Now()
		w.Rush(2, func(int) { require.Empty(w, c.Ask("hi")) })
		require.Equal(w, 10*time.Second, time.Since(began), "an answer that does not come")
	})
}
