package chat_test

import (
	"fmt"
	"testing"
	"time"

	"wsworkshop/pkg/chattest"
	"wsworkshop/pkg/testclient"
	chat "wsworkshop/solutions/07"
)

// Task 7.6: A session that is resumed at the instant in which its window ends is not removed afterwards.
//
// Rules: 7.af.
//
// Which of these sessions are resumed is open. What must follow from that is not.
func TestComingBackAsTheWindowEnds(t *testing.T) {
	const rounds, many = 5, 12
	run(t, chat.Config{ResumeWindow: window, OutboxSize: 1000}, func(w *testclient.World, s *server) {
		ana := s.Join("ana", "lobby")
		all, next := make([]*chattest.Client, many), make([]*chattest.Client, many)
		for i := range all {
			all[i] = s.Join(fmt.Sprint("bob", i), fmt.Sprint("room", i))
		}
		for round := range rounds {
			for _, v := range all {
				v.Cut()
			}
			w.Sleep(window)
			w.Rush(many, func(i int) {
				v := all[i]
				next[i] = s.ArriveAs(fmt.Sprint(v.ID, " ", round), v.ID, v.Room, chattest.Since{Session: v.Session})
				if i%2 == 0 {
					next[i].Cut()
				}
			})
			w.Sleep(time.Second)
			for i, v := range next {
				if i%2 == 0 && v.Resumed {
					again := s.ArriveAs(fmt.Sprint(v.ID, " ", round, " again"), v.ID, v.Room, chattest.Since{Session: v.Session})
					if !again.Resumed {
						w.Fatalf("%s resumed its session as the window ended. A second later the session was unknown, want another %v of waiting.\n"+
							"Does the timer of the earlier absence still end it?", v.Name(), window)
					}
					next[i] = again
				} else if i%2 == 0 {
					next[i] = s.ArriveAs(fmt.Sprint(v.ID, " ", round, " anew"), v.ID, v.Room, chattest.Since{})
				}
				ana.Tell(v.ID, "hello")
				next[i].Ignoring("system").Hear("direct hello")
			}
			copy(all, next)
			ana.Drain()
		}
	})
}
