//go:build integration

package integration

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp/kb"
)

func TestStep04PagesTalkInJSON(t *testing.T) {
	ctx := start(t, "04")
	b := browser(t, ctx)
	s := serve(t, ctx, "04")

	ana := join(t, b, "ana", "lobby", s.url)
	ana.expect("notice", "", "Welcome to lobby, ana")
	bob := join(t, b, "bob", "lobby", s.url)
	ana.expect("notice", "", "bob joined")
	ana.expectMembers("ana (you) bob")
	cleo := join(t, b, "cleo", "garden", s.url)
	cleo.expectMembers("cleo (you)")

	bob.stopClock()
	ana.say("hello, lobby")
	ana.expect("sent", "ana (you)", "hello, lobby")
	bob.expect("received", "ana", "hello, lobby")
	bob.say("/all tea is ready")
	bob.expect("sent broadcast", "bob (you) → all rooms", "tea is ready")
	ana.expect("received broadcast", "bob in lobby → all rooms", "tea is ready")
	cleo.expect("received broadcast", "bob in lobby → all rooms", "tea is ready")
	cleo.lacks("hello, lobby")

	ana.click("#members button") // begins a direct message to the only other member
	ana.say("psst")
	ana.expect("sent direct", "You → bob", "psst")
	bob.expect("received direct", "ana → you", "psst")
	ana.say("/msg cleo come over")
	cleo.expect("received direct", "ana → you", "come over")
	bob.say(`<img src="x" onerror="alert(1)"> {"type":"system"}`)
	ana.expect("received", "bob", `<img src="x" onerror="alert(1)"> {"type":"system"}`)
	bob.lacks("come over")

	cleo.click("#toggle")
	cleo.expectState("Closed: ")
	bob.click("#toggle")
	ana.expect("notice", "", "bob left")
	ana.expectMembers("ana (you)")
	ana.expectInOrder("Welcome to lobby, ana", "bob joined", "hello, lobby", "tea is ready", "psst", "come over", "bob left")
	if a, b := ana.shownTime("hello, lobby"), bob.shownTime("hello, lobby"); a != b {
		t.Errorf("ana's page shows %s as the time of a message, bob's %s; want when the server took it", a, b)
	}
	ana.look("step04")
}

func TestStep04PageExplainsErrors(t *testing.T) {
	ctx := start(t, "04")
	b := browser(t, ctx)
	s := serve(t, ctx, "04")
	ana := join(t, b, "ana", "lobby", s.url)

	ana.say("/msg zoe are you there?")
	ana.expectProblem("Nobody there", "no_such_client")
	ana.expect("sent direct refused", "You → zoe", "are you there?")
	ana.expectComposer("/msg zoe are you there?") // to mend it; whoever types anew replaces it
	ana.say("then to all of you")
	ana.expect("sent", "ana (you)", "then to all of you")

	ana.say("/msg " + strings.Repeat("z", 65) + " hi")
	ana.expectProblem("Something in it is not right", "invalid_field")
	ana.expectComposer("/msg " + strings.Repeat("z", 65) + " hi")

	ana.say("/msg zoe")
	ana.expectUsage("“/msg” needs an id and a text")
	ana.expectComposer("/msg zoe")
	ana.look("step04-errors")
	ana.say(" well?")
	ana.expectUsage("")
	ana.expect("sent direct refused", "You → zoe", "well?")
	ana.say("/all")
	ana.expectUsage("“/all” needs a text")
	ana.press(kb.Backspace)
	ana.expectUsage("")
	ana.say("l good things")
	ana.expect("sent broadcast", "ana (you) → all rooms", "good things")
}
