package testpage_test

import (
	"encoding/json"
	"io"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"wsworkshop/pkg/testclient"
	"wsworkshop/pkg/testpage"
)

// TestExpressions holds what the globals give for what browsers give.
func TestExpressions(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		p := open(w, "")
		for _, e := range []struct{ js, want string }{
			{`location.href`, `"http://192.0.2.1/"`},
			{`location.host + location.protocol + location.origin`, `"192.0.2.1http:http://192.0.2.1"`},
			{`typeof window + typeof document`, `"undefinedundefined"`},
			{`self === globalThis`, `true`},
			{`navigator.onLine`, `true`},

			{`new URL("/ws/ana?room_id=lobby#x", "http://192.0.2.1/").href`, `"http://192.0.2.1/ws/ana?room_id=lobby#x"`},
			{`new URL("WS://Chat.Example:80/a b").href`, `"ws://chat.example/a%20b"`},
			{`(() => { const u = new URL("http://a.example/x?a=1"); u.searchParams.set("b", "é &"); return u.href })()`, `"http://a.example/x?a=1&b=%C3%A9+%26"`},
			{`(() => { const u = new URL("http://a.example:8080/x"); u.protocol = "ws"; u.pathname = "y"; u.search = "?c=d"; return [u.href, u.port, u.hostname, u.origin, u.searchParams.get("c")] })()`,
				`["ws://a.example:8080/y?c=d", "8080", "a.example", "ws://a.example:8080", "d"]`},
			{`(() => { try { new URL("nonsense") } catch (e) { return e.name } })()`, `"TypeError"`},
			{`URL.canParse("/x", location.href)`, `true`},
			{`new URLSearchParams({ a: "1", b: "x y" }).toString()`, `"a=1&b=x+y"`},
			{`[...new URLSearchParams("?a=1&b=%C3%A9&a=2")]`, `[["a","1"],["b","é"],["a","2"]]`},
			{`(() => { const q = new URLSearchParams("a=1&b=2&a=3"); q.set("a", 4); q.append("c", 5); q.delete("b"); return [q.toString(), q.get("x"), q.has("c"), q.getAll("a")] })()`,
				`["a=4&c=5", null, true, ["4"]]`},

			{`new TextEncoder().encode("é").length`, `2`},
			{`new TextDecoder().decode(new Uint8Array([0xc3, 0xa9]))`, `"é"`},
			{`crypto.randomUUID().length`, `36`},
			{`new Date(performance.timeOrigin).toISOString()`, `"2000-01-01T00:00:00.000Z"`},
			{`[new DOMException("a", "AbortError").name, new DOMException("a") instanceof Error]`, `["AbortError", true]`},
			{`(() => { const t = new EventTarget(), got = []; const f = (e) => got.push(e.type + e.detail); t.addEventListener("x", f); t.addEventListener("x", f); t.addEventListener("x", { handleEvent: (e) => got.push("o") }, { once: true }); t.dispatchEvent(new CustomEvent("x", { detail: 1 })); t.removeEventListener("x", f); t.dispatchEvent(new Event("x")); return got })()`,
				`["x1", "o"]`},
			{`(() => { const c = new AbortController(), got = []; c.signal.onabort = () => got.push(c.signal.reason.name); c.abort(); c.abort(); return got })()`, `["AbortError"]`},
			{`(() => { const got = []; addEventListener("online", () => got.push(1)); dispatchEvent(new Event("online")); return got })()`, `[1]`},
			{`new Blob(["é", new Uint8Array([1])]).size`, `3`},
			{`new Blob(["é"]).text()`, `"é"`},
			{`/^\/msg (?<to>\S+) (?<data>.+)$/s.exec("/msg bob hi there").groups`, `{"to":"bob","data":"hi there"}`},
			{`"a1b2".match(/(?<letter>[a-z(])(\d)/).groups.letter`, `"a"`},
			{`[..."a1b2".matchAll(/([a-z])(?<digit>\d)/g)].map((m) => m.groups.digit + m[1])`, `["1a","2b"]`},
			{`/(?<q>["'])(\w+)\k<q>/y.exec("'a'").slice(1)`, `["'","a"]`},
			{`String(/\(?(x)/.exec("(x").groups)`, `"undefined"`},
			{`/(?<=a)(?:b)(?<c>c)?/.exec("ab").groups`, `{}`},
			{`(() => { const a = { d: new Date(5), m: new Map([[1, [2]]]), s: new Set([3]) }; a.self = a; const b = structuredClone(a); return [b.self === b, b !== a, +b.d, b.m.get(1), [...b.s]] })()`,
				`[true, true, 5, [2], [3]]`},
			{`(() => { try { structuredClone(() => 1) } catch (e) { return e.name } })()`, `"DataCloneError"`},
			{`(() => { const { promise, resolve } = Promise.withResolvers(); resolve(7); return promise })()`, `7`},
			{`[...new Headers({ A: 1, b: 2 })]`, `[["a","1"],["b","2"]]`},
			{`(async () => { const order = []; setTimeout(() => order.push("timer")); queueMicrotask(() => order.push("micro")); order.push("now"); await new Promise((r) => setTimeout(r, 5)); return order })()`,
				`["now", "micro", "timer"]`},
		} {
			var got json.RawMessage
			p.Get(e.js, &got)
			assert.JSONEq(w, e.want, string(got), e.js)
		}
	})
}

func TestTimersFireInOrderAtTheirTime(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		p := open(w, `
			const got = [];
			const note = (...args) => got.push([performance.now(), ...args]);
			setTimeout(note, 2000, "b", "x");
			setTimeout(note, 1000, "a");
			setTimeout(note, 1000, "a2");
			const never = setTimeout(note, 1500, "never");
			clearTimeout(never);
			clearTimeout(undefined);
			const every = setInterval(() => { note("every"); if (got.length > 5) clearInterval(every); }, 700);
		`)
		p.Within(10*time.Second).Await("be done", `got.length === 6`)
		var got json.RawMessage
		p.Get(`got`, &got)
		require.JSONEq(w, `[[700,"every"],[1000,"a"],[1000,"a2"],[1400,"every"],[2000,"b","x"],[2100,"every"]]`, string(got))
		p.Stays(time.Hour, "be done", `got.length === 6`)
		require.Equal(w, "2000-01-01T01:00:02.100Z", get[string](p, `new Date().toISOString()`))
	})
}

// TestNestedTimersWait guards that timers which set timers without a delay let time pass.
func TestNestedTimersWait(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		p := open(w, `let n = 0; const again = () => { n++; setTimeout(again) }; again(); setInterval(() => n++)`)
		w.Sleep(time.Second)
		require.InDelta(w, 500, get[int](p, `n`), 15)
	})
}

func TestRandomNumbersAreTheSameEachTime(t *testing.T) {
	var runs [2]float64
	for i := range runs {
		testclient.Run(t, func(w *testclient.World) { runs[i] = get[float64](open(w, ""), `Math.random()`) })
	}
	require.Equal(t, runs[0], runs[1])
	require.Positive(t, runs[0])
	require.Less(t, runs[0], 1.0)
}

func TestFetch(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		mux := serve("")
		mux.HandleFunc("GET /api/me", func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			_, _ = io.WriteString(w, `{"name":"ana","origin":"`+r.Header.Get("Origin")+`"}`)
		})
		mux.HandleFunc("POST /api/echo", func(w http.ResponseWriter, r *http.Request) {
			w.WriteHeader(http.StatusTeapot)
			_, _ = io.WriteString(w, r.Header.Get("X-Who")+r.Header.Get("Content-Type")+" ")
			_, _ = io.Copy(w, r.Body)
		})
		mux.HandleFunc("GET /api/slow", func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
		p := testpage.Open(w, w.Serve(mux), "/chat.js")
		require.Equal(w, map[string]string{"name": "ana", "origin": "http://192.0.2.1"},
			get[map[string]string](p, `fetch("/api/me").then((r) => r.json())`))
		require.Equal(w, []any{418.0, false, "anatext/plain;charset=UTF-8 hé", "text/plain; charset=utf-8"}, get[[]any](p, `
			(async () => {
				const r = await fetch("/api/echo", { method: "POST", headers: { "X-Who": "ana" }, body: "hé" });
				return [r.status, r.ok, await r.text(), r.headers.get("Content-Type")];
			})()`))
		require.Equal(w, "AbortError after 5000", get[string](p.Within(10*time.Second), `
			(async () => {
				const c = new AbortController();
				const began = performance.now();
				setTimeout(() => c.abort(), 5000);
				try { await fetch("/api/slow", { signal: c.signal }) } catch (e) { return e.name + " after " + (performance.now() - began) }
			})()`))
		p.Down(true)
		require.Equal(w, "TypeError", get[string](p, `fetch("/api/me").catch((e) => e.name)`))
		require.Equal(w, "TypeError", get[string](p, `fetch("http://198.51.100.1/").catch((e) => e.name)`))
		require.Empty(w, p.Dials())
	})
}
