package testpage_test

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"wsworkshop/pkg/testclient"
	"wsworkshop/pkg/testpage"
)

// listen declares listen(url), which opens an EventSource and notes its events in got.
const listen = `
	const got = [];
	function listen(url, options) {
		const s = new EventSource(url, options);
		for (const type of ["open", "error"]) s["on" + type] = () => got.push(type + " " + s.readyState);
		for (const type of ["message", "chat"]) {
			s.addEventListener(type, (e) => got.push([e.type, e.data, e.lastEventId].join("|")));
		}
		return s;
	}
`

// feed is a server of event streams. Each request gets the next of its answers, and the last one
// again and again.
type feed struct {
	answers []http.HandlerFunc

	mu    sync.Mutex // guards what follows
	asked []http.Header
}

func (f *feed) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	answer := f.answers[min(len(f.asked), len(f.answers)-1)]
	f.asked = append(f.asked, r.Header)
	f.mu.Unlock()
	answer(w, r)
}

// heads returns a header of all requests so far.
func (f *feed) heads(key string) []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	var values []string
	for _, h := range f.asked {
		values = append(values, strings.Join(h.Values(key), ","))
	}
	return values
}

// ends sends pieces, flushes each, and ends the stream.
func ends(pieces ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream; charset=utf-8")
		w.WriteHeader(http.StatusOK)
		for _, piece := range append([]string{""}, pieces...) {
			_, _ = w.Write([]byte(piece))
			_ = http.NewResponseController(w).Flush()
		}
	}
}

// stays is ends without the end.
func stays(pieces ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		ends(pieces...)(w, r)
		<-r.Context().Done()
	}
}

func status(code int, kind string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", kind)
		w.WriteHeader(code)
	}
}

// feeds opens a page that listens to a feed.
func feeds(w *testclient.World, answers ...http.HandlerFunc) (*testpage.Page, *feed) {
	w.Helper()
	p, f := openFed(w, listen, answers...)
	p.Run(`const s = listen("/events")`)
	return p, f
}

// openFed opens a page whose server has a feed as /events.
func openFed(w *testclient.World, script string, answers ...http.HandlerFunc) (*testpage.Page, *feed) {
	w.Helper()
	f := &feed{answers: answers}
	mux := serve(script)
	mux.Handle("GET /events", f)
	return testpage.Open(w, w.Serve(mux), "/chat.js"), f
}

func TestEventSourceHears(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		p, f := feeds(w, stays("data: one\n\n", "event: chat\nid: 7\ndata: two\ndata: three\n\n", "event: other\ndata: x\n\n"))
		p.Await("hear it all", `got.length === 3`)
		require.Equal(w, []string{"open 1", "message|one|", "chat|two\nthree|7"}, events(p))
		require.Equal(w, []string{"text/event-stream"}, f.heads("Accept"))
		require.Equal(w, []string{"no-cache"}, f.heads("Cache-Control"))
		require.Equal(w, []string{""}, f.heads("Last-Event-ID"))
		require.Equal(w, []time.Duration{0}, p.Streams())
		require.Empty(w, p.Dials())
	})
}

func TestEventSourceLooksLikeABrowsers(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		p, _ := feeds(w, stays("data: x\nid: 4\n\n"))
		require.Equal(w, []any{"http://192.0.2.1/events", 0.0, false, 0.0, 1.0, 2.0, 2.0, true}, get[[]any](p, `(() => {
			const fresh = new EventSource("events", { withCredentials: true });
			return [s.url, fresh.readyState, s.withCredentials, EventSource.CONNECTING, EventSource.OPEN, EventSource.CLOSED, s.CLOSED, fresh.withCredentials];
		})()`))
		require.Equal(w, []any{true, true, true, "http://192.0.2.1", "4"}, get[[]any](p, `new Promise((resolve) => {
			const s = new EventSource("http://192.0.2.1:80/events");
			s.onmessage = function (e) { resolve([this === s, e.target === s, e instanceof MessageEvent, e.origin, e.lastEventId]) };
		})`))
		for js, want := range map[string]string{
			`new EventSource("http://[")`: "SyntaxError",
			`EventSource("/events")`:      "TypeError",
			`EventSource.OPEN = 7`:        "nothing", // and nothing happens
		} {
			require.Equal(w, want, get[string](p, `(() => { try { `+js+`; return "nothing" } catch (e) { return e.name } })()`), js)
		}
		require.Equal(w, 1, get[int](p, `EventSource.OPEN`))
	})
}

// TestEventSourceComesBack has streams that end, and what the last one says about the next.
func TestEventSourceComesBack(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		p, f := feeds(w,
			ends("data: a\n\n"), // no id, no time
			ends("id: 1\ndata: b\n\nid: 2\n\nid: 3\ndata: unfinished"), // the id of the last whole event
			ends("data: c\n\n", "retry: 500\n"),                        // the id stays
			ends("id: 8\x00\ndata: d\n\nretry: 1s\n\n"),                // neither an id nor a time
			ends("id\ndata: e\n\n"),                                    // an empty id
			stays())
		p.Stays(3*time.Second-1, "be connecting", `s.readyState === 0 || got.length < 3`)
		require.Len(w, p.Streams(), 1)
		p.Within(time.Minute).Await("be open to stay", `got.at(-1) === "open 1" && got.length === 16`)
		p.Stays(time.Hour, "stay open", `s.readyState === 1`)
		require.Equal(w, []string{
			"open 1", "message|a|", "error 0", "open 1", "message|b|1", "error 0", "open 1", "message|c|2", "error 0",
			"open 1", "message|d|2", "error 0", "open 1", "message|e|", "error 0", "open 1",
		}, events(p))
		require.Equal(w, []string{"", "", "2", "2", "2", ""}, f.heads("Last-Event-ID"))
		require.Equal(w, seconds(0, 3, 6, 6.5, 7, 7.5), p.Streams())
	})
}

func seconds(all ...float64) []time.Duration {
	var times []time.Duration
	for _, s := range all {
		times = append(times, time.Duration(s*float64(time.Second)))
	}
	return times
}

func TestEventSourceSurvivesTheNetwork(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		p, f := feeds(w, stays("id: 5\ndata: x\n\n"))
		p.Await("hear it", `got.length === 2`)
		p.Down(true)
		p.Stream().Cut()
		p.Await("know of the end", `got.at(-1) === "error 0"`)
		w.Sleep(7 * time.Second)
		p.Down(false)
		p.Within(3*time.Second).Await("hear it again", `got.length === 7`)
		require.Equal(w, []string{"open 1", "message|x|5", "error 0", "error 0", "error 0", "open 1", "message|x|5"}, events(p))
		require.Equal(w, []string{"", "5"}, f.heads("Last-Event-ID"))
		require.Equal(w, seconds(0, 3, 6, 9), p.Streams())
		p.Stream().Reset()
		p.Await("know of the reset", `got.at(-1) === "error 0"`)
	})
}

// TestEventSourceInABlackHole guards that a stream which brings nothing stays open, for ever.
func TestEventSourceInABlackHole(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		p, _ := feeds(w, func(w http.ResponseWriter, r *http.Request) {
			ends()(w, r)
			for i := 0; r.Context().Err() == nil; i++ {
				time.Sleep(time.Second)
				_, _ = fmt.Fprintf(w, "data: %d\n\n", i)
				_ = http.NewResponseController(w).Flush()
			}
		})
		p.Await("be open", `s.readyState === 1`)
		p.Stream().BlackHole()
		p.Stays(time.Minute+time.Second/2, "hear nothing", `got.length === 1 && s.readyState === 1`)
		p.Stream().Heal()
		p.Await("hear it all", `got.length === 61`)
		p.Stream().Stall()
		p.Stays(time.Minute, "hear nothing", `got.length === 61`)
		p.Stream().Resume()
		p.Await("hear it all", `got.length === 121`)
	})
}

func TestEventSourceEndsForGood(t *testing.T) {
	for name, answer := range map[string]http.HandlerFunc{
		"no content":   status(http.StatusNoContent, "text/event-stream"),
		"not found":    status(http.StatusNotFound, "text/event-stream"),
		"another type": status(http.StatusOK, "text/plain"),
		"a body without an end": func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "text/html")
			w.WriteHeader(http.StatusServiceUnavailable)
			_ = http.NewResponseController(w).Flush()
			<-r.Context().Done()
		},
	} {
		t.Run(name, func(t *testing.T) {
			testclient.Run(t, func(w *testclient.World) {
				p, _ := feeds(w, ends(), answer)
				p.Within(3*time.Second+1).Await("give up", `s.readyState === EventSource.CLOSED`)
				p.Stays(time.Hour, "stay closed", `s.readyState === 2`)
				require.Equal(w, []string{"open 1", "error 0", "error 2"}, events(p))
				require.Equal(w, seconds(0, 3), p.Streams())
			})
		})
	}
}

func TestEventSourceIsClosed(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		gone := make(chan time.Duration, 1)
		p, _ := openFed(w, listen, func(rw http.ResponseWriter, r *http.Request) {
			stays("data: a\n\ndata: b\n\ndata: c\n\n")(rw, r)
			gone <- w.Elapsed()
		})
		p.Run(`const s = listen("/events"); s.addEventListener("message", () => s.close())`)
		p.Await("be closed", `s.readyState === 2`)
		require.Equal(w, time.Duration(0), <-gone)
		p.Run(`s.close()`)
		p.Stays(time.Hour, "stay closed", `s.readyState === 2`)
		require.Equal(w, []string{"open 1", "message|a|"}, events(p))
		require.Len(w, p.Streams(), 1)
	})
}

func TestEventSourceIsClosedBeforeItIsOpen(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		p, _ := feeds(w, func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }, ends())
		p.Stays(time.Hour, "be connecting", `s.readyState === 0`)
		p.Run(`s.close()`)
		p.Run(`const again = listen("/events")`)
		p.Await("lose the second stream", `again.readyState === 0 && got.length === 2`)
		p.Run(`again.close()`)
		p.Stays(time.Hour, "stay closed", `s.readyState === 2 && again.readyState === 2`)
		require.Equal(w, []string{"open 1", "error 0"}, events(p))
		require.Len(w, p.Streams(), 2)
	})
}

// TestEventSourceElsewhere asks where nobody is.
func TestEventSourceElsewhere(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		p := open(w, listen)
		p.Run(`listen("http://198.51.100.7/events")`)
		w.Sleep(4 * time.Second)
		require.Equal(w, []string{"error 0", "error 0"}, events(p))
		require.Empty(w, p.Streams())
	})
}

// TestHastyEventSourceTakesTime guards that streams without a pause do not hold up the clock.
func TestHastyEventSourceTakesTime(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		p, _ := feeds(w, ends("retry: 0\n"))
		w.Sleep(time.Second)
		require.InDelta(w, 1000, len(p.Streams()), 20)
	})
}

func TestEventSourceOverTLS(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		mux := serve(listen)
		mux.Handle("GET /events", stays("data: x\n\n"))
		p := testpage.Open(w, w.Serve(mux, testclient.TLS()), "/chat.js")
		p.Run(`const s = listen("/events")`)
		p.Await("hear it", `got.at(-1) === "message|x|"`)
		require.Equal(w, "https://192.0.2.1:80/events", get[string](p, `s.url`))
	})
}

// TestWebSocketsAndStreamsAreCountedApart has a page that falls back from the one to the other.
func TestWebSocketsAndStreamsAreCountedApart(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		mux := serve(listen)
		mux.HandleFunc("GET /no", http.NotFound)
		mux.Handle("GET /events", stays())
		p := testpage.Open(w, w.Serve(mux), "/chat.js")
		p.Run(`new WebSocket("/no").onclose = () => setTimeout(() => listen("/events"), 1000)`)
		p.Within(2*time.Second).Await("fall back", `got.length === 1`)
		require.Equal(w, seconds(0), p.Dials())
		require.Equal(w, seconds(1), p.Streams())
		p.Run(`const ws = new WebSocket("/ws")`)
		p.Await("be open", `ws.readyState === 1`)
		p.Client().Cut()
		p.Await("lose the socket alone", `ws.readyState === 3 && got.length === 1`)
		p.Stream().Cut()
		p.Await("lose the stream", `got.length === 2`)
	})
}
