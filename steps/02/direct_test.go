package chat_test

import (
	"fmt"
	"testing"
	"time"

	"wsworkshop/pkg/testclient"
	chat "wsworkshop/steps/02"
)

// Task 2.4 (10 points, after 2.2): A direct message reaches one client, or is answered.
func TestDirectMessage(t *testing.T) {
	run(t, chat.Config{}, func(w *testclient.World, s *testclient.Server) {
		ana, bob, carl := join(w, s, "ana"), join(w, s, "bob"), join(w, s, "carl")
		ana.Send("/msg bob it is  you I mean")
		hear(w, "ana (direct): it is  you I mean", bob)
		ana.Send("/msg bob  hi ")
		hear(w, "ana (direct):  hi ", bob)
		ana.Send("hello")
		hear(w, "ana: hello", ana, bob, carl)
		carl.Send("/msg carl a note to myself")
		hear(w, "carl (direct): a note to myself", carl)
		hearNoMore(w, ana, bob, carl)
	})
}

// Task 2.4: What one client says to another arrives in the order in which it was said, directly or to everyone.
func TestDirectMessagesKeepTheirPlace(t *testing.T) {
	run(t, roomy, func(w *testclient.World, s *testclient.Server) {
		ana, bob := join(w, s, "ana"), join(w, s, "bob")
		for i := range 60 {
			ana.Send(fmt.Sprint("to all, ", i))
			ana.Send(fmt.Sprint("/msg bob to you, ", i))
		}
		for i := range 60 {
			hear(w, fmt.Sprint("ana: to all, ", i), bob)
			hear(w, fmt.Sprint("ana (direct): to you, ", i), bob)
		}
	})
}

// Task 2.4: When there is no client of that name, the sender is told, and nobody else.
func TestDirectMessageToNobody(t *testing.T) {
	run(t, chat.Config{}, func(w *testclient.World, s *testclient.Server) {
		ana, bob := join(w, s, "ana"), join(w, s, "bob")
		for _, name := range []string{"dora", "bo", "bobby", "BOB", "*"} {
			ana.Send("/msg " + name + " hi")
			hear(w, "! no such client: "+name, ana)
		}
		ana.Send("/msg bob hi")
		hear(w, "ana (direct): hi", bob)
		hearNoMore(w, ana, bob)

		bob.Cut()
		w.Sleep(time.Second)
		ana.Send("/msg bob are you there?")
		hear(w, "! no such client: bob", ana)
	})
}

// Task 2.4: A direct message without name or text is explained to the sender, and shown to nobody else.
func TestDirectMessageUsage(t *testing.T) {
	run(t, chat.Config{}, func(w *testclient.World, s *testclient.Server) {
		ana, bob := join(w, s, "ana"), join(w, s, "bob")
		for _, text := range []string{"/msg", "/msg ", "/msg bob", "/msg bob "} {
			ana.Send(text)
			hear(w, "! usage: /msg name text", ana)
		}
		for _, text := range []string{"/msgbob hi", "/me too", "try /msg bob hi"} {
			ana.Send(text)
			hear(w, "ana: "+text, ana, bob)
		}
		hearNoMore(w, ana, bob)
	})
}

// Task 2.4: A direct message to one who does not read waits for him, and the sender does not.
func TestDirectMessageHoldsUpNobody(t *testing.T) {
	run(t, chat.Config{}, func(w *testclient.World, s *testclient.Server) {
		ana, bob := join(w, s, "ana"), join(w, s, "bob")
		carl := join(w, s, "carl", narrow)
		carl.Stall()
		for range 5 {
			ana.Send("/msg carl " + long)
		}
		ana.Send("hello")
		hear(w, "ana: hello", ana, bob)
		carl.Resume()
		for range 5 {
			hear(w, "ana (direct): "+long, carl)
		}
		hear(w, "ana: hello", carl)
	})
}

// Task 2.4: An answer waits its turn, and who is answered is heard meanwhile.
func TestAnswersWaitTheirTurn(t *testing.T) {
	run(t, chat.Config{}, func(w *testclient.World, s *testclient.Server) {
		ana := join(w, s, "ana")
		carl := join(w, s, "carl", narrow)
		stall(carl)
		ana.Send(long)
		hear(w, "ana: "+long, ana)
		w.Note("now a write to carl waits")
		carl.Send("/msg")
		carl.Send("/msg dora hi")
		carl.Send("hello")
		hear(w, "carl: hello", ana)
		carl.Resume()
		w.Sleep(time.Second)
		got := lines(carl, isNoNotice)
		wantTold(w, carl, got, "! usage: /msg name text")
		wantTold(w, carl, got, "! no such client: dora")
		wantTold(w, carl, got, "carl: hello")
	})
}

// Task 2.4: Who is just coming is there, or is not there yet.
func TestDirectMessageToOneWhoIsComing(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		log, takes := newSlowLog(w)
		_, s := start(w, chat.Config{Logger: log})
		ana := join(w, s, "ana")
		takes(500 * time.Millisecond)
		bob := dial(w, s, "bob")
		ana.Send("/msg bob hi")
		w.Sleep(time.Second)
		takes(0)
		got := append(lines(ana, isNoNotice), lines(bob, isNoNotice)...)
		if len(got) != 1 || got[0] != "! no such client: bob" && got[0] != "ana (direct): hi" {
			w.Fatalf("ana sent a direct message to bob, who was just coming; what came of it is %s.\n"+
				"Either bob should have got it, or ana should have been told that he is not there", list(got, ", "))
		}
		ana.Send("/msg bob hi again")
		hear(w, "ana (direct): hi again", bob)
	})
}

// Task 2.4: Direct messages find their way while others come and go.
func TestDirectMessagesInARush(t *testing.T) {
	const speakers, rounds, messages = 4, 10, 20
	run(t, roomy, func(w *testclient.World, s *testclient.Server) {
		ana := join(w, s, "ana")
		clients := crowd(w, s, speakers)
		w.Rush(2*speakers, func(i int) {
			for round := range rounds {
				if i < speakers {
					sendDirect(clients[i], round*messages, messages)
				} else {
					dial(w, s, fmt.Sprint("d", i, "-", round)).Close(1000, "")
				}
			}
		})
		w.Sleep(time.Second)
		got := lines(ana, isNoNotice)
		for _, c := range clients {
			wantSaid(w, ana, got, c.Name()+" (direct)", rounds*messages)
			if n := len(lines(c, isNoNotice)); n != rounds*messages {
				w.Fatalf("%s sent %d messages to nobody and got %d answers", c.Name(), rounds*messages, n)
			}
		}
	})
}

// sendDirect sends n messages to nobody and n to ana, in one write.
func sendDirect(c *testclient.Client, first, n int) {
	var frames []testclient.Frame
	for range n {
		frames = append(frames, testclient.TextFrame("/msg x y"))
	}
	for i := range n {
		frames = append(frames, testclient.TextFrame(fmt.Sprint("/msg ana ", first+i)))
	}
	c.SendFrame(frames...)
}
