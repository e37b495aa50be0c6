//go:build integration

package integration

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"
)

// quick are the words of deploy/nginx.conf that make a test wait for minutes, and others in their place.
func (d *deployment) nginxWords(one, two string) map[string]string {
	return map[string]string{
		"user www-data;":     "daemon off; user root;",
		"/run/nginx.pid":     d.file("nginx.pid"),
		"/var/log/nginx":     d.dir,
		"include mime.types": "client_body_temp_path " + d.dir + "; proxy_temp_path " + d.dir + "; include /etc/nginx/mime.types",
		"/etc/letsencrypt/live/chat.example.org/fullchain.pem": d.file("cert.pem"),
		"/etc/letsencrypt/live/chat.example.org/privkey.pem":   d.file("key.pem"),
		"listen 80;":                 "listen " + d.plain + ";",
		"listen 443 ssl;":            "listen " + d.secure + " ssl;",
		"listen [::]:80;":            "",
		"listen [::]:443 ssl;":       "",
		"127.0.0.1:8081":             one,
		"127.0.0.1:8082":             two,
		"/var/www/html":              d.dir,
		"proxy_read_timeout 2m":      "proxy_read_timeout 3s",
		"worker_shutdown_timeout 2m": "worker_shutdown_timeout 3s",
		"worker_processes auto":      "worker_processes 1",
		"worker_rlimit_nofile 65536": "worker_rlimit_nofile 4096",
		"worker_connections 20480":   "worker_connections 1024",
	}
}

// nginx runs nginx with the step's configuration before two instances.
func nginx(t *testing.T, ctx context.Context, one, two string) (*deployment, *program) {
	t.Helper()
	findProgram(t, "nginx")
	d := newDeployment(t, ctx)
	conf := d.configure("nginx.conf", d.nginxWords(one, two))
	return d, runProgram(t, ctx, "nginx", nil, "-p", d.dir, "-c", conf, "-e", d.file("error.log"))
}

func TestStep13Nginx(t *testing.T) {
	ctx := start(t, "13")
	findProgram(t, "nginx")
	one := instance(t, ctx, "-heartbeat", "1s", "-stale-after", "20s")
	two := instance(t, ctx, "-heartbeat", "1s", "-stale-after", "20s")
	d, proxy := nginx(t, ctx, one.addr, two.addr)
	d.await()

	t.Log("plain HTTP is sent to https, but for the authority's questions")
	resp := d.get("http://"+d.plain+"/rooms?x=1", http.StatusPermanentRedirect)
	if got := resp.Header.Get("Location"); got != "https://127.0.0.1/rooms?x=1" {
		t.Fatalf("plain HTTP leads to %q", got)
	}
	if err := os.MkdirAll(d.file(".well-known/acme-challenge"), 0o755); err != nil {
		t.Fatal(err)
	}
	os.WriteFile(d.file(".well-known/acme-challenge/abc"), []byte("proof"), 0o644)
	os.Chmod(d.dir, 0o755)
	d.get("http://"+d.plain+"/.well-known/acme-challenge/abc", http.StatusOK)
	if got := d.get("https://"+d.secure+"/nothing-here", http.StatusNotFound).Header.Get("Strict-Transport-Security"); got == "" {
		t.Fatal("a 404 over https has no Strict-Transport-Security")
	}

	t.Log("a connection that is quiet outlives nginx's timeout, because the server sends heartbeats")
	var clients []*chatter
	for i := range 8 {
		c := d.join(fmt.Sprint("client", i), "")
		clients = append(clients, c)
	}
	time.Sleep(5 * time.Second)
	for _, c := range clients {
		if c.hasEnded() {
			t.Fatal("a quiet connection has ended: nginx's timeout was 3s, and there is a heartbeat each second")
		}
	}

	t.Log("a session is found again, whatever the instance")
	again := d.join("client0", clients[0].session)
	if !again.welcome.Resumed {
		t.Fatal("client0 came back through nginx, and its session was not resumed: it reached the other instance")
	}

	t.Log("a reload drops nobody at once, and ends the old worker in time")
	old := children(t, proxy.Pid)
	proxy.Signal(syscall.SIGHUP)
	time.Sleep(time.Second)
	again.say("still here after the reload")
	if now := children(t, proxy.Pid); len(now) <= len(old) {
		t.Fatalf("nginx has the workers %v after the reload, %v before: was there a new one?", now, old)
	}
	eventually(t, 10*time.Second, "the old worker has ended", func() bool { return len(children(t, proxy.Pid)) == len(old) })

	t.Log("an instance ends: its clients are welcome at the other one")
	one.stop()
	for i := range 8 {
		c := d.join(fmt.Sprint("client", i), clients[i].session)
		c.say(fmt.Sprint("here again ", i))
	}
}

func TestStep13NginxTellsWhoAsks(t *testing.T) {
	ctx := start(t, "13")
	requests := make(chan *http.Request, 10)
	backend := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { requests <- r }))
	t.Cleanup(backend.Close)
	addr := backend.Listener.Addr().String()
	d, _ := nginx(t, ctx, addr, addr)
	d.await()
	<-requests
	for _, path := range []string{"/rooms", "/ws/ana", "/events/ana"} {
		req, err := http.NewRequestWithContext(ctx, "GET", "https://"+d.secure+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("X-Forwarded-For", "203.0.113.9")
		req.Header.Set("X-Forwarded-Proto", "gopher")
		resp, err := d.client().Do(req)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		got := <-requests
		if h := got.Header; !strings.HasSuffix(h.Get("X-Forwarded-For"), "127.0.0.1") || h.Get("X-Forwarded-Proto") != "https" || got.Host != d.secure || h.Get("Upgrade") != "" {
			t.Fatalf("GET %s reached the server with Host %q and %v", path, got.Host, h)
		}
	}
}

func TestStep13NginxTriesTheNextInstance(t *testing.T) {
	ctx := start(t, "13")
	draining := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.Error(w, "draining", http.StatusServiceUnavailable)
	}))
	t.Cleanup(draining.Close)
	s := instance(t, ctx)
	d, _ := nginx(t, ctx, draining.Listener.Addr().String(), s.addr)
	d.await()
	for i := range 8 {
		d.join(fmt.Sprint("client", i), "").say("hello")
	}
}

// children are the processes that a process has started. Linux tells it.
func children(t *testing.T, pid int) []string {
	t.Helper()
	data, err := os.ReadFile(fmt.Sprintf("/proc/%d/task/%d/children", pid, pid))
	if err != nil {
		t.Skipf("this needs Linux: %v", err)
	}
	return strings.Fields(string(data))
}
