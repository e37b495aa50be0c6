//go:build integration

package integration

import (
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

func TestStep07PageComesBackAndShowsWhatItMissed(t *testing.T) {
	ctx := start(t, "07")
	b := browser(t, ctx)
	s := serve(t, ctx, "07", "-heartbeat", "1s", "-stale-after", "8s")
	network := through(t, s)

	ana := join(t, b, "ana", "lobby", s.url)
	bob := join(t, b, "bob", "lobby", network.url)
	ana.say("before")
	bob.expect("received", "ana", "before")
	bob.expectRoundTrip()

	network.cut()
	bob.expectWaiting()
	ana.expect("notice", "", "bob left")
	for _, line := range []string{"one", "two", "/msg bob three", "/all four"} {
		ana.say(line)
	}
	ana.expect("sent broadcast", "ana (you) → all rooms", "four")
	bob.expectWaiting()
	bob.press("typed meanwhile" + kb.Enter) // stays until it can be sent
	bob.look("step07-waiting")
	network.mend()

	bob.within(longestDelay).expectJoined("lobby") // by itself
	bob.expect("received missed", "ana", "one")
	bob.expect("received missed", "ana", "two")
	bob.expect("received direct missed", "ana → you", "three")
	bob.expect("received broadcast missed", "ana in lobby → all rooms", "four")
	bob.expectComposer("typed meanwhile")
	bob.press(kb.Enter)
	ana.expect("received", "bob", "typed meanwhile")
	bob.expect("sent", "bob (you)", "typed meanwhile")
	bob.expectInOrder("before", "Back in lobby, bob: your session goes on", "one", "two", "three", "four", "typed meanwhile")
	ana.expectInOrder("bob joined", "bob left", "one", "two", "bob joined", "typed meanwhile")
	bob.look("step07")
}

func TestStep07PageFindsARestartedServer(t *testing.T) {
	ctx := start(t, "07")
	b := browser(t, ctx)
	s := serve(t, ctx, "07")
	network := through(t, s)

	ana := join(t, b, "ana", "lobby", network.url)
	bob := join(t, b, "bob", "lobby", s.url)
	bob.say("before")
	ana.expect("received", "bob", "before")
	bob.holdTimers()
	s.stop()
	ana.expectWaiting()
	bob.expectWaiting()
	bob.runTimers() // the first attempt
	bob.expect("problem", "", "The server does not answer. Is it running?")
	bob.expectWaiting() // for the second, which does not come
	network.cut()       // so that bob is back sooner
	s.start()
	bob.click("#try-now")
	bob.expectJoined("lobby")
	bob.expect("problem", "", freshSession)
	bob.say("is anybody there?")
	bob.expect("sent", "bob (you)", "is anybody there?")
	network.mend()

	ana.within(longestDelay).expectJoined("lobby") // by itself
	ana.expect("problem", "", freshSession)
	bob.expect("notice", "", "ana joined")
	bob.say("good to see you")
	ana.expect("received", "bob", "good to see you")
	ana.expectInOrder("Welcome to lobby, ana", "before", "Welcome to lobby, ana", freshSession, "good to see you")
	ana.lacks("is anybody there?") // sessions do not survive the server before step 17
	ana.look("step07-fresh")
}

func TestStep07NewerTabTakesOver(t *testing.T) {
	ctx := start(t, "07")
	b := browser(t, ctx)
	s := serve(t, ctx, "07")

	bob := join(t, b, "bob", "lobby", s.url)
	first := join(t, b, "ana", "lobby", s.url)
	first.holdTimers()
	second := join(t, b, "ana", "lobby", s.url)
	first.expectState("Taken over by another tab")
	first.press(kb.Enter) // somebody was about to send
	first.runTimers()     // an attempt to come back would begin
	if got := first.text("#state"); got != "Taken over by another tab" {
		t.Errorf("the page that was taken over says %q: it must not fight for its place", got)
	}
	second.say("from the second tab")
	bob.expect("received", "ana", "from the second tab")
	first.lacks("second tab")
	first.look("step07-taken-over")

	first.click("#toggle") // it may go back when that is asked for
	first.expectJoined("lobby")
	second.expectState("Taken over by another tab")
	first.say("from the first tab")
	bob.expect("received", "ana", "from the first tab")
	bob.lacks("ana left") // nobody came or went
	bob.expectInOrder("ana joined", "from the second tab", "from the first tab")
}

func TestStep07ReloadGoesOn(t *testing.T) {
	ctx := start(t, "07")
	b := browser(t, ctx)
	s := serve(t, ctx, "07", "-resume-log", "3")

	ana := join(t, b, "ana", "lobby", s.url)
	bob := join(t, b, "bob", "lobby", s.url)
	bob.say("before")
	ana.expect("received", "bob", "before")
	ana.leaveFor("about:blank") // where Chromium may keep the page, frozen, and its connection
	bob.say("meanwhile")
	bob.expect("sent", "bob (you)", "meanwhile")
	ana.leaveFor(s.url)
	ana.expectJoined("lobby") // without being asked
	ana.expect("received missed", "bob", "meanwhile")
	ana.expectInOrder("Back in lobby, ana: your session goes on", "meanwhile")
	ana.lacks("before")

	ana.leaveFor("about:blank")
	for _, line := range []string{"far", "too", "much", "for", "it"} {
		bob.say(line)
	}
	bob.expect("sent", "bob (you)", "it")
	ana.leaveFor(s.url)
	ana.expectJoined("lobby")
	ana.expect("received missed", "bob", "it")
	ana.expectInOrder("Back in lobby, ana: your session goes on",
		"More was said meanwhile than the server keeps: the beginning of it is lost.", "much", "for", "it")
	ana.look("step07-overflow")

	ana.click("#toggle")
	ana.expectState("Closed: 1000")
	ana.leaveFor(s.url)
	ana.expectState("Not connected") // who has left is not brought back
}

func TestStep07PageKnowsWhenToGiveUp(t *testing.T) {
	ctx := start(t, "07")
	b := browser(t, ctx)
	s := serve(t, ctx, "07", "-room-capacity", "1")

	ana := join(t, b, "ana", "lobby", s.url)
	bob := open(t, b, "bob", s.url+"?client_id=bob&room_id=not+a+room")
	bob.click("#toggle")
	bob.expectState("Given up before it was open") // another attempt would not help
	bob.expect("problem", "", "400: a room has 1 to 64 letters, digits, “_”, “-” and “.”, the first a letter or digit.")

	bob.fill("#room_id", "lobby")
	bob.press(kb.Enter)
	bob.expect("problem", "", "503: the room lobby is full, with 1 in it.")
	bob.expectWaiting()
	ana.click("#toggle")
	bob.within(longestDelay).expectJoined("lobby") // another attempt did
}

func TestStep07OnlineEventsDoNotEndThePage(t *testing.T) {
	ctx := start(t, "07")
	b := browser(t, ctx)
	network := through(t, serve(t, ctx, "07"))

	bob := join(t, b, "bob", "lobby", network.url)
	network.cut()
	for range 12 { // more than the attempts that it makes by itself
		bob.expectWaiting()
		eval[bool](bob, `dispatchEvent(new Event("online")), dispatchEvent(new Event("online"))`)
	}
	bob.expectWaiting()
	network.mend()
	bob.within(longestDelay).expectJoined("lobby")
}

// longestDelay is what a page may wait between two attempts, with a little for the attempt itself.
const longestDelay = 45 * time.Second

const freshSession = "The server does not know your session any more, so this is a new one. What was said meanwhile is lost."

// expectWaiting waits until the page waits for its next attempt, and says so.
func (p *tab) expectWaiting() {
	p.t.Helper()
	p.wait(func() string {
		const waiting = `document.querySelector("#state").dataset.state === "waiting" &&
			/^next attempt in \d+ s, \d+ of 10$/.test(document.querySelector("#countdown").innerText)`
		if !eval[bool](p, waiting) {
			return "the page does not wait for its next attempt: " + p.text("header")
		}
		return ""
	})
}

// leaveFor opens another page in the same tab.
func (p *tab) leaveFor(url string) {
	p.t.Helper()
	p.run("open "+url, chromedp.Navigate(url))
}
