package testpage_test

import (
	"testing"
	"time"

	"wsworkshop/pkg/testclient"
	"wsworkshop/pkg/testpage"
)

// The script of the page, which a server has at /chat.js.
const pageScript = `
class Client {
	state = "closed";
	connect() {
		const socket = new WebSocket("/ws");
		socket.onopen = () => { this.state = "open"; };
		socket.onclose = () => {
			this.state = "waiting";
			setTimeout(() => this.connect(), 1000);
		};
	}
}`

func Example() {
	test := func(t *testing.T) {
		testclient.Run(t, func(w *testclient.World) {
			p := testpage.Open(w, w.Serve(serve(pageScript)), "/chat.js")
			p.Run(`const client = new Client(); client.connect()`)
			p.Await("be open", `client.state === "open"`)

			p.Client().Cut()
			p.Await("wait", `client.state === "waiting"`)
			p.Await("be open again", `client.state === "open"`)
			p.Stays(time.Hour, "stay open", `client.state === "open"`)

			if dials := p.Dials(); len(dials) != 2 || dials[1] != time.Second {
				w.Fatalf("the page connected at %v, want at 0s and 1s", dials)
			}
		})
	}
	_ = test // in a test file this is TestPageComesBack
	// Output:
}
