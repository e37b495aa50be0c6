package chat_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"wsworkshop/pkg/chattest"
	"wsworkshop/pkg/testclient"
	chat "wsworkshop/steps/09"
)

// patient is failing with so many bad messages that are forgiven.
func patient(most int) chat.Config {
	cfg := failing
	cfg.MaxBadMessages = most
	return cfg
}

// expectBanned fails unless the server closes a connection with 1008 and a reason.
func expectBanned(w *testclient.World, c *chattest.Client, why string) {
	w.Helper()
	w.Note("%s", why)
	if info := c.Ignoring("error", "message").ExpectClose(1008); info.Reason == "" {
		w.Fatalf("%s got %s without a reason: say in words why the server closes", c.Name(), info)
	}
}

// rubbish are messages that are refused for their sender's own fault.
var rubbish = []struct{ code, raw string }{
	{"invalid_json", `{"type":`},
	{"unknown_type", `{"type":"nonsense"}`},
	{"missing_field", `{"type":"message"}`},
	{"no_such_client", `{"type":"direct","to":"zed","data":"hi"}`},
	{"invalid_field", `{"type":"message","data":"bad"}`}, // see TestBadMessages
}

// Task 9.5 (8 points, after 9.2): Repeated bad input ends the connection with 1008.
//
// Rules: 9.q, 9.r.
func TestBadMessages(t *testing.T) {
	for _, most := range []int{5, 12} {
		cfg := patient(most)
		cfg.Moderate = moderated(map[string]error{"bad": chat.Refuse(chat.CodeInvalidField, "no")}).Moderate
		run(t, cfg, func(w *testclient.World, s *server) {
			ana, bob := s.Join("ana", "den"), s.Join("bob", "den")
			ana.Hear("system bob joined")
			for i := range most {
				r := rubbish[i%len(rubbish)]
				bob.Send(r.raw)
				expectRefused(w, bob, r.code, "")
				bob.Say(fmt.Sprint("good ", i))
				bob.Hear(fmt.Sprint("message good ", i))
				ana.Hear(fmt.Sprint("message good ", i))
			}
			bob.Send(rubbish[0].raw)
			expectBanned(w, bob, fmt.Sprintf("that was bob's bad message number %d within a minute, and MaxBadMessages is %d", most+1, most))
			ana.Hear("system bob left")
			s.HearNoMore(ana)
		})
	}
}

// Task 9.5: New refuses a number that makes no sense.
//
// Rules: 9.q.
func TestNegativeNumbersAreRefused(t *testing.T) {
	for what, cfg := range map[string]chat.Config{
		"MaxBadMessages":  {MaxBadMessages: -1},
		"ModerateTimeout": {ModerateTimeout: -1},
	} {
		if s, err := chat.New(cfg); err == nil {
			s.Close()
			t.Errorf("New with %s -1 returns no error", what)
		}
	}
}

// Task 9.5: A bad message counts for a minute, over all connections of its client, and for that client alone.
//
// Rules: 9.q.
func TestBadMessagesAreForgotten(t *testing.T) {
	run(t, patient(3), func(w *testclient.World, s *server) {
		bob, carl := s.Join("bob", "den"), s.Join("carl", "hall")
		spoil := func(c *chattest.Client, n int) {
			for range n {
				c.Send(rubbish[1].raw)
				expectRefused(w, c, "unknown_type", "")
			}
		}
		spoil(bob, 2)
		spoil(carl, 3)
		w.Note("bob connects once more, which does not make him a new client")
		bob.Leave()
		bob = s.Join("bob", "den")
		spoil(bob, 1)
		bob.Send(rubbish[1].raw)
		expectBanned(w, bob, "that was the fourth within a minute, over two connections")
		w.Sleep(61 * time.Second)
		w.Note("a minute is over")
		bob = s.Join("bob", "den")
		spoil(bob, 3)
		spoil(carl, 3)
		w.Sleep(30 * time.Second)
		bob.Send(rubbish[1].raw)
		expectBanned(w, bob, "that was the fourth within a minute")
	})
}

// Task 9.5: Any minute counts, wherever it begins.
//
// Rules: 9.q.
func TestAnyMinuteCounts(t *testing.T) {
	run(t, patient(3), func(w *testclient.World, s *server) {
		bob := s.Join("bob", "den")
		spoil := func() {
			bob.Send(rubbish[1].raw)
			expectRefused(w, bob, "unknown_type", "")
		}
		spoil()
		w.Sleep(50 * time.Second)
		spoil()
		spoil()
		w.Sleep(20 * time.Second)
		w.Note("the first of them is more than a minute ago, the two others are not")
		spoil()
		w.Sleep(20 * time.Second)
		bob.Send(rubbish[1].raw)
		expectBanned(w, bob, "that was the fourth within the last 41 seconds")
	})
}

// Task 9.5: Without MaxBadMessages any number is forgiven.
//
// Rules: 9.q.
func TestAllIsForgiven(t *testing.T) {
	run(t, failing, func(w *testclient.World, s *server) {
		bob := s.Join("bob", "den")
		for range 300 {
			bob.Send(rubbish[1].raw)
			expectRefused(w, bob, "unknown_type", "")
		}
		for range 300 {
			bob.Ping("")
		}
		w.Sleep(time.Second)
		bob.Say("still here")
		bob.Hear("message still here")
	})
}

// Task 9.5: A failure of the server's own is no fault of the client.
//
// Rules: 9.r.
func TestOwnFaultsAreNotBad(t *testing.T) {
	cfg := patient(2)
	cfg.Moderate = moderated(map[string]error{"away": chat.ErrUnavailable, "broken": errors.New("out of luck")}).Moderate
	run(t, cfg, func(w *testclient.World, s *server) {
		bob := s.Join("bob", "den")
		for range 4 {
			bob.Say("away")
			expectRefused(w, bob.Within(3*time.Second), "unavailable", "")
			bob.Say("broken")
			expectRefused(w, bob, "internal", "")
		}
		bob.Say("still here")
		bob.Hear("message still here")
	})
}

// Task 9.5: A message that is refused for its rate is bad, also if no answer is sent.
//
// Rules: 9.r.
func TestFloodIsBad(t *testing.T) {
	cfg := patient(6)
	cfg.RateLimit, cfg.RateWindow = 3, time.Minute
	run(t, cfg, func(w *testclient.World, s *server) {
		bob := s.Join("bob", "den")
		for range 3 + 6 {
			bob.Say("x")
		}
		bob.Hear("message x", "message x", "message x", "error rate_limited", "error rate_limited", "error rate_limited")
		bob.Silence(500 * time.Millisecond)
		bob.Say("x")
		expectBanned(w, bob, "seven messages were over the rate, and three of them were answered")
	})
}

func ping(c *chattest.Client) { c.Ping("x") }
func pong(c *chattest.Client) { c.SendFrame(testclient.NewFrame(testclient.OpPong, nil)) }
func ack(c *chattest.Client)  { c.Send(`{"type":"heartbeat_ack"}`) }

// Task 9.5: Pings and answers that nobody has asked for have one limit together.
//
// Rules: 9.s.
func TestControlsHaveALimit(t *testing.T) {
	for _, c := range []struct {
		what string
		send []func(bob *chattest.Client) // in turn
	}{
		{"pings", []func(*chattest.Client){ping}},
		{"pongs", []func(*chattest.Client){pong}},
		{"heartbeat_acks", []func(*chattest.Client){ack}},
		{"pings, pongs and heartbeat_acks", []func(*chattest.Client){ping, pong, ack}},
	} {
		sent := 0
		send := func(bob *chattest.Client) {
			c.send[sent%len(c.send)](bob)
			sent++
		}
		cfg := patient(4)
		cfg.RateLimit, cfg.RateWindow = 5, 30*time.Second
		run(t, cfg, func(w *testclient.World, s *server) {
			bob := s.Join("bob", "den")
			w.Note("bob sends %s: 5 in 30 s are free, and 4 more are forgiven", c.what)
			for range 9 {
				send(bob)
			}
			w.Sleep(time.Second)
			bob.Say("still here")
			bob.Hear("message still here")
			send(bob)
			expectBanned(w, bob, fmt.Sprintf("that was the tenth of his %s", c.what))

			w.Sleep(time.Minute)
			bob = s.Join("bob", "den")
			for range 3 {
				for range 5 {
					send(bob)
				}
				w.Sleep(31 * time.Second)
			}
			bob.Say("still here")
			bob.Hear("message still here")
		})
	}
}

// Task 9.5: Answers that the server has asked for may come at any rate.
//
// Rules: 9.t.
func TestAnswersAreFree(t *testing.T) {
	cfg := patient(1)
	cfg.RateLimit, cfg.RateWindow = 2, time.Minute
	cfg.HeartbeatInterval, cfg.StaleAfter = time.Second, 3*time.Second
	run(t, cfg, func(w *testclient.World, s *server) {
		bob := s.Join("bob", "den")
		w.Note("bob answers a heartbeat and a ping each second, and the limits are 2 in a minute")
		w.Sleep(2 * time.Minute)
		bob.Say("still here")
		bob.Hear("message still here")
	})
}

// Task 9.5: One heartbeat pays for one answer.
//
// Rules: 9.t.
func TestAnswersAreCounted(t *testing.T) {
	cfg := patient(1)
	cfg.RateLimit, cfg.RateWindow = 2, time.Minute
	cfg.HeartbeatInterval = 10 * time.Second
	for _, c := range []struct {
		what string
		send func(bob *chattest.Client)
	}{
		{"heartbeat_ack", ack},
		{"pong", pong},
	} {
		run(t, cfg, func(w *testclient.World, s *server) {
			bob := s.Join("bob", "den")
			w.Sleep(60*time.Second + 500*time.Millisecond)
			w.Note("bob has answered each heartbeat and each ping; now he answers four times more: two are free, one is forgiven")
			for range 3 {
				c.send(bob)
			}
			w.Sleep(time.Second)
			bob.Say("still here")
			bob.Hear("message still here")
			c.send(bob)
			expectBanned(w, bob, fmt.Sprintf("that was a %s that nobody has asked for, once too often", c.what))
		})
	}
}

// Task 9.5: Answers may come late, several at a time.
//
// Rules: 9.t.
func TestAnswersMayComeLate(t *testing.T) {
	cfg := patient(1)
	cfg.RateLimit, cfg.RateWindow = 2, time.Minute
	cfg.HeartbeatInterval = 10 * time.Second
	testclient.Run(t, func(w *testclient.World) {
		chattest.Vocabulary(w, "welcome", "message", "error")
		cfg.Logger = w.Logger()
		made, err := chat.New(cfg)
		require.NoError(w, err, "chat.New")
		s := &server{chattest.Serve(w, made, cfg), w, made}
		bob := s.Join("bob", "den", testclient.NoAutoPong())
		w.Sleep(60*time.Second + 500*time.Millisecond)
		w.Note("bob has been asked six times, and answers now")
		for range 6 {
			ack(bob)
			pong(bob)
		}
		w.Sleep(time.Second)
		bob.Say("still here")
		bob.Ignoring("heartbeat").Hear("message still here")
	})
}
