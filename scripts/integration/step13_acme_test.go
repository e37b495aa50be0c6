//go:build integration

package integration

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"
)

func TestStep13ServesHTTPS(t *testing.T) {
	ctx := start(t, "13")
	d := newDeployment(t, ctx)
	runServer(t, d, "-tls-cert", d.file("cert.pem"), "-tls-key", d.file("key.pem"), "-hsts", "1h")
	d.await()
	d.join("ana", "").say("hello over wss")
	resp := d.get("http://"+d.plain+"/rooms", http.StatusPermanentRedirect)
	if got, want := resp.Header.Get("Location"), "https://127.0.0.1:"+port(d.secure)+"/rooms"; got != want {
		t.Fatalf("plain HTTP leads to %q, want %q", got, want)
	}
}

// runServer runs the server of the step, with TLS.
func runServer(t *testing.T, d *deployment, args ...string) *program {
	t.Helper()
	all := append([]string{"-open", "-admin-addr", "", "-addr", d.secure, "-plain-addr", d.plain}, args...)
	return runProgram(t, d.ctx, build(t, d.ctx, "13"), nil, all...)
}

// TestStep13ACME has the server get a certificate from pebble, Let's Encrypt's small authority for tests.
// It refuses a part of all requests, because clients have to try again.
func TestStep13ACME(t *testing.T) {
	ctx := start(t, "13")
	findProgram(t, "pebble")
	findProgram(t, "pebble-challtestsrv")
	for _, challenge := range []string{"tls-alpn-01", "http-01"} {
		t.Run(challenge, func(t *testing.T) {
			d := newDeployment(t, ctx)
			directory, management, dns := freeAddr(t), freeAddr(t), freeAddr(t)
			tlsPort, plainPort := port(d.secure), port(d.plain)
			if challenge == "http-01" {
				tlsPort = port(freeAddr(t)) // nobody is there, so the authority can prove nothing over TLS
			}
			config := map[string]any{"pebble": map[string]any{
				"listenAddress": directory, "managementListenAddress": management,
				"certificate": d.file("cert.pem"), "privateKey": d.file("key.pem"),
				"httpPort": number(t, plainPort), "tlsPort": number(t, tlsPort),
			}}
			data, _ := json.Marshal(config)
			os.WriteFile(d.file("pebble.json"), data, 0o600)
			runProgram(t, ctx, "pebble-challtestsrv", nil, "-defaultIPv4", "127.0.0.1", "-defaultIPv6", "",
				"-dnsserver", dns, "-management", freeAddr(t), "-http01", "", "-https01", "", "-tlsalpn01", "", "-doh", "")
			runProgram(t, ctx, "pebble", []string{"PEBBLE_VA_NOSLEEP=1", "PEBBLE_WFE_NONCEREJECT=15"},
				"-config", d.file("pebble.json"), "-dnsserver", dns)

			eventually(t, 20*time.Second, "pebble listens", func() bool { return reachable(directory) && reachable(dns) })

			runServer(t, d, "-acme-hosts", "chat.test", "-acme-dir", d.file("acme"),
				"-acme-directory", "https://"+directory+"/dir", "-acme-roots", d.file("ca.pem"))
			var issuer string
			eventually(t, 30*time.Second, "a certificate from pebble", func() bool {
				cert, err := d.certificate("chat.test")
				if err == nil {
					issuer = cert.Issuer.CommonName
				}
				return err == nil
			})
			t.Logf("the certificate comes from %q", issuer)
			if kept, _ := filepath.Glob(d.file("acme/chat.test*")); len(kept) == 0 {
				t.Fatal("nothing is kept in -acme-dir")
			}
			if _, err := d.certificate("evil.test"); err == nil {
				t.Fatal("the server has a certificate for evil.test")
			}
			d.get("http://"+d.plain+"/rooms", http.StatusMisdirectedRequest)
		})
	}
}
