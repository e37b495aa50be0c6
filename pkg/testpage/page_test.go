package testpage_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"wsworkshop/pkg/testclient"
	"wsworkshop/pkg/testpage"
)

// reconnecting is a page that comes back by itself, with async and await.
const reconnecting = `"use strict";
class Client {
  #socket = null;
  state = "closed";
  seen = [];

  constructor(url) {
    this.url = url;
  }

  async run() {
    for (let attempt = 0; ; attempt++) {
      const opened = await this.#session();
      if (opened) attempt = 0;
      this.state = "waiting";
      await new Promise((resolve) => setTimeout(resolve, 1000 * 2 ** attempt));
    }
  }

  #session() {
    return new Promise((resolve) => {
      let opened = false;
      this.state = "connecting";
      this.#socket = new WebSocket(this.url);
      this.#socket.onopen = () => {
        opened = true;
        this.state = "open";
      };
      this.#socket.onmessage = ({ data }) => this.seen.push(data);
      this.#socket.onclose = () => resolve(opened);
    });
  }

  send(text) {
    this.#socket.send(text);
  }
}
const client = new Client("/ws");
client.run();
`

// tenSeconds are ten virtual seconds of a page that loses its connection, and its server.
func tenSeconds(w *testclient.World) {
	p := open(w, reconnecting)
	p.Await("be open", `client.state === "open"`)
	p.Run(`client.send("hi")`)
	p.Await("hear itself", `client.seen.length === 1`)
	p.Client().Cut()
	p.Down(true)
	w.Sleep(4 * time.Second)
	p.Down(false)
	p.Within(4*time.Second).Await("be open again", `client.state === "open"`)
	p.Stays(3*time.Second, "stay open", `client.state === "open"`)
	require.Equal(w, []time.Duration{0, time.Second, 3 * time.Second, 7 * time.Second}, p.Dials())
	require.Equal(w, 10*time.Second, w.Elapsed())
}

func TestPageComesBack(t *testing.T) { testclient.Run(t, tenSeconds) }

func TestPagesAreApart(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		s := w.Serve(serve(`let mine = 1`))
		ana := testpage.Open(w, s, "/chat.js", testclient.As("ana"))
		bob := testpage.Open(w, s, "/chat.js", testclient.As("bob"))
		ana.Run(`mine = 2`)
		require.Equal(w, 1, get[int](bob, `mine`))
		require.Equal(w, 2, get[int](ana, `mine`))
	})
}

// TestHastyPageTakesTime guards that a page which connects again at once, whenever it is
// refused, does not keep the clock from moving on.
func TestHastyPageTakesTime(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		p := open(w, `function connect() { new WebSocket("/ws").onclose = connect }`)
		p.Down(true)
		p.Run(`connect()`)
		w.Sleep(time.Second)
		require.InDelta(w, 1000, len(p.Dials()), 20)
	})
}

func TestRejectionThatIsHandledInTime(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		p := open(w, ``)
		p.Run(`const lost = Promise.reject(new Error("x")); Promise.resolve().then(() => lost.catch(() => {}))`)
		w.Sleep(time.Second)
		require.Equal(w, "no", get[string](p, `Promise.reject("no").catch((e) => e)`))
	})
}

func TestPageAfterItsEndPanics(t *testing.T) {
	var p *testpage.Page
	testclient.Run(t, func(w *testclient.World) {
		p = open(w, `setInterval(() => {}, 1000); new WebSocket("/ws")`)
		w.Cleanup(func() {
			require.NotPanics(t, func() { p.Run(`1`) })
		})
	})
	require.PanicsWithValue(t, "testpage: page is used after its end: a page ends with its test", func() { p.Run(`1`) })
	require.Panics(t, func() { p.Await("be there", `true`) })
	require.Panics(t, func() { p.Client() })
}
