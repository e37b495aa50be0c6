//go:build integration

package integration

import (
	"fmt"
	"testing"

	"github.com/chromedp/chromedp/kb"
)

func TestStep02PagesTalk(t *testing.T) {
	ctx := start(t, "02")
	b := browser(t, ctx)
	s := serve(t, ctx, "02")

	ana := open(t, b, "ana", s.url)
	ana.say("ana") // the name has the focus
	ana.expectState("Connected as ana")
	bob := open(t, b, "bob", s.url+"?name=bob")
	bob.click("#toggle")
	bob.expectState("Connected as bob")
	ana.expect("notice", "", "bob joined")

	ana.say("hello to all")
	ana.expect("sent", "ana (you)", "hello to all")
	bob.expect("received", "ana", "hello to all")
	bob.say("* ana left")
	ana.expect("received", "bob", "* ana left")

	cleo := open(t, b, "cleo", s.url+"?name=cleo")
	cleo.press(kb.Enter)
	cleo.expectState("Connected as cleo")
	bob.expect("notice", "", "cleo joined")
	bob.say("/msg ana between us")
	bob.expect("sent direct", "You → ana", "between us")
	ana.expect("received direct", "bob → you", "between us")
	bob.say("good evening")
	cleo.expect("received", "bob", "good evening")
	cleo.lacks("between us")

	ana.say("/msg zoe are you there?")
	ana.expect("problem", "", "no such client: zoe")
	cleo.click("#toggle")
	cleo.expectState("Closed: ")
	ana.expect("notice", "", "cleo left")
	ana.look("step02")
}

func TestStep02PageExplainsARefusal(t *testing.T) {
	ctx := start(t, "02")
	b := browser(t, ctx)
	s := serve(t, ctx, "02")

	ana := open(t, b, "ana", s.url)
	ana.say("not a name")
	ana.expectState("Not connected")
	ana.expect("problem", "", "400: a name has 1 to 32 letters, digits, “_” and “-”.")
	ana.fill("#name", "ana")
	ana.press(kb.Enter)
	ana.expectState("Connected as ana")
}

func TestStep02LogFollowsUntilSomeoneScrollsUp(t *testing.T) {
	ctx := start(t, "02")
	b := browser(t, ctx)
	s := serve(t, ctx, "02")

	ana := open(t, b, "ana", s.url)
	ana.say("ana")
	ana.expectState("Connected as ana")
	bob := open(t, b, "bob", s.url)
	bob.say("bob")
	bob.expectState("Connected as bob")
	for i := range 30 {
		bob.say(fmt.Sprint("line ", i))
	}
	ana.expect("received", "bob", "line 29")
	const fromTheEnd = `Math.round(log.scrollHeight - log.scrollTop - log.clientHeight)`
	if got := eval[int](ana, fromTheEnd); got > 1 {
		t.Errorf("the log ends %d pixels below what it shows", got)
	}

	eval[int](ana, `log.scrollTop = 0`)
	bob.say("one more")
	ana.expect("received", "bob", "one more")
	if got := eval[int](ana, `log.scrollTop`); got != 0 {
		t.Errorf("the log jumped %d pixels away from someone who reads", got)
	}
	ana.say("and mine")
	ana.expect("sent", "ana (you)", "and mine")
	if got := eval[int](ana, fromTheEnd); got > 1 {
		t.Errorf("one's own line is %d pixels below what the log shows", got)
	}
}
