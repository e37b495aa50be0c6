package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// outside is a project that has nothing to do with the workshop. Its server is sound, and holds
// a lock of each connection during a write with a deadline.
var outside = map[string]string{
	"go.mod": `module example.org/outside

go 1.26

require wsworkshop/pkg/testclient v0.0.0

replace wsworkshop/pkg/testclient => TESTCLIENT
`,
	"outside.go": `package outside

import (
	"net/http"
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

// Server sends news to a client that need not read them, in two goroutines.
func Server(w http.ResponseWriter, r *http.Request) {
	c, err := (&websocket.Upgrader{}).Upgrade(w, r, nil)
	if err != nil {
		return
	}
	defer c.Close()
	var mu sync.Mutex
	send := func() error {
		mu.Lock()
		defer mu.Unlock()
		_ = c.SetWriteDeadline(time.Now().Add(time.Second))
		return c.WriteMessage(websocket.TextMessage, make([]byte, 1000))
	}
	var both sync.WaitGroup
	for range 2 {
		both.Go(func() {
			for send() == nil {
			}
		})
	}
	both.Wait()
}
`,
	"outside_test.go": `package outside

import (
	"net/http"
	"testing"
	"time"

	"wsworkshop/pkg/testclient"
)

func TestClientThatDoesNotRead(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		c := w.Serve(http.HandlerFunc(Server)).Dial("/ws", testclient.Buffer(5000))
		c.Stall()
		c.ServerHungUp(2 * time.Second)
	})
}
`,
}

// TestOutsideOfTheWorkshop runs a project's tests without the overlay, which freezes, and with
// it.
func TestOutsideOfTheWorkshop(t *testing.T) {
	if testing.Short() {
		t.Skip("builds two programs")
	}
	dir := t.TempDir()
	testclient, err := filepath.Abs("../..")
	require.NoError(t, err)
	sums, err := os.ReadFile("../../go.sum")
	require.NoError(t, err)
	outside["go.sum"] = string(sums)
	for file, text := range outside {
		text = strings.ReplaceAll(text, "TESTCLIENT", testclient)
		require.NoError(t, os.WriteFile(filepath.Join(dir, file), []byte(text), 0o666))
	}
	t.Chdir(dir)
	t.Setenv("GOWORK", "off")
	t.Setenv("GOFLAGS", "-mod=mod")
	t.Setenv("WSWORKSHOP_GRADER", "")

	out, err := goTest()
	require.Error(t, err)
	require.Contains(t, out, "frozen: a lock is held across blocking work")

	overlay, err := run(filepath.Join(dir, "copies"), nil)
	require.NoError(t, err)
	out, err = goTest("-overlay=" + overlay)
	require.NoError(t, err, out)
}

func goTest(flags ...string) (string, error) {
	out, err := exec.Command("go", append(append([]string{"test", "-count=1"}, flags...), ".")...).CombinedOutput()
	return string(out), err
}

func TestWithLocks(t *testing.T) {
	for src, want := range map[string]string{
		"package p\n\nimport \"sync\"\n":                          "package p\n\nimport sync \"wsworkshop/pkg/testclient/sync\"\n",
		"package p\n\nimport (\n\t\"fmt\"\n\tlocks \"sync\"\n)\n": "package p\n\nimport (\n\t\"fmt\"\n\tlocks \"wsworkshop/pkg/testclient/sync\"\n)\n",
		"package p\n\nimport \"sync/atomic\"\n":                   "",
		"no Go":                                                   "",
	} {
		got, ok := withLocks([]byte(src))
		require.Equal(t, want, string(got))
		require.Equal(t, want != "", ok)
	}
}
