package chat_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/stretchr/testify/require"

	"wsworkshop/pkg/testclient"
	"wsworkshop/solutions/13/certs"
	"wsworkshop/solutions/13/client"
)

// dialing is a client under test, called bob, that tries to connect.
type dialing struct {
	w    *testclient.World
	link *testclient.Link
	done chan error // what Run has returned
}

// serveTLS is a server at a listener below TLS. handle gets each connection, in a goroutine of its own.
func serveTLS(w *testclient.World, handle func(net.Conn)) *testclient.Server {
	ln := w.Listen()
	s := w.At(ln)
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			conn, err := ln.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				handle(conn)
			}()
		}
	}()
	s.Cleanup("the listener", func() {
		ln.Close()
		<-done
	})
	return s
}

// shakeOnly has a server make a TLS handshake, and nothing more.
func shakeOnly(cfg *tls.Config) func(net.Conn) {
	return func(conn net.Conn) {
		conn.SetDeadline(time.Now().Add(time.Second))
		secure := tls.Server(conn, cfg)
		if secure.Handshake() == nil {
			secure.Read(make([]byte, 1))
			secure.Close()
		}
	}
}

// refuseClient has a server make handshakes in a version with clients that have certificates. It reads on after
// a refusal, so that the alert is not lost.
func refuseClient(good certs.Source, version uint16) func(net.Conn) {
	cfg := &tls.Config{GetCertificate: good, ClientAuth: tls.RequireAndVerifyClientCert, MinVersion: version, MaxVersion: version}
	return func(conn net.Conn) {
		conn.SetDeadline(time.Now().Add(time.Second))
		tls.Server(conn, cfg).Handshake()
		io.Copy(io.Discard, conn)
	}
}

// connect has bob connect to a server, as chat.test.
func connect(w *testclient.World, s *testclient.Server, roots *x509.CertPool) *dialing {
	d := &dialing{w: w, link: s.Link(testclient.As("bob")), done: make(chan error, 1)}
	cfg := client.Config{
		URL:       "wss://chat.test/ws/bob",
		Dialer:    &websocket.Dialer{NetDialContext: d.link.DialContext, TLSClientConfig: &tls.Config{RootCAs: roots}, HandshakeTimeout: 5 * time.Second},
		BaseDelay: time.Second, MaxDelay: time.Second,
		Jitter: func() float64 { return 0 },
	}
	c, err := client.New(cfg)
	require.NoError(w, err, "client.New")
	ctx, end := context.WithCancel(context.Background())
	stopped := make(chan struct{})
	go func() {
		defer close(stopped)
		d.done <- c.Run(ctx)
	}()
	w.Cleanup(func() {
		end()
		<-stopped
	})
	return d
}

// expectStop fails unless Run returns after one attempt, and says why.
func (d *dialing) expectStop(why string) error {
	d.w.Helper()
	select {
	case err := <-d.done:
		d.w.Note("Run returned: %v", err)
		if !errors.Is(err, client.ErrGaveUp) || !errors.Is(err, client.ErrTLS) {
			d.w.Fatalf("Run returned %v, want an error that is ErrGaveUp and ErrTLS: %s", err, why)
		}
		if n := len(d.link.Dials()); n != 1 {
			d.w.Fatalf("the client tried %d times, want once: %s", n, why)
		}
		return err
	case <-time.After(10 * time.Second):
		d.w.Fatalf("Run has not returned after 10s and %d attempts: %s", len(d.link.Dials()), why)
		return nil
	}
}

// expectRetry fails if Run does not try again.
func (d *dialing) expectRetry(why string) {
	d.w.Helper()
	d.w.Sleep(30 * time.Second)
	select {
	case err := <-d.done:
		d.w.Fatalf("Run returned %v, and should have tried again: %s", err, why)
	default:
	}
	if n := len(d.link.Dials()); n < 3 {
		d.w.Fatalf("the client tried %d times in 30s, want 3 or more: %s", n, why)
	}
}

// Task 13.7 (9 points): The client tries no second time when TLS would fail in the same way again.
//
// Rules: 13.z.
func TestClientStopsWhenTLSFailsForGood(t *testing.T) {
	a := newAuthority(t)
	last := [2]time.Time{time.Date(1990, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(1999, 1, 1, 0, 0, 0, 0, time.UTC)}
	expired, err := tls.X509KeyPair(a.issue(t, 3, "chat.test", last))
	require.NoError(t, err)
	good := from(a.forHost(t, "chat.test"))
	for _, c := range []struct {
		name   string
		why    string
		handle func(net.Conn)
	}{
		{"Expired", "the certificate was valid until 1999", shakeOnly(&tls.Config{GetCertificate: from(&expired)})},
		{"OtherName", "the certificate is for evil.test", shakeOnly(&tls.Config{GetCertificate: from(a.forHost(t, "evil.test"))})},
		{"OtherAuthority", "nobody trusts the authority", shakeOnly(&tls.Config{GetCertificate: from(newAuthority(t).forHost(t, "chat.test"))})},
		{"OldVersion", "the server speaks TLS 1.1", shakeOnly(&tls.Config{GetCertificate: good, MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS11})},
		{"NoTLS", "the server speaks no TLS", func(conn net.Conn) {
			conn.Read(make([]byte, 1024))
			conn.Write([]byte("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n"))
		}},
		{"Refused", "the server refuses the client's TLS", func(conn net.Conn) {
			conn.Read(make([]byte, 1024))
			conn.Write([]byte{21, 3, 3, 0, 2, 2, 70}) // an alert: protocol_version
		}},
		{"Nonsense", "the server's answer is no handshake", func(conn net.Conn) {
			conn.Read(make([]byte, 1024))
			conn.Write([]byte{22, 3, 3, 0, 4, 2, 0, 0, 0}) // a ServerHello with nothing in it
			conn.Read(make([]byte, 1024))                  // the client's alert
		}},
		{"NoClientCertificate", "the server wants a certificate of the client's, and says so when the handshake is over", refuseClient(good, tls.VersionTLS13)},
		{"NoClientCertificate12", "the server wants a certificate of the client's", refuseClient(good, tls.VersionTLS12)},
		{"UnknownName", "the server does not know chat.test", func(conn net.Conn) {
			conn.Read(make([]byte, 1024))
			conn.Write([]byte{21, 3, 3, 0, 2, 2, 112}) // an alert: unrecognized_name
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			testclient.Run(t, func(w *testclient.World) {
				err := connect(w, serveTLS(w, c.handle), a.roots).expectStop(c.why)
				if c.name == "Expired" {
					if _, ok := errors.AsType[*tls.CertificateVerificationError](err); !ok {
						w.Fatalf("Run returned %v, in which errors.As should find the *tls.CertificateVerificationError", err)
					}
				}
			})
		})
	}
}

// Task 13.7: The client tries again when the next TLS handshake may succeed.
//
// Rules: 13.aa.
func TestClientTriesTLSAgain(t *testing.T) {
	for _, c := range []struct {
		name   string
		why    string
		handle func(net.Conn)
	}{
		{"Lost", "the connection was lost in the middle of the handshake", func(conn net.Conn) {
			conn.Read(make([]byte, 1024))
			conn.Write([]byte{22, 3, 3, 0, 90, 2}) // the beginning of an answer
		}},
		{"LostAtOnce", "the connection was lost before any answer", func(conn net.Conn) { conn.Read(make([]byte, 1024)) }},
		{"Silent", "the server did not answer in time", func(conn net.Conn) {
			conn.SetReadDeadline(time.Now().Add(time.Minute))
			for {
				if _, err := conn.Read(make([]byte, 1024)); err != nil {
					return
				}
			}
		}},
		{"NoCertificateYet", "the server has no certificate yet, which it tells by internal_error", shakeOnly(&tls.Config{
			GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return nil, errors.New("not yet") }})},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := newAuthority(t)
			testclient.Run(t, func(w *testclient.World) {
				connect(w, serveTLS(w, c.handle), a.roots).expectRetry(c.why)
			})
		})
	}
}

// Task 13.7: What was lost after the TLS handshake has nothing to do with TLS; and a good certificate later is as good.
//
// Rules: 13.aa.
func TestClientConnectsOnceTLSWorks(t *testing.T) {
	a := newAuthority(t)
	good := a.forHost(t, "chat.test")
	testclient.Run(t, func(w *testclient.World) {
		var ready atomic.Bool
		cfg := &tls.Config{GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) {
			if !ready.Load() {
				return nil, errors.New("not yet")
			}
			return good, nil
		}}
		shaken := make(chan struct{}, 100)
		s := serveTLS(w, func(conn net.Conn) {
			secure := tls.Server(conn, cfg)
			conn.SetDeadline(time.Now().Add(time.Second))
			if secure.Handshake() != nil {
				return
			}
			shaken <- struct{}{}
			secure.Read(make([]byte, 1024)) // the request, and then nothing
		})
		d := connect(w, s, a.roots)
		d.expectRetry("the server has no certificate yet")
		ready.Store(true)
		d.expectRetry("connections are lost after their TLS handshake")
		if len(shaken) == 0 {
			w.Fatalf("the server has a certificate, and the client has not made a handshake in 30s")
		}
	})
}
