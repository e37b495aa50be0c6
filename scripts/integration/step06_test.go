//go:build integration

package integration

import (
	"fmt"
	"regexp"
	"testing"

	"github.com/chromedp/chromedp/kb"
)

func TestStep06PageWaitsAfterAFlood(t *testing.T) {
	ctx := start(t, "06")
	b := browser(t, ctx)
	s := serve(t, ctx, "06", "-rate-limit", "3", "-rate-window", "5s")

	ana := join(t, b, "ana", "lobby", s.url)
	bob := join(t, b, "bob", "lobby", s.url)
	ana.holdClock()
	for i := range 4 {
		ana.say(fmt.Sprint("line ", i))
	}
	ana.expectProblem("Too fast", "rate_limited")
	ana.expectWait()
	ana.expectComposer("line 3") // kept for when it may be sent
	ana.press(kb.Enter)          // does nothing yet
	bob.say("one at a time, ana")
	ana.expect("received", "bob", "one at a time, ana")
	bob.expect("received", "ana", "line 2")
	bob.lacks("line 3")
	ana.look("step06")

	ana.letClockRun()
	ana.expect("notice", "", "You may write again")
	ana.expectNoWait()
	ana.press(kb.Enter)
	bob.expect("received", "ana", "line 3")
	bob.expectInOrder("line 0", "line 1", "line 2", "one at a time, ana", "line 3")
	ana.expectComposer("")
	ana.expectInOrder("line 0", "line 1", "line 2", "one at a time, ana", "You may write again", "line 3")
}

func TestStep06TypingGoesOnDuringTheWait(t *testing.T) {
	ctx := start(t, "06")
	b := browser(t, ctx)
	s := serve(t, ctx, "06", "-rate-limit", "1", "-rate-window", "3s")

	ana := join(t, b, "ana", "lobby", s.url)
	ana.holdClock()
	ana.say("first")
	ana.expect("sent", "ana (you)", "first") // the page shows it when it comes back, but a direct message at once
	ana.say("/msg ana second")
	ana.expectWait()
	ana.expect("sent direct refused", "You → ana", "second")
	ana.press("third" + kb.Enter) // in place of what was refused
	ana.expectComposer("third")
	ana.letClockRun()
	ana.expectNoWait()
	ana.press(kb.Enter)
	ana.expect("sent", "ana (you)", "third")
	ana.expectInOrder("first", "second", "You may write again", "third")
}

// expectWait waits until the page shows for how long nothing can be sent.
func (p *tab) expectWait() {
	p.t.Helper()
	shown := regexp.MustCompile(`^Too fast: wait [1-9]\d* s$`)
	p.wait(func() string {
		if got := p.text("#wait"); !shown.MatchString(got) || !eval[bool](p, `document.querySelector("#send").disabled`) {
			return fmt.Sprintf("it shows %q as its wait, or lets more be sent", got)
		}
		return ""
	})
}

// expectNoWait waits until the page lets more be sent, and shows no wait.
func (p *tab) expectNoWait() {
	p.t.Helper()
	p.wait(func() string {
		if got := p.text("#wait"); got != "" || eval[bool](p, `document.querySelector("#send").disabled`) {
			return fmt.Sprintf("it shows %q as its wait, or lets nothing be sent", got)
		}
		return ""
	})
}
