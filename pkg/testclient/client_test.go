package testclient_test

import (
	"fmt"
	"io"
	"net/http"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	. "wsworkshop/pkg/testclient"
	"wsworkshop/pkg/testclient/internal/faulty"
)

// serve is a sound server around what a test does with each connection.
func serve(upgrader websocket.Upgrader, session func(*websocket.Conn, *http.Request)) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /ws", func(rw http.ResponseWriter, r *http.Request) {
		conn, err := upgrader.Upgrade(rw, r, nil)
		if err != nil {
			return // Upgrade has answered
		}
		defer conn.Close()
		session(conn, r)
	})
	return mux
}

// echo answers with what it gets.
func echo() http.Handler {
	return serve(websocket.Upgrader{}, func(conn *websocket.Conn, _ *http.Request) {
		for {
			kind, data, err := conn.ReadMessage()
			if err != nil || conn.WriteMessage(kind, data) != nil {
				return
			}
		}
	})
}

// greet says what it knows about the client and waits for it to go.
func greet(about func(r *http.Request) string) http.Handler {
	upgrader := websocket.Upgrader{Subprotocols: []string{"chat.v2", "chat.v1"}}
	return serve(upgrader, func(conn *websocket.Conn, r *http.Request) {
		_ = conn.WriteMessage(websocket.TextMessage, []byte(about(r)))
		_, _, _ = conn.ReadMessage()
	})
}

func TestMessagesGoBothWays(t *testing.T) {
	for name, opts := range map[string][]ServeOption{"plain": nil, "TLS": {TLS()}} {
		t.Run(name, func(t *testing.T) {
			Run(t, func(w *World) {
				ana := w.Serve(echo(), opts...).Dial("/ws", As("ana"))
				ana.Send("hello")
				ana.ExpectText("hello")
				ana.SendBinary([]byte{1, 2})
				ana.ExpectBinary([]byte{1, 2})
				ana.SendJSON(map[string]int{"n": 7})
				var got struct{ N int }
				require.NoError(w, ana.Next().JSON(&got))
				require.Equal(w, 7, got.N)
				large := string(make([]byte, 1<<20))
				ana.Send(large)
				ana.ExpectText(large)
				ana.SendFrame(
					Frame{Opcode: OpText, Masked: true, Payload: []byte("in ")},
					NewFrame(OpContinuation, []byte("parts")))
				ana.ExpectText("in parts")
				ana.SendRaw(TextFrame("raw").Bytes())
				ana.ExpectText("raw")
			})
		})
	}
}

func TestHoursPassInAnInstant(t *testing.T) {
	Run(t, func(w *World) {
		ana := w.Serve(echo()).Dial("/ws")
		ana.Silence(10 * time.Hour)
		w.Sleep(time.Hour)
		require.Equal(w, 11*time.Hour, w.Elapsed())
	})
}

func TestPingsAndPongsAreNeverInTheWay(t *testing.T) {
	Run(t, func(w *World) {
		ponged := make(chan string, 1)
		s := w.Serve(serve(websocket.Upgrader{}, func(conn *websocket.Conn, _ *http.Request) {
			conn.SetPongHandler(func(data string) error { ponged <- data; return nil })
			_ = conn.WriteControl(websocket.PingMessage, []byte("p"), time.Now().Add(time.Second))
			_ = conn.WriteMessage(websocket.TextMessage, []byte("hi"))
			_, _, _ = conn.ReadMessage()
		}))
		s.Dial("/ws").ExpectText("hi")
		require.Equal(w, "p", <-ponged)

		mute := s.Dial("/ws", NoAutoPong())
		mute.Await("a ping", func(m Message) bool { return m.Kind == Ping && m.Text() == "p" })
		mute.Ping("mine")
		mute.ExpectText("hi")
		mute.Expect("a pong", func(m Message) bool { return m.Kind == Pong && m.Text() == "mine" })
		mute.Silence(time.Second)
		require.Empty(w, ponged)
	})
}

// TestOnText has two reflexes: one that answers questions and hides them, and one that hides
// news alone.
func TestOnText(t *testing.T) {
	Run(t, func(w *World) {
		s := w.Serve(parrot())
		w.OnText(func(m Message) Reflex {
			if m.Text() != "how are you?" {
				return Reflex{}
			}
			return Reflex{Answer: "fine", Hide: true}
		})
		w.OnText(func(m Message) Reflex { return Reflex{Hide: m.Text() == "news"} })
		ana := s.Dial("/ws", As("ana"))
		for _, text := range []string{"hi", "news", "how are you?"} {
			ana.Send(text)
		}
		ana.ExpectText("hi")
		ana.ExpectText("fine") // which the parrot says again
		ana.Send("ho")
		ana.ExpectText("ho")
		ana.SendBinary([]byte("news"))
		ana.ExpectBinary([]byte("news"))
		ana.Silence(time.Second)
		require.Contains(w, Timeline(w), `ana ──▶ "fine"`)
	})
}

// TestOnTextLeavesProgramsAlone guards that a program gets all that comes, and that nobody
// answers in its place.
func TestOnTextLeavesProgramsAlone(t *testing.T) {
	Run(t, func(w *World) {
		w.OnText(func(Message) Reflex { return Reflex{Answer: "fine", Hide: true} })
		c, err := w.Serve(say("hi")).Link().WebSocket(w.Context(), "/ws")
		require.NoError(w, err)
		m, err := c.Read()
		require.NoError(w, err)
		require.Equal(w, "hi", m.Text())
		require.NotContains(w, Timeline(w), "fine")
	})
}

func TestPassingOver(t *testing.T) {
	Run(t, func(w *World) {
		notice := func(m Message) bool { return m.Text()[0] == '*' }
		news := func(m Message) bool { return m.Text()[0] == '+' }
		ana := w.Serve(say("* bob joined", "+ news", "hi", "* bob left")).Dial("/ws")
		ana.PassingOver(notice).PassingOver(news).ExpectText("hi")
		ana.PassingOver(notice).Silence(time.Second)
	})
}

func TestCloseHandshakes(t *testing.T) {
	Run(t, func(w *World) {
		s := w.Serve(echo())
		ana := s.Dial("/ws", As("ana"))
		ana.Close(1000, "bye")
		require.Equal(w, 1000, ana.ExpectClose(1000).Code)
		ana.ExpectEnd()
		ana.ServerHungUp(time.Second)

		answered := make(chan error, 1)
		s = w.Serve(serve(websocket.Upgrader{}, func(conn *websocket.Conn, _ *http.Request) {
			bye := websocket.FormatCloseMessage(4001, "taken over")
			_ = conn.WriteControl(websocket.CloseMessage, bye, time.Now().Add(time.Second))
			_, _, err := conn.ReadMessage()
			answered <- err
		}))
		info := s.Dial("/ws", As("bob")).ExpectClose(4001)
		require.Equal(w, "taken over", info.Reason)
		require.True(w, websocket.IsCloseError(<-answered, 4001), "the client answers with the same code")
	})
}

func TestAnEndWithoutCloseFrame(t *testing.T) {
	Run(t, func(w *World) {
		s := w.Serve(serve(websocket.Upgrader{}, func(*websocket.Conn, *http.Request) {}))
		require.Equal(w, 1006, s.Dial("/ws").ExpectClose(1000, 1006).Code)
		ana := s.Dial("/ws")
		ana.ExpectEnd()
		ana.Send("into the void") // must not fail
	})
}

func TestFaultsAsTheServerSeesThem(t *testing.T) {
	var left sync.Map
	Run(t, func(w *World) {
		s := w.Serve(serve(websocket.Upgrader{}, func(conn *websocket.Conn, r *http.Request) {
			defer func() { left.Store(r.RemoteAddr[:12], w.Elapsed()) }()
			_ = conn.SetReadDeadline(time.Now().Add(time.Minute))
			_, _, _ = conn.ReadMessage()
		}))
		s.Dial("/ws", From("203.0.113.10")).Cut()
		hole := s.Dial("/ws", From("203.0.113.11"))
		hole.BlackHole()
		hole.Send("lost")
		hole.Cut()
		w.Sleep(time.Hour)
		cut, _ := left.Load("203.0.113.10")
		require.Equal(w, time.Duration(0), cut, "a cut is seen at once")
		hidden, _ := left.Load("203.0.113.11")
		require.Equal(w, time.Minute, hidden, "a black hole is seen by the deadline alone")
	})
}

func TestResetAsTheServerSeesIt(t *testing.T) {
	Run(t, func(w *World) {
		got := make(chan error, 1)
		s := w.Serve(serve(websocket.Upgrader{}, func(conn *websocket.Conn, _ *http.Request) {
			_, _, err := conn.ReadMessage()
			got <- err
		}))
		c := s.Dial("/ws", As("bob"), Latency(10*time.Millisecond))
		c.Send("lost")
		c.Reset()
		require.ErrorIs(w, <-got, syscall.ECONNRESET)
		c.ServerHungUp(0)
		require.Contains(w, Timeline(w), "bob ──▶ (resets the connection)\n")
		require.NotContains(w, Timeline(w), "TCP ends")
	})
}

func TestBlackHoleOfAClientEnds(t *testing.T) {
	Run(t, func(w *World) {
		s := w.Serve(parrot())
		link := s.Link(As("bob"))
		bob, err := link.WebSocket(w.Context(), "/ws")
		require.NoError(w, err)
		ana := s.Dial("/ws", As("ana"))
		ana.BlackHole()
		link.BlackHole()
		ana.Send("hi")
		bob.Post(TextFrame("ho"))
		ana.Silence(time.Hour)
		ana.Heal()
		link.Heal()
		ana.ExpectText("hi")
		m, err := bob.Read()
		require.NoError(w, err)
		require.Equal(w, "ho", m.Text())
		ana.SetLatency(time.Second)
		link.SetLatency(time.Minute)
		ana.Send("far")
		bob.Post(TextFrame("farther"))
		began := w.Elapsed()
		require.Equal(w, 2*time.Second, ana.Within(time.Hour).Next().At-began)
		m, err = bob.Read()
		require.NoError(w, err)
		require.Equal(w, 2*time.Minute, m.At-began)
	})
}

func TestHasServerHungUp(t *testing.T) {
	Run(t, func(w *World) {
		ana := w.Serve(parrot()).Dial("/ws")
		w.Settle()
		require.False(w, ana.HasServerHungUp())
		ana.Cut()
		w.Settle()
		require.True(w, ana.HasServerHungUp())
	})
}

func TestStalledClientReadsOnLater(t *testing.T) {
	Run(t, func(w *World) {
		var frames []Frame
		for range 100 {
			frames = append(frames, TextFrame("news"))
		}
		ana := w.Serve(faulty.Sends(frames...)).Dial("/ws", As("ana"), Buffer(60))
		ana.Stall()
		stuck := len(ana.Drain())
		ana.Silence(time.Hour)
		ana.Resume()
		require.Len(w, ana.Drain(), 100-stuck)
	})
}

func TestLatencyAndBuffers(t *testing.T) {
	Run(t, func(w *World) {
		ana := w.Serve(echo()).Dial("/ws", Latency(100*time.Millisecond))
		before := w.Elapsed()
		ana.Send("x")
		require.Equal(w, 200*time.Millisecond, ana.Next().At-before)
	})
}

func TestWritesCountsFromTheUpgradeOn(t *testing.T) {
	for name, opts := range map[string][]ServeOption{"plain": nil, "TLS": {TLS()}} {
		t.Run(name, func(t *testing.T) {
			Run(t, func(w *World) {
				ana := w.Serve(echo(), opts...).Dial("/ws")
				for i := range 3 {
					require.Equal(w, i, ana.Writes())
					ana.Send("x")
					ana.ExpectText("x")
				}
			})
		})
	}
}

func TestWhoTheServerSees(t *testing.T) {
	Run(t, func(w *World) {
		s := w.Serve(greet(func(r *http.Request) string {
			c, _ := r.Cookie("session")
			return r.RemoteAddr[:13] + r.Host + r.Header.Get("X-Room") + c.Value
		}))
		ana := s.Dial("/ws", As("ana"), From("203.0.113.77"), Header("X-Room", "lobby"), Header("Host", "chat.example"),
			Header("Cookie", "theme=dark"), Cookie("session", "s1"), Subprotocol("chat.v1"))
		ana.ExpectText("203.0.113.77:chat.examplelobbys1")
		require.Equal(w, "ana", ana.Name())
		require.Equal(w, "203.0.113.77", ana.Addr().String()[:12])
		require.Equal(w, "chat.v1", ana.Response().Header.Get("Sec-WebSocket-Protocol"))
	})
}

func TestPlainHTTP(t *testing.T) {
	Run(t, func(w *World) {
		s := w.Serve(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
			rw.Header().Set("X-Method", r.Method)
			_, _ = rw.Write([]byte(`{"path":"` + r.URL.Path + `"}`))
		}))
		var got struct{ Path string }
		require.NoError(w, s.Get("/rooms?x=1").JSON(&got))
		require.Equal(w, "/rooms", got.Path)
		req, err := http.NewRequest(http.MethodPost, "http://any/x", nil)
		require.NoError(w, err)
		require.Equal(w, "POST", s.Do(req).Header.Get("X-Method"))
		require.Equal(w, 200, s.Refused("/ws", []int{200}).Status)
		c, resp := s.TryDial("/ws")
		require.Nil(w, c)
		require.Equal(w, 200, resp.Status)
	})
}

func TestRequestsThatAreNoHandshake(t *testing.T) {
	Run(t, func(w *World) {
		s := w.Serve(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
			body, err := io.ReadAll(r.Body)
			assert.NoError(w, err)
			rw.Header().Set("X-Seen", fmt.Sprintf("%s %s %q", r.Method, r.Proto, body))
		}))
		for seen, opts := range map[string][]DialOption{
			`GET HTTP/1.1 ""`:      nil,
			`GET HTTP/1.1 "hello"`: {Body("hello")},
			`GET HTTP/1.0 ""`:      {HTTP10()},
			`POST HTTP/1.0 "hi"`:   {HTTP10(), Method("POST"), Body("hi")},
			`HEAD HTTP/1.1 ""`:     {Method("HEAD")},
		} {
			require.Equal(w, seen, s.Refused("/ws", []int{200}, opts...).Header.Get("X-Seen"))
		}
		require.Equal(w, `GET HTTP/1.0 ""`, s.Get("/", HTTP10()).Header.Get("X-Seen"))
	})
}

func TestServersBehindAListener(t *testing.T) {
	Run(t, func(w *World) {
		ln := w.Listen()
		srv := &http.Server{Handler: echo()}
		go func() { _ = srv.Serve(ln) }()
		s := w.At(ln)
		closed := false
		s.Cleanup("Close()", func() { closed = true; assert.NoError(w, srv.Close()) })
		ana := s.Dial("/ws")
		ana.Send("x")
		ana.ExpectText("x")
		require.False(w, closed)
	})
}

func TestLogs(t *testing.T) {
	Run(t, func(w *World) {
		log := w.Logger().With("server", "one").WithGroup("request")
		time.AfterFunc(500*time.Millisecond, func() { log.Warn("late", "id", 7, "took", time.Second) })
		r := w.Logs().ExpectRecord("the late one", func(r Record) bool { return r.Message == "late" })
		require.Equal(w, map[string]any{"server": "one", "request.id": int64(7), "request.took": time.Second}, r.Attrs)
		require.Len(w, w.Logs().Records(), 1)
	})
}

func TestReturnsAndRush(t *testing.T) {
	Run(t, func(w *World) {
		w.Returns("a nap", time.Minute, func() { time.Sleep(time.Minute) }) // to the very end
		s := w.Serve(echo())
		w.Rush(50, func(i int) {
			c := s.Dial("/ws")
			c.Send("x")
			c.ExpectText("x")
			c.Close(1000, "")
		})
	})
}

// TestSettleSeesWhatHandlersDid as synctest.Wait promises, to the race detector too.
func TestSettleSeesWhatHandlersDid(t *testing.T) {
	Run(t, func(w *World) {
		var heard string
		ana := w.Serve(serve(websocket.Upgrader{}, func(conn *websocket.Conn, _ *http.Request) {
			for {
				_, data, err := conn.ReadMessage()
				if err != nil {
					return
				}
				heard += string(data)
			}
		})).Dial("/ws")
		for range 3 {
			ana.Send("x")
			w.Settle()
			heard += "y"
		}
		require.Equal(w, "xyxyxy", heard)
	})
}

// TestWhoSeesAnEndSeesWhatWasDoneBefore is the same for other ways to learn of the server.
func TestWhoSeesAnEndSeesWhatWasDoneBefore(t *testing.T) {
	for name, see := range map[string]func(w *World, c *Client){
		"hung up": func(w *World, c *Client) { c.Cut(); c.ServerHungUp(time.Second) },
		"end":     func(w *World, c *Client) { c.Send("x"); c.ExpectEnd() },
		"log": func(w *World, c *Client) {
			c.Send("x")
			w.Logs().ExpectRecord("the end", func(Record) bool { return true })
		},
	} {
		t.Run(name, func(t *testing.T) {
			Run(t, func(w *World) {
				var done bool
				s := w.Serve(serve(websocket.Upgrader{}, func(conn *websocket.Conn, _ *http.Request) {
					_, _, _ = conn.ReadMessage()
					done = true
					w.Logger().Info("end")
				}))
				see(w, s.Dial("/ws"))
				require.True(w, done)
			})
		})
	}
}

// TestManyAtOnce has the race detector look at the network and the record of events, which
// keeps less than comes here.
func TestManyAtOnce(t *testing.T) {
	Run(t, func(w *World) {
		s := w.Serve(echo())
		w.Rush(30, func(i int) {
			c := s.Dial("/ws", Buffer(100))
			for range 100 {
				c.Send("hello")
				c.ExpectText("hello")
				w.Logger().Info("heard")
			}
			c.Cut()
		})
		require.Len(w, w.Logs().Records(), 3000)
	})
}

// TestAMessageAtTheDeadlineIsInTime guards against timers of one instant, which fire in any
// order.
func TestAMessageAtTheDeadlineIsInTime(t *testing.T) {
	for range 50 {
		Run(t, func(w *World) {
			s := w.Serve(serve(websocket.Upgrader{}, func(conn *websocket.Conn, _ *http.Request) {
				time.Sleep(time.Second)
				_ = conn.WriteMessage(websocket.TextMessage, []byte("now"))
				_, _, _ = conn.ReadMessage()
			}))
			s.Dial("/ws").ExpectText("now")
		})
	}
}
