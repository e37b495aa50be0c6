package chat_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"wsworkshop/pkg/testclient"
	chat "wsworkshop/steps/02"
)

// Task 2.2 (25 points, after 2.1): Everyone gets every message, in one order.
func TestEveryoneHearsEveryone(t *testing.T) {
	run(t, chat.Config{}, func(w *testclient.World, s *testclient.Server) {
		ana, bob, carl := join(w, s, "ana"), join(w, s, "bob"), join(w, s, "carl")
		ana.Send("hello")
		hear(w, "ana: hello", ana, bob, carl)
		bob.Send("grüß dich, 世界")
		hear(w, "bob: grüß dich, 世界", ana, bob, carl)
		carl.Send("")
		hear(w, "carl: ", ana, bob, carl)
		large := strings.Repeat("0123456789abcdef", 1<<14)
		ana.Send(large)
		hear(w, "ana: "+large, ana, bob, carl)
		hearNoMore(w, ana, bob, carl)
	})
}

// Task 2.2: What one client says arrives in the order in which it was said.
func TestOrderIsKept(t *testing.T) {
	run(t, roomy, func(w *testclient.World, s *testclient.Server) {
		ana, bob := join(w, s, "ana"), join(w, s, "bob")
		for i := range 300 {
			ana.Send(fmt.Sprint("message ", i))
		}
		for i := range 300 {
			hear(w, fmt.Sprint("ana: message ", i), ana, bob)
		}
		hearNoMore(w, ana, bob)
	})
}

// Task 2.2: When many speak at once, everyone gets everything, once, and all get it in the same order.
func TestAllHearTheSameOrder(t *testing.T) {
	run(t, roomy, func(w *testclient.World, s *testclient.Server) {
		clients := crowd(w, s, 12)
		w.Rush(len(clients), func(i int) { burst(clients[i], 12) })
		w.Sleep(time.Second)
		first := lines(clients[0], isNoNotice)
		for i := range clients {
			wantSaid(w, clients[0], first, clients[i].Name(), 12)
		}
		for _, c := range clients[1:] {
			wantSameOrder(w, clients[0], first, c, lines(c, isNoNotice))
		}
	})
}

// crowd has n clients join: c0, c1, ….
func crowd(w *testclient.World, s *testclient.Server, n int, opts ...testclient.DialOption) []*testclient.Client {
	w.Helper()
	clients := make([]*testclient.Client, n)
	for i := range clients {
		clients[i] = dial(w, s, fmt.Sprint("c", i), opts...)
	}
	w.Sleep(time.Second)
	return clients
}

// burst sends 0, 1, … in one write, so that the server has them all at once.
func burst(c *testclient.Client, n int) {
	var frames []testclient.Frame
	for i := range n {
		frames = append(frames, testclient.TextFrame(fmt.Sprint(i)))
	}
	c.SendFrame(frames...)
}

// wantSaid expects that the speaker's 0, 1, … are among what a listener got: once each, in order.
func wantSaid(w *testclient.World, listener *testclient.Client, got []string, speaker string, n int) {
	w.Helper()
	var said []string
	for _, text := range got {
		if rest, ok := strings.CutPrefix(text, speaker+": "); ok {
			said = append(said, rest)
		}
	}
	for i := range max(n, len(said)) {
		if i >= len(said) || said[i] != fmt.Sprint(i) {
			w.Fatalf("%s said 0 to %d; %s got %s of it: each message must arrive once, in the order in which it was said",
				speaker, n-1, listener.Name(), list(said, " "))
		}
	}
}

func list(texts []string, sep string) string {
	if len(texts) == 0 {
		return "nothing"
	}
	return strings.Join(texts, sep)
}

// wantSameOrder compares what two clients got.
func wantSameOrder(w *testclient.World, a *testclient.Client, gotA []string, b *testclient.Client, gotB []string) {
	w.Helper()
	for i := range min(len(gotA), len(gotB)) {
		if gotA[i] != gotB[i] {
			w.Fatalf("message %d of %s is %q, of %s %q: all clients must get all messages in one and the same order",
				i+1, a.Name(), gotA[i], b.Name(), gotB[i])
		}
	}
	if len(gotA) != len(gotB) {
		w.Fatalf("%s got %d messages and %s %d: all clients must get all messages", a.Name(), len(gotA), b.Name(), len(gotB))
	}
}

// Task 2.2: However many speak at once, one goroutine at a time writes to a connection.
func TestOneWriterPerConnection(t *testing.T) {
	run(t, roomy, func(w *testclient.World, s *testclient.Server) {
		// A narrow and slow network: each write takes its time, so that two would meet.
		clients := crowd(w, s, 10, testclient.Buffer(512), testclient.Latency(10*time.Millisecond))
		long := strings.Repeat("x", 2000)
		w.Rush(len(clients), func(i int) { clients[i].Send(long) })
		w.Sleep(time.Minute)
		for _, c := range clients {
			got := lines(c, isNoNotice)
			slices.Sort(got)
			for i, text := range got {
				if want := fmt.Sprintf("c%d: %s", i, long); text != want {
					w.Fatalf("%s got %s, want %s", c.Name(), quote(text), quote(want))
				}
			}
			if len(got) != len(clients) {
				w.Fatalf("%s got %d messages, want one of each of the %d clients", c.Name(), len(got), len(clients))
			}
		}
	})
}

// Task 2.2: Who is just coming, or coming back, disturbs nobody, and hears everything once it is there.
func TestComingBackAtOnce(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		log, takes := newSlowLog(w)
		_, s := start(w, chat.Config{Logger: log})
		ana, bob := join(w, s, "ana"), join(w, s, "bob")
		takes(500 * time.Millisecond)
		bob.Cut() // and for half a second the server has not done with him
		w.Settle()
		takes(0)
		bob = comeBack(w, s, "bob")
		takes(500 * time.Millisecond)
		dora := dial(w, s, "dora") // who will be there in half a second
		ana.Send("hello")
		hear(w, "ana: hello", ana)
		w.Sleep(time.Second)
		takes(0)
		bob.Drain()
		dora.Drain()
		ana.Send("are you there?")
		hear(w, "ana: are you there?", ana, bob, dora)
	})
}

// comeBack asks until the name of one who has just left is free, which it must be soon.
func comeBack(w *testclient.World, s *testclient.Server, name string) *testclient.Client {
	w.Helper()
	for since := w.Elapsed(); w.Elapsed()-since < time.Second; w.Sleep(50 * time.Millisecond) {
		if c, _ := s.TryDial("/ws?name="+name, testclient.As(name)); c != nil {
			w.Sleep(100 * time.Millisecond)
			return c
		}
	}
	return dial(w, s, name)
}

// Task 2.2: Two servers in one process know nothing of each other.
func TestServersAreStrangers(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		_, here := start(w, chat.Config{})
		_, there := start(w, chat.Config{})
		ana, bob := join(w, here, "ana"), join(w, there, "bob")
		ana.Send("hello")
		hear(w, "ana: hello", ana)
		hearNoMore(w, ana, bob)
	})
}
