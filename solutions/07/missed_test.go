package chat_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"wsworkshop/pkg/chattest"
	"wsworkshop/pkg/testclient"
	chat "wsworkshop/solutions/07"
)

// Task 7.5 (15 points, after 7.4): What was missed follows the welcome.
//
// Rules: 7.t, 7.w.
func TestMissedMessagesFollowTheWelcome(t *testing.T) {
	run(t, resuming, func(w *testclient.World, s *server) {
		ana, zoe := s.Join("ana", "den"), s.Join("zoe", "lobby")
		bob := s.Join("bob", "den")
		ana.Hear("system bob joined")
		ana.Say("before")
		last := bob.Hear("message before")
		bob.Vanish()
		ana.Hear("message before", "system bob left")
		ana.Say("one")
		w.Settle()
		zoe.Tell("bob", "two")
		w.Settle()
		zoe.Shout("three")
		w.Settle()
		s.Join("carl", "den").Leave()
		ana.Say("four")
		w.Sleep(time.Minute)

		w.Note(`bob comes back and says that the last he got was "before"`)
		again := s.Resume(bob, last)
		expectResumed(w, again, bob, "")
		ana.Say("now")
		again.Hear("message one", "direct two", "broadcast three", "system carl joined", "system carl left", "message four", "message now")
		ana.Hear("message one", "broadcast three", "system carl joined", "system carl left", "message four", "system bob joined", "message now")
		zoe.Hear("broadcast three")
		s.HearNoMore(ana, again, zoe)
	})
}

// Task 7.5: A message that is sent again has the id, the time and the sender that it had before.
//
// Rules: 7.x.
func TestMissedMessageIsTheSame(t *testing.T) {
	run(t, resuming, func(w *testclient.World, s *server) {
		ana, bob := s.Join("ana", "den"), s.Join("bob", "den")
		bob.Leave()
		ana.Drain()
		ana.Say("hello")
		live := ana.Next()
		w.Sleep(time.Minute)
		bob = s.Resume(bob, "")
		late := bob.Expect(`"hello", said while he was away: he names no last_message_id, and has got nothing yet`,
			func(m testclient.Message) bool { return chattest.Parse(m).Type == "message" })
		if late.Text() != live.Text() {
			w.Fatalf("bob got %s, want what ana got when it was said: %s", late, live)
		}
	})
}

// Task 7.5: What is sent again depends on the last message that the client names, and asking twice changes nothing.
//
// Rules: 7.v, 7.w.
func TestClientSaysWhatItHas(t *testing.T) {
	run(t, resuming, func(w *testclient.World, s *server) {
		ana, bob := s.Join("ana", "den"), s.Join("bob", "den")
		ids := map[string]string{"nothing": ""} // by text
		says := func(text string) {
			ana.Say(text)
			ids[text] = ana.Ignoring("system").Hear("message " + text)
		}
		for _, text := range []string{"one", "two", "three"} {
			says(text)
		}
		bob.Vanish()
		ana.Drain()
		for _, text := range []string{"four", "five", "six"} {
			says(text)
		}
		for _, back := range []struct {
			last, missed string
			then         func(*chattest.Client)
		}{
			{"two", "three four five six", leave},
			{"two", "three four five six", leave},
			{"nothing", "one two three four five six", leave},
			{"three", "four five six", stay},
			{"six", "", leave},
			{"five", "six", stay},
			{"two", "three four five six", leave},
		} {
			w.Note("bob comes back and says that the last he got was %q", back.last)
			again := s.Resume(bob, ids[back.last])
			again.Hear(messages(back.missed)...)
			s.HearNoMore(again)
			back.then(again)
		}
	})
}

// Task 7.5: Errors, heartbeats, welcomes and notices about the client itself are not sent again.
//
// Rules: 7.w, 7.y.
func TestOnlyTalkAndNoticesAreKept(t *testing.T) {
	// Were the others kept too, so small a log would have no place for the talk.
	run(t, chat.Config{ResumeWindow: window, ResumeLogSize: 4, HeartbeatInterval: 5 * time.Second}, func(w *testclient.World, s *server) {
		ana, bob := s.Join("ana", "den"), s.Join("bob", "den")
		for _, life := range []struct {
			said, kept string
			ends       func(*chattest.Client)
		}{
			{"one", "one", leave},
			{"two", "one two", vanish},
			{"three", "one two three", leave},
		} {
			bob.Send("no JSON")
			bob.Hear("error invalid_json")
			bob.Tell("dora", "psst")
			bob.Hear("error no_such_client")
			bob.SendJSON(map[string]string{"type": "heartbeat", "message_id": "mine"})
			bob.Hear("heartbeat_ack")
			w.Sleep(15 * time.Second)
			ana.Say(life.said)
			bob.Hear("message " + life.said)
			life.ends(bob)
			w.Sleep(7 * time.Second)
			again := s.Resume(bob, "")
			expectResumed(w, again, bob, "")
			bob = again
			bob.Hear(messages(life.kept)...)
			s.HearNoMore(bob)
		}
	})
}

// Task 7.5: What was sent to a connection that was dead already is sent again.
//
// Rules: 7.w.
func TestDeadConnectionSwallowsNothing(t *testing.T) {
	for _, noticed := range []bool{false, true} {
		for _, end := range []oldEnd{inABlackHole, readingNoMore} {
			run(t, chat.Config{ResumeWindow: window, HeartbeatInterval: 30 * time.Second, StaleAfter: 70 * time.Second}, func(w *testclient.World, s *server) {
				ana, bob := s.Join("ana", "den"), s.Join("bob", "den", end.opts...)
				ana.Hear("system bob joined")
				ana.Say("before")
				last := bob.Hear("message before")
				ana.Hear("message before")
				bob.Say("my last words")
				ana.Hear("message my last words")
				bob.Hear("message my last words")
				end.begins(w, ana, bob)
				for _, text := range []string{"one", "two", "three"} {
					ana.Say(text)
					ana.Hear("message " + text)
				}
				if noticed {
					w.Sleep(2 * time.Minute)
					ana.Hear("system bob left")
				}
				w.Note(`bob comes back and says that the last he got was "before"`)
				again := s.Resume(bob, last)
				expectResumed(w, again, bob, "")
				again.Hear("message my last words")
				again.PassingOver(isFlood).Hear("message one", "message two", "message three")
				s.HearNoMore(again)
			})
		}
	}
}

// isFlood matches what flood has a client say.
func isFlood(m testclient.Message) bool { return len(m.Data) > 2000 }

// Task 7.5: A direct message to a client whose session waits is kept, and is no error.
//
// Rules: 7.aa.
func TestDirectMessageWaits(t *testing.T) {
	run(t, resuming, func(w *testclient.World, s *server) {
		ana, bob := s.Join("ana", "den"), s.Join("bob", "lobby")
		bob.Vanish()
		for _, text := range []string{"one", "two", "three"} {
			ana.Tell("bob", text)
		}
		s.HearNoMore(ana)
		w.Sleep(time.Minute)
		bob = s.Resume(bob, "")
		bob.Hear("direct one", "direct two", "direct three")
		s.HearNoMore(ana, bob)
	})
}

// Task 7.5: A client that missed all that the log holds gets the welcome and all of that, whatever its outbox holds.
//
// Rules: 7.z.
func TestAWholeLogWasMissed(t *testing.T) {
	run(t, chat.Config{ResumeWindow: window, ResumeLogSize: 20, OutboxSize: 20}, func(w *testclient.World, s *server) {
		ana, bob := s.Join("ana", "den"), s.Join("bob", "den")
		bob.Vanish()
		ana.Drain()
		var want []string
		for i := range 20 {
			line := fmt.Sprint("message ", i)
			ana.Say(fmt.Sprint(i))
			ana.Hear(line)
			want = append(want, line)
		}
		for range 20 {
			bob = s.Resume(bob, "", narrow, testclient.Latency(10*time.Millisecond))
			bob.Hear(want...)
		}
	})
}

// Task 7.5: A client that missed more than its outbox holds is not disconnected for that.
//
// Rules: 7.z.
func TestMoreMissedThanAnOutboxHolds(t *testing.T) {
	run(t, chat.Config{ResumeWindow: window, OutboxSize: 8}, func(w *testclient.World, s *server) {
		ana, bob := s.Join("ana", "den"), s.Join("bob", "den")
		bob.Vanish()
		ana.Drain()
		var want []string
		for i := range 100 {
			line := fmt.Sprint("message ", i)
			ana.Say(fmt.Sprint(i))
			ana.Hear(line)
			want = append(want, line)
		}
		bob = s.Resume(bob, "", narrow, testclient.Latency(10*time.Millisecond))
		bob.Hear(want...)
		ana.Say("now")
		bob.Hear("message now")
	})
}

// Task 7.5: While old messages are sent again, the log goes on, and these messages stay as they were.
//
// Rules: 7.u.
func TestLogGoesOnMeanwhile(t *testing.T) {
	const size = 20
	run(t, chat.Config{ResumeWindow: window, ResumeLogSize: size}, func(w *testclient.World, s *server) {
		ana, bob := s.Join("ana", "den"), s.Join("bob", "den")
		bob.Vanish()
		var want []string
		talk := func() {
			for range size {
				text := fmt.Sprint(len(want), strings.Repeat("x", 500))
				ana.Say(text)
				ana.Ignoring("system").Hear("message " + text)
				want = append(want, "message "+text)
			}
		}
		talk()
		bob = s.Resume(bob, "", narrow, testclient.Latency(100*time.Millisecond))
		talk() // bob is so far away that he has got little by now
		bob.Within(time.Minute).Hear(want...)
		s.HearNoMore(bob)
	})
}

// Task 7.5: A client that comes back again and again while others talk gets each message once and in order.
//
// Rules: 7.t, 7.u.
func TestNothingIsLostOrDoubledInARush(t *testing.T) { comeBackInARush(t) }

// Task 7.5: A client with slow handshakes, too, gets each message once and in order.
//
// Rules: 7.t, 7.u.
func TestNothingIsLostOrDoubledSlowly(t *testing.T) {
	comeBackInARush(t, narrow, testclient.Latency(10*time.Millisecond))
}

func comeBackInARush(t *testing.T, opts ...testclient.DialOption) {
	const speakers, each = 4, 60
	run(t, chat.Config{ResumeWindow: window, ResumeLogSize: 10_000, OutboxSize: 10_000}, func(w *testclient.World, s *server) {
		witness, bob := s.Join("zoe", "den"), s.Join("bob", "den", opts...)
		for i := range speakers {
			s.Join(fmt.Sprint("c", i), "den")
		}
		carl := s.Join("carl", "den")
		var got []string
		w.Rush(speakers+2, func(i int) {
			switch {
			case i < speakers:
				s.chatter(fmt.Sprint("c", i), each)
			case i == speakers:
				bob, got = s.comeBackOften(bob, opts...)
			default: // somebody else comes back at the same time
				carl, _ = s.comeBackOften(carl)
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
	c := s.Dial(chattest.Path(id, "den"), testclient.As(id+" again"))
	for i := range n {
		c.SendJSON(map[string]string{"type": "message", "data": fmt.Sprint(id, " says ", i)})
		time.Sleep(time.Millisecond)
	}
}

// lives are how long each connection of a restless client lasts, and how it ends.
var lives = []struct {
	lasts time.Duration
	ends  func(*chattest.Client)
}{
	{3 * time.Millisecond, (*chattest.Client).Cut},
	{4 * time.Millisecond, (*chattest.Client).BlackHole},
	{5 * time.Millisecond, stay},
	{6 * time.Millisecond, (*chattest.Client).Cut},
	{3 * time.Millisecond, (*chattest.Client).BlackHole},
	{4 * time.Millisecond, stay},
	{5 * time.Millisecond, (*chattest.Client).Cut},
	{6 * time.Millisecond, (*chattest.Client).BlackHole},
	{3 * time.Millisecond, stay},
	{4 * time.Millisecond, (*chattest.Client).Cut},
	{5 * time.Millisecond, (*chattest.Client).BlackHole},
	{6 * time.Millisecond, stay},
}

// comeBackOften has a client come back to its session after each of lives, and returns the last
// connection and the talk that it got on those before.
func (s *server) comeBackOften(v *chattest.Client, opts ...testclient.DialOption) (*chattest.Client, []string) {
	var got []string
	last := ""
	for i, life := range lives {
		time.Sleep(life.lasts)
		life.ends(v)
		for _, m := range v.Drain() {
			if isKept(m) {
				last = chattest.Parse(m).ID
			}
			got = appendTalk(got, m)
		}
		next := s.ArriveAs(fmt.Sprint(v.ID, "/", i), v.ID, v.Room, chattest.Since{Session: v.Session, Last: last}, opts...)
		if !next.Resumed || next.Reason != "" {
			s.w.Fatalf("%s was welcomed with resumed %v and the reason %q, want true and no reason: it named its session, and the last message that it got.\n"+
				"Does the server keep as many messages as its Config says?", next.Name(), next.Resumed, next.Reason)
		}
		v = next
	}
	return v, got
}

// isKept matches what a session keeps, so that a client may name it as its last.
var isKept = chattest.IsType("message", "broadcast", "direct", "system")

// talk is what a connection has got by now of what was said to its room.
func talk(v *chattest.Client) []string {
	var got []string
	for _, m := range v.Drain() {
		got = appendTalk(got, m)
	}
	return got
}

func appendTalk(got []string, m testclient.Message) []string {
	if line := chattest.Parse(m); line.Type == "message" {
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
