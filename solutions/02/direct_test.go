package chat_test

import (
	"fmt"
	"testing"
	"time"

	"wsworkshop/pkg/testclient"
	chat "wsworkshop/solutions/02"
)

// Task 2.4 (10 points, after 2.2): "/msg bob hi" reaches bob and nobody else, or the sender is told why not.
func TestDirectMessage(t *testing.T) {
	run(t, chat.Config{}, func(w *testclient.World, s *testclient.Server) {
		ana, bob, carl := join(w, s, "ana"), join(w, s, "bob"), join(w, s, "carl")
		ana.Send("one")
		ana.Send("/msg bob it is  two")
		ana.Send("three")
		hear(w, "ana: one", ana, bob, carl)
		hear(w, "ana (direct): it is  two", bob)
		hear(w, "ana: three", ana, bob, carl)

		carl.Send("/msg carl a note to myself")
		hear(w, "carl (direct): a note to myself", carl)
		hearNoMore(w, ana, bob, carl)
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

// Task 2.4: Direct messages find their way while others come and go.
func TestDirectMessagesInARush(t *testing.T) {
	run(t, roomy, func(w *testclient.World, s *testclient.Server) {
		ana := join(w, s, "ana")
		w.Rush(40, func(i int) {
			c := dial(s, fmt.Sprint("c", i))
			for j := range 10 {
				c.Send(fmt.Sprint("/msg ana ", j))
				c.Send(fmt.Sprintf("/msg c%d hello", (i+1)%40)) // who may be here or not
			}
			c.Close(1000, "")
		})
		w.Sleep(time.Second)
		got := lines(ana, isNoNotice)
		for i := range 40 {
			wantSaid(w, ana, got, fmt.Sprintf("c%d (direct)", i), 10)
		}
	})
}
