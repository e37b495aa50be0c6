package testpage_test

import (
	"io"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"wsworkshop/pkg/testclient"
	"wsworkshop/pkg/testpage"
)

// TestFetchPosts has what a page needs that hears by EventSource: its messages go up by POST.
func TestFetchPosts(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		mux := serve("")
		mux.HandleFunc("POST /events/ana", func(w http.ResponseWriter, r *http.Request) {
			w.WriteHeader(http.StatusAccepted)
			_, _ = io.WriteString(w, r.Header.Get("Content-Type")+" "+r.Header.Get("X-Client")+" "+r.Header.Get("Origin")+" ")
			_, _ = io.Copy(w, r.Body)
		})
		p := testpage.Open(w, w.Serve(mux), "/chat.js")
		require.Equal(w, []any{202.0, true, `application/json 7 http://192.0.2.1 {"data":"hé"}`}, get[[]any](p, `
			fetch("/events/ana", {
				method: "POST",
				headers: { "Content-Type": "application/json", "X-Client": "7" },
				body: JSON.stringify({ data: "hé" }),
				keepalive: true,
				cache: "no-store",
				credentials: "same-origin",
			}).then(async (r) => [r.status, r.ok, await r.text()])`))
		require.Equal(w, "  http://192.0.2.1 ", get[string](p, `fetch("/events/ana", { method: "POST" }).then((r) => r.text())`))
		require.Empty(w, p.Dials())
		require.Empty(w, p.Streams())
	})
}

// TestFetchIsAborted looks at both ends of a request: the page's promise, and the server's handler.
func TestFetchIsAborted(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		ended := make(chan time.Duration, 1)
		mux := serve("")
		mux.HandleFunc("POST /slow", func(_ http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(io.Discard, r.Body)
			<-r.Context().Done()
			ended <- w.Elapsed()
		})
		p := testpage.Open(w, w.Serve(mux), "/chat.js")
		p.Run(`
			const aborting = new AbortController();
			let how;
			fetch("/slow", { method: "POST", body: "x", signal: aborting.signal }).catch((e) => (how = [e.name, e === aborting.signal.reason]));
		`)
		p.Stays(time.Minute, "wait", `how === undefined`)
		p.Run(`aborting.abort()`)
		p.Await("know", `how !== undefined`)
		require.Equal(w, []any{"AbortError", true}, get[[]any](p, `how`))
		require.Equal(w, time.Minute, <-ended)
		require.Equal(w, []any{"AbortError"}, get[[]any](p, `fetch("/slow", { signal: AbortSignal.abort(new DOMException("x", "AbortError")) }).catch((e) => [e.name])`))
		require.Equal(w, "TimeoutError", get[string](p.Within(3*time.Second), `fetch("/slow", { method: "POST", signal: AbortSignal.timeout(2000) }).catch((e) => e.name)`))
		require.Equal(w, time.Minute+2*time.Second, <-ended)
	})
}
