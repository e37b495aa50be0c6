//go:build integration

package integration

import (
	"testing"

	"github.com/chromedp/chromedp/kb"
)

func TestStep01PageEchoes(t *testing.T) {
	ctx := start(t, "01")
	b := browser(t, ctx)
	s := serve(t, ctx, "01")

	ana := open(t, b, "ana", s.url)
	ana.expectState("Not connected")
	ana.press(kb.Enter) // the button has the focus
	ana.expectState("Connected")
	ana.say("hello")
	ana.expect("sent", "You", "hello")
	ana.expect("received", "Server", "Echo: hello")

	ana.press("grüß")
	ana.click("#send-bytes")
	ana.expect("sent", "You", "6 bytes: 67 72 c3 bc c3 9f")
	ana.expect("received", "Server", "6 bytes: 67 72 c3 bc c3 9f")

	bob := open(t, b, "bob", s.url)
	bob.press(kb.Enter)
	bob.expectState("Connected")
	bob.say("from the second tab")
	bob.expect("received", "Server", "Echo: from the second tab")

	ana.say(`<img src="x" onerror="alert(1)"> is text`)
	ana.expect("received", "Server", `Echo: <img src="x" onerror="alert(1)"> is text`)
	ana.lacks("from the second tab")
	ana.look("step01")

	ana.click("#toggle")
	ana.expectState("Closed: ")
	bob.say("still here")
	bob.expect("received", "Server", "Echo: still here")
}

func TestStep01PageSaysThatTheServerIsGone(t *testing.T) {
	ctx := start(t, "01")
	b := browser(t, ctx)
	s := serve(t, ctx, "01")

	ana := open(t, b, "ana", s.url)
	ana.press(kb.Enter)
	ana.expectState("Connected")
	s.stop()
	ana.expectState("Closed: 1006, connection lost without a close frame")
	ana.press(kb.Enter) // back on the button
	ana.expectState("Not connected: refused, or no answer")
	ana.look("step01-gone")
}

func TestStep01PageLeavesASilentServer(t *testing.T) {
	ctx := start(t, "01")
	b := browser(t, ctx)
	network := through(t, serve(t, ctx, "01"))

	ana := open(t, b, "ana", network.url)
	ana.press(kb.Enter)
	ana.expectState("Connected")
	network.swallow()
	ana.click("#toggle")
	ana.expectState("Closed: 1006") // a browser alone would take a minute
	ana.click("#toggle")
	ana.expectState("Connecting…")
	ana.click("#toggle")
	ana.expectState("Given up before it was open")
}
