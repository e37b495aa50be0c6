package chat_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"wsworkshop/pkg/testclient"
	chat "wsworkshop/solutions/02"
)

// Task 2.3 (20 points, after 2.2): The others are told who joined and who left, once.
func TestComingAndGoingIsTold(t *testing.T) {
	run(t, chat.Config{}, func(w *testclient.World, s *testclient.Server) {
		ana := join(w, s, "ana")
		bob := join(w, s, "bob")
		get(w, "* bob joined", ana)
		carl := join(w, s, "carl")
		get(w, "* carl joined", ana, bob)

		carl.Send("hello")
		get(w, "carl: hello", ana, bob, carl) // bob and carl were not told of themselves
		bob.Close(1000, "good night")
		get(w, "* bob left", ana, carl)
		carl.Cut()
		get(w, "* carl left", ana)
		ana.Silence(time.Minute)
	})
}

// Task 2.3: Joined comes before all that a client says, left after it.
func TestNoticesFrameWhatIsSaid(t *testing.T) {
	run(t, chat.Config{}, func(w *testclient.World, s *testclient.Server) {
		ana := join(w, s, "ana")
		bob := dial(w, s, "bob")
		for i := range 30 {
			bob.Send(fmt.Sprint(i))
		}
		bob.Close(1000, "")
		get(w, "* bob joined", ana)
		for i := range 30 {
			get(w, fmt.Sprint("bob: ", i), ana)
		}
		get(w, "* bob left", ana)
		ana.Silence(time.Second)
	})
}

// Task 2.3: Who has left can come back under the same name.
func TestNameIsFreeAgain(t *testing.T) {
	run(t, chat.Config{}, func(w *testclient.World, s *testclient.Server) {
		ana := join(w, s, "ana")
		for range 3 {
			bob := join(w, s, "bob")
			get(w, "* bob joined", ana)
			ana.Send("hello")
			get(w, "ana: hello", bob, ana)
			bob.Cut()
			get(w, "* bob left", ana)
			w.Sleep(time.Second)
		}
	})
}

// Task 2.3: Leaving during a broadcast harms nobody: those who stay get everything.
func TestLeavingDuringABroadcast(t *testing.T) {
	run(t, roomy, func(w *testclient.World, s *testclient.Server) {
		clients := crowd(w, s, 24)
		for _, c := range clients {
			c.Drain()
		}
		w.Rush(len(clients), func(i int) {
			switch {
			case i%4 == 1:
				clients[i].Cut()
			case i%4 == 3:
				clients[i].Close(1000, "")
			default:
				burst(clients[i], 12)
			}
		})
		w.Sleep(time.Second)
		listener := clients[0]
		got := lines(listener, anything)
		for i, c := range clients {
			if i%2 == 0 {
				wantSaid(w, listener, got, c.Name(), 12)
			} else {
				wantTold(w, listener, got, "* "+c.Name()+" left")
			}
		}
	})
}

// wantTold expects a notice once.
func wantTold(w *testclient.World, listener *testclient.Client, got []string, notice string) {
	w.Helper()
	n := 0
	for _, text := range got {
		if text == notice {
			n++
		}
	}
	if n != 1 {
		w.Fatalf("%s got %q %d times, want it once", listener.Name(), notice, n)
	}
}

// Task 2.3: Of many who come, speak and go at one moment each is told once as come and once as gone.
func TestComingAndGoingInARush(t *testing.T) {
	run(t, roomy, func(w *testclient.World, s *testclient.Server) {
		ana := join(w, s, "ana")
		w.Rush(30, func(i int) {
			c := dial(w, s, fmt.Sprint("c", i))
			burst(c, 5)
			c.Close(1000, "")
		})
		w.Sleep(time.Second)
		told := map[string][]string{}
		for _, text := range lines(ana, anything) {
			who, _, _ := strings.Cut(strings.TrimPrefix(text, "* "), " ")
			who = strings.TrimSuffix(who, ":")
			told[who] = append(told[who], text)
		}
		for i := range 30 {
			wantLife(w, told[fmt.Sprint("c", i)], fmt.Sprint("c", i))
		}
	})
}

// wantLife expects all that ana was told of one who came, said 0 to 4, and went.
func wantLife(w *testclient.World, got []string, name string) {
	w.Helper()
	want := fmt.Sprintf("* %[1]s joined | %[1]s: 0 | %[1]s: 1 | %[1]s: 2 | %[1]s: 3 | %[1]s: 4 | * %[1]s left", name)
	if strings.Join(got, " | ") != want {
		w.Fatalf("%s came, said 0 to 4, and went; ana was told\n  %s\nwant\n  %s", name, list(got, " | "), want)
	}
}
