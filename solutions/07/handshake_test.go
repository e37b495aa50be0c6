package chat_test

import (
	"context"
	"testing"
	"time"

	"wsworkshop/pkg/chattest"
	"wsworkshop/pkg/testclient"
	chat "wsworkshop/solutions/07"
)

// arrival is a client in the middle of its handshake: the server has its request, and waits
// for the network to take all of the answer.
type arrival struct {
	*testclient.Link
	give   context.CancelFunc // gives up
	done   chan *testclient.Client
	client *testclient.Client // when it has arrived
}

// beginHandshake has a client ask for its connection, and returns in the middle of that.
func (s *server) beginHandshake(name, id, room string) *arrival {
	ctx, give := context.WithCancel(s.w.Context())
	link := s.Link(testclient.As(name), testclient.Buffer(64), testclient.Latency(time.Second))
	a := &arrival{Link: link, give: give, done: make(chan *testclient.Client, 1)}
	go func() {
		c, _ := a.WebSocket(ctx, chattest.Path(id, room)) // nil tells that it has failed
		a.done <- c
	}()
	s.w.Settle()
	a.Stall() // the request is under way, and no answer will arrive
	s.w.Sleep(20 * time.Second)
	return a
}

// end lets the handshake succeed, and reads the welcome.
func (a *arrival) end(w *testclient.World) *arrival {
	w.Helper()
	a.SetLatency(0)
	a.Resume()
	w.Sleep(time.Second)
	if a.client = <-a.done; a.client == nil {
		w.Fatalf("the handshake of %s should have succeeded: the server had begun to answer it", a.Name())
	}
	if m := a.read(w); chattest.Parse(m).Type != "welcome" {
		w.Fatalf("%s got %s, want a welcome before anything else", a.Name(), m)
	}
	return a
}

// hear is Hear of one who has arrived.
func (a *arrival) hear(w *testclient.World, line string) {
	w.Helper()
	if m := a.read(w); chattest.Parse(m).String() != line {
		w.Fatalf("%s got %s, want %q", a.Name(), m, line)
	}
}

func (a *arrival) read(w *testclient.World) testclient.Message {
	w.Helper()
	m, err := a.client.ReadWithin(time.Second)
	if err != nil {
		w.Fatalf("%s has arrived, and should have got a message by now: %v", a.Name(), err)
	}
	return m
}

// Task 7.3: When the old connection ends during the new one's handshake, the client leaves and joins, and keeps its seat.
//
// Rules: 7.n, 7.o.
func TestOldConnectionEndsInAHandshake(t *testing.T) {
	for _, cfg := range []chat.Config{{RoomCapacity: 2}, {RoomCapacity: 2, ResumeWindow: window}} {
		for _, ends := range []func(*chattest.Client){leave, vanish} {
			run(t, cfg, func(w *testclient.World, s *server) {
				ana, bob := s.Join("ana", "den"), s.Join("bob", "den")
				ana.Hear("system bob joined")
				arriving := s.beginHandshake("bob-2", "bob", "den")
				w.Note("bob's second handshake is under way; now his first connection ends")
				ends(bob)
				ana.Hear("system bob left")
				w.Sleep(5 * time.Second)
				s.expectWho("den", "ana", "bob has left, and has not come back yet")
				s.ExpectFull("carl", "den", "it has 2 seats, for ana, and for bob, whose handshake is under way")
				ana.Say("before")
				ana.Hear("message before")
				again := arriving.end(w)
				ana.Hear("system bob joined")
				s.expectWho("den", "ana bob", "bob has come back")
				s.ExpectFull("dora", "den", "it has 2 seats, for ana and bob")
				ana.Say("hello")
				again.hear(w, "message hello")
				ana.Hear("message hello")
				s.HearNoMore(ana)
			})
		}
	}
}

// Task 7.3: When the last client of a room leaves during another client's handshake, the other client keeps its seat.
//
// Rules: 7.n.
func TestLastOneLeavesInAHandshake(t *testing.T) {
	for _, who := range []string{"bob", "zoe"} { // bob himself, or somebody else
		run(t, chat.Config{RoomCapacity: 2}, func(w *testclient.World, s *server) {
			bob := s.Join("bob", "den")
			arriving := s.beginHandshake(who+" arriving", who, "den")
			w.Note("the handshake of %s is under way; now bob, the last in the den, leaves", who)
			bob.Leave()
			w.Sleep(5 * time.Second)
			s.expectWho("den", "", "bob has left, and the handshake of "+who+" is still under way")
			v := arriving.end(w)
			s.expectWho("den", who, "the handshake has succeeded")
			carl := s.ExpectSeat("carl", "den", "it has 2 seats, one for "+who)
			v.hear(w, "system carl joined")
			s.ExpectFull("dora", "den", "it has 2 seats, for "+who+" and carl")
			carl.Say("hello")
			v.hear(w, "message hello")
		})
	}
}

// Task 7.3: A handshake that fails after the old connection has ended gives the seat back, and the room hears nothing of it.
//
// Rules: 7.l, 7.n.
func TestHandshakeFailsAfterTheOldEnd(t *testing.T) {
	run(t, chat.Config{RoomCapacity: 2}, func(w *testclient.World, s *server) {
		ana, bob := s.Join("ana", "den"), s.Join("bob", "den")
		ana.Hear("system bob joined")
		arriving := s.beginHandshake("bob-2", "bob", "den")
		bob.Leave()
		ana.Hear("system bob left")
		w.Note("bob's second handshake fails")
		arriving.give()
		arriving.Cut()
		w.Sleep(10 * time.Second)
		s.HearNoMore(ana)
		s.expectWho("den", "ana", "bob has left, and his second handshake has failed")
		s.ExpectSeat("carl", "den", "it has 2 seats, one for ana. Bob's are free: he has left, and his second handshake has failed")
		s.ExpectFull("dora", "den", "it has 2 seats, for ana and carl")
	})
}

// Task 7.3: A handshake that is under way when Close is called leads to no welcome.
//
// Rules: 7.aj.
func TestCloseDuringAHandshake(t *testing.T) {
	run(t, chat.Config{WriteTimeout: time.Minute}, func(w *testclient.World, s *server) {
		ana := s.Join("ana", "den")
		arriving := s.beginHandshake("bob arriving", "bob", "den")
		w.Note("the handshake of bob is under way; now the server is closed")
		closed := make(chan struct{})
		go func() {
			_ = s.chat.Close()
			close(closed)
		}()
		ana.ServerHungUp(time.Second)
		arriving.SetLatency(0)
		arriving.Resume()
		w.Sleep(time.Second)
		if bob := <-arriving.done; bob != nil {
			if m, err := bob.ReadWithin(time.Second); err == nil {
				w.Fatalf("bob got %s after Close, want the end of his connection: his handshake was under way when Close was called", m)
			}
		}
		w.Returns("Close()", 5*time.Second, func() { <-closed })
	})
}
