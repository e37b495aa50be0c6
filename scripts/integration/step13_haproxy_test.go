//go:build integration

package integration

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"testing"
	"time"
)

func TestStep13HAProxy(t *testing.T) {
	ctx := start(t, "13")
	findProgram(t, "haproxy")
	one := instance(t, ctx, "-heartbeat", "1s", "-stale-after", "20s")
	two := instance(t, ctx, "-heartbeat", "1s", "-stale-after", "20s")
	certbot := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {}))
	t.Cleanup(certbot.Close)
	d := newDeployment(t, ctx)
	cert, err := os.ReadFile(d.file("cert.pem"))
	if err != nil {
		t.Fatal(err)
	}
	key, err := os.ReadFile(d.file("key.pem"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(d.file("both.pem"), append(cert, key...), 0o600); err != nil {
		t.Fatal(err)
	}
	conf := d.configure("haproxy.cfg", map[string]string{
		"log /dev/log local0":               "",
		"user haproxy":                      "",
		"group haproxy":                     "",
		"/etc/haproxy/chat.example.org.pem": d.file("both.pem"),
		"bind :80":                          "bind " + d.plain,
		"bind :443":                         "bind " + d.secure,
		"127.0.0.1:8081":                    one.addr,
		"127.0.0.1:8082":                    two.addr,
		"127.0.0.1:8888":                    certbot.Listener.Addr().String(),
		"timeout tunnel 2m":                 "timeout tunnel 3s",
		"maxconn 20000":                     "maxconn 400",
	})
	runProgram(t, ctx, "haproxy", nil, "-db", "-f", conf)
	d.await()

	resp := d.get("http://"+d.plain+"/rooms?x=1", http.StatusPermanentRedirect)
	if got := resp.Header.Get("Location"); got != "https://127.0.0.1/rooms?x=1" {
		t.Fatalf("plain HTTP leads to %q", got)
	}
	d.get("http://"+d.plain+"/.well-known/acme-challenge/abc", http.StatusOK)
	if got := d.get("https://"+d.secure+"/nothing-here", http.StatusNotFound).Header.Get("Strict-Transport-Security"); got == "" {
		t.Fatal("a 404 over https has no Strict-Transport-Security")
	}

	var clients []*chatter
	for i := range 8 {
		clients = append(clients, d.join(fmt.Sprint("client", i), ""))
	}
	time.Sleep(5 * time.Second)
	for _, c := range clients {
		if c.hasEnded() {
			t.Fatal("a quiet connection has ended: timeout tunnel was 3s, and there is a heartbeat each second")
		}
	}
	if again := d.join("client0", clients[0].session); !again.welcome.Resumed {
		t.Fatal("client0 came back through HAProxy, and its session was not resumed: it reached the other instance")
	}

	t.Log("an instance ends: its clients are welcome at the other one")
	one.stop()
	eventually(t, 20*time.Second, "all clients are back", func() bool {
		for i := range 8 {
			if _, err := d.tryJoin(fmt.Sprint("client", i), clients[i].session); err != nil {
				return false
			}
		}
		return true
	})

	t.Log("without any instance, HAProxy itself answers")
	two.stop()
	eventually(t, 20*time.Second, "503 over https, with Strict-Transport-Security", func() bool {
		resp, err := d.client().Get("https://" + d.secure + "/")
		if err != nil {
			return false
		}
		resp.Body.Close()
		return resp.StatusCode == http.StatusServiceUnavailable && resp.Header.Get("Strict-Transport-Security") != ""
	})
}
