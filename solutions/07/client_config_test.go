package chat_test

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"wsworkshop/pkg/chattest"
	"wsworkshop/pkg/testclient"
	"wsworkshop/solutions/07/client"
)

// Task 7.8: New returns an error for a Config that could never connect, and the error tells no password.
//
// Rules: 7.gi.
func TestClientConfigThatCannotWork(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		const fine = "ws://192.0.2.1/ws/bob"
		for _, address := range []string{
			"", "192.0.2.1/ws/bob", "http://192.0.2.1/ws/bob", "ws:///ws/bob", "ws://:8080/ws/bob", "ws://192.0.2.1:/ws/bob",
			"ws://192.0.2.1:0/ws/bob", "ws://192.0.2.1:65536/ws/bob", "ws://192.0.2.1:99999/ws/bob", "ws://192.0.2.1:x/ws/bob",
			"ws://bob@192.0.2.1/ws/bob", "wss://bob:s3cret@192.0.2.1/ws/bob", "wss://bob:s3cret@192.0.2.1:x/ws/bob",
		} {
			_, err := client.New(client.Config{URL: address})
			if err == nil {
				w.Fatalf("client.New accepts the URL %q, want an error: no attempt could ever connect", address)
			}
			if strings.Contains(err.Error(), "s3cret") {
				w.Fatalf("client.New returned %q for a URL with a password, which does not belong into errors and logs", err)
			}
		}
		for _, key := range []string{"Upgrade", "Connection", "Sec-WebSocket-Key", "Sec-WebSocket-Version", "Sec-WebSocket-Extensions"} {
			header := http.Header{}
			header.Set(key, "x")
			if _, err := client.New(client.Config{URL: fine, Header: header}); err == nil {
				w.Fatalf("client.New accepts a Header with %s, want an error: the handshake has that itself, and gorilla refuses each attempt", key)
			}
		}
		for field, cfg := range map[string]client.Config{
			"BaseDelay":   {URL: fine, BaseDelay: -1},
			"MaxDelay":    {URL: fine, MaxDelay: -1},
			"MaxAttempts": {URL: fine, MaxAttempts: -1},
			"StableAfter": {URL: fine, StableAfter: -1},
			"IdleTimeout": {URL: fine, IdleTimeout: -1},
		} {
			if _, err := client.New(cfg); err == nil {
				w.Fatalf("client.New accepts a Config with %s -1, want an error", field)
			}
		}
		header := http.Header{"Authorization": {"Bearer x"}}
		for _, address := range []string{fine, "ws://192.0.2.1:65535", "wss://[2001:db8::1]:1/ws/bob?room_id=den", "WS://localhost/ws/bob"} {
			if _, err := client.New(client.Config{URL: address, Header: header}); err != nil {
				w.Fatalf("client.New(%q) returned %v, want a client", address, err)
			}
		}
	})
}

// Task 7.8: The client does not try again after a certificate that does not hold.
//
// Rules: 7.gb, 7.gc.
func TestClientStopsAtACertificateThatDoesNotHold(t *testing.T) {
	for _, c := range []struct {
		what   string
		config *tls.Config
	}{
		{"comes from nobody whom the client trusts", &tls.Config{}},
		{"expired years ago", &tls.Config{Time: func() time.Time { return time.Date(2099, 1, 1, 0, 0, 0, 0, time.UTC) }}},
		{"is of another host", &tls.Config{ServerName: "chat.example.com"}},
	} {
		testclient.Run(t, func(w *testclient.World) {
			h := chattest.NewHost(w)
			c.config.RootCAs = x509.NewCertPool()
			dialer := &websocket.Dialer{TLSClientConfig: c.config}
			r := runClient(w, w.Serve(h, testclient.TLS()), client.Config{Jitter: steady(0), Dialer: dialer})
			w.Sleep(time.Second)
			err := r.returned("the server's certificate " + c.what + ", which forbids another attempt")
			expectGaveUp(w, err)
			if _, ok := errors.AsType[*tls.CertificateVerificationError](err); !ok {
				w.Fatalf("Run returned %v, want an error in which errors.As also finds the reason: a *tls.CertificateVerificationError", err)
			}
		})
	}
}
