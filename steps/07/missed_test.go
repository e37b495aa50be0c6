package chat_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"wsworkshop/pkg/testclient"
	chat "wsworkshop/steps/07"
)

// Task 7.5 (15 points, after 7.4): What was missed follows the welcome.
func TestMissedMessagesFollowTheWelcome(t *testing.T) {
	run(t, resuming, func(w *testclient.World, s *server) {
		ana, zoe := s.join("ana", "den"), s.join("zoe", "lobby")
		bob := s.join("bob", "den")
		hear(w, ana, "system bob joined")
		say(ana, "before")
		last := hear(w, bob, "message before")
		s.leave(bob, false)
		hear(w, ana, "message before", "system bob left")
		say(ana, "one")
		w.Settle()
		tell(zoe, "bob", "two")
		w.Settle()
		shout(zoe, "three")
		w.Settle()
		s.leave(s.join("carl", "den"), true)
		say(ana, "four")
		w.Sleep(time.Minute)

		w.Note(`bob comes back and says that the last he got was "before"`)
		again := s.resume(bob, last)
		expectResumed(w, again, bob, "")
		say(ana, "now")
		hear(w, again, "message one", "direct two", "broadcast three", "system carl joined", "system carl left", "message four", "message now")
		hear(w, ana, "message one", "broadcast three", "system carl joined", "system carl left", "message four", "system bob joined", "message now")
		hear(w, zoe, "broadcast three")
		hearNoMore(w, ana, again, zoe)
	})
}

// Task 7.5: A message that comes late is the same message: its id, its time and its sender are those that others got.
func TestMissedMessageIsTheSame(t *testing.T) {
	run(t, resuming, func(w *testclient.World, s *server) {
		ana, bob := s.join("ana", "den"), s.join("bob", "den")
		s.leave(bob, true)
		ana.Drain()
		say(ana, "hello")
		live := ana.Next()
		w.Sleep(time.Minute)
		bob = s.resume(bob, "")
		late := bob.Expect(`"hello", said while he was away: he names no last_message_id, and has got nothing yet`,
			func(m testclient.Message) bool { return parse(m).Type == "message" })
		if late.Text() != live.Text() {
			w.Fatalf("bob got %s, want what ana got when it was said: %s", late, live)
		}
	})
}

// Task 7.5: What comes depends on what the client says that it got; asking twice changes nothing.
func TestClientSaysWhatItHas(t *testing.T) {
	run(t, resuming, func(w *testclient.World, s *server) {
		ana, bob := s.join("ana", "den"), s.join("bob", "den")
		var ids []string
		all := []string{"message 0", "message 1", "message 2", "message 3", "message 4", "message 5"}
		for i, line := range all {
			if i == 3 {
				s.leave(bob, false)
				ana.Drain()
			}
			say(ana, fmt.Sprint(i))
			ids = append(ids, hear(w, ana.quietly(), line))
		}
		for _, has := range []int{2, 2, 0, 3, 6, 5, 2} {
			last := ""
			if has > 0 {
				last = ids[has-1]
			}
			w.Note("bob comes back and says that the last he got was number %d of 6", has)
			again := s.resume(bob, last)
			hear(w, again, all[has:]...)
			hearNoMore(w, again)
			if has%2 == 0 {
				s.leave(again, true)
			}
		}
	})
}

// quietly is v, passing over who comes and goes.
func (v *visit) quietly() *visit {
	q := *v
	q.Client = v.PassingOver(func(m testclient.Message) bool { return parse(m).Type == "system" })
	return &q
}

// Task 7.5: Errors, heartbeats, welcomes and notices about oneself are for the moment: they do not come again.
func TestOnlyTalkAndNoticesAreKept(t *testing.T) {
	// Were the others kept too, so small a log would have no place for the talk.
	run(t, chat.Config{ResumeWindow: window, ResumeLogSize: 4, HeartbeatInterval: 5 * time.Second}, func(w *testclient.World, s *server) {
		ana, bob := s.join("ana", "den"), s.join("bob", "den")
		for i := range 3 {
			bob.Send("no JSON")
			hear(w, bob, "error invalid_json")
			tell(bob, "dora", "psst")
			hear(w, bob, "error no_such_client")
			bob.SendJSON(map[string]string{"type": "heartbeat", "message_id": "mine"})
			hear(w, bob, "heartbeat_ack")
			w.Sleep(15 * time.Second)
			say(ana, fmt.Sprint(i))
			hear(w, bob, fmt.Sprint("message ", i))
			s.leave(bob, i%2 == 0)
			w.Sleep(7 * time.Second)
			again := s.resume(bob, "")
			expectResumed(w, again, bob, "")
			bob = again
			for n := range i + 1 {
				hear(w, bob, fmt.Sprint("message ", n))
			}
			hearNoMore(w, bob)
		}
	})
}

// Task 7.5: What was sent to a connection that was dead already is missed too.
func TestDeadConnectionSwallowsNothing(t *testing.T) {
	for _, noticed := range []bool{false, true} {
		for _, end := range oldEnds[2:] {
			run(t, chat.Config{ResumeWindow: window, HeartbeatInterval: 30 * time.Second, StaleAfter: 70 * time.Second}, func(w *testclient.World, s *server) {
				ana, bob := s.join("ana", "den"), s.join("bob", "den", end.opts...)
				hear(w, ana, "system bob joined")
				say(ana, "before")
				last := hear(w, bob, "message before")
				hear(w, ana, "message before")
				say(bob, "my last words")
				hear(w, ana, "message my last words")
				hear(w, bob, "message my last words")
				w.Note("bob is %s", end.what)
				end.do(s, ana, bob)
				for i := range 3 {
					say(ana, fmt.Sprint(i))
					hear(w, ana, fmt.Sprint("message ", i))
				}
				if noticed {
					w.Sleep(2 * time.Minute)
					hear(w, ana, "system bob left")
				}
				w.Note(`bob comes back and says that the last he got was "before"`)
				again := s.resume(bob, last)
				expectResumed(w, again, bob, "")
				hear(w, again, "message my last words")
				for i := range 3 {
					hear(w, again.past(end.opts != nil), fmt.Sprint("message ", i))
				}
				hearNoMore(w, again)
			})
		}
	}
}

// past is v, passing over the long messages with which oldEnds blocks a connection.
func (v *visit) past(long bool) *visit {
	q := *v
	if long {
		q.Client = v.PassingOver(func(m testclient.Message) bool { return len(m.Data) > 2000 })
	}
	return &q
}

// Task 7.5: A direct message to one whose session waits is kept, and no error.
func TestDirectMessageWaits(t *testing.T) {
	run(t, resuming, func(w *testclient.World, s *server) {
		ana, bob := s.join("ana", "den"), s.join("bob", "lobby")
		s.leave(bob, false)
		for i := range 3 {
			tell(ana, "bob", fmt.Sprint(i))
		}
		hearNoMore(w, ana)
		w.Sleep(time.Minute)
		bob = s.resume(bob, "")
		hear(w, bob, "direct 0", "direct 1", "direct 2")
		hearNoMore(w, ana, bob)
	})
}

// Task 7.5: More may have been missed than an outbox holds: who comes back is not dropped for that.
func TestMoreMissedThanAnOutboxHolds(t *testing.T) {
	run(t, chat.Config{ResumeWindow: window, OutboxSize: 8}, func(w *testclient.World, s *server) {
		ana, bob := s.join("ana", "den"), s.join("bob", "den")
		s.leave(bob, false)
		ana.Drain()
		var want []string
		for i := range 100 {
			line := fmt.Sprint("message ", i)
			say(ana, fmt.Sprint(i))
			hear(w, ana, line)
			want = append(want, line)
		}
		bob = s.resume(bob, "", narrow, testclient.Latency(10*time.Millisecond))
		hear(w, bob, want...)
		say(ana, "now")
		hear(w, bob, "message now")
	})
}

// Task 7.5: What is being sent again stays what it is, while the log goes on and forgets it.
func TestLogGoesOnMeanwhile(t *testing.T) {
	const size = 20
	run(t, chat.Config{ResumeWindow: window, ResumeLogSize: size}, func(w *testclient.World, s *server) {
		ana, bob := s.join("ana", "den"), s.join("bob", "den")
		s.leave(bob, false)
		var want []string
		talk := func() {
			for range size {
				text := fmt.Sprint(len(want), strings.Repeat("x", 500))
				say(ana, text)
				hear(w, ana.quietly(), "message "+text)
				want = append(want, "message "+text)
			}
		}
		talk()
		bob = s.resume(bob, "", narrow, testclient.Latency(100*time.Millisecond))
		talk() // bob is so far away that he has got little by now
		bob.Client = bob.Within(time.Minute)
		hear(w, bob, want...)
		hearNoMore(w, bob)
	})
}

// Task 7.5: While others talk, coming back again and again, a client gets each message once and in order.
func TestNothingIsLostOrDoubledInARush(t *testing.T) { comeBackInARush(t) }

// Task 7.5: The same where handshakes take their time.
func TestNothingIsLostOrDoubledSlowly(t *testing.T) {
	comeBackInARush(t, narrow, testclient.Latency(10*time.Millisecond))
}

func comeBackInARush(t *testing.T, opts ...testclient.DialOption) {
	const speakers, each = 4, 60
	run(t, chat.Config{ResumeWindow: window, ResumeLogSize: 10_000, OutboxSize: 10_000}, func(w *testclient.World, s *server) {
		witness, bob := s.join("zoe", "den"), s.join("bob", "den", opts...)
		for i := range speakers {
			s.join(fmt.Sprint("c", i), "den")
		}
		carl := s.join("carl", "den")
		var got []string
		w.Rush(speakers+2, func(i int) {
			switch {
			case i < speakers:
				s.chatter(fmt.Sprint("c", i), each)
			case i == speakers:
				bob, got = s.comeBackOften(bob, 12, opts...)
			default: // somebody else comes back at the same time
				carl, _ = s.comeBackOften(carl, 12)
			}
		})
		w.Sleep(time.Minute)
		got = append(got, talk(bob)...)
		want := talk(witness)
		if len(want) != speakers*each {
			w.Fatalf("zoe, who was there all the time, got %d messages, want %d", len(want), speakers*each)
		}
		for i, line := range want {
			if i >= len(got) || got[i] != line {
				w.Fatalf("zoe, who was there all the time, heard as number %d %q; bob, who came back again and again: %s.\n"+
					"What was missed comes after the welcome, in order, and what is said now after that: nothing lost, nothing twice",
					i+1, line, around(got, i))
			}
		}
		if len(got) > len(want) {
			w.Fatalf("bob got %d messages, want the %d that zoe got", len(got), len(want))
		}
	})
}

// chatter has a client that is in the den say n things, one after the other.
func (s *server) chatter(id string, n int) {
	c := s.Dial(path(id, "den", "", ""), testclient.As(id+" again"))
	for i := range n {
		c.SendJSON(map[string]string{"type": "message", "data": fmt.Sprint(id, " says ", i)})
		time.Sleep(time.Millisecond)
	}
}

// comeBackOften has a client come back to its session n times, before the old connection has
// ended or after it, and returns the last connection and the talk that it got on those before.
func (s *server) comeBackOften(v *visit, n int, opts ...testclient.DialOption) (*visit, []string) {
	var got []string
	last := ""
	for i := range n {
		time.Sleep(time.Duration(3+i%4) * time.Millisecond)
		switch i % 3 {
		case 0:
			v.Cut()
		case 1:
			v.BlackHole()
		}
		for _, m := range v.Drain() {
			if kept(parse(m)) {
				last = parse(m).ID
			}
			got = appendTalk(got, m)
		}
		c := s.Dial(path(v.id, v.room, v.session, last), append(opts, testclient.As(fmt.Sprint(v.id, "/", i)))...)
		next := &visit{Client: c, id: v.id, room: v.room}
		next.greet(s.w)
		if !next.resumed || next.reason != "" {
			s.w.Fatalf("%s was welcomed with resumed %v and the reason %q: it named its session, and the last message that it got", next.Name(), next.resumed, next.reason)
		}
		v = next
	}
	return v, got
}

// kept tells whether a session keeps a message, so that a client may name it as its last.
func kept(m message) bool {
	return slices.Contains([]string{"message", "broadcast", "direct", "system"}, m.Type)
}

// talk is what a connection has got by now of what was said to its room.
func talk(v *visit) []string {
	var got []string
	for _, m := range v.Drain() {
		got = appendTalk(got, m)
	}
	return got
}

func appendTalk(got []string, m testclient.Message) []string {
	if line := parse(m); line.Type == "message" {
		got = append(got, line.String())
	}
	return got
}

// around shows what stands at a place in what somebody got.
func around(got []string, i int) string {
	if i >= len(got) {
		return fmt.Sprintf("nothing more after %d messages", len(got))
	}
	return fmt.Sprintf("%q", got[i])
}
