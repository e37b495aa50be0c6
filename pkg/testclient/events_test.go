package testclient_test

import (
	"fmt"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	. "wsworkshop/pkg/testclient"
)

// streaming is a server of event streams: it sends pieces, flushes each, and leaves the rest to
// then.
func streaming(then func(rw http.ResponseWriter, r *http.Request), pieces ...string) http.Handler {
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		rw.Header().Set("Content-Type", "text/event-stream")
		rw.WriteHeader(http.StatusOK)
		flush(rw)
		for _, piece := range pieces {
			_, _ = rw.Write([]byte(piece))
			flush(rw)
		}
		then(rw, r)
	})
}

func flush(rw http.ResponseWriter) { _ = http.NewResponseController(rw).Flush() }

// The ways in which a stream goes on.
func stays(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }
func ends(http.ResponseWriter, *http.Request)      {}

func breaksOff(rw http.ResponseWriter, _ *http.Request) {
	conn, _, err := http.NewResponseController(rw).Hijack()
	if err == nil {
		_ = conn.Close()
	}
}

// events connects ana to a stream.
func events(w *World, h http.Handler, opts ...DialOption) *Client {
	w.Helper()
	return w.Serve(h).Events("/events", append(opts, As("ana"))...)
}

// TestEventStreamIsParsedAsTheStandardSays has what browsers must do (HTML standard, 9.2.6).
func TestEventStreamIsParsedAsTheStandardSays(t *testing.T) {
	for stream, want := range map[string][]string{
		"data: one\n\n":                  {"|one|"},
		"data:one\n\n":                   {"|one|"},
		"data:  one\n\n":                 {"| one|"},
		"data: one\ndata\ndata: two\n\n": {"|one\n\ntwo|"},
		"data\n\n":                       {"||"},
		"data:\ndata\n\n":                {"|\n|"},
		"data: one\rdata: two\r\rdata: three\r\r":        {"|one\ntwo|", "|three|"},
		"data: one\r\ndata: two\r\n\r\n":                 {"|one\ntwo|"},
		"event: close\ndata: x\n\ndata: y\n\n":           {"close|x|", "|y|"},
		"event: message\ndata: x\n\n":                    {"|x|"},
		"event: lost\n\ndata: y\n\n":                     {"|y|"},
		"id: 1\ndata: x\n\ndata: y\n\nid\ndata: z\n\n":   {"|x|1", "|y|1", "|z|"},
		"id: 1\n\ndata: x\n\n":                           {"|x|1"},
		"id: 1\ndata: x\n\nid: 2\x00\ndata: y\n\n":       {"|x|1", "|y|1"},
		": comment\ndata: x\n: y\n\n":                    {"|x|"},
		"\ufeffdata: x\n\n\ufeffdata: y\n\n":             {"|x|"},
		"nodata: x\nDATA: x\n\ndata: y\n\n":              {"|y|"},
		"data: \xff\n\n":                                 {"|\ufffd|"},
		"data: never ended\n":                            nil,
		"data: x: y\nevent: a:b\n\n":                     {"a:b|x: y|"},
		"\n\n\ndata: x\n\n\n":                            {"|x|"},
		"data: {\"a\":1}\nid: " + "é" + "\nevent: ☃\n\n": {"☃|{\"a\":1}|é"},
	} {
		Run(t, func(w *World) {
			for name, h := range map[string]http.Handler{
				"at once":      streaming(ends, stream),
				"byte by byte": streaming(ends, strings.SplitAfter(stream, "")...),
			} {
				c := events(w, h)
				c.ExpectEnd()
				var got []string
				for _, m := range c.Drain() {
					require.Equal(w, Text, m.Kind)
					got = append(got, fmt.Sprintf("%s|%s|%s", m.Event, m.Text(), m.EventID))
				}
				require.Equal(w, want, got, "%s: %q", name, stream)
			}
		})
	}
}

// An event ends with an empty line: a CR is one, whether or not an LF will follow.
func TestEventArrivesBeforeTheLineFeedOfItsEnd(t *testing.T) {
	Run(t, func(w *World) {
		events(w, streaming(stays, "data: x\r\n\r")).ExpectText("x")
	})
}

func TestRetryAndCommentsOfAStream(t *testing.T) {
	Run(t, func(w *World) {
		c := events(w, streaming(stays, ":\n\n", "retry: 3000\nretry: +5\nretry: 2s\nretry\n\n", ": still here\n"))
		w.Settle()
		require.Equal(w, []string{"", "still here"}, c.Comments())
		require.Equal(w, 3*time.Second, c.Retry())
		c.Silence(0)
	})
}

func TestEndsOfAStream(t *testing.T) {
	Run(t, func(w *World) {
		orderly := events(w, streaming(ends, "data: x\n\n"))
		orderly.ExpectText("x")
		orderly.ExpectStreamEnd()
		require.False(w, orderly.BrokenOff())
		orderly.ServerHungUp(time.Second)

		broken := events(w, streaming(breaksOff, "data: x\n\n"))
		broken.ExpectText("x")
		broken.ExpectEnd()
		require.True(w, broken.BrokenOff())

		cut := events(w, streaming(stays))
		require.False(w, cut.HasServerHungUp())
		cut.Cut()
		cut.ServerHungUp(time.Second)
		require.False(w, cut.BrokenOff(), "the test ended it")
	})
}

func TestResetOfAStream(t *testing.T) {
	Run(t, func(w *World) {
		got := make(chan error, 1)
		c := events(w, streaming(func(rw http.ResponseWriter, r *http.Request) {
			<-r.Context().Done()
			_, _ = rw.Write([]byte("data: x\n\n"))
			got <- http.NewResponseController(rw).Flush()
		}))
		c.Reset()
		require.ErrorIs(w, <-got, syscall.ECONNRESET)
		c.ServerHungUp(0)
		require.Contains(w, Timeline(w), "ana ──▶ (resets the connection)\n")
		require.False(w, c.BrokenOff())
	})
}

func TestStreamOverTLS(t *testing.T) {
	Run(t, func(w *World) {
		c := w.Serve(streaming(ends, "data: x\n\n"), TLS()).Events("/events")
		c.ExpectText("x")
		c.ExpectStreamEnd()
	})
}

func TestRequestOfAStream(t *testing.T) {
	Run(t, func(w *World) {
		h := func(rw http.ResponseWriter, r *http.Request) {
			rw.Header().Set("Content-Type", "text/event-stream; charset=utf-8")
			rw.Header().Set("X-Accel-Buffering", "no")
			_, _ = fmt.Fprintf(rw, "data: %s %s %s\n\n", r.Method, r.Header.Get("Accept"), r.Header.Get("Last-Event-ID"))
		}
		c := events(w, http.HandlerFunc(h), Header("Last-Event-ID", "7"))
		c.ExpectText("GET text/event-stream 7")
		require.Equal(w, "no", c.Response().Header.Get("X-Accel-Buffering"))
	})
}

// TestFaultsOfTheNetworkMeetStreams has the knobs that a WebSocket has.
func TestFaultsOfTheNetworkMeetStreams(t *testing.T) {
	Run(t, func(w *World) {
		each := func(rw http.ResponseWriter, r *http.Request) {
			for i := 0; r.Context().Err() == nil; i++ {
				time.Sleep(time.Second)
				_, _ = fmt.Fprintf(rw, "data: %d\n\n", i)
				flush(rw)
			}
		}
		c := events(w, streaming(each)).Within(2 * time.Second)
		c.ExpectText("0")
		c.ExpectText("1")
		require.Equal(w, 2, c.Writes())
		c.Stall()
		c.Silence(2500 * time.Millisecond)
		c.Resume()
		require.Len(w, c.Drain(), 2)
		c.BlackHole()
		c.Silence(10 * time.Second)
		c.Heal()
		require.Len(w, c.Drain(), 10)
		c.SetLatency(300 * time.Millisecond)
		m := c.Next()
		require.Equal(w, 15300*time.Millisecond, m.At)
		c.PassingOver(func(m Message) bool { return m.Text() == "15" }).ExpectText("16")
		c.Cut()
		c.ServerHungUp(2 * time.Second)
	})
}

func TestTryEventsReturnsOtherAnswers(t *testing.T) {
	Run(t, func(w *World) {
		for status, body := range map[int]string{204: "", 409: "taken", 503: "later", 200: "a page"} {
			c, resp := w.Serve(http.HandlerFunc(func(rw http.ResponseWriter, _ *http.Request) {
				rw.Header().Set("Retry-After", "5")
				rw.WriteHeader(status)
				_, _ = rw.Write([]byte(body))
			})).TryEvents("/events")
			require.Nil(w, c)
			require.Equal(w, status, resp.Status)
			require.Equal(w, body, string(resp.Body))
			require.Equal(w, "5", resp.Header.Get("Retry-After"))
		}
		c, resp := w.Serve(streaming(stays)).TryEvents("/events")
		require.NotNil(w, c)
		require.Nil(w, resp)
	})
}

func TestManyStreamsAtOneInstant(t *testing.T) {
	Run(t, func(w *World) {
		s := w.Serve(streaming(stays, "data: x\n\n"))
		w.Rush(8, func(i int) { s.Events("/events", As(fmt.Sprint("ana ", i))).ExpectText("x") })
	})
}

func TestAnswersToEventsGoWhereTheTestSays(t *testing.T) {
	Run(t, func(w *World) {
		w.OnText(func(m Message) Reflex {
			if m.Text() != "ping" {
				return Reflex{}
			}
			return Reflex{Answer: "pong", Hide: true}
		})
		answers := make(chan string)
		h := streaming(stays, "data: ping\n\ndata: x\n\n")
		events(w, h, AnswerBy(func(text string) { answers <- text })).ExpectText("x")
		require.Equal(w, "pong", <-answers)
		events(w, h).ExpectText("x")
	})
}

func TestOnlyAWebSocketCanSend(t *testing.T) {
	Run(t, func(w *World) {
		c := events(w, streaming(stays))
		for method, call := range map[string]func(){
			"to send":     func() { c.Send("x") },
			"Close":       func() { c.Close(1000, "") },
			"Post":        func() { c.Post(TextFrame("x")) },
			"ExpectClose": func() { c.ExpectClose(1000) },
		} {
			require.PanicsWithValue(w, "testclient: "+method+" is for WebSockets; ana reads an event stream", call)
		}
		bob := w.Serve(echo()).Dial("/ws", As("bob"))
		for method, call := range map[string]func(){
			"Retry":           func() { bob.Retry() },
			"Comments":        func() { bob.Comments() },
			"BrokenOff":       func() { bob.BrokenOff() },
			"ExpectStreamEnd": bob.ExpectStreamEnd,
		} {
			require.PanicsWithValue(w, "testclient: "+method+" is for clients of Server.Events; bob has a WebSocket", call)
		}
	})
}

// TestPatienceIsForTheAnswer probes it just before and at its end.
func TestPatienceIsForTheAnswer(t *testing.T) {
	Run(t, func(w *World) {
		slow := http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
			time.Sleep(5*time.Second - 1)
			rw.WriteHeader(http.StatusNoContent)
		})
		require.Equal(w, 204, w.Serve(slow).Get("/", Patience(5*time.Second)).Status)
	})
}

// TestTryGetReturnsWhatCame has an answer, an end without one, and nobody who listens.
func TestTryGetReturnsWhatCame(t *testing.T) {
	Run(t, func(w *World) {
		ln := w.Listen()
		s := w.At(ln)
		go func() { _ = http.Serve(ln, http.HandlerFunc(breaksOff)) }()
		_, err := s.TryGet("/x")
		require.ErrorContains(w, err, "GET /x: unexpected EOF")
		_ = ln.Close()
		_, err = s.TryGet("/x")
		require.ErrorIs(w, err, syscall.ECONNREFUSED)
		resp, err := w.Serve(http.NotFoundHandler()).TryGet("/x")
		require.NoError(w, err)
		require.Equal(w, 404, resp.Status)
	})
}
