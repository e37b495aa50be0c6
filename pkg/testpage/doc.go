// Package testpage runs a page's script in virtual time, without a browser: inside of a
// [testclient.World], against the server under test, over the virtual network.
//
//	testclient.Run(t, func(w *testclient.World) {
//		p := testpage.Open(w, w.Serve(chat.NewServer()), "/chat.js")
//		p.Run(`const client = new ChatClient({ url: "/ws/ana" }); client.connect()`)
//		p.Await("be open", `client.state === "open"`)
//		p.Client().Cut()
//		p.Within(2*time.Second).Await("be open again", `client.state === "open"`)
//	})
//
// The script finds what browsers give it, but no document: WebSocket, fetch, timers, URL,
// events, console.
package testpage
