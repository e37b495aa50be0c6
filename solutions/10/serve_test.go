package chat_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"wsworkshop/pkg/chattest"
	"wsworkshop/pkg/testclient"
	chat "wsworkshop/solutions/10"
)

// Task 10.1 (12 points): Serve returns when everything that it has begun has ended.
//
// Rules: 10.a, 10.b.
func TestServeEndsWithItsContext(t *testing.T) {
	run(t, lasting, func(w *testclient.World, s *server) {
		ana, bob := s.Join("ana", "den"), s.JoinEvents("bob", "den")
		ana.Hear("system bob joined")
		far := s.Join("cleo", "lobby", testclient.Latency(2*time.Second))
		bob.Say("hello")
		ana.Hear("message hello")
		w.Sleep(time.Hour)
		s.expectServing("nothing has ended it")
		s.beginStop()
		w.Note("cleo is two seconds away: the answer comes four seconds after the close frame")
		w.Sleep(3500 * time.Millisecond)
		s.expectServing("cleo's connection has not ended")
		ana.Within(2 * time.Second).ExpectClose(1001)
		bob.ExpectEnd(1001, "the server stops")
		s.expectEnd("cleo's answer has come")
		if !far.HasServerHungUp() {
			w.Fatalf("Serve has returned, and cleo's connection is still open")
		}
		expectClosed(w, s.ln)
	})
}

// Task 10.1: What has failed is what Serve returns.
//
// Rules: 10.b.
func TestServeReturnsWhatHasFailed(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		manners(w)
		ln := &frail{Listener: w.Listen()}
		s := newServer(w, lasting, ln)
		s.serve()
		ana := s.Join("ana", "den")
		failure := errors.New("the network card is on fire")
		w.Note("the listener fails: %v", failure)
		ln.fail(failure)
		expectClosing(w, ana, "the listener has failed, so the server stops")
		if err := s.expectReturn(time.Second, "its listener has failed"); !errors.Is(err, failure) {
			w.Fatalf("Serve returned %v, want the listener's error: %v", err, failure)
		}
	})
}

// Task 10.1: A listener that somebody else closes has failed.
//
// Rules: 10.a, 10.b.
func TestServeWithAListenerThatIsClosed(t *testing.T) {
	run(t, lasting, func(w *testclient.World, s *server) {
		ana := s.Join("ana", "den")
		w.Note("somebody else closes the listener of Serve")
		s.ln.Close()
		expectClosing(w, ana, "nobody can come any more, so the server stops")
		if err := s.expectReturn(time.Second, "its listener is closed"); !errors.Is(err, net.ErrClosed) {
			w.Fatalf("Serve returned %v, want the listener's error: %v", err, net.ErrClosed)
		}
	})
}

// Task 10.1: Nobody waits for a connection that has brought no request.
//
// Rules: 10.a.
func TestServeDoesNotWaitForSilentConnections(t *testing.T) {
	run(t, lasting, func(w *testclient.World, s *server) {
		w.Note("a connection comes, as browsers open them in advance, and brings nothing")
		conn, err := s.Link(testclient.As("browser")).DialContext(w.Context(), "tcp", s.ln.Addr().String())
		require.NoError(w, err)
		defer conn.Close()
		w.Sleep(time.Second)
		s.beginStop()
		s.expectEnd("nobody waits for an answer")
	})
}

// Task 10.1: Close ends Serve, and after Close there is nothing to serve.
//
// Rules: 10.a, 10.b.
func TestServeEndsWithClose(t *testing.T) {
	run(t, lasting, func(w *testclient.World, s *server) {
		ana := s.Join("ana", "den")
		w.Returns("Close", time.Second, func() { require.NoError(w, s.chat.Close()) })
		ana.ExpectClose(1001)
		s.expectEnd("Close was called")
		expectClosed(w, s.ln)
	})
	testclient.Run(t, func(w *testclient.World) {
		manners(w)
		s := newServer(w, lasting, w.Listen())
		w.Note("Close comes before Serve")
		w.Returns("Close", time.Second, func() { require.NoError(w, s.chat.Close()) })
		s.serve()
		if err := s.expectReturn(time.Second, "the server is closed"); !errors.Is(err, chat.ErrClosed) {
			w.Fatalf("Serve returned %v after Close, want ErrClosed", err)
		}
		expectClosed(w, s.ln)
	})
}

// Task 10.1: A context may have ended before Serve is called.
//
// Rules: 10.a, 10.b.
func TestServeWithAContextThatHasEnded(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		manners(w)
		s := newServer(w, lasting, w.Listen())
		s.end()
		s.serve()
		s.expectEnd("its ctx had ended before")
		expectClosed(w, s.ln)
	})
}

// Task 10.1: A request that is being answered gets its answer.
//
// Rules: 10.a.
func TestServeAnswersBeforeItReturns(t *testing.T) {
	cfg := lasting
	cfg.Moderate = func(ctx context.Context, m chat.Message) error {
		time.Sleep(2 * time.Second)
		return nil
	}
	run(t, cfg, func(w *testclient.World, s *server) {
		bob := s.JoinEvents("bob", "den")
		answered := make(chan struct{})
		go func() {
			defer close(answered)
			bob.Within(3 * time.Second).PostMessage(`{"type":"message","data":"hello"}`) // any answer will do
		}()
		w.Sleep(time.Second)
		s.beginStop()
		w.Sleep(500 * time.Millisecond)
		s.expectServing("bob's POST is being moderated, and has no answer yet")
		<-answered
		s.expectEnd("bob's POST has been answered")
	})
}

// Task 10.1: When Serve has returned, nothing that it has begun is left, whatever has ended it.
//
// Rules: 10.a.
func TestServeLeavesNothing(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		manners(w)
		s := newServer(w, lasting, w.Listen())
		before := w.Goroutines()
		s.serve()
		s.Join("ana", "den").Leave()
		w.Returns("Close", time.Second, func() { require.NoError(w, s.chat.Close()) })
		s.expectEnd("Close was called")
		w.Settle()
		if now := w.Goroutines(); now > before {
			w.Fatalf("there are %d more goroutines than before Serve, which has returned: is there one that waits for ctx?", now-before)
		}
	})
}

// Task 10.1: Clients that arrive at the moment of the stop are refused, or closed with the rest.
//
// Rules: 10.a.
func TestClientsArriveAtTheStop(t *testing.T) {
	run(t, lasting, func(w *testclient.World, s *server) {
		arrived := make([]*testclient.Client, 20)
		w.Rush(len(arrived), func(i int) {
			if i == len(arrived)/2 {
				s.end()
				return
			}
			path := chattest.Path(fmt.Sprint("bob", i), "den")
			link := s.Link(testclient.As(fmt.Sprint("bob", i)))
			arrived[i], _ = link.WebSocket(w.Context(), path)
		})
		s.expectEnd("its ctx has ended, and all clients answer at once")
		for _, c := range arrived {
			if c != nil {
				c.ExpectClose(1001)
			}
		}
	})
}

// expectClosed fails unless a listener is closed.
func expectClosed(w *testclient.World, ln net.Listener) {
	w.Helper()
	done := make(chan struct{})
	go func() {
		defer close(done)
		if conn, err := ln.Accept(); err == nil {
			conn.Close()
		}
	}()
	select {
	case <-done:
	case <-time.After(time.Second):
		ln.Close() // so that the goroutine above ends
		w.Fatalf("Serve has returned, and its listener is still open")
	}
}

// frail is a listener that can fail.
type frail struct {
	net.Listener
	mu  sync.Mutex
	err error
}

// fail has Accept return an error from now on.
func (l *frail) fail(err error) {
	l.mu.Lock()
	l.err = err
	l.mu.Unlock()
	l.Listener.Close()
}

// Accept waits for a connection, or for fail.
func (l *frail) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	l.mu.Lock()
	defer l.mu.Unlock()
	if err != nil && l.err != nil {
		return nil, l.err
	}
	return conn, err
}
