package chat_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"wsworkshop/pkg/chattest"
	"wsworkshop/pkg/testclient"
	"wsworkshop/pkg/testpage"
	chat "wsworkshop/solutions/09"
)

var chatScripts = []string{"/chat.js", "/events.js"}

// expectStates fails unless these are the states that the ChatClient has had so far.
func expectStates(w *testclient.World, p *testpage.Page, why string, want ...string) {
	w.Helper()
	w.Settle()
	var got []string
	p.Get("states", &got)
	if !slices.Equal(got, want) {
		w.Fatalf("the states of the ChatClient were %q, want %q: %s", got, want, why)
	}
}

// Task 9.11 (5 points, after 9.10): The page falls back, and comes back to a WebSocket without losing a message.
//
// Rules: 9.ao.
func TestPageFallsBack(t *testing.T) {
	withOffice(t, chatScripts, func(w *testclient.World, s *server, o *office, p *testpage.Page) {
		ana := s.Join("ana", "den")
		clientOf(p, s, "")
		p.Run("client.connect()")
		p.Within(2*time.Second).Await("be open without a WebSocket", `client.state === "open"`)
		expectStates(w, p, "no WebSocket gets through", "connecting", "waiting", "connecting", "open events")
		p.Run(`say("hello")`)
		ana.Hear("system page joined", "message hello")
		ana.Say("hello, page")
		ana.Hear("message hello, page")
		w.Settle()
		var got []string
		if p.Get("got", &got); !slices.Equal(got, []string{"welcome", "message hello", "message hello, page"}) {
			w.Fatalf("the page has got %q", got)
		}
		w.Note("the connection is cut, and the next one is of the same kind: this one has opened")
		p.Stream().Cut()
		p.Within(2*time.Second).Await("be back", `states.length > 5 && client.state === "open"`)
		expectStates(w, p, "a stream had opened", "connecting", "waiting", "connecting", "open events", "waiting", "connecting", "open events")
		ana.Hear("system page left", "system page joined")
	})
}

// Task 9.11: After each attempt that does not open, the page tries the other way.
//
// Rules: 9.ao.
func TestPageTriesBothWays(t *testing.T) {
	withOffice(t, chatScripts, func(w *testclient.World, s *server, o *office, p *testpage.Page) {
		p.Down(true)
		clientOf(p, s, "")
		p.Run("client.connect()")
		w.Sleep(8 * time.Second) // attempts at 0, 1, 3 and 7 s
		if sockets, streams := len(p.Dials()), len(p.Streams()); sockets != 2 || streams != 2 {
			w.Fatalf("with no network at all the page has tried a WebSocket %s and a stream %s, want 2 times each", times(sockets), times(streams))
		}
		o.set(func() { o.allowed = true })
		p.Down(false)
		p.Within(8*time.Second).Await("be open", `client.state === "open"`)
		w.Settle()
		var transport string
		if p.Get("client.transport", &transport); transport != "websocket" {
			w.Fatalf("the fifth attempt was over %q, want a WebSocket", transport)
		}
		w.Sleep(11 * time.Second) // it is stable
		p.Client().Cut()
		p.Within(2*time.Second).Await("be back", `states.filter((state) => state.startsWith("open")).length === 2`)
		if n := len(p.Streams()); n != 2 {
			w.Fatalf("a WebSocket that had opened was cut, and the page asked for a stream: want a WebSocket again")
		}
	})
}

// Task 9.11: Without a fallback, all attempts are for a WebSocket.
//
// Rules: 9.ao.
func TestPageWithoutFallback(t *testing.T) {
	withOffice(t, chatScripts, func(w *testclient.World, s *server, o *office, p *testpage.Page) {
		clientOf(p, s, "Fallback: null,")
		p.Run("client.connect()")
		w.Sleep(8 * time.Second)
		if sockets, streams := len(p.Dials()), len(p.Streams()); sockets != 4 || streams != 0 {
			w.Fatalf("the page has tried a WebSocket %s and a stream %s, want 4 times and none", times(sockets), times(streams))
		}
	})
}

// Task 9.11: While the page changes to a WebSocket, no message is lost, comes twice or overtakes another, in either direction.
//
// Rules: 9.ap, 9.aq.
func TestPageComesBackToAWebSocket(t *testing.T) {
	for _, c := range []struct {
		latency, slow time.Duration
		silent        bool // the page says nothing, so that the fallback has ended before the welcome
	}{{0, 0, false}, {70 * time.Millisecond, 0, false}, {30 * time.Millisecond, 40 * time.Millisecond, false}, {0, 0, true}} {
		withOffice(t, chatScripts, func(w *testclient.World, s *server, o *office, p *testpage.Page) {
			ana := s.Join("ana", "den")
			clientOf(p, s, "upgradeAfter: 1000,")
			p.Run("client.connect()")
			p.Within(3*time.Second).Await("be open without a WebSocket", `client.state === "open"`)
			ana.Hear("system page joined")
			p.Stream().SetLatency(c.latency)
			o.set(func() { o.allowed, o.delay, o.takes = true, c.slow, 80*time.Millisecond })
			w.Note("WebSockets get through from now on; a handshake takes 80 ms, a POST %v, and the stream is %v behind", c.slow, c.latency)
			if c.silent {
				p.Run(`globalThis.setInterval = () => {}`)
			}
			p.Run(`let n = 0; const talker = setInterval(() => { say("p" + n++); if (n === 120) clearInterval(talker); }, 17)`)
			for i := range 120 {
				ana.Say(fmt.Sprint("a", i))
				w.Sleep(17 * time.Millisecond)
			}
			w.Sleep(6 * time.Second)
			expectStates(w, p, "to change the transport is no change of state", "connecting", "waiting", "connecting", "open events")
			var transport string
			if p.Get("client.transport", &transport); transport != "websocket" {
				w.Fatalf("six seconds after WebSockets got through, with upgradeAfter: 1000, the page still uses %q", transport)
			}
			var fromAna, atAna []string
			p.Get(`got.filter((line) => line.startsWith("message a")).map((line) => line.slice(8))`, &fromAna)
			for _, m := range ana.Received("message") {
				if strings.HasPrefix(m.Text(), "p") {
					atAna = append(atAna, m.Text())
				}
			}
			expectSequence(w, "the page", "a", fromAna)
			if !c.silent {
				expectSequence(w, "ana", "p", atAna)
			}
			var welcomes int
			if p.Get(`got.filter((line) => line === "welcome").length`, &welcomes); welcomes != 2 {
				w.Fatalf("the page has been told of %d welcomes, want 2: that of the WebSocket, too", welcomes)
			}
			p.Run(`say("after the change")`)
			ana.Hear("message after the change")
		}, testclient.Latency(25*time.Millisecond)) // a welcome comes later than what the stream brings
	}
}

// expectSequence fails unless somebody has got the messages prefix0 to prefix119, each once and in order.
func expectSequence(w *testclient.World, who, prefix string, got []string) {
	w.Helper()
	for i := range 120 {
		want := fmt.Sprint(prefix, i)
		if i >= len(got) {
			w.Fatalf("%s has got %d of 120 messages; the first that is missing at the end is %s", who, len(got), want)
		}
		if got[i] == want {
			continue
		}
		switch {
		case slices.Contains(got[:i], got[i]):
			w.Fatalf("%s has got %s twice", who, got[i])
		case slices.Contains(got, want):
			w.Fatalf("%s has got %s before %s", who, got[i], want)
		}
		w.Fatalf("%s has not got %s", who, want)
	}
	if len(got) > 120 {
		w.Fatalf("%s has got %d messages, want 120", who, len(got))
	}
}

// Task 9.11: As long as no WebSocket gets through, the page stays where it is, and tries again later.
//
// Rules: 9.ap, 9.aq.
func TestPageStaysWithTheFallback(t *testing.T) {
	withOffice(t, chatScripts, func(w *testclient.World, s *server, o *office, p *testpage.Page) {
		ana := s.Join("ana", "den")
		clientOf(p, s, "upgradeAfter: 20000,")
		p.Run("client.connect()")
		p.Within(3*time.Second).Await("be open without a WebSocket", `client.state === "open"`)
		ana.Hear("system page joined")
		w.Sleep(70 * time.Second)
		if n := len(p.Dials()); n != 4 {
			w.Fatalf("in 70 s over the fallback the page has tried a WebSocket %s, want 3 times, every 20 s", times(n-1))
		}
		expectStates(w, p, "nothing has changed", "connecting", "waiting", "connecting", "open events")
		p.Run(`say("still here")`)
		ana.Hear("message still here")
		s.HearNoMore(ana)
		p.Run("client.disconnect()")
		w.Sleep(5 * time.Minute)
		if n := len(p.Dials()); n > 5 {
			w.Fatalf("the page has tried a WebSocket after disconnect()")
		}
		ana.Hear("system page left")
	})
}

// Task 9.11: Texts that a connection has handed back go out first over the next one.
//
// Rules: 9.ar.
func TestPageSendsWhatWasHandedBack(t *testing.T) {
	withOffice(t, chatScripts, func(w *testclient.World, s *server, o *office, p *testpage.Page) {
		ana := s.Join("ana", "den")
		clientOf(p, s, "")
		p.Run("client.connect()")
		p.Within(3*time.Second).Await("be open without a WebSocket", `client.state === "open"`)
		ana.Hear("system page joined")
		w.Settle()
		w.Note("the server does not know the session for a moment: the page's POST gets 404")
		o.set(func() { o.answer = func(n int, body string) (int, bool) { return 404, n == 1 } })
		p.Run(`say("one"); say("two")`)
		p.Within(3*time.Second).Await("be back", `states.length > 5 && client.state === "open"`)
		ana.Ignoring("system").Hear("message one", "message two")
		p.Run(`say("three")`)
		ana.Ignoring("system").Hear("message three")
		s.HearNoMore(ana.Ignoring("system"))
	})
}

// overFallback has the page connect over the fallback, with ana in the same room.
func overFallback(w *testclient.World, s *server, p *testpage.Page, options string) *chattest.Client {
	ana := s.Join("ana", "den")
	clientOf(p, s, options)
	p.Run("client.connect()")
	p.Within(3*time.Second).Await("be open without a WebSocket", `client.state === "open"`)
	ana.Hear("system page joined")
	return ana
}

// Task 9.11: A WebSocket without a welcome is given up after five seconds, and the fallback goes on.
//
// Rules: 9.ap.
func TestPageGivesUpAWebSocket(t *testing.T) {
	withOffice(t, chatScripts, func(w *testclient.World, s *server, o *office, p *testpage.Page) {
		ana := overFallback(w, s, p, "upgradeAfter: 10000,")
		opened := w.Elapsed()
		o.set(func() { o.allowed, o.takes = true, 8*time.Second })
		w.Note("a handshake of a WebSocket takes 8 s from now on")
		for i := range 35 {
			p.Run(saysNumber(i))
			ana.Say(fmt.Sprint("a", i))
			w.Sleep(time.Second)
		}
		var at []time.Duration
		for _, dial := range p.Dials()[1:] {
			at = append(at, (dial - opened).Round(time.Second))
		}
		if want := []time.Duration{10 * time.Second, 25 * time.Second}; !slices.Equal(at, want) {
			w.Fatalf("the page has tried a WebSocket %v after it was open, want %v: each is given up after five seconds, and tried again after upgradeAfter", at, want)
		}
		expectStates(w, p, "the fallback goes on", "connecting", "waiting", "connecting", "open events")
		var fromAna []string
		p.Get(`got.filter((line) => line.startsWith("message a"))`, &fromAna)
		if heard := ana.Received("message"); len(fromAna) != 35 || len(heard) != 70 {
			w.Fatalf("the page has got %d of ana's 35 messages, and ana %d of all 70", len(fromAna), len(heard))
		}
	})
}

// Task 9.11: A WebSocket that opens and brings no welcome is given up as well.
//
// Rules: 9.ap.
func TestPageGivesUpAMuteWebSocket(t *testing.T) {
	withOffice(t, chatScripts, func(w *testclient.World, s *server, o *office, p *testpage.Page) {
		ana := overFallback(w, s, p, "upgradeAfter: 10000,")
		o.set(func() { o.mute = true })
		w.Note("a WebSocket opens from now on, and the network swallows its frames")
		w.Sleep(32 * time.Second)
		if n := len(p.Dials()); n != 3 {
			w.Fatalf("the page has tried a WebSocket %s, want 3 times: at first, and 10 s and 25 s after it was open", times(n))
		}
		expectStates(w, p, "the fallback goes on", "connecting", "waiting", "connecting", "open events")
		p.Run(`say("still here")`)
		ana.Hear("message still here")
	})
}

// saysNumber is the page's statement that says its i-th message.
func saysNumber(i int) string { return fmt.Sprintf(`say("p%d")`, i) }

// Task 9.11: disconnect() ends the attempt too.
//
// Rules: 9.ap.
func TestPageLeavesDuringAnUpgrade(t *testing.T) {
	withOffice(t, chatScripts, func(w *testclient.World, s *server, o *office, p *testpage.Page) {
		ana := overFallback(w, s, p, "upgradeAfter: 10000,")
		o.set(func() { o.allowed, o.takes = true, 3*time.Second })
		w.Sleep(11 * time.Second)
		w.Note("a WebSocket of the page's is on its way, and the person leaves; a POST still takes 4 s")
		o.set(func() { o.delay = 4 * time.Second })
		p.Run(`say("bye"); client.disconnect()`)
		w.Sleep(4500 * time.Millisecond)
		expectStates(w, p, "disconnect() was called", "connecting", "waiting", "connecting", "open events", "closed")
		var sent bool
		if p.Get(`say("too late")`, &sent); sent {
			w.Fatalf("send returns true after disconnect()")
		}
		ana.Hear("message bye", "system page left")
		w.Sleep(time.Minute)
		s.HearNoMore(ana)
		if n := len(p.Dials()); n != 2 {
			w.Fatalf("the page has tried a WebSocket %s, want 2 times", times(n))
		}
	})
}

// withFake is a test of a page with a host that opens no WebSocket yet, and with a fallback in the variable fake, which
// is open and belongs to the test.
func withFake(t *testing.T, fn func(w *testclient.World, h *chattest.Host, p *testpage.Page)) {
	testclient.Run(t, func(w *testclient.World) {
		pages, err := chat.New(chat.Config{})
		require.NoError(w, err, "chat.New")
		h := chattest.NewHost(w)
		h.Pages = pages
		h.Answer(503)
		s := w.Serve(h)
		p := testpage.Open(w, s, "/chat.js")
		p.Run(`let fake = null; const told = [];
class Fake {
  constructor() { this.readyState = 0; fake = this; }
  send(text) { told.push(text); }
  close() { this.readyState = 2; }
}
const tell = (type, message_id, data = type) => fake.onmessage({ data: JSON.stringify({ type, message_id, data }) });
const states = [], got = [];
const client = new ChatClient({
  url: "` + strings.Replace(s.URL(), "http", "ws", 1) + `/ws/page", random: () => 0, upgradeAfter: 10000, Fallback: Fake,
  onState: (state) => states.push(state),
  onMessage: ({ type, message_id }) => got.push(type + " " + message_id),
});
client.connect();`)
		p.Within(3*time.Second).Await("try the fallback", "fake !== null")
		p.Run(`fake.readyState = 1; fake.onopen(); tell("welcome", "w"); tell("message", "m1")`)
		h.Answer(101)
		fn(w, h, p)
	})
}

// Task 9.11: Until the welcome, the fallback is heard, and nothing that it brings comes twice.
//
// Rules: 9.aq.
func TestPageHearsTheFallbackUntilTheWelcome(t *testing.T) {
	withFake(t, func(w *testclient.World, h *chattest.Host, p *testpage.Page) {
		next := h.Call("page", 11*time.Second)
		w.Settle()
		w.Note("the WebSocket is open, and its welcome on its way, when the fallback brings m2 and the error e1")
		p.Run(`tell("message", "m2"); tell("error", "e1", {})`)
		next.Welcomes("S1", true, "")
		next.Says("message", "m2")
		next.Says("message", "m3")
		next.Says("error", "e1")
		w.Settle()
		var got []string
		if p.Get("got.filter((line) => !line.startsWith(\"welcome\"))", &got); !slices.Equal(got, []string{"message m1", "message m2", "error e1", "message m3", "error e1"}) {
			w.Fatalf("the page was given %q, want m1, m2 and m3 once each, and e1 twice: a session repeats messages, and no errors", got)
		}
	})
}

// Task 9.11: If the WebSocket has taken over and is lost before its welcome, the page connects again, whatever ends first.
//
// Rules: 9.ap, 9.aq, 9.ar.
func TestPageIsTakenOverInVain(t *testing.T) {
	withFake(t, func(w *testclient.World, h *chattest.Host, p *testpage.Page) {
		next := h.Call("page", 11*time.Second)
		w.Note("the server tells the fallback that it is taken over, while a text is on its way; the WebSocket is lost; then the fallback ends")
		p.Run("fake.readyState = 2")
		next.HangUp(1006)
		w.Sleep(100 * time.Millisecond)
		p.Run(`const old = fake; old.readyState = 3; old.onclose({ code: 4001, reason: "taken over", unsent: ["kept"] })`)
		p.Within(5*time.Second).Await("connect again", "fake !== old")
		p.Run(`fake.readyState = 1; fake.onopen()`)
		var told []string
		if p.Get("told", &told); !slices.Equal(told, []string{"kept"}) {
			w.Fatalf("the page has sent %q, want the text that the fallback has handed back", told)
		}
	})
}

// Task 9.11: What was accepted before disconnect() goes out.
//
// Rules: 9.aq.
func TestPageSaysGoodbyeDuringTheChange(t *testing.T) {
	withFake(t, func(w *testclient.World, h *chattest.Host, p *testpage.Page) {
		next := h.Call("page", 11*time.Second)
		next.Welcomes("S1", true, "")
		w.Note("the fallback still sends what it has; the person says goodbye, and leaves")
		p.Run(`client.send({ type: "message", data: "goodbye" }); client.disconnect()`)
		if text, ok := next.Heard(); !ok || !strings.Contains(text, "goodbye") {
			w.Fatalf("send returned true, and what came over the WebSocket is %q", text)
		}
	})
}

// Task 9.11: What the fallback hands back after disconnect() is for no later connection.
//
// Rules: 9.ar.
func TestPageForgetsTheFallbackOfThePast(t *testing.T) {
	withFake(t, func(w *testclient.World, h *chattest.Host, p *testpage.Page) {
		next := h.Call("page", 11*time.Second)
		next.Welcomes("S1", true, "")
		w.Settle()
		w.Note("the fallback still has a text when the person leaves, and hands it back later")
		p.Run("client.disconnect()")
		p.Await("be closed", `client.state === "closed"`)
		p.Run(`fake.readyState = 3; fake.onclose?.({ code: 1006, reason: "", unsent: ["old"] }); client.connect()`)
		again := h.Call("page", time.Second)
		again.Welcomes("S1", true, "")
		if text, ok := again.Heard(); ok {
			w.Fatalf("the page has sent %q over its next connection: that was for the connection before", text)
		}
	})
}

// Task 9.11: If the fallback breaks during an attempt, the page is soon open again, and nothing is lost.
//
// Rules: 9.ap, 9.aq.
func TestPageLosesTheFallbackDuringAnUpgrade(t *testing.T) {
	withOffice(t, chatScripts, func(w *testclient.World, s *server, o *office, p *testpage.Page) {
		ana := overFallback(w, s, p, "upgradeAfter: 10000,")
		o.set(func() { o.allowed, o.takes = true, 3*time.Second })
		w.Sleep(11 * time.Second)
		w.Note("a WebSocket of the page's is on its way, and the fallback breaks")
		p.Stream().Cut()
		ana.Hear("system page left")
		ana.Say("meanwhile")
		ana.Hear("message meanwhile")
		w.Sleep(3 * time.Second)
		p.Await("be open again", `client.state === "open"`)
		p.Run(`say("back")`)
		ana.Hear("system page joined", "message back")
		w.Settle()
		var got []string
		if p.Get(`got.filter((line) => line.startsWith("message"))`, &got); !slices.Equal(got, []string{"message meanwhile", "message back"}) {
			w.Fatalf("the page has got %q, want what was said meanwhile, once, and its own", got)
		}
		s.HearNoMore(ana)
	})
}

// Task 9.11: If the fallback is taken over, and no WebSocket of the page's opens, the page connects again.
//
// Rules: 9.ap, 9.aq.
func TestPageLosesBoth(t *testing.T) {
	withOffice(t, chatScripts, func(w *testclient.World, s *server, o *office, p *testpage.Page) {
		overFallback(w, s, p, "upgradeAfter: 10000,")
		o.set(func() { o.takes = 3 * time.Second })
		w.Sleep(11 * time.Second)
		w.Note("a WebSocket of the page's is on its way, and will be refused; the fallback is told that it is taken over")
		s.JoinEvents("page", "den").Cut()
		w.Sleep(4 * time.Second)
		expectStates(w, p, "nobody knows who has taken it over", "connecting", "waiting", "connecting", "open events", "waiting", "connecting", "open events")
	})
}

// Task 9.11: A page that has a WebSocket stays with it.
//
// Rules: 9.ap.
func TestPageStaysWithItsWebSocket(t *testing.T) {
	withOffice(t, chatScripts, func(w *testclient.World, s *server, o *office, p *testpage.Page) {
		o.set(func() { o.allowed = true })
		clientOf(p, s, "upgradeAfter: 5000,")
		p.Run("client.connect()")
		w.Sleep(time.Minute)
		if n := len(p.Dials()); n != 1 {
			w.Fatalf("the page has connected %s, want once: it has a WebSocket", times(n))
		}
		expectStates(w, p, "it has a WebSocket", "connecting", "open websocket")
	})
}

// Task 9.11: Another tab that takes over ends the page, over the fallback too.
//
// Rules: 9.ao.
func TestPageIsTakenOver(t *testing.T) {
	withOffice(t, chatScripts, func(w *testclient.World, s *server, o *office, p *testpage.Page) {
		overFallback(w, s, p, "upgradeAfter: 10000,")
		w.Sleep(12 * time.Second)
		w.Note("an attempt to get a WebSocket has failed, and now another tab joins")
		s.JoinEvents("page", "den")
		w.Sleep(time.Minute)
		expectStates(w, p, "the page was taken over", "connecting", "waiting", "connecting", "open events", "closed")
	})
}

// Task 9.11: Texts that the fallback hands back after the change go out over the WebSocket, before later ones.
//
// Rules: 9.aq, 9.ar.
func TestPageSendsWhatTheFallbackHandsBack(t *testing.T) {
	withOffice(t, chatScripts, func(w *testclient.World, s *server, o *office, p *testpage.Page) {
		ana := overFallback(w, s, p, "upgradeAfter: 5000,")
		w.Sleep(4 * time.Second)
		o.set(func() {
			o.allowed, o.delay = true, 3*time.Second
			o.answer = func(n int, body string) (int, bool) { return 404, true }
		})
		w.Note("a POST takes 3 s, and then gets 404; meanwhile the WebSocket opens")
		p.Run(`say("one"); say("two")`)
		w.Sleep(2 * time.Second)
		p.Run(`say("three")`)
		w.Sleep(2 * time.Second)
		ana.Hear("message one", "message two", "message three")
		s.HearNoMore(ana)
	})
}

// Task 9.11: A person who leaves while the page waits leaves nothing behind.
//
// Rules: 9.ar.
func TestPageForgetsWhenAPersonLeaves(t *testing.T) {
	withOffice(t, chatScripts, func(w *testclient.World, s *server, o *office, p *testpage.Page) {
		ana := overFallback(w, s, p, "")
		o.set(func() { o.answer = func(n int, body string) (int, bool) { return 404, n == 1 } })
		p.Run(`say("one")`)
		ana.Hear("system page left")
		w.Note("the page waits for a second; the person leaves, and joins again")
		p.Run("client.disconnect(); client.connect()")
		p.Within(2*time.Second).Await("be back", `client.state === "open"`)
		p.Run(`say("two")`)
		ana.Hear("system page joined", "message two")
		s.HearNoMore(ana)
	})
}

// Task 9.11: A person who does not want to wait loses nothing that was handed back.
//
// Rules: 9.ar.
func TestPageSendsWhatWasHandedBackAtOnce(t *testing.T) {
	withOffice(t, chatScripts, func(w *testclient.World, s *server, o *office, p *testpage.Page) {
		ana := overFallback(w, s, p, "")
		o.set(func() { o.answer = func(n int, body string) (int, bool) { return 404, n == 1 } })
		p.Run(`say("one")`)
		ana.Hear("system page left")
		w.Note("the page waits for a second, and the person tries again at once")
		p.Run("client.connect()")
		p.Within(2*time.Second).Await("be back", `client.state === "open"`)
		ana.Hear("system page joined", "message one")
	})
}

// Task 9.11: Texts that were handed back are not sent over a connection that a person begins later.
//
// Rules: 9.ar.
func TestPageForgetsWhatWasHandedBack(t *testing.T) {
	withOffice(t, chatScripts, func(w *testclient.World, s *server, o *office, p *testpage.Page) {
		ana := overFallback(w, s, p, "maxAttempts: 1,")
		o.set(func() { o.answer = func(n int, body string) (int, bool) { return 404, true } })
		p.Run(`say("one")`)
		w.Sleep(100 * time.Millisecond)
		p.Down(true)
		w.Sleep(10 * time.Second)
		expectStates(w, p, "no attempt is left", "connecting", "waiting", "connecting", "open events", "closed")
		ana.Hear("system page left")
		w.Note("later the person joins again")
		p.Down(false)
		o.set(func() { o.answer = nil })
		p.Run("client.connect()")
		p.Within(3*time.Second).Await("be open", `client.state === "open"`)
		p.Run(`say("two")`)
		ana.Hear("system page joined", "message two")
		s.HearNoMore(ana)
	})
}
