package chattest_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"wsworkshop/pkg/chattest"
	"wsworkshop/pkg/testclient"
)

func TestJoinSayHearOverEvents(t *testing.T) {
	h := &streams{}
	overEvents(t, h, func(w *testclient.World, s *chattest.Server) {
		ana := s.JoinEvents("ana", "den", testclient.Header("Authorization", "x"))
		require.Equal(w, time.Second, w.Elapsed())
		require.Equal(w, chattest.Welcome{Session: "kept", Reconnects: 3, Instance: "i1"}, ana.Welcome)
		ana.Say("one")
		ana.Shout("two")
		ana.Tell("bob", "three")
		ana.Send(`{"type":"message","data":"four"}`)
		ana.Hear("message one", "broadcast two", "direct three", "message four")
		ana.Say("five")
		w.Settle()
		require.Equal(w, "five", ana.Received("message")[0].Text())
		s.HearNoMore(ana)
	})
	require.Equal(t, `/events/ana [kept] [i1] {"type":"message","data":"one"}`, h.heard[0])
	require.Len(t, h.heard, 5)
}

func TestClientOverEventsComesBack(t *testing.T) {
	h := &streams{}
	overEvents(t, h, func(w *testclient.World, s *chattest.Server) {
		ana := s.JoinEvents("ana", "den")
		ana.Vanish()
		ana.ServerHungUp(0)
		again := s.ResumeEvents(ana, "m1")
		require.Equal(w, "ana-2", again.Name())
		require.True(w, again.Resumed)
		again.Leave()
		unknown := s.ArriveEvents("ana", "den", chattest.Since{Session: "other"})
		require.Equal(w, "unknown_session", unknown.Reason)
	})
	require.Equal(t, []string{"room_id=den", "last_message_id=m1&room_id=den&session_id=kept", "room_id=den&session_id=other"}, h.asked)
}

func TestPostMessageReturnsAnyAnswer(t *testing.T) {
	h := &streams{}
	overEvents(t, h, func(w *testclient.World, s *chattest.Server) {
		ana := s.JoinEvents("ana", "den", testclient.From("203.0.113.7"))
		require.Equal(w, 204, ana.PostMessage("{}").Status)
		require.Equal(w, 404, ana.Claiming("other", "i2").PostMessage("{}").Status)
		require.Equal(w, 404, ana.Claiming("", "").PostMessage("{}", testclient.Header("X", "y")).Status)
		ana.Say("still kept")
	})
	require.Equal(t, []string{"/events/ana [kept] [i1] {}", "/events/ana [other] [i2] {}", "/events/ana [] [] {}"}, h.heard[:3])
}

func TestRequestsOfAClientComeFromItsAddress(t *testing.T) {
	var from []string
	h := &streams{}
	testclient.Run(t, func(w *testclient.World) {
		s := chattest.Serve(w, http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
			host, _, _ := strings.Cut(r.RemoteAddr, ":")
			from = append(from, r.Method+" "+host)
			h.ServeHTTP(rw, r)
		}), struct{}{})
		s.JoinEvents("ana", "den")
		s.JoinEvents("bob", "den").Say("hi")
	})
	require.Equal(t, []string{"GET 198.51.100.1", "GET 198.51.100.2", "POST 198.51.100.2"}, from)
}

func TestEndOfAStream(t *testing.T) {
	h := &streams{ending: `{"code":1001,"reason":"the server stops"}`}
	overEvents(t, h, func(_ *testclient.World, s *chattest.Server) {
		ana, bob := s.JoinEvents("ana", "den"), s.JoinEvents("bob", "den")
		bob.Say("hi")
		ana.Send("bye")
		ana.ExpectEnd(1001, "the server stops")
		bob.ExpectEnd(1001, "the server stops")
	})
}

func TestMannersOverEvents(t *testing.T) {
	h := &streams{then: "data: {\"type\":\"heartbeat\",\"message_id\":\"7\"}\n\ndata: {\"type\":\"later\"}\n\n" +
		"data: {\"type\":\"message\",\"data\":\"hi\"}\n\nevent: later\ndata: {\"type\":\"later\"}\n\n"}
	overEvents(t, h, func(w *testclient.World, s *chattest.Server) {
		chattest.Vocabulary(w, "welcome", "message")
		chattest.AnswerHeartbeats(w)
		ana := s.ArriveEvents("ana", "den", chattest.Since{})
		ana.Hear("message hi")
		ana.Expect("an event with a name, which no manners hide", func(m testclient.Message) bool { return m.Event == "later" })
		w.Sleep(0)
		require.Equal(w, []string{`/events/ana [kept] [i1] {"type":"heartbeat_ack","message_id":"7"}`}, h.heard)
	})
}

// TestAcksDoNotFailATest has heartbeats answered that the server refuses.
func TestAcksDoNotFailATest(t *testing.T) {
	h := &streams{then: "data: {\"type\":\"heartbeat\"}\n\n", refuses: 404}
	overEvents(t, h, func(w *testclient.World, s *chattest.Server) {
		chattest.AnswerHeartbeats(w)
		s.JoinEvents("ana", "den")
		require.Len(w, h.heard, 1)
	})
}

func TestOnlyClientsOverEventsPost(t *testing.T) {
	with(t, &mirror{}, func(w *testclient.World, s *chattest.Server) {
		ana := s.Join("ana", "den")
		require.Panics(w, func() { ana.PostMessage("{}") })
		require.Panics(w, func() { ana.ExpectEnd(1001, "") })
	})
}

// TestFailuresOverEvents has what a learner reads.
func TestFailuresOverEvents(t *testing.T) {
	join := func(s *chattest.Server) *chattest.Client { return s.JoinEvents("ana", "den") }
	for want, c := range map[string]struct {
		h    *streams
		test func(s *chattest.Server)
	}{
		`ana's message should have been answered 204 No Content; the answer was 413 Request Entity Too Large, "not now\n"`: {
			&streams{refuses: 413}, func(s *chattest.Server) { join(s).Say("hi") }},
		`ana should have got {"type":"message","data":"ho"}; got {"type":"message","data":"hi"}`: {
			&streams{}, func(s *chattest.Server) {
				ana := join(s)
				ana.Say("hi")
				ana.Hear("message ho")
			}},
		`ana should have got {"type":"message","data":"hi"}; got event chat {"type":"message","data":"hi"}`: {
			&streams{then: "event: chat\ndata: {\"type\":\"message\",\"data\":\"hi\"}\n\n"}, func(s *chattest.Server) { join(s).Hear("message hi") }},
		`its data must be an object, with resumed true or false`: {
			&streams{mirror: mirror{naked: true}}, func(s *chattest.Server) { join(s) }},
		`GET /events/ana?room_id=den should have been answered with an event stream; the server answered 101 Switching Protocols`: {
			nil, func(s *chattest.Server) { join(s) }},
		`ana should have got event close {"code":1001,"reason":"…"} (so it is) within 1s; nothing came.`: {
			&streams{}, func(s *chattest.Server) { join(s).ExpectEnd(1001, "so it is") }},
		`ana got event close {"code":1001}, want code 1001 and a reason: so it is`: {
			&streams{ending: `{"code":1001}`}, func(s *chattest.Server) {
				ana := join(s)
				ana.Send("bye")
				ana.ExpectEnd(1001, "so it is")
			}},
		`ana got event close {"code":1000,"reason":"x"}, want code 1001 and a reason: so it is`: {
			&streams{ending: `{"code":1000,"reason":"x"}`}, func(s *chattest.Server) {
				ana := join(s)
				ana.Send("bye")
				ana.ExpectEnd(1001, "so it is")
			}},
		`the server should have ended ana's event stream within 1s; it is still open.`: {
			&streams{then: "event: close\ndata: {\"code\":1001,\"reason\":\"x\"}\n\n"}, func(s *chattest.Server) { join(s).ExpectEnd(1001, "so it is") }},
		`POST /events/ana should have been answered within 3s; nothing came.`: {
			&streams{takes: 4 * time.Second}, func(s *chattest.Server) { join(s).Within(3 * time.Second).Say("hi") }},
	} {
		var h http.Handler = upgrades
		if c.h != nil {
			h = c.h
		}
		f := testclient.Try(t, func(w *testclient.World) { c.test(chattest.Serve(w, h, struct{}{})) })
		require.NotNil(t, f, want)
		got := f.String()
		require.Contains(t, strings.Join(strings.Fields(got), " "), want)
		require.Regexp(t, `^events_test\.go:\d+: `, got, "the line of the test, not one of this package")
	}
}

// upgrades takes a request for a stream for one for a WebSocket.
var upgrades = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
	conn, buf, err := http.NewResponseController(w).Hijack()
	if err != nil {
		return
	}
	_, _ = fmt.Fprint(buf, "HTTP/1.1 101 Switching Protocols\r\n\r\n")
	_ = buf.Flush()
	_ = conn.Close()
})
