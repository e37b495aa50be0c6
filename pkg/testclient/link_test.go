package testclient_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/stretchr/testify/require"

	. "wsworkshop/pkg/testclient"
)

// parrot upgrades and sends back what comes.
func parrot() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c, err := (&websocket.Upgrader{}).Upgrade(w, r, nil)
		if err != nil {
			return
		}
		defer func() { _ = c.Close() }()
		for {
			kind, data, err := c.ReadMessage()
			if err != nil {
				return
			}
			_ = c.WriteMessage(kind, data)
		}
	})
}

// dialGorilla connects as a Go client does.
func dialGorilla(link *Link) (*websocket.Conn, error) {
	d := websocket.Dialer{NetDialContext: link.DialContext}
	c, _, err := d.Dial("ws://chat.example/ws", nil) //nolint:bodyclose // there is none after an upgrade
	return c, err
}

func TestLinkCarriesAGoClient(t *testing.T) {
	Run(t, func(w *World) {
		link := w.Serve(parrot()).Link(As("bob"))
		c, err := dialGorilla(link)
		require.NoError(w, err)
		require.NoError(w, c.WriteMessage(websocket.TextMessage, []byte("hi")))
		_, data, err := c.ReadMessage()
		require.NoError(w, err)
		require.Equal(w, "hi", string(data))

		w.Sleep(time.Second)
		link.Cut()
		_, _, err = c.ReadMessage()
		require.True(w, websocket.IsCloseError(err, websocket.CloseAbnormalClosure), err)
		_ = c.Close()

		link.Down(true)
		_, err = dialGorilla(link)
		require.ErrorIs(w, err, syscall.ECONNREFUSED)
		link.Down(false)
		c, err = dialGorilla(link)
		require.NoError(w, err)
		require.NoError(w, c.Close())
		require.Equal(w, []time.Duration{0, time.Second, time.Second}, link.Dials())

		w.Settle()
		line := Timeline(w)
		for _, want := range []string{
			"bob ──▶ GET /ws\n", "bob ◀── 101", `bob ──▶ "hi"`, `bob ◀── "hi"`, "bob ──▶ (the connection is cut)",
			"bob ──▶ (connects) ◀── (refused: nobody listens)", "bob ──▶ (ends TCP)",
		} {
			require.Contains(w, line, want)
		}
	})
}

func TestLinkCanBeHurt(t *testing.T) {
	Run(t, func(w *World) {
		link := w.Serve(parrot()).Link(As("bob"))
		c, err := dialGorilla(link)
		require.NoError(w, err)
		link.Stall()
		require.NoError(w, c.WriteMessage(websocket.TextMessage, []byte("hi")))
		got := make(chan string, 1)
		go func() {
			_, data, _ := c.ReadMessage() // an end is no text either
			got <- string(data)
		}()
		w.Sleep(time.Hour)
		require.Empty(w, got)
		link.Resume()
		require.Equal(w, "hi", <-got)
		link.BlackHole()
		require.NoError(w, c.WriteMessage(websocket.TextMessage, []byte("lost")))
		require.NoError(w, c.SetReadDeadline(time.Now().Add(time.Minute)))
		_, _, err = c.ReadMessage()
		require.Error(w, err)
		require.Equal(w, time.Hour+time.Minute, w.Elapsed())
		require.NoError(w, c.Close())
	})
}

// TestHastyDialsTakeTime guards that who connects again and again without a pause does not
// keep the clock from moving on.
func TestLinkIsReset(t *testing.T) {
	Run(t, func(w *World) {
		server := make(chan error, 1)
		link := w.Serve(serve(websocket.Upgrader{}, func(conn *websocket.Conn, _ *http.Request) {
			_, _, err := conn.ReadMessage()
			server <- err
		})).Link(As("bob"))
		c, err := dialGorilla(link)
		require.NoError(w, err)
		link.Reset()
		_, _, err = c.ReadMessage()
		require.ErrorIs(w, err, syscall.ECONNRESET)
		require.ErrorIs(w, <-server, syscall.ECONNRESET)
		_ = c.Close()
	})
}

func TestHastyDialsTakeTime(t *testing.T) {
	Run(t, func(w *World) {
		link := w.Serve(parrot()).Link()
		link.Down(true)
		for w.Elapsed() < time.Second {
			_, err := link.DialContext(w.Context(), "tcp", "chat.example:80")
			require.Error(w, err)
		}
		require.InDelta(w, 1000, len(link.Dials()), 20)
	})
}

func TestProgramReadsAConnection(t *testing.T) {
	Run(t, func(w *World) {
		link := w.Serve(parrot()).Link(As("page"))
		c, err := link.WebSocket(w.Context(), "/ws")
		require.NoError(w, err)
		c.Post(TextFrame("one"), TextFrame("two"))
		for _, want := range []string{"one", "two"} {
			m, err := c.Read()
			require.NoError(w, err)
			require.Equal(w, want, m.Text())
		}
		require.PanicsWithValue(w, "testclient: page is read by a program; ask the program what it got", func() { c.Next() })
		c.Post(NewFrame(OpClose, []byte("\x03\xe8bye")))
		_, err = c.Read()
		var closed *CloseError
		require.ErrorAs(w, err, &closed)
		require.Equal(w, 1000, closed.Code)
		_, err = c.Read()
		require.ErrorIs(w, err, io.EOF)
		require.Contains(w, Timeline(w), `page ──▶ close 1000 (normal closure) "bye"`)
	})
}

func TestProgramTakesARefusal(t *testing.T) {
	Run(t, func(w *World) {
		link := w.Serve(http.NotFoundHandler()).Link(As("page"))
		_, err := link.WebSocket(w.Context(), "/ws")
		require.EqualError(w, err, "GET /ws was refused with 404 Not Found")
		var refused *RefusedError
		require.ErrorAs(w, err, &refused)
		require.Equal(w, http.StatusNotFound, refused.Response.Status)
		require.Equal(w, "404 page not found\n", string(refused.Response.Body))
		resp, err := link.Fetch(w.Context(), must(http.NewRequest(http.MethodGet, "http://chat.example/x", nil)))
		require.NoError(w, err)
		require.Equal(w, http.StatusNotFound, resp.Status)
		link.Down(true)
		_, err = link.WebSocket(w.Context(), "/ws")
		require.ErrorIs(w, err, syscall.ECONNREFUSED)
		require.Len(w, link.Dials(), 2)
	})
}

// TestAddressOfAHandshakeUnderWay has the server hold a handshake while the test asks for it.
func TestAddressOfAHandshakeUnderWay(t *testing.T) {
	Run(t, func(w *World) {
		asked := make(chan string, 1)
		s := w.Serve(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			asked <- r.RemoteAddr
			<-r.Context().Done()
		}))
		link := s.Link(From("203.0.113.7"))
		require.Nil(w, link.Addr())
		ctx, cancel := context.WithCancel(w.Context())
		go func() { _, _ = link.WebSocket(ctx, "/ws") }()
		require.Equal(w, <-asked, link.Addr().String())
		require.Contains(w, link.Addr().String(), "203.0.113.7:")
		cancel()
	})
}

func TestReadWithin(t *testing.T) {
	Run(t, func(w *World) {
		c, err := w.Serve(parrot()).Link(Latency(time.Second)).WebSocket(w.Context(), "/ws")
		require.NoError(w, err)
		began := w.Elapsed()
		c.Post(TextFrame("hi"))
		for _, within := range []time.Duration{-1, 0, 2*time.Second - 1} {
			_, err = c.ReadWithin(within)
			require.ErrorIs(w, err, os.ErrDeadlineExceeded)
		}
		m, err := c.ReadWithin(1) // to the very moment
		require.NoError(w, err)
		require.Equal(w, "hi", m.Text())
		require.Equal(w, 2*time.Second, w.Elapsed()-began)
		c.Post(TextFrame("ho"), NewFrame(OpClose, []byte("\x03\xe8")))
		w.Sleep(time.Minute)
		m, err = c.ReadWithin(0)
		require.NoError(w, err)
		require.Equal(w, "ho", m.Text())
		var closed *CloseError
		_, err = c.ReadWithin(0)
		require.ErrorAs(w, err, &closed)
		_, err = c.ReadWithin(time.Hour)
		require.ErrorIs(w, err, io.EOF)
	})
}

func TestProgramGivesUp(t *testing.T) {
	Run(t, func(w *World) {
		s := w.Serve(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }))
		ctx, cancel := context.WithTimeout(w.Context(), 20*time.Second)
		defer cancel()
		_, err := s.Link().WebSocket(ctx, "/ws")
		require.Error(w, err)
		require.Equal(w, 20*time.Second, w.Elapsed())
	})
}

func TestHeadersAreReplaced(t *testing.T) {
	Run(t, func(w *World) {
		s := w.Serve(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.WriteString(w, strings.Join(r.Header.Values("Sec-Websocket-Version"), ","))
		}))
		resp := s.Refused("/ws", []int{http.StatusOK}, Header("Sec-WebSocket-Version", "12"))
		require.Equal(w, "12", string(resp.Body))
		resp = s.Refused("/ws", []int{http.StatusOK}, Header("Sec-WebSocket-Version", "12"), Header("Sec-WebSocket-Version", "14"))
		require.Equal(w, "12,14", string(resp.Body))
	})
}

func TestCleanupsRunBeforeTheClientsEnd(t *testing.T) {
	var order []string
	Run(t, func(w *World) {
		c := w.Serve(parrot()).Dial("/ws")
		w.Cleanup(func() {
			c.Send("still here")
			order = append(order, "first")
		})
		w.Cleanup(func() { order = append(order, "last") })
	})
	require.Equal(t, []string{"last", "first"}, order)
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(errors.Unwrap(err))
	}
	return v
}
