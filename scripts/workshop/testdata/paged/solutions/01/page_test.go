package chat_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"wsworkshop/pkg/testclient"
	"wsworkshop/pkg/testpage"
	chat "wsworkshop/solutions/01"
)

func run(t *testing.T, fn func(w *testclient.World, s *testclient.Server)) {
	testclient.Run(t, func(w *testclient.World) {
		server, err := chat.New()
		require.NoError(w, err)
		fn(w, w.Serve(server))
	})
}

// Task 1.1 (40 points): The page connects.
func TestPageConnects(t *testing.T) {
	run(t, func(w *testclient.World, s *testclient.Server) {
		p := testpage.Open(w, s, "/chat.js")
		p.Run(`const client = new Client("/ws"); client.connect()`)
		p.Await("be open", `client.state === "open"`)
	})
}

// Task 1.2 (30 points): The page takes a line apart.
func TestParseLine(t *testing.T) {
	run(t, func(w *testclient.World, s *testclient.Server) {
		var got map[string]string
		testpage.Open(w, s, "/chat.js").Get(`parseLine("/msg bob hi there")`, &got)
		require.Equal(w, map[string]string{"to": "bob", "rest": "hi there"}, got, "parseLine")
	})
}
