//go:build integration

package integration

import (
	"testing"

	"github.com/chromedp/cdproto/page"
)

// denyStorage has the tab's storage throw from the next load on, as where cookies are blocked.
func (p *tab) denyStorage() {
	p.t.Helper()
	p.run("deny storage", command(page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{
		Source: `for (const name of ["sessionStorage", "localStorage"]) {
			Object.defineProperty(window, name, { get() { throw new DOMException("denied by the test", "SecurityError"); } });
		}`,
	}))
}

func TestStep02PageJoinsWithoutStorage(t *testing.T) {
	ctx := start(t, "02")
	b := browser(t, ctx)
	s := serve(t, ctx, "02")

	ana := open(t, b, "ana", s.url)
	ana.denyStorage()
	ana.leaveFor(s.url + "?name=ana")
	ana.click("#toggle")
	ana.expectState("Connected as ana")
}

func TestStep07PageJoinsWithoutStorage(t *testing.T) {
	ctx := start(t, "07")
	b := browser(t, ctx)
	s := serve(t, ctx, "07")

	ana := join(t, b, "ana", "lobby", s.url)
	ana.denyStorage()
	ana.leaveFor(s.url + "?client_id=ana") // a reload, which cannot know that
	ana.expectState("Not connected")
	ana.click("#toggle")
	ana.expectJoined("lobby")
	ana.say("all the same")
	ana.expect("sent", "ana (you)", "all the same")
}

func TestStep07PageJoinsWithBrokenStorage(t *testing.T) {
	ctx := start(t, "07")
	b := browser(t, ctx)
	s := serve(t, ctx, "07")

	for _, broken := range []string{`{"me":"ana"`, `{"me":"ana","room":"lobby"}`, `7`, ``} {
		ana := open(t, b, "ana", s.url)
		for _, key := range []string{"client_id", "room_id", "session", "joined"} {
			eval[bool](ana, `sessionStorage.setItem("`+key+"\", `"+broken+"`), true")
		}
		ana.leaveFor(s.url + "?client_id=ana&room_id=lobby")
		if ana.text("#toggle") == "Join" { // otherwise it takes this for a reload, and has joined
			ana.click("#toggle")
		}
		ana.expectJoined("lobby")
		ana.lacks("does not know your session")
		ana.click("#toggle")
		ana.expectState("Closed: 1000")
	}
}
