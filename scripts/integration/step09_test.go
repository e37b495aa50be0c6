//go:build integration

package integration

import (
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"sync/atomic"
	"testing"
)

func TestStep09PageDoesWithoutWebSocket(t *testing.T) {
	ctx := start(t, "09")
	b := browser(t, ctx)
	s := serve(t, ctx, "09")
	office := withoutUpgrades(t, s)

	ana := join(t, b, "ana", "lobby", s.url)
	bob := open(t, b, "bob", office.url+"?client_id=bob&room_id=lobby")
	bob.hurry(60000, 3000)
	bob.click("#toggle")
	bob.expectJoined("lobby")
	bob.expectTransport("events")
	bob.say("hello from the office")
	ana.expect("received", "bob", "hello from the office")
	bob.expect("sent", "bob (you)", "hello from the office")
	ana.say("/msg bob just you")
	bob.expect("received direct", "ana → you", "just you")
	bob.look("step09-events")

	office.allowed.Store(true)
	bob.expectTransport("websocket")
	bob.say("and from a WebSocket")
	ana.expect("received", "bob", "and from a WebSocket")
	bob.expect("sent", "bob (you)", "and from a WebSocket")
	bob.expectInOrder("hello from the office", "just you", "and from a WebSocket")
	ana.expectInOrder("bob joined", "hello from the office", "and from a WebSocket")
	ana.lacks("bob left")
	bob.look("step09-websocket")
}

func TestStep09PageSaysThatItIsLost(t *testing.T) {
	ctx := start(t, "09")
	b := browser(t, ctx)
	s := serve(t, ctx, "09")
	network := through(t, s)

	bob := join(t, b, "bob", "lobby", network.url)
	network.cut()
	bob.expectBanner("Connection lost. Trying again; what is said meanwhile comes later.")
	bob.look("step09-disconnected")
	network.mend()
	bob.within(longestDelay).expectJoined("lobby")
	bob.expectBanner("")
}

func TestStep09RubbishEndsTheConnection(t *testing.T) {
	ctx := start(t, "09")
	b := browser(t, ctx)
	s := serve(t, ctx, "09")

	bob := join(t, b, "bob", "lobby", s.url)
	eval[bool](bob, `Array.from({ length: 30 }, (_, i) => client.send({ type: "nonsense", data: String(i) })).every(Boolean)`)
	bob.expectBanner("Not connected any more, and not trying again: Closed: 1008, policy violation (“too many bad messages”).")
	bob.look("step09-rubbish")
}

// office is a proxy that lets no WebSocket through unless it is allowed.
type office struct {
	url     string
	allowed atomic.Bool
}

// withoutUpgrades puts an office's proxy before a server. It ends with the test.
func withoutUpgrades(t *testing.T, s *server) *office {
	t.Helper()
	target, err := url.Parse(s.url)
	if err != nil {
		t.Fatal(err)
	}
	o := &office{}
	proxy := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(target)
		r.Out.Host = r.In.Host
		if !o.allowed.Load() {
			r.Out.Header.Del("Upgrade")
			r.Out.Header.Del("Connection")
		}
	}}
	server := httptest.NewServer(http.Handler(proxy))
	t.Cleanup(server.CloseClientConnections)
	t.Cleanup(server.Close)
	o.url = server.URL + "/"
	return o
}

// expectTransport waits until the page is connected in this way.
func (p *tab) expectTransport(want string) {
	p.t.Helper()
	p.wait(func() string {
		if got := eval[string](p, "client.transport"); got != want {
			return "its transport is " + got + ", want " + want
		}
		return ""
	})
}

// expectBanner waits until the page's banner has this text; "" means that there is none.
func (p *tab) expectBanner(want string) {
	p.t.Helper()
	p.wait(func() string {
		if got := eval[string](p, `document.querySelector("#banner").hidden ? "" : document.querySelector("#banner").textContent`); got != want {
			return "its banner says " + got + ", want " + want
		}
		return ""
	})
}
