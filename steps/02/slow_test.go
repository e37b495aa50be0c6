package chat_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"wsworkshop/pkg/testclient"
	chat "wsworkshop/steps/02"
)

// narrow has the network hold so little that a write to who does not read waits at once.
var narrow = testclient.Buffer(1024)

// long is more than a narrow network holds.
var long = strings.Repeat("0123456789abcdef", 1<<8)

// stall has a client stop reading; what has come so far is taken out of the way.
func stall(c *testclient.Client) {
	c.Drain()
	c.Stall()
}

// say has a client say n long things while some do not read: each once the listeners have
// heard the one before and the server has come to rest.
func say(w *testclient.World, n int, speaker *testclient.Client, listeners ...*testclient.Client) {
	w.Helper()
	for i := range n {
		text := fmt.Sprint(speaker.Name(), ": ", i, " ", long)
		speaker.Send(strings.TrimPrefix(text, speaker.Name()+": "))
		for _, c := range append(listeners, speaker) {
			c = c.PassingOver(isNotice)
			m := c.Expect(fmt.Sprintf("%s (the others have %d messages waiting)", quote(text), i), anything)
			wantText(w, c, m, text)
		}
		w.Settle()
	}
}

// outboxSize is the OutboxSize with which slow clients are graded; of tooMany, more than twice as
// many, some must lead to the drop.
const outboxSize, tooMany = 8, 17

// wantDropped expects that the server has dropped a client for which too many messages wait.
func wantDropped(w *testclient.World, c *testclient.Client) {
	w.Helper()
	w.Sleep(time.Second)
	c.Resume()
	if n := len(lines(c, anything)); n > 0 {
		w.Fatalf("more than twice as many messages as OutboxSize waited for %s, and it was not dropped:\n"+
			"now that %[1]s reads again, it gets %d messages", c.Name(), n)
	}
	c.ServerHungUp(time.Second)
}

// Task 2.5 (15 points, after 2.2, 2.3, 2.4): Who does not read holds up nobody, and is dropped.
func TestSlowClientIsDropped(t *testing.T) {
	run(t, chat.Config{OutboxSize: outboxSize}, func(w *testclient.World, s *testclient.Server) {
		ana, bob := join(w, s, "ana"), join(w, s, "bob")
		carl := join(w, s, "carl", narrow)
		stall(carl)
		say(w, tooMany, ana, bob)
		wantDropped(w, carl)
		say(w, tooMany, bob, ana)
	})
}

// Task 2.5: A client that was slow for no more than OutboxSize messages has lost none.
func TestSlowClientMayCatchUp(t *testing.T) {
	run(t, chat.Config{OutboxSize: outboxSize}, func(w *testclient.World, s *testclient.Server) {
		ana, bob := join(w, s, "ana"), join(w, s, "bob")
		carl := join(w, s, "carl", narrow)
		for range 3 {
			stall(carl)
			say(w, outboxSize, ana, bob)
			w.Sleep(5 * time.Second)
			carl.Resume()
			for i := range outboxSize {
				hear(w, fmt.Sprint("ana: ", i, " ", long), carl)
			}
		}
		stall(carl)
		say(w, tooMany, ana, bob)
		wantDropped(w, carl)
	})
}

// Task 2.5: However many are slow at once, the others do not notice.
func TestManySlowClientsAreDropped(t *testing.T) {
	const many = 20 // the notices that they left must fit into an outbox, too
	run(t, chat.Config{OutboxSize: 2 * many}, func(w *testclient.World, s *testclient.Server) {
		ana, bob := join(w, s, "ana"), join(w, s, "bob")
		slow := crowd(w, s, many, narrow)
		for _, c := range slow {
			stall(c)
		}
		say(w, 4*many+1, ana, bob)
		for _, c := range slow {
			wantDropped(w, c)
		}
		say(w, 4*many+1, bob, ana)
	})
}

// Task 2.5: Of a client that is dropped the others hear once that it left.
func TestDroppedClientIsToldOnce(t *testing.T) {
	run(t, chat.Config{OutboxSize: outboxSize}, func(w *testclient.World, s *testclient.Server) {
		ana, bob := join(w, s, "ana"), join(w, s, "bob")
		carl := join(w, s, "carl", narrow)
		stall(carl)
		say(w, tooMany, ana)
		w.Sleep(time.Second)
		wantTold(w, bob, lines(bob, anything), "* carl left")
	})
}

// Task 2.5: Direct messages fill an outbox, too.
func TestDirectMessagesFillAnOutbox(t *testing.T) {
	run(t, chat.Config{OutboxSize: outboxSize}, func(w *testclient.World, s *testclient.Server) {
		ana := join(w, s, "ana")
		carl := join(w, s, "carl", narrow)
		stall(carl)
		for range tooMany {
			ana.Send("/msg carl " + long)
			w.Settle()
		}
		wantDropped(w, carl)
	})
}

// Task 2.5: Notices fill an outbox, too.
func TestNoticesFillAnOutbox(t *testing.T) {
	run(t, chat.Config{OutboxSize: outboxSize}, func(w *testclient.World, s *testclient.Server) {
		ana := join(w, s, "ana")
		carl := join(w, s, "carl", narrow)
		stall(carl)
		say(w, 1, ana)
		for range (tooMany - 1) / 2 {
			join(w, s, "dora").Cut()
			w.Sleep(time.Second)
		}
		wantDropped(w, carl)
	})
}

// Task 2.5: The answers to one's own messages fill an outbox, too.
func TestAnswersFillAnOutbox(t *testing.T) {
	run(t, chat.Config{OutboxSize: outboxSize}, func(w *testclient.World, s *testclient.Server) {
		ana := join(w, s, "ana")
		carl := join(w, s, "carl", narrow)
		stall(carl)
		say(w, 1, ana)
		for range (tooMany - 1) / 2 {
			carl.Send("/msg")
			carl.Send("/msg dora hi")
		}
		wantDropped(w, carl)
	})
}

const writeTimeout = 10 * time.Second

// Task 2.6 (10 points, after 2.2): A write that takes too long ends the connection.
func TestStuckWriteEndsTheConnection(t *testing.T) {
	run(t, chat.Config{WriteTimeout: writeTimeout}, func(w *testclient.World, s *testclient.Server) {
		ana := join(w, s, "ana")
		carl := join(w, s, "carl", narrow)
		stall(carl)
		ana.Send(long)
		w.Sleep(writeTimeout + time.Second)
		wantTimedOut(w, carl)
	})
}

// wantTimedOut expects that the server has dropped a client to which a write has waited for
// longer than WriteTimeout.
func wantTimedOut(w *testclient.World, c *testclient.Client) {
	w.Helper()
	c.Resume()
	if len(lines(c, anything)) > 0 {
		w.Fatalf("a write to %s has waited for longer than WriteTimeout (%v), and nothing ended it:\n"+
			"now that %[1]s reads again, it gets that message", c.Name(), writeTimeout)
	}
	c.ServerHungUp(time.Second)
}

// Task 2.6: WriteTimeout is for one write: who reads again in time, or hears nothing for long, stays.
func TestTimelyReaderStays(t *testing.T) {
	run(t, chat.Config{WriteTimeout: writeTimeout}, func(w *testclient.World, s *testclient.Server) {
		ana := join(w, s, "ana")
		carl := join(w, s, "carl", narrow)
		for range 3 {
			stall(carl)
			ana.Send(long)
			w.Sleep(writeTimeout * 9 / 10)
			carl.Resume()
			hear(w, "ana: "+long, carl)
			w.Sleep(time.Hour)
		}
		stall(carl)
		ana.Send(long)
		w.Sleep(writeTimeout + time.Second)
		wantTimedOut(w, carl)
	})
}

// Task 2.6: Without a WriteTimeout a write may take for ever.
func TestZeroWriteTimeoutIsNone(t *testing.T) {
	run(t, chat.Config{}, func(w *testclient.World, s *testclient.Server) {
		ana := join(w, s, "ana")
		carl := join(w, s, "carl", narrow)
		stall(carl)
		ana.Send(long)
		w.Sleep(24 * time.Hour)
		carl.Resume()
		hear(w, "ana: "+long, carl)
	})
}
