package testpage

import (
	"context"
	"math/rand/v2"
	"net/http"
	"path"
	"strings"
	"time"

	"github.com/grafana/sobek"

	"wsworkshop/pkg/testclient"
	"wsworkshop/pkg/testclient/program"
)

// patience is how long an expectation waits, in virtual time, if not told otherwise.
const patience = time.Second

// Page is a page that a browser has open, without its document: a script's globals, its
// timers and its connections to the server. Its methods are for the goroutine of the test.
type Page struct {
	*tab
	patience time.Duration
}

// tab is what all that Within returns share.
type tab struct {
	w    *testclient.World
	s    *testclient.Server
	link *testclient.Link
	loop *loop
	ctx  context.Context // ends with the page
	file string          // the script, as the learner knows it
	text string          // what is in it

	loaded []string // further scripts

	sockets []*socket // the loop's
	source  *stream   // the latest one, nil before; the loop's
	nested  int       // how deep the timer that runs was set by others; the loop's
}

// Open opens a page of the server s and runs the script at a path of that server in it, as
// a browser does, who fetches the script first. It is called "page" in the timeline, unless
// [testclient.As] says otherwise; options count for all that the page asks of the server.
//
// The page ends with the test.
func Open(w *testclient.World, s *testclient.Server, script string, opts ...testclient.DialOption) *Page {
	as := append(browsers(s), opts...)
	ctx, cancel := context.WithCancel(w.Context())
	t := &tab{w: w, s: s, link: s.Link(as...), ctx: ctx, file: path.Join("web", script)}
	t.text = t.fetchScript(script)
	t.loop = newLoop(t)
	program.Watch(w, t.loop.spin.look)
	w.Cleanup(func() {
		cancel()
		t.loop.end()
	})
	p := &Page{t, patience}
	p.do(t.install)
	p.script(script, t.text)
	return p
}

// browsers are the headers that browsers set and the client of a test does not.
func browsers(s *testclient.Server) []testclient.DialOption {
	_, host, _ := strings.Cut(s.URL(), "://")
	return []testclient.DialOption{
		testclient.As("page"), testclient.Header("Origin", s.URL()), testclient.Header("Host", host),
	}
}

// fetchScript gets the script from the server, and fails the test if it is not there.
func (t *tab) fetchScript(script string) string {
	ctx, cancel := context.WithTimeout(t.ctx, patience)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, t.s.URL()+script, nil)
	if err != nil {
		t.w.Fatalf("GET %s: %v", script, err)
	}
	resp, err := t.link.Fetch(ctx, req)
	switch {
	case err != nil:
		t.w.Fatalf("GET %s should have been answered within %v; the page needs its script from there (%v).", script, patience, err)
	case resp.Status != http.StatusOK:
		t.w.Fatalf("GET %s was answered %d %s; the page needs its script from there.",
			script, resp.Status, http.StatusText(resp.Status))
	}
	if kind := resp.Header.Get("Content-Type"); !strings.Contains(kind, "javascript") {
		t.w.Fatalf("GET %s was answered with Content-Type %q; the page needs a script from there, text/javascript.", script, kind)
	}
	return string(resp.Body)
}

// script runs the page's own script.
func (p *Page) script(name, source string) {
	program, err := sobek.Compile(strings.TrimPrefix(name, "/"), source, false)
	if err != nil {
		p.do(func() { p.syntaxError(err) })
		return
	}
	p.do(func() {
		if _, err := p.loop.vm.RunProgram(program); err != nil {
			p.uncaught(theScript, err)
		}
	})
}

// Load runs another script of the server in the page, as if the document named it after the first. A
// failure of the test's that is not at a line is still told of the first.
func (p *Page) Load(script string) {
	p.loaded = append(p.loaded, path.Join("web", script))
	p.script(script, p.fetchScript(script))
}

// Within returns the same page with another patience: the time, a second if nothing else is
// said, within which what is awaited must happen.
func (p *Page) Within(d time.Duration) *Page { return &Page{p.tab, d} }

// Name returns the name that the timeline uses.
func (p *Page) Name() string { return p.link.Name() }

// Client returns the connection of the page's latest WebSocket, to be cut, stalled or
// swallowed. What it brings is the page's: ask the page for it. The test fails when there is
// none, or the server has not answered the handshake yet.
func (p *Page) Client() *testclient.Client {
	var c *testclient.Client
	p.do(func() {
		if n := len(p.sockets); n > 0 && !p.sockets[n-1].over {
			c = p.sockets[n-1].client
		}
	})
	if c == nil {
		p.w.Fatalf("%s has no open WebSocket, so the test cannot do anything to it", p.Name())
	}
	return c
}

// Dials returns when, since the test began, the page began each handshake for a WebSocket,
// those that were refused too.
func (p *Page) Dials() []time.Duration { return p.link.Dials() }

// Stream returns the connection of the page's latest EventSource, as [Page.Client] does for
// WebSockets. The test fails when there is none, when it has ended, or when the server has not
// answered yet.
func (p *Page) Stream() *testclient.Client {
	var c *testclient.Client
	p.do(func() {
		if p.source != nil && !p.source.over {
			c = p.source.client
		}
	})
	if c == nil {
		p.w.Fatalf("%s has no open event stream, so the test cannot do anything to it", p.Name())
	}
	return c
}

// Streams returns when, since the test began, the page asked for each event stream: each new
// EventSource, and each time that one reconnects, those that were refused too.
func (p *Page) Streams() []time.Duration { return p.link.Streams() }

// Down closes the server's port for this page, or opens it again: while it is down, what the
// page asks of the server is refused. A connection that there is stays; see
// [testclient.Client.Cut].
func (p *Page) Down(down bool) { p.link.Down(down) }

// randomness is a source that gives the same numbers in each run.
func randomness() sobek.RandSource {
	return rand.New(rand.NewPCG(6455, 2011)).Float64
}
