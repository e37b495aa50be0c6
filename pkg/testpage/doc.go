// Package testpage runs a page's script in virtual time, without a browser: inside of a
// [testclient.World], against the server under test, over the virtual network. Ten seconds
// of a page that loses its connection and comes back take some ten milliseconds.
//
//	testclient.Run(t, func(w *testclient.World) {
//		p := testpage.Open(w, w.Serve(chat.NewServer()), "/chat.js")
//		p.Run(`const client = new ChatClient({ url: "/ws/ana" }); client.connect()`)
//		p.Await("be open", `client.state === "open"`)
//		p.Client().Cut()
//		p.Within(2*time.Second).Await("be open again", `client.state === "open"`)
//	})
//
// [Open] fetches the script from the server, as a browser does, and runs it. [Page.Run] runs
// statements after it, [Page.Get] evaluates an expression, [Page.Await] and [Page.Stays]
// wait for one. Between two calls the page may go on, as the server may: what has to be seen
// at one moment goes into one expression.
//
// # What a script finds
//
// What browsers give it, but no document:
//
//   - WebSocket as the HTML standard has it, with the errors that it throws, error and close
//     events, and the closing handshake of RFC 6455. As in Chromium, a close frame that
//     nobody answers is given up after 60 s, and a server that does not end TCP after 2 s.
//     bufferedAmount is always 0. A handshake takes no time, and may take forever.
//   - EventSource as the HTML standard has it, which reconnects by itself: after 3 s as in
//     Chromium, or after what the server's retry says. An answer other than 200 with
//     text/event-stream ends it for good. Redirects are not followed, and a page may have more
//     than six streams, which browsers do not allow over HTTP/1.1.
//   - setTimeout, setInterval and their like, in order and in virtual time; timers that set
//     timers without a delay, again and again, wait 4 ms, as the standard says. Promises,
//     queueMicrotask, async and await.
//   - fetch, for answers that are read whole, with AbortController. The options method,
//     headers, body and signal count. Others, such as keepalive and cache, change nothing:
//     there is no cache, and the page stays until its test ends.
//   - URL, URLSearchParams, location (to be read), Blob, TextEncoder, TextDecoder, Event,
//     CustomEvent, EventTarget, console, performance.now, crypto.randomUUID,
//     structuredClone.
//   - Date in virtual time, from 2000-01-01 on, and Math.random with the same numbers in
//     each run.
//
// The engine is sobek, which knows most of ECMAScript up to 2023: classes with private
// names, generators, destructuring. It knows no async generators and no for await, and there
// are no modules here.
//
// Only the server that the page comes from can be reached. It sees the headers Origin and
// Host that browsers send; [testclient.Header] sets others.
//
// # What fails a test besides its expectations
//
//   - An exception that nobody catches, in the script, a handler or a timer, and a promise
//     that is rejected without anybody minding: with the line, chat.js:41.
//   - A script that cannot be read.
//   - A loop without an end, after two seconds of real time.
//   - A page that does one thing after another without any time passing, as when each
//     message brings forth another.
//
// A page that connects again without a pause does not hold up the clock: from some attempts
// on each takes a millisecond. [Page.Dials] counts the attempts of WebSockets, [Page.Streams]
// those of EventSources.
//
// Such a failure ends the page; what it would have done later is no second one. For a
// program that reads the results, the script at "/chat.js" is the file web/chat.js in the
// folder of the test.
package testpage
