package chat_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"wsworkshop/pkg/chattest"
	"wsworkshop/pkg/testclient"
	"wsworkshop/pkg/testclient/conformance"
	chat "wsworkshop/solutions/08"
)

// Task 8.6: The server passes the cases of RFC 6455 that the Autobahn list has for servers.
//
// Rules: 8.t.
func TestConformance(t *testing.T) {
	const most = 64 << 10
	serve := func(w *testclient.World) http.Handler {
		cfg := closing
		cfg.Logger, cfg.MaxMessageSize = w.Logger(), most
		s, err := chat.New(cfg)
		require.NoError(w, err, "chat.New")
		w.Cleanup(func() { s.Close() })
		return s
	}
	for _, r := range conformance.Check(t, chattest.Conformance(serve, most)) {
		if r.Verdict == conformance.Failed {
			t.Fatal(r)
		}
	}
}
