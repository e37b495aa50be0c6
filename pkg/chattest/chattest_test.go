package chattest_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"wsworkshop/pkg/chattest"
	"wsworkshop/pkg/testclient"
)

func TestMessageAsALine(t *testing.T) {
	for wire, want := range map[string]string{
		`{"type":"message","data":"hello","message_id":"1"}`:   "message hello",
		`{"type":"error","code":"bad","data":{"message":"x"}}`: "error bad",
		`{"type":"heartbeat"}`:                                 "heartbeat",
		`no JSON`:                                              "",
	} {
		require.Equal(t, want, chattest.Parse(text(wire)).String(), wire)
	}
	require.True(t, chattest.IsType("a", "b")(text(`{"type":"b"}`)))
	require.False(t, chattest.IsType("a", "b")(text(`{"type":"c"}`)))
}

func TestPath(t *testing.T) {
	require.Equal(t, "/ws/ana", chattest.Path("ana", ""))
	require.Equal(t, "/ws/a%2Fb?room_id=d+n", chattest.Path("a/b", "d n"))
	require.Equal(t, "/events/a%2Fb?last_message_id=m1&room_id=den&session_id=s1",
		chattest.EventsPath("a/b", "den", chattest.Since{Session: "s1", Last: "m1"}))
}

func TestJoinSayHear(t *testing.T) {
	with(t, &mirror{}, func(w *testclient.World, s *chattest.Server) {
		ana := s.Join("ana", "den")
		require.Equal(w, time.Second, w.Elapsed())
		require.Equal(w, chattest.Welcome{Session: "kept", Reconnects: 3}, ana.Welcome)
		ana.Say("one")
		ana.Shout("two")
		ana.Tell("bob", "three")
		require.Equal(w, "m3", ana.Hear("message one", "broadcast two", "direct three"))
		ana.Say("four")
		ana.Tell("bob", "five")
		require.Equal(w, "m5", ana.Ignoring("message").Hear("direct five"))
		ana.Say("six")
		w.Settle()
		require.Equal(w, "six", ana.Received("message", "direct")[0].Text())
		s.HearNoMore(ana)
	})
}

func TestServerAtAListener(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		ln := w.Listen()
		srv := &http.Server{Handler: &mirror{}, ReadHeaderTimeout: time.Second}
		go func() { _ = srv.Serve(ln) }()
		s := chattest.At(w, ln, struct{}{})
		s.Cleanup("Close()", func() { _ = srv.Close() })
		ana := s.Join("ana", "den")
		ana.Say("one")
		ana.Hear("message one")
	})
}

func TestResumeNamesTheSession(t *testing.T) {
	h := &mirror{}
	with(t, h, func(w *testclient.World, s *chattest.Server) {
		ana := s.Join("ana", "den")
		ana.Vanish()
		again := s.Resume(ana, "m1")
		require.Equal(w, "ana-2", again.Name())
		require.Equal(w, chattest.Since{Session: "kept", Last: "m1"}, again.Since)
		require.True(w, again.Resumed)
		unknown := s.Arrive("ana", "den", chattest.Since{Session: "other"})
		require.Equal(w, "unknown_session", unknown.Reason)
		require.False(w, unknown.Resumed)
	})
	require.Equal(t, []string{"room_id=den", "last_message_id=m1&room_id=den&session_id=kept", "room_id=den&session_id=other"}, h.asked)
}

func TestSeats(t *testing.T) {
	with(t, &mirror{seats: 1}, func(w *testclient.World, s *chattest.Server) {
		ana := s.Join("ana", "den")
		s.ExpectFull("bob", "den", "it has 1 seat")
		ana.Leave()
		bob := s.ExpectSeat("bob", "den", "ana has left")
		require.Equal(w, "bob", bob.Name(), "a refusal is no connection")
		bob.Vanish()
		s.ExpectSeat("bob", "den", "his own connection has ended")
	})
}

func TestRush(t *testing.T) {
	with(t, &mirror{}, func(w *testclient.World, s *chattest.Server) {
		all := s.Rush(5, "bob", []string{"den", "lobby"})
		require.Equal(w, []string{"den", "lobby", "den", "lobby", "den"},
			[]string{all[0].Room, all[1].Room, all[2].Room, all[3].Room, all[4].Room})
		for _, c := range all {
			c.ReadWelcome(c.Next())
			require.Equal(w, "kept", c.Session)
		}
	})
}

func TestWelcomeWithoutASession(t *testing.T) {
	with(t, &mirror{naked: true}, func(w *testclient.World, s *chattest.Server) {
		s.WithoutSessions().Join("ana", "den").Say("hello")
	})
}

func TestExpectLeft(t *testing.T) {
	with(t, &mirror{notice: []string{"bob joined", "bob left"}}, func(_ *testclient.World, s *chattest.Server) {
		s.Join("ana", "den").ExpectLeft("bob")
	})
}

// TestFailures has what a learner reads.
func TestFailures(t *testing.T) {
	for want, c := range map[string]struct {
		h    *mirror
		test func(w *testclient.World, s *chattest.Server)
	}{
		`ana should have got {"type":"message","data":"ho"}; got {"data":"hi","message_id":"m1","type":"message"}`: {
			&mirror{}, func(_ *testclient.World, s *chattest.Server) {
				ana := s.Join("ana", "den")
				ana.Say("hi")
				ana.Hear("message ho")
			}},
		`ana should have got {"type":"error","code":"bad"} within 1s; nothing came.`: {
			&mirror{}, func(_ *testclient.World, s *chattest.Server) { s.Join("ana", "den").Hear("error bad") }},
		`its data must be an object, with resumed true or false`: {
			&mirror{naked: true}, func(_ *testclient.World, s *chattest.Server) { s.Join("ana", "den") }},
		`bob was refused with status 503 ("the room is full"), want 101: so it is`: {
			&mirror{seats: 1}, func(_ *testclient.World, s *chattest.Server) {
				s.Join("ana", "den")
				s.ExpectSeat("bob", "den", "so it is")
			}},
		`bob got into den, want status 503: so it is`: {
			&mirror{}, func(_ *testclient.World, s *chattest.Server) { s.ExpectFull("bob", "den", "so it is") }},
		`ana should hear nothing for 0s from now on; not yet read is`: {
			&mirror{notice: []string{"bob joined"}}, func(_ *testclient.World, s *chattest.Server) { s.HearNoMore(s.Join("ana", "den")) }},
		`ana should have been told that bob has left; the notices so far: carl left`: {
			&mirror{notice: []string{"carl left"}}, func(_ *testclient.World, s *chattest.Server) { s.Join("ana", "den").ExpectLeft("bob") }},
		`ana was told 2 times that bob has left, want once`: {
			&mirror{notice: []string{"bob left", "bob left"}}, func(_ *testclient.World, s *chattest.Server) { s.Join("ana", "den").ExpectLeft("bob") }},
	} {
		got := failure(t, c.h, c.test)
		require.Contains(t, strings.Join(strings.Fields(got), " "), want)
		require.Regexp(t, `^chattest_test\.go:\d+: `, got, "the line of the test, not one of this package")
	}
}

func TestSettings(t *testing.T) {
	require.Equal(t, "Size 3, Wait 2s", chattest.Settings(struct {
		Size, Zero int
		Wait       time.Duration
		Name       string
	}{Size: 3, Wait: 2 * time.Second, Name: "x"}))
	require.Equal(t, "all numbers are zero", chattest.Settings(struct{ Size int }{}))
}
