package chat_test

import (
	"bufio"
	"crypto/tls"
	"io"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"wsworkshop/pkg/testclient"
	chat "wsworkshop/steps/13"
	"wsworkshop/steps/13/certs"
)

// secure is a Config with TLS, and the authority that vouches for it.
func secure(t *testing.T, cfg chat.Config) (chat.Config, *authority) {
	a := newAuthority(t)
	cfg.TLS = certs.ServerTLS(from(a.forHost(t, host)))
	return cfg, a
}

// Task 13.2 (12 points): The server speaks TLS, and the chat works over it as before.
//
// Rules: 13.f.
func TestChatOverTLS(t *testing.T) {
	cfg, a := secure(t, lasting)
	cfg.HeartbeatInterval, cfg.StaleAfter = 20*time.Second, 50*time.Second
	run(t, cfg, a.roots, func(w *testclient.World, s *server) {
		ana, bob := s.Join("ana", "den"), s.JoinEvents("bob", "den")
		ana.Hear("system bob joined")
		bob.Say("hello over TLS")
		ana.Hear("message hello over TLS")
		bob.Hear("message hello over TLS")
		w.Sleep(time.Hour)
		ana.Say("still here")
		bob.Hear("message still here")
		ana.Hear("message still here")
		s.end()
		ana.ExpectClose(1001)
		bob.ExpectEnd(1001, "the server stops")
	})
}

// Task 13.2: What is older than TLS 1.2 is refused.
//
// Rules: 13.g.
func TestOldTLSIsRefused(t *testing.T) {
	cfg, a := secure(t, lasting)
	run(t, cfg, a.roots, func(w *testclient.World, s *server) {
		for _, version := range []uint16{tls.VersionTLS12, tls.VersionTLS13} {
			client := &tls.Config{RootCAs: a.roots, ServerName: host, MinVersion: version, MaxVersion: version}
			if _, err := s.shake("ana", client); err != nil {
				w.Fatalf("a handshake with %s failed: %v", tls.VersionName(version), err)
			}
		}
		client := &tls.Config{RootCAs: a.roots, ServerName: host, MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS11}
		if conn, err := s.shake("bob", client); err == nil {
			w.Fatalf("a client that speaks nothing later than TLS 1.1 was let in with %s", tls.VersionName(conn.ConnectionState().Version))
		}
	})
}

// Task 13.2: A client that would like another protocol gets HTTP/1.1, or is refused.
//
// Rules: 13.h.
func TestHTTP1Alone(t *testing.T) {
	cfg, a := secure(t, lasting)
	run(t, cfg, a.roots, func(w *testclient.World, s *server) {
		client := &tls.Config{RootCAs: a.roots, ServerName: host, NextProtos: []string{"h2", "http/1.1"}}
		conn, err := s.shake("ana", client)
		require.NoError(w, err, "a handshake that offers h2 and http/1.1")
		if got := conn.ConnectionState().NegotiatedProtocol; got != "http/1.1" {
			w.Fatalf("a client that offers h2 and http/1.1 got %q, want http/1.1: there is no WebSocket over h2 here", got)
		}
		client.NextProtos = []string{"h2"}
		if conn, err := s.shake("bob", client); err == nil {
			w.Fatalf("a client that offers h2 alone was let in with %q", conn.ConnectionState().NegotiatedProtocol)
		}
		client.NextProtos = nil
		if _, err := s.shake("cleo", client); err != nil {
			w.Fatalf("a client that offers no protocol at all was refused: %v", err)
		}
	})
}

// Task 13.2: A client that stands still in the middle of its handshake delays nobody, and is disconnected.
//
// Rules: 13.i.
func TestSlowHandshakeDelaysNobody(t *testing.T) {
	cfg, a := secure(t, lasting)
	run(t, cfg, a.roots, func(w *testclient.World, s *server) {
		began := time.Now()
		slow, _ := s.dial("bob")
		slow.Write([]byte{22, 3, 1}) // the beginning of a TLS record
		w.Sleep(5 * time.Second)
		ana := s.Join("ana", "den")
		ana.Say("hello")
		ana.Hear("message hello")
		slow.SetReadDeadline(time.Now().Add(time.Minute))
		if _, err := io.ReadAll(slow); err != nil {
			w.Fatalf("bob began a handshake, and was still connected a minute later: %v", err)
		}
		if took := time.Since(began); took > 15*time.Second {
			w.Fatalf("bob began a handshake, and was disconnected after %v, want 15s at most", took)
		}
	})
}

// Task 13.2: Plain HTTP, where TLS is spoken, gets an answer in plain HTTP, or none; and without Config.TLS it is
// as it was.
//
// Rules: 13.f.
func TestPlainHTTPIsNotServed(t *testing.T) {
	cfg, a := secure(t, lasting)
	run(t, cfg, a.roots, func(w *testclient.World, s *server) {
		s.Join("ana", "den")
		conn, _ := s.dial("bob")
		conn.SetDeadline(time.Now().Add(time.Minute))
		io.WriteString(conn, "GET /rooms HTTP/1.1\r\nHost: 192.0.2.1\r\n\r\n")
		resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if err == nil && resp.StatusCode != http.StatusBadRequest {
			w.Fatalf("plain HTTP at a server with TLS was answered %s, want 400 or nothing", resp.Status)
		}
	})
	run(t, lasting, nil, func(w *testclient.World, s *server) {
		ana := s.Join("ana", "den")
		ana.Say("hello without TLS")
		ana.Hear("message hello without TLS")
	})
}

// Task 13.2: Over TLS too, a client that takes nothing is cut in time.
//
// Rules: 13.j.
func TestStalledClientIsCutOverTLS(t *testing.T) {
	cfg, a := secure(t, chat.Config{CloseTimeout: 30 * time.Second, WriteTimeout: 3 * time.Second})
	run(t, cfg, a.roots, func(w *testclient.World, s *server) {
		ana := s.Join("ana", "den")
		bob := s.Join("bob", "den", testclient.Buffer(2048))
		ana.Hear("system bob joined")
		bob.Stall()
		ana.Say(long(4096))
		ana.Hear("message " + long(4096))
		w.Note("the write to bob has WriteTimeout, 3s; then there is nothing to wait for")
		bob.ServerHungUp(4 * time.Second)
		ana.Hear("system bob left")
	})
}

// Task 13.2: So is one that takes nothing of its event stream, which net/http closes.
//
// Rules: 13.j.
func TestStalledStreamIsCutOverTLS(t *testing.T) {
	cfg, a := secure(t, chat.Config{CloseTimeout: 30 * time.Second, WriteTimeout: 3 * time.Second})
	run(t, cfg, a.roots, func(w *testclient.World, s *server) {
		ana := s.Join("ana", "den")
		bob := s.JoinEvents("bob", "den", testclient.Buffer(2048))
		ana.Hear("system bob joined")
		bob.Stall()
		ana.Say(long(4096))
		ana.Hear("message " + long(4096))
		w.Note("the write to bob has WriteTimeout, 3s; then there is nothing to wait for")
		bob.ServerHungUp(4 * time.Second)
		ana.Hear("system bob left")
	})
}

// Task 13.2: A stop takes no longer over TLS, whoever takes nothing.
//
// Rules: 13.j.
func TestStopOverTLSIsInTime(t *testing.T) {
	for _, c := range []struct {
		name            string
		write, shutdown time.Duration
	}{
		{"AtTheEndOfShutdownTimeout", 30 * time.Second, 2 * time.Second},
		{"AtTheEndOfWriteTimeout", 2 * time.Second, 30 * time.Second},
	} {
		t.Run(c.name, func(t *testing.T) {
			cfg, a := secure(t, chat.Config{CloseTimeout: 30 * time.Second, WriteTimeout: c.write, ShutdownTimeout: c.shutdown})
			run(t, cfg, a.roots, func(w *testclient.World, s *server) {
				ana := s.Join("ana", "den")
				bob := s.JoinEvents("bob", "den", testclient.Buffer(2048))
				ana.Hear("system bob joined")
				bob.Stall()
				ana.Say(long(4096))
				ana.Hear("message " + long(4096))
				w.Note("the ctx of Serve ends; the write to bob has %v, and the stop %v", c.write, c.shutdown)
				s.end()
				ana.ExpectClose(1001)
				select {
				case <-s.returned:
				case <-time.After(4 * time.Second):
					w.Lacks("", "Serve should have returned within 4s of the end of its ctx")
				}
			})
		})
	}
}
