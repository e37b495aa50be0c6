//go:build integration

package integration

import (
	"fmt"
	"regexp"
	"testing"
	"time"
)

func TestStep05PageShowsHealth(t *testing.T) {
	ctx := start(t, "05")
	b := browser(t, ctx)
	s := serve(t, ctx, "05", "-heartbeat", "500ms", "-stale-after", "4s")

	ana := join(t, b, "ana", "lobby", s.url)
	bob := join(t, b, "bob", "lobby", s.url)
	ana.expectRoundTrip()
	bob.expectRoundTrip()
	inBefore, outBefore := ana.traffic("bob")
	// The page asks only every 3 s, and on a busy machine it often asks while answers are still on their way.
	ana.within(time.Minute).wait(func() string {
		// For each heartbeat the server gets an answer, and a heartbeat that it answers: as much in as out. Four each
		// second make twenty after a longer time than a client may be silent: what follows is that neither was.
		in, out := ana.traffic("bob")
		if in, out = in-inBefore, out-outBefore; out < 20 || in < out-2 {
			return fmt.Sprintf("the server has sent %d heartbeats and answers to bob's page, which has sent %d", out, in)
		}
		return ""
	})

	ana.say("still here")
	bob.expect("received", "ana", "still here")
	bob.lacks("ana left")
	ana.expectMembers("ana (you) bob")
	ana.lacks("heartbeat") // they are nothing for people
	ana.look("step05")
}

func TestStep05PageNoticesWhoIsGone(t *testing.T) {
	ctx := start(t, "05")
	b := browser(t, ctx)
	s := serve(t, ctx, "05", "-heartbeat", "500ms", "-stale-after", "6s") // a busy machine keeps ana waiting, too
	network := through(t, s)

	ana := join(t, b, "ana", "lobby", s.url)
	bob := join(t, b, "bob", "lobby", network.url)
	ana.expectMembers("ana (you) bob")
	network.swallow()
	ana.within(2*patience).expect("notice", "", "bob left")
	ana.expectMembers("ana (you)")
	bob.expectState("In lobby as bob") // who is cut off learns nothing
	network.cut()
	bob.expectState("Closed: 1006, connection lost without a close frame")
	if got := bob.text("#health"); regexp.MustCompile(`\d ms`).MatchString(got) {
		t.Errorf("bob's page says %q when the connection has ended", got)
	}
	bob.look("step05-lost")
}

// expectRoundTrip waits until the page shows how long an answer takes.
func (p *tab) expectRoundTrip() {
	p.t.Helper()
	shown := regexp.MustCompile(`^round trip \d+(\.\d)? ms$`)
	p.wait(func() string {
		if got := p.text("#round-trip"); !shown.MatchString(got) {
			return fmt.Sprintf("it shows %q as its round trip", got)
		}
		return ""
	})
}

// traffic is how many messages the server has had of a member, and has sent it, as the page shows it.
func (p *tab) traffic(id string) (in, out int) {
	p.t.Helper()
	shown := regexp.MustCompile(`^seen \d\d:\d\d:\d\d · (\d+) in · (\d+) out$`)
	p.wait(func() string {
		life := eval[string](p, fmt.Sprintf(`Array.from(document.querySelectorAll("#members li"))
			.find((e) => e.querySelector(".id").textContent === %q)?.querySelector(".life").textContent ?? ""`, id))
		m := shown.FindStringSubmatch(life)
		if m == nil {
			return fmt.Sprintf("it tells %q of %s", life, id)
		}
		fmt.Sscan(m[1], &in)
		fmt.Sscan(m[2], &out)
		return ""
	})
	return in, out
}
