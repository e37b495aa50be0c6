package chat_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"wsworkshop/pkg/testclient"
	chat "wsworkshop/steps/01"
)

// start serves a new server on w's network; its log records are in w.Logs().
func start(w *testclient.World) *testclient.Server {
	w.Helper()
	server, err := chat.New(chat.Config{Logger: w.Logger()})
	require.NoError(w, err, "chat.New")
	return w.Serve(server)
}

// run is a test in virtual time with a fresh server.
func run(t *testing.T, fn func(w *testclient.World, s *testclient.Server)) {
	testclient.Run(t, func(w *testclient.World) { fn(w, start(w)) })
}
