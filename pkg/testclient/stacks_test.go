package testclient

import (
	"testing"

	"github.com/stretchr/testify/require"
)

const dump = `goroutine 1 [running]:
main.main()
	/home/ana/main.go:5 +0x1d

goroutine 34 [chan receive (durable), 3 minutes, synctest bubble 12]:
wsworkshop/steps/02.(*Hub).run(0xc000012345, {0x1, 0x2})
	/home/ana/steps/02/hub.go:41 +0x34
created by wsworkshop/steps/02.New in goroutine 33
	/home/ana/steps/02/server.go:20 +0x56

goroutine 35 [sync.Mutex.Lock, synctest bubble 2]:
internal/sync.runtime_SemacquireMutex(0x0?, 0x0?, 0x0?)
	/usr/lib/go/src/runtime/sema.go:95 +0x25
gopkg.in/yaml%2ev3.(*parser).func1(...)
	C:/Users/ana/yaml.go:7
`

func TestParseStacks(t *testing.T) {
	all := parseStacks(dump)
	require.Len(t, all, 3)
	require.Equal(t, 1, all[0].id)
	require.Zero(t, all[0].bubble)

	hub := all[1]
	require.Equal(t, "chan receive", hub.state)
	require.True(t, hub.durable)
	require.Equal(t, 12, hub.bubble)
	require.Equal(t, []place{{"wsworkshop/steps/02.(*Hub).run", "/home/ana/steps/02/hub.go", 41}}, hub.frames)
	require.Equal(t, place{"wsworkshop/steps/02.New", "/home/ana/steps/02/server.go", 20}, hub.creator)
	require.Equal(t, "hub.go:41, in (*Hub).run, waits to receive from a channel", hub.tell())

	require.False(t, all[2].durable)
	require.Equal(t, place{"gopkg.in/yaml.v3.(*parser).func1", "C:/Users/ana/yaml.go", 7}, all[2].frames[1])
	require.Len(t, inBubble(all, 2), 1)
}

// states is a bubble in which two goroutines wait so that the clock stops.
const states = `goroutine 1 [synctest.Run, synctest bubble 3]:
main.main()
	/x/main.go:5

goroutine 2 [sync.Cond.Wait (durable), synctest bubble 3]:
main.main()
	/x/main.go:6

goroutine 3 [chan receive, synctest bubble 3]:
main.main()
	/x/main.go:7

goroutine 4 [IO wait, synctest bubble 3]:
main.main()
	/x/main.go:8

goroutine 5 [syscall, synctest bubble 3]:
syscall.write(...)
	/usr/lib/go/src/syscall/syscall.go:1
os.(*File).Write(...)
	/usr/lib/go/src/os/file.go:1
main.main()
	/x/main.go:9

goroutine 6 [GC assist wait, synctest bubble 3]:
main.main()
	/x/main.go:10
`

func TestWhatStopsTheClock(t *testing.T) {
	waiting, active, slow := sortOut(parseStacks(states))
	ids := func(all []goroutine) (ids []int) {
		for _, g := range all {
			ids = append(ids, g.id)
		}
		return ids
	}
	require.Equal(t, []int{3, 4}, ids(waiting))
	require.Equal(t, []int{5, 6}, ids(active), "who prints waits for the reader, the others for the runtime")
	require.True(t, slow)
}

func TestWhoseCodeItIs(t *testing.T) {
	root := sourceRoot()
	if root == "" {
		t.Skip("built with -trimpath")
	}
	for _, c := range []struct {
		function, file string
		want           owner
	}{
		{"net/http.(*conn).serve", root + "net/http/server.go", ownLibrary},
		{"wsworkshop/steps/02.(*Hub).run", "/home/ana/steps/02/hub.go", ownCode},
		{"wsworkshop/steps/02.New", `C:\steps\02\server.go`, ownCode},
		{"wsworkshop/steps/02_test.TestX", "/home/ana/steps/02/hub_test.go", ownSuite},
		{"github.com/gorilla/websocket.(*Conn).Close", "/go/pkg/mod/github.com/gorilla/websocket@v1.5.3/conn.go", ownLibrary},
		{"github.com/stretchr/testify/require.Equal", "/vendor/testify/require.go", ownLibrary},
		{"wsworkshop/pkg/testclient.(*conn).Read", "/x/conn.go", ownLibrary},
		{"wsworkshop/pkg/testclient/sync.(*Mutex).Lock", "/x/mutex.go", ownLibrary},
		{"example.org/chat.(*Hub).run", "/home/ana/chat/hub.go", ownCode},
		{"main.main", "/home/ana/cmd/server/main.go", ownCode},
	} {
		require.Equal(t, c.want, ownerOf(c.function, c.file), c.function)
	}
}
