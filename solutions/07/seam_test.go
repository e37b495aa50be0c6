package chat_test

import (
	"fmt"
	"testing"
	"time"

	"wsworkshop/pkg/chattest"
	"wsworkshop/pkg/testclient"
	chat "wsworkshop/solutions/07"
)

// Task 7.5: When many clients come back at the instant in which others talk, none of them loses a message.
//
// Rules: 7.u.
func TestNothingIsLostAtTheSeam(t *testing.T) {
	const rounds, restless, speakers, each = 4, 5, 4, 5
	run(t, chat.Config{ResumeWindow: window, OutboxSize: 1000}, func(w *testclient.World, s *server) {
		witness := s.Join("zoe", "den")
		talking, coming := make([]*chattest.Client, speakers), make([]*chattest.Client, restless)
		for i := range talking {
			talking[i] = s.Join(fmt.Sprint("speaker", i), "den")
		}
		for i := range coming {
			coming[i] = s.Join(fmt.Sprint("bob", i), "den")
		}
		last := ""
		for round := range rounds {
			w.Rush(speakers+restless, func(i int) {
				if i < speakers {
					for n := range each {
						talking[i].Say(fmt.Sprint("round ", round, ", number ", n, " of ", talking[i].ID))
					}
					return
				}
				v := coming[i-speakers]
				coming[i-speakers] = s.ArriveAs(fmt.Sprint(v.ID, " ", round), v.ID, v.Room, chattest.Since{Session: v.Session, Last: last})
			})
			w.Settle()
			want := talk(witness)
			if len(want) != speakers*each {
				w.Fatalf("zoe, who was there all the time, got %d messages, want %d", len(want), speakers*each)
			}
			for _, v := range coming {
				expectSameTalk(w, v, talk(v), want)
			}
			talking[0].Say("the round is over")
			last = witness.Hear("message the round is over")
			for _, v := range coming {
				v.Hear("message the round is over")
			}
		}
	})
}

// expectSameTalk fails unless a client that came back has heard what zoe has, who was there all the time.
func expectSameTalk(w *testclient.World, v *chattest.Client, got, want []string) {
	w.Helper()
	for i, line := range want {
		if i >= len(got) || got[i] != line {
			w.Fatalf("zoe, who was there all the time, heard as number %d %q; %s, who came back meanwhile: %s.\n"+
				"What was missed comes after the welcome, in order, and what is said now after that: nothing lost, nothing twice",
				i+1, line, v.Name(), around(got, i))
		}
	}
	if len(got) > len(want) {
		w.Fatalf("%s got %d messages, want the %d that zoe got", v.Name(), len(got), len(want))
	}
}

// Task 7.3: When old connections end at the instant in which new ones arrive, all new ones hear and are listed.
//
// Rules: 7.m.
func TestOldOnesEndAsTheNewOnesCome(t *testing.T) {
	const rounds, restless, speakers, each = 6, 6, 4, 5
	run(t, chat.Config{OutboxSize: 1000}, func(w *testclient.World, s *server) {
		talking := make([]*chattest.Client, speakers)
		coming, next := make([]*chattest.Client, restless), make([]*chattest.Client, restless)
		for i := range talking {
			talking[i] = s.Join(fmt.Sprint("speaker", i), "den")
		}
		for i := range coming {
			coming[i] = s.Join(fmt.Sprint("bob", i), "den")
		}
		for round := range rounds {
			w.Rush(speakers+2*restless, func(i int) {
				switch {
				case i < speakers:
					for n := range each {
						talking[i].Say(fmt.Sprint("round ", round, ", number ", n, " of ", talking[i].ID))
					}
				case i < speakers+restless:
					coming[i-speakers].Cut()
				default:
					v := coming[i-speakers-restless]
					next[i-speakers-restless] = s.ArriveAs(fmt.Sprint(v.ID, " ", round), v.ID, v.Room, chattest.Since{})
				}
			})
			copy(coming, next)
			w.Sleep(2 * time.Second)
			s.expectWho("den", "bob0 bob1 bob2 bob3 bob4 bob5 speaker0 speaker1 speaker2 speaker3",
				"all of them are connected: the old connections of the bobs have ended, not the new ones")
			for _, v := range coming {
				v.Drain()
			}
			talking[0].Say("do all of you hear this?")
			for _, v := range coming {
				v.Hear("message do all of you hear this?")
			}
		}
	})
}
