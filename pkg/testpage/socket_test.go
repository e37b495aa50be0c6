package testpage_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/stretchr/testify/require"

	"wsworkshop/pkg/testclient"
	"wsworkshop/pkg/testpage"
)

// follow declares follow(url), which opens a WebSocket and notes its events in got.
const follow = `
	const got = [];
	function follow(url, protocols) {
		const s = new WebSocket(url, protocols);
		s.binaryType = "arraybuffer";
		for (const type of ["open", "message", "error", "close"]) {
			s["on" + type] = (e) => got.push(type === "message" ? "message " + (e.data.byteLength ?? e.data)
				: type === "close" ? ["close", e.code, e.reason, e.wasClean, s.readyState].join(" ") : type + " " + s.readyState);
		}
		return s;
	}
`

func events(p *testpage.Page) []string { return get[[]string](p, `got`) }

func TestSocketTalks(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		p := open(w, follow)
		p.Run(`const s = follow("/ws", ["chat.v9", "chat.v2"]), begun = [s.url, s.readyState, s.protocol, s.bufferedAmount]`)
		require.Equal(w, []any{"ws://192.0.2.1/ws", 0.0, "", 0.0}, get[[]any](p, `begun`))
		p.Await("be open", `s.readyState === WebSocket.OPEN`)
		require.Equal(w, "chat.v2", get[string](p, `s.protocol`))
		p.Run(`s.send("hé"); s.send(new Uint8Array([1, 2, 3]).subarray(1)); s.send(new ArrayBuffer(5)); s.send(new Blob(["four"])); s.send(6)`)
		p.Await("hear it all", `got.length === 6`)
		require.Equal(w, 2, get[int](p, `(s.close(4000, "bye"), s.close(), s.readyState)`))
		p.Await("be closed", `s.readyState === WebSocket.CLOSED`)
		p.Run(`s.send("into nothing"); s.close()`)
		require.Equal(w, []string{
			"open 1", "message hé", "message 2", "message 5", "message 4", "message 6", "close 4000  true 3", // the reason is the server's, who gave none
		}, events(p))
		require.Equal(w, []time.Duration{0}, p.Dials())
	})
}

func TestSocketListeners(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		p := open(w, `
			const got = [];
			const s = new WebSocket("ws://192.0.2.1:80/ws");
			s.addEventListener("open", function (e) { got.push(this === s, e.target === s, e instanceof Event); s.send("x"); });
			s.onmessage = () => got.push("never");
			s.addEventListener("message", async (e) => got.push(e.data, e.origin));
			s.onmessage = () => got.push("on");
			s.addEventListener("message", () => got.push("no"), { once: true, signal: AbortSignal.abort() });
		`)
		p.Await("hear it", `got.length === 6`)
		require.Equal(w, []any{true, true, true, "on", "x", "ws://192.0.2.1"}, get[[]any](p, `got`))
	})
}

func TestSocketsDefaultIsABlob(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		p := open(w, ``)
		require.Equal(w, "blob 3 abc", get[string](p, `new Promise((resolve) => {
			const s = new WebSocket("/ws");
			s.onopen = () => s.send(new TextEncoder().encode("abc"));
			s.onmessage = async (e) => resolve(s.binaryType + " " + e.data.size + " " + await e.data.text());
		})`))
	})
}

func TestSocketEnds(t *testing.T) {
	for name, test := range map[string]struct {
		session func(c *websocket.Conn)
		want    []string
	}{
		"with a code":     {func(c *websocket.Conn) { closeFrame(c, 4001, "elsewhere") }, []string{"open 1", "close 4001 elsewhere true 3"}},
		"without a code":  {func(c *websocket.Conn) { closeFrame(c, websocket.CloseNoStatusReceived, "") }, []string{"open 1", "close 1005  true 3"}},
		"without a frame": {func(*websocket.Conn) {}, []string{"open 1", "error 3", "close 1006  false 3"}},
	} {
		t.Run(name, func(t *testing.T) {
			testclient.Run(t, func(w *testclient.World) {
				p := sessions(w, test.session)
				p.Run(follow + `follow("/own")`)
				p.Await("be closed", `got.at(-1)?.startsWith("close")`)
				require.Equal(w, test.want, events(p))
			})
		})
	}
}

func TestSocketIsRefused(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		mux := serve(follow)
		mux.HandleFunc("GET /no", func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "no", http.StatusConflict) })
		p := testpage.Open(w, w.Serve(mux), "/chat.js")
		p.Run(`follow("/no")`)
		p.Await("be refused", `got.length === 2`)
		p.Down(true)
		p.Run(`follow("/ws")`)
		p.Await("be refused again", `got.length === 4`)
		p.Run(`follow("ws://198.51.100.7/ws"); follow("wss://192.0.2.1/ws")`)
		p.Await("find nobody", `got.length === 8`)
		require.Equal(w, "error 3", events(p)[0])
		for i := 1; i < 8; i += 2 {
			require.Equal(w, "close 1006  false 3", events(p)[i])
		}
		require.Len(w, p.Dials(), 2)
	})
}

func TestSocketGivesUp(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		mux := serve(follow)
		mux.HandleFunc("GET /slow", func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
		p := testpage.Open(w, w.Serve(mux), "/chat.js")
		p.Run(`const s = follow("/slow")`)
		p.Stays(time.Hour, "be connecting", `s.readyState === WebSocket.CONNECTING`)
		p.Run(`s.close()`)
		p.Await("be closed", `s.readyState === WebSocket.CLOSED`)
		require.Equal(w, []string{"error 3", "close 1006  false 3"}, events(p))
	})
}

// TestSocketInABlackHole takes as long as browsers do for a close frame that nobody answers.
func TestSocketInABlackHole(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		p := open(w, follow)
		p.Run(`const s = follow("/ws")`)
		p.Await("be open", `s.readyState === 1`)
		p.Client().BlackHole()
		p.Run(`s.send("x"); s.close(1000)`)
		p.Stays(59*time.Second, "be closing", `s.readyState === 2`)
		p.Within(2*time.Second).Await("give up", `s.readyState === 3`)
		require.Equal(w, []string{"open 1", "error 3", "close 1006  false 3"}, events(p))
	})
}

// TestServerKeepsTCP has a server that answers the close frame and then forgets TCP.
func TestServerKeepsTCP(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		end := make(chan struct{})
		p := sessions(w, func(c *websocket.Conn) {
			closeFrame(c, 1001, "")
			<-end
		})
		w.Cleanup(func() { close(end) })
		p.Run(follow + `const s = follow("/own")`)
		p.Await("know of the end", `s.readyState === 2`)
		require.Equal(w, []string{"open 1"}, events(p))
		p.Within(3*time.Second).Await("be closed", `s.readyState === 3`)
		require.Equal(w, []string{"open 1", "close 1001  true 3"}, events(p))
		require.Equal(w, 2*time.Second, w.Elapsed())
	})
}

func TestSocketRefusesNonsense(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		p := open(w, `
			function name(f) { try { f(); return "nothing" } catch (e) { return e.name } }
			const open = new WebSocket("/ws");
		`)
		p.Await("be open", `open.readyState === 1`)
		for js, want := range map[string]string{
			`new WebSocket("http//nowhere:x")`:        "nothing", // a path
			`new WebSocket("ftp://192.0.2.1/")`:       "SyntaxError",
			`new WebSocket("/ws#top")`:                "SyntaxError",
			`new WebSocket("/ws", ["a", "a"])`:        "SyntaxError",
			`new WebSocket("/ws", "a b")`:             "SyntaxError",
			`new WebSocket("/ws").send("early")`:      "InvalidStateError",
			`open.close(1001)`:                        "InvalidAccessError",
			`open.close(1000, "x".repeat(124))`:       "SyntaxError",
			`open.close(2999)`:                        "InvalidAccessError",
			`open.close(5000)`:                        "InvalidAccessError",
			`WebSocket("/ws")`:                        "TypeError",
			`open.close(3000, "x".repeat(123))`:       "nothing",
			`new WebSocket("/ws").close(1000, "sic")`: "nothing",
		} {
			require.Equal(w, want, get[string](p, `name(() => `+js+`)`), js)
		}
	})
}

func TestPageOverTLS(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		p := testpage.Open(w, w.Serve(serve(follow), testclient.TLS()), "/chat.js", testclient.As("ana"))
		require.Equal(w, "https://192.0.2.1:80/", get[string](p, `location.href`))
		p.Run(`const s = follow("/ws")`)
		p.Await("be open", `s.readyState === 1`)
		require.Equal(w, "wss://192.0.2.1:80/ws", get[string](p, `s.url`))
		require.Equal(w, "SecurityError", get[string](p, `(() => { try { new WebSocket("ws://192.0.2.1:80/ws") } catch (e) { return e.name } })()`))
		require.Equal(w, "ana", p.Name())
	})
}
