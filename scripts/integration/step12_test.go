//go:build integration

package integration

import (
	"context"
	"encoding/base64"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// serveWithAdmin is serve with an address for operators.
func serveWithAdmin(t *testing.T, ctx context.Context, args ...string) (s *server, admin string) {
	t.Helper()
	addr := freeAddr(t)
	return serve(t, ctx, "12", append([]string{"-open", "-admin-addr", addr}, args...)...), "http://" + addr + "/"
}

// openDashboard opens the page for operators in a new tab, and waits until it is live.
func openDashboard(t *testing.T, browser context.Context, name, url string) *tab {
	t.Helper()
	p := openTab(t, browser, name, url)
	p.expectFeed("Live")
	return p
}

// expectFeed waits until the dashboard says so of its connection.
func (p *tab) expectFeed(want string) {
	p.t.Helper()
	p.wait(func() string {
		if got := p.text("#feed"); got != want {
			return "the dashboard says " + got + ", want " + want
		}
		return ""
	})
}

// expectShown waits until a part of the dashboard has some words.
func (p *tab) expectShown(selector, words string) {
	p.t.Helper()
	p.wait(func() string {
		if got := p.text(selector); !strings.Contains(got, words) {
			return selector + " shows " + got + ", want " + words
		}
		return ""
	})
}

// lookAtAll takes a screenshot in each of the looks. A dashboard may be longer than a screen, but not wider.
func (p *tab) lookAtAll(name string) {
	p.t.Helper()
	for _, l := range looks {
		p.run("look "+l.name, chromedp.EmulateViewport(l.width, l.height), scheme(l.scheme))
		time.Sleep(300 * time.Millisecond) // the charts follow the width
		p.shoot(name + "-" + l.name)
		if eval[bool](p, `document.documentElement.scrollWidth > innerWidth`) {
			p.t.Errorf("%s: the dashboard is wider than %d", p.name, l.width)
		}
	}
	p.run("look as before", chromedp.ResetViewport(), scheme(""))
}

func TestStep12DashboardIsLive(t *testing.T) {
	ctx := start(t, "12")
	b := browser(t, ctx)
	s, admin := serveWithAdmin(t, ctx, "-max-connections", "3", "-heartbeat", "1s", "-stale-after", "30s")
	one, two := openDashboard(t, b, "one", admin+"admin/"), openDashboard(t, b, "two", admin+"admin/")
	one.expectShown("#tiles", "0 / 3")

	ana := join(t, b, "ana", "lobby", s.url)
	hostile := `<img src=x onerror="document.title='run'">`
	if resp, err := http.Get(s.url + "events/" + url.PathEscape(hostile)); err != nil || resp.StatusCode != 400 {
		t.Fatalf("GET /events/%s: %v, %v", hostile, resp, err)
	}
	for _, p := range []*tab{one, two} {
		p.expectShown("#tiles", "1 / 3")
		p.expectShown("#rooms", "lobby")
	}
	ana.say("hello")
	ana.expect("sent", "ana (you)", "hello")
	one.expectShown("#rooms", "lobby	1	1")
	one.expectShown("#events", "connected")
	one.expectShown("#events", hostile)
	one.expectShown("#tiles", "ms") // a round trip
	one.lookAtAll("step12-dashboard")

	s.stop()
	one.expectFeed("No connection. Trying again…")
	time.Sleep(3 * time.Second) // a gap is a second at least
	s.start()
	one.within(longestDelay).expectFeed("Live")
	if !eval[bool](one, `feed.series[1].includes(null)`) {
		t.Error("the dashboard shows no gap where the server was away")
	}
	one.lookAtAll("step12-restarted")
}

// A person types a token as the password, once: the browser shows it for the page, its parts and its WebSocket.
func TestStep12DashboardWantsAToken(t *testing.T) {
	ctx := start(t, "12")
	b := browser(t, ctx)
	t.Setenv("CHAT_KEYS", `{"keys":[{"kid":"test","kty":"oct","k":"`+base64.RawURLEncoding.EncodeToString([]byte(strings.Repeat("k", 32)))+`"}]}`)
	addr := freeAddr(t)
	serve(t, ctx, "12", "-admin-addr", addr)
	token := tokenOf(t, ctx, "-roles", "operator")

	ask := func(token string) int {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+addr+"/metrics", nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Authorization", "Bearer "+token)
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		return resp.StatusCode
	}
	for _, row := range []struct {
		whose, token string
		want         int
	}{{"nobody", "", 401}, {"an operator", token, 200}, {"an admin", tokenOf(t, ctx, "-roles", "admin"), 403}} {
		if got := ask(row.token); got != row.want {
			t.Errorf("GET /metrics with the token of %s was answered %d, want %d", row.whose, got, row.want)
		}
	}
	openDashboard(t, b, "ops", "http://ops:"+token+"@"+addr+"/admin/").expectShown("#tiles", "0 / ")
}

// tokenOf makes a token with the tool of step 12.
func tokenOf(t *testing.T, ctx context.Context, args ...string) string {
	t.Helper()
	cmd := exec.CommandContext(ctx, "go", append([]string{"run", "./cmd/token", "-sub", "ops"}, args...)...)
	cmd.Dir, cmd.Env = root(t).SolutionDir("12"), append(os.Environ(), "GOWORK=off")
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go run ./cmd/token: %v", err)
	}
	return strings.TrimSpace(string(out))
}

func TestStep12PromtoolAgrees(t *testing.T) {
	ctx := start(t, "12")
	promtool, err := exec.LookPath("promtool")
	if err != nil {
		missing(t, "promtool", "scripts/setup-integration, or https://prometheus.io/download")
	}
	deploy := filepath.Join(root(t).SolutionDir("12"), "deploy")
	check := func(in io.Reader, args ...string) {
		t.Helper()
		cmd := exec.CommandContext(ctx, promtool, append([]string{"check"}, args...)...)
		cmd.Stdin = in
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("promtool check %s: %v\n%s", strings.Join(args, " "), err, out)
		}
	}
	check(nil, "rules", filepath.Join(deploy, "alerts.yml"))
	check(nil, "config", "--syntax-only", filepath.Join(deploy, "prometheus.yml")) // its token is not here

	_, admin := serveWithAdmin(t, ctx)
	body := bodyOf(t, admin+"metrics")
	if !strings.Contains(body, "chat_connections") {
		t.Errorf("GET /metrics has no chat_connections")
	}
	check(strings.NewReader(body), "metrics")
}
