package chat_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"wsworkshop/pkg/testclient"
	chat "wsworkshop/steps/03"
)

// Task 3.2 (20 points, after 3.1): Messages and notices stay in their room.
func TestMessagesStayInTheirRoom(t *testing.T) {
	run(t, chat.Config{}, func(w *testclient.World, s *server) {
		ana, bob := s.join("ana", "den"), s.join("bob", "den")
		carol := s.join("carol", "") // the default room
		dave := s.join("dave", "lobby")
		ana.Send("hello, den")
		carol.Send("hello, lobby")
		s.hear(ana, "* bob joined", "ana: hello, den")
		s.hear(bob, "ana: hello, den")
		s.hear(carol, "* dave joined", "carol: hello, lobby")
		s.hear(dave, "carol: hello, lobby")
	})
}

// Task 3.2: "Den" is another room than "den", and "Ana" another client than "ana".
func TestCaseMatters(t *testing.T) {
	run(t, chat.Config{}, func(w *testclient.World, s *server) {
		w.Note("den and Den are two rooms, ana and Ana two clients")
		small, large := s.join("ana", "den"), s.join("Ana", "Den")
		small.Send("hello, den")
		s.hear(small, "ana: hello, den")
		large.Send("hello, Den")
		s.hear(large, "Ana: hello, Den")
	})
}

// Task 3.2: Who comes and goes is told in that room, once each, to the others.
func TestNoticesStayInTheirRoom(t *testing.T) {
	run(t, chat.Config{}, func(w *testclient.World, s *server) {
		ana, bob := s.join("ana", "den"), s.join("bob", "den")
		carol := s.join("carol", "lobby")
		s.leave(s.join("zoe", "lobby"), true)
		s.leave(s.join("yan", ""), false)
		s.hear(carol, "* zoe joined", "* zoe left", "* yan joined", "* yan left")
		s.leave(bob, false)
		s.hear(ana, "* bob joined", "* bob left")
		carol.Send("anybody here?")
		s.hear(carol, "carol: anybody here?")
	})
}

// Task 3.2: Whoever leaves is heard to the end first, and then gone for good.
func TestLeaveComesLastAndOnce(t *testing.T) {
	run(t, chat.Config{}, func(w *testclient.World, s *server) {
		ana, bob := s.join("ana", "den"), s.join("bob", "den")
		want := []string{"* bob joined"}
		for i := range 20 {
			bob.Send(fmt.Sprint("going ", i))
			want = append(want, fmt.Sprint("bob: going ", i))
		}
		s.leave(bob, true)
		s.hear(ana, append(want, "* bob left")...)

		bob = s.join("bob", "den")
		bob.Send("once more")
		s.leave(bob, false)
		s.hear(ana, "* bob joined", "bob: once more", "* bob left")
	})
}

// Task 3.2: A direct message finds its client in whatever room, and nobody else hears it.
func TestDirectMessageCrossesRooms(t *testing.T) {
	run(t, chat.Config{}, func(w *testclient.World, s *server) {
		ana, bob := s.join("ana", "den"), s.join("bob", "lobby")
		carol, dave := s.join("carol", "den"), s.join("dave", "lobby")
		ana.Send("/msg bob psst")
		s.hear(bob, "* dave joined", "ana (direct): psst")
		bob.Send("/msg ana what?")
		s.hear(ana, "* carol joined", "bob (direct): what?")
		ana.Send("/msg erin psst")
		s.hear(ana, "! no such client: erin")
		s.hear(carol)
		s.hear(dave)
	})
}

// Task 3.2: Ten rooms talk at once, and each hears itself alone.
func TestManyRoomsAtOnce(t *testing.T) {
	const rooms, clients = 10, 5
	run(t, chat.Config{}, func(w *testclient.World, s *server) {
		var all [rooms * clients]*testclient.Client
		w.Rush(len(all), func(i int) {
			all[i] = s.join(fmt.Sprint("client", i), fmt.Sprint("room", i%rooms))
		})
		w.Rush(len(all), func(i int) {
			all[i].Send(fmt.Sprint("hello, room", i%rooms))
		})
		for i, c := range all {
			greeting := fmt.Sprint(": hello, room", i%rooms)
			heard := slices.DeleteFunc(texts(c), func(text string) bool { return strings.HasPrefix(text, "* ") })
			require.Len(w, heard, clients, "client%d should hear its room greeted once by each of the %d in it", i, clients)
			for _, text := range heard {
				require.Contains(w, text, greeting, "client%d heard what was said in another room", i)
			}
		}
	})
}

// texts returns what has arrived by now.
func texts(c *testclient.Client) []string {
	var all []string
	for _, m := range c.Drain() {
		all = append(all, m.Text())
	}
	return all
}

// Task 3.2: A client that does not read holds up nobody, neither in its room nor in another.
func TestStalledClientHoldsUpNobody(t *testing.T) {
	run(t, chat.Config{OutboxSize: 8}, func(w *testclient.World, s *server) {
		ana, bob := s.join("ana", "den"), s.join("bob", "lobby")
		stalled := s.join("stalled", "den", testclient.Buffer(1024))
		ana.ExpectText("* stalled joined")
		stalled.Stall()
		long := strings.Repeat("x", 500)
		for range 20 {
			ana.Send(long)
			ana.Await("her own message", func(m testclient.Message) bool { return m.Text() == "ana: "+long })
		}
		bob.Send("hello, lobby")
		bob.ExpectText("bob: hello, lobby")
	})
}
