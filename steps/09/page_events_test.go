package chat_test

import (
	"fmt"
	"testing"
	"time"

	"wsworkshop/pkg/testclient"
	"wsworkshop/pkg/testpage"
)

var eventsScript = []string{"/events.js"}

// Task 9.10 (6 points, after 9.8, 9.9): An EventSocket does for the page what a WebSocket does.
//
// Rules: 9.aj.
func TestEventSocketTalks(t *testing.T) {
	withOffice(t, eventsScript, func(w *testclient.World, s *server, o *office, p *testpage.Page) {
		ana := s.Join("ana", "den")
		socketOf(p, s)
		var state int
		if p.Get("fresh", &state); state != 0 {
			w.Fatalf("a new EventSocket has the readyState %d, want 0", state)
		}
		p.Await("be open", "socket.readyState === 1")
		ana.Hear("system page joined")
		p.Run(`socket.send(` + says("hello") + `)`)
		ana.Hear("message hello")
		ana.Say("hello, page")
		ana.Hear("message hello, page")
		expectGot(w, p, "the page and ana have said hello", "open", "welcome", "message hello", "message hello, page")
	})
}

// Task 9.10: Texts wait for the welcome, and arrive in order, one request after the other.
//
// Rules: 9.ak.
func TestEventSocketSendsInOrder(t *testing.T) {
	withOffice(t, eventsScript, func(w *testclient.World, s *server, o *office, p *testpage.Page) {
		ana := s.Join("ana", "den")
		o.set(func() { o.delay = 20 * time.Millisecond })
		socketOf(p, s)
		p.Run(`socket.send(` + says("before the welcome") + `)`)
		ana.Hear("system page joined", "message before the welcome")
		p.Run(`for (let i = 0; i < 20; i++) socket.send(JSON.stringify({ type: "message", data: String(i) }))`)
		for i := range 20 {
			ana.Hear(fmt.Sprint("message ", i))
		}
		if o.most != 1 {
			w.Fatalf("%d POSTs were under way at the same time: they may overtake each other", o.most)
		}
		s.HearNoMore(ana)
	})
}

// Task 9.10: The end of the stream is the end of the EventSocket, and nothing is asked for again.
//
// Rules: 9.al.
func TestEventSocketEnds(t *testing.T) {
	for _, c := range []struct {
		what string
		end  func(w *testclient.World, s *server, p *testpage.Page)
		want string
	}{
		{"the page is taken over", func(_ *testclient.World, s *server, _ *testpage.Page) { s.JoinEvents("page", "den") }, "close 4001 taken over by a newer connection []"},
		{"the server is closed", func(w *testclient.World, s *server, _ *testpage.Page) {
			w.Returns("Close()", time.Second, func() { s.chat.Close() })
		}, "close 1001 the server is closing []"},
		{"the network ends the stream", func(_ *testclient.World, _ *server, p *testpage.Page) { p.Stream().Cut() }, "close 1006  []"},
	} {
		withOffice(t, eventsScript, func(w *testclient.World, s *server, o *office, p *testpage.Page) {
			socketOf(p, s)
			p.Await("be open", "socket.readyState === 1")
			w.Settle()
			w.Note("%s", c.what)
			c.end(w, s, p)
			w.Sleep(time.Second)
			reasonOfServer(p)
			expectGot(w, p, c.what, "open", "welcome", c.want)
			w.Sleep(time.Minute)
			expectGot(w, p, c.what, "open", "welcome", c.want)
			if n := len(p.Streams()); n != 1 {
				w.Fatalf("the page has asked for a stream %s, want once: when to connect again is the ChatClient's to decide", times(n))
			}
			var state int
			if p.Get("socket.readyState", &state); state != 3 {
				w.Fatalf("an EventSocket that has ended has the readyState %d, want 3", state)
			}
		})
	}
}

// reasonOfServer puts the reasons that this suite expects in the place of the server's own words.
func reasonOfServer(p *testpage.Page) {
	p.Run(`got.forEach((line, i) => {
  const [, code] = /^close (4001|1001) ./.exec(line) ?? [];
  if (code) got[i] = "close " + code + (code === "4001" ? " taken over by a newer connection []" : " the server is closing []");
})`)
}

// Task 9.10: A stream that is refused never opens.
//
// Rules: 9.al.
func TestEventSocketIsRefused(t *testing.T) {
	for _, what := range []string{"the server is closed", "nobody listens"} {
		withOffice(t, eventsScript, func(w *testclient.World, s *server, o *office, p *testpage.Page) {
			if what == "nobody listens" {
				p.Down(true)
			} else {
				s.chat.Close()
			}
			socketOf(p, s)
			w.Sleep(time.Minute)
			expectGot(w, p, what, "close 1006  []")
			if n := len(p.Streams()); n != 1 {
				w.Fatalf("the page has asked for a stream %s, want once", times(n))
			}
		})
	}
}

// Task 9.10: close() lets go out what was sent before.
//
// Rules: 9.am.
func TestEventSocketCloses(t *testing.T) {
	withOffice(t, eventsScript, func(w *testclient.World, s *server, o *office, p *testpage.Page) {
		ana := s.Join("ana", "den")
		socketOf(p, s)
		p.Await("be open", "socket.readyState === 1")
		ana.Hear("system page joined")
		w.Settle()
		o.set(func() { o.delay = 50 * time.Millisecond })
		p.Run(`for (const text of ["one", "two", "three"]) socket.send(JSON.stringify({ type: "message", data: text })); socket.close(1000, "bye")`)
		expectGot(w, p, "three POSTs are still to be answered", "open", "welcome")
		w.Sleep(time.Second)
		for i, want := range []string{"one", "two", "three"} {
			if i >= len(o.posts) || o.posts[i] != `{"type":"message","data":"`+want+`"}` {
				w.Fatalf("after close() the page has posted %q, want all three that were sent before", o.posts)
			}
		}
		expectGot(w, p, "all three are sent", "open", "welcome", "close 1000 bye []")
		w.Sleep(time.Second)
		ana.Await("that the page has left", func(m testclient.Message) bool { return string(m.Data) != "" && len(s.chat.Rooms()[0].Members) == 1 })

		w.Note("a second one, with nothing to send")
		p.Run(`got.length = 0; const other = new EventSocket(socket === null ? "" : "` + "ws" + s.URL()[len("http"):] + `/ws/page?room_id=den");
other.onclose = ({ code }) => got.push("close " + code)`)
		w.Sleep(time.Second)
		p.Run(`other.close(1000)`)
		expectGot(w, p, "nothing was to be sent", "close 1000")
	})
}

// Task 9.10: Texts that were certainly not accepted are handed back.
//
// Rules: 9.an.
func TestEventSocketHandsBack(t *testing.T) {
	for _, c := range []struct {
		what   string
		status int
		want   string
		later  bool // the POSTs after the second are made
	}{
		{"404", 404, `close 1006  ["2","3"]`, false},
		{"no answer", noAnswer, `close 1006  ["3"]`, false},
		{"413", 413, ``, true},
		{"503", 503, ``, true},
	} {
		withOffice(t, eventsScript, func(w *testclient.World, s *server, o *office, p *testpage.Page) {
			socketOf(p, s)
			p.Await("be open", "socket.readyState === 1")
			w.Settle()
			w.Note("the second POST gets %s", c.what)
			o.set(func() {
				o.answer = func(n int, body string) (int, bool) {
					if n == 2 {
						return c.status, true
					}
					return 204, true
				}
			})
			p.Run(`for (const text of ["1", "2", "3"]) socket.send(text)`)
			w.Sleep(time.Second)
			if c.later {
				if len(o.posts) != 3 {
					w.Fatalf("the page has posted %q, want all three: the server has read what it answers with %d", o.posts, c.status)
				}
				expectGot(w, p, "the stream goes on", "open", "welcome")
				return
			}
			expectGot(w, p, fmt.Sprintf("the second POST got %s, so nobody knows this connection any more", c.what), "open", "welcome", c.want)
			if len(o.posts) != 2 {
				w.Fatalf("the page has posted %q, want two: after the second the connection had ended", o.posts)
			}
		})
	}
}

// Task 9.10: The code of the event close counts, whatever a POST finds afterwards.
//
// Rules: 9.al, 9.an.
func TestEventSocketKeepsItsCode(t *testing.T) {
	withOffice(t, eventsScript, func(w *testclient.World, s *server, o *office, p *testpage.Page) {
		socketOf(p, s)
		p.Await("be open", "socket.readyState === 1")
		w.Settle()
		o.set(func() { o.delay = time.Second })
		p.Run(`socket.send("1"); socket.send("2")`)
		w.Note("the server is closed while a POST is under way, which then gets 404")
		w.Sleep(100 * time.Millisecond)
		w.Returns("Close()", time.Second, func() { s.chat.Close() })
		w.Sleep(100 * time.Millisecond)
		p.Run("socket.close(1000)")
		w.Sleep(3 * time.Second)
		p.Run(`got.forEach((line, i) => (got[i] = line.replace(/^close 1001 .* (\[.*)$/, "close 1001 $1")))`)
		expectGot(w, p, "the server is closed", "open", "welcome", `close 1001 ["1","2"]`)
	})
}

// Task 9.10: A text whose POST is under way when the stream breaks may have arrived: it is not handed back.
//
// Rules: 9.an.
func TestEventSocketBreaksDuringAPost(t *testing.T) {
	withOffice(t, eventsScript, func(w *testclient.World, s *server, o *office, p *testpage.Page) {
		socketOf(p, s)
		p.Await("be open", "socket.readyState === 1")
		w.Settle()
		o.set(func() { o.delay = time.Second })
		p.Run(`socket.send("1"); socket.send("2")`)
		w.Sleep(100 * time.Millisecond)
		p.Stream().Cut()
		w.Sleep(3 * time.Second)
		expectGot(w, p, "the stream has ended while the first POST was under way", "open", "welcome", `close 1006  ["2"]`)
	})
}
