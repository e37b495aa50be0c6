package testclient

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"sync"
	"syscall"
	"time"
)

// Link is one program's own way to the server: its address, its name in the timeline, and
// what is done to it. It is for programs that connect by themselves, and again, such as a Go
// client under test; [Server.Dial] is for clients that the test plays.
//
//	link := s.Link(testclient.As("bob"))
//	dialer := websocket.Dialer{NetDialContext: link.DialContext}
//
// Dials, refusals, ends and the frames that pass are in the timeline, frames only where
// there is no TLS. Its methods may be called by any goroutine.
type Link struct {
	s *Server
	d *dialing

	mu      sync.Mutex // guards what follows
	down    bool
	dials   []time.Duration
	streams []time.Duration
	last    *conn // the latest connection
}

// Link makes a way to the server. Options that change a request count only where the Link
// itself makes one.
func (s *Server) Link(opts ...DialOption) *Link { return &Link{s: s, d: s.options(opts)} }

// Name returns the name that the timeline uses.
func (l *Link) Name() string { return l.d.name }

// Addr returns the address from which the latest connection came, as the server sees it,
// nil if there was none. It is known as soon as the connection is: a handshake may still be
// under way.
func (l *Link) Addr() net.Addr {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.last == nil {
		return nil
	}
	return l.last.local
}

// Dials returns when, since the test began, each attempt to connect was made, those that
// were refused too. Event streams are not among them; see [Link.Streams].
func (l *Link) Dials() []time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.dials)
}

// Down closes the server's port for this program, or opens it again: while it is down,
// attempts to connect are refused. Connections that there are stay; see [Link.Cut].
func (l *Link) Down(down bool) {
	l.mu.Lock()
	l.down = down
	l.mu.Unlock()
	if down {
		l.s.w.event(l.d.name, "    (the server's port is closed from now on)")
		return
	}
	l.s.w.event(l.d.name, "    (the server's port is open again)")
}

// Cut ends the latest connection without a close frame, for both sides.
func (l *Link) Cut() {
	c := l.latest("Cut")
	l.s.w.event(l.d.name, "──▶ (the connection is cut)")
	c.sever()
}

// Reset ends the latest connection with a reset, for both sides: their reads and writes fail with
// ECONNRESET, and what is under way is lost.
func (l *Link) Reset() {
	c := l.latest("Reset")
	l.s.w.event(l.d.name, "──▶ (the connection is reset)")
	c.reset()
}

// BlackHole swallows what the latest connection carries from now on, both ways, without an
// end ever being seen, until [Link.Heal].
func (l *Link) BlackHole() {
	c := l.latest("BlackHole")
	l.s.w.event(l.d.name, "    (black hole)")
	c.swallow()
}

// Heal ends BlackHole: what was swallowed arrives after all, as TCP sends it again.
func (l *Link) Heal() {
	c := l.latest("Heal")
	l.s.w.event(l.d.name, "    (black hole ends)")
	c.unswallow()
}

// SetLatency changes how long each byte of the latest connection is under way, from now on.
func (l *Link) SetLatency(each time.Duration) {
	c := l.latest("SetLatency")
	l.s.w.event(l.d.name, fmt.Sprintf("    (latency %v)", each))
	c.setLatency(each)
}

// Stall keeps from the program what the latest connection brings, and the server's writes
// wait once the network's buffer is full.
func (l *Link) Stall() {
	c := l.latest("Stall")
	l.s.w.event(l.d.name, "    (stops reading)")
	c.stall(true)
}

// Resume ends Stall.
func (l *Link) Resume() {
	c := l.latest("Resume")
	l.s.w.event(l.d.name, "    (reads again)")
	c.stall(false)
}

func (l *Link) latest(what string) *conn {
	l.mu.Lock()
	c := l.last
	l.mu.Unlock()
	if c == nil {
		l.s.w.Fatalf("%s has no connection yet, so the test cannot do this to it: %s", l.d.name, what)
	}
	return c
}

// DialContext connects to the server, whatever addr says.
func (l *Link) DialContext(ctx context.Context, network, addr string) (net.Conn, error) {
	refused := &net.OpError{Op: "dial", Net: network, Err: syscall.ECONNREFUSED}
	if err := l.dialed(ctx, &l.dials); err != nil {
		return nil, err
	}
	if l.isDown() {
		l.s.w.event(l.d.name, "──▶ (connects) ◀── (refused: nobody listens)")
		return nil, refused
	}
	raw, err := l.s.w.net.dial(l.d.name, l.d.ip, l.s.addr, l.d.room, l.d.latency)
	if err != nil {
		l.s.w.event(l.d.name, "──▶ (connects) ◀── (refused: nobody listens)")
		return nil, err
	}
	l.became(raw)
	if l.s.tls {
		l.s.w.event(l.d.name, "──▶ (connects)")
		return raw, nil
	}
	return tapped(l.s.w, l.d.name, raw), nil
}

func (l *Link) isDown() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.down
}

func (l *Link) became(raw *conn) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.last = raw
}

// mostDials is how many attempts to connect in a row may take no time. Each further one
// takes a millisecond: who connects again and again without a pause would otherwise keep the
// clock from ever moving on.
const mostDials = 8

// dialed counts an attempt to connect among those of its kind.
func (l *Link) dialed(ctx context.Context, dials *[]time.Duration) error {
	l.mu.Lock()
	now := l.s.w.Elapsed()
	n := len(*dials)
	hasty := n >= mostDials && now-(*dials)[n-mostDials] < mostDials*time.Millisecond
	l.mu.Unlock()
	if hasty {
		select {
		case <-time.After(time.Millisecond):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	*dials = append(*dials, l.s.w.Elapsed())
	return ctx.Err()
}

// RefusedError is the answer to a handshake that the server has refused, where
// [Link.WebSocket] returns it, or the answer that is no event stream, where [Link.Events] does.
type RefusedError struct{ Response *Response }

func (e *RefusedError) Error() string {
	return request(e.Response.req) + " was refused with " + statusLine(e.Response.Status)
}

// WebSocket dials a WebSocket and returns a failed handshake as an error instead of failing
// the test: one that the server has refused is a [*RefusedError], with its status and body.
// ctx alone limits the time. Read such a connection with [Client.Read] and write to it with
// [Client.Post].
func (l *Link) WebSocket(ctx context.Context, path string, opts ...DialOption) (*Client, error) {
	if err := l.dialed(ctx, &l.dials); err != nil {
		return nil, err
	}
	d := l.d.with(opts)
	req := l.s.upgradeRequest(path, d)
	c, asked, resp, err := l.request(ctx, req, d, true)
	if err != nil {
		return nil, err
	}
	if resp.StatusCode != http.StatusSwitchingProtocols {
		defer c.raw.kill()
		defer context.AfterFunc(ctx, c.raw.kill)()
		body, _ := io.ReadAll(io.LimitReader(resp.Body, mostOfRefusal)) // what came of it
		return nil, &RefusedError{l.s.answered(asked, req, resp, body)}
	}
	l.s.note(asked, "◀── 101")
	if err := checkUpgrade(resp); err != nil {
		c.raw.kill()
		l.s.w.event(d.name, "──▶ ✗ (ends the connection: the answer "+err.Error()+")")
		return nil, fmt.Errorf("the answer to %s %w", request(req), err)
	}
	return newClient(l.s.w, d, c, resp, true), nil
}

// Fetch makes any request on a connection of its own, with the server's address in place of
// req.URL's, as a program does that takes what comes. It is not among [Link.Dials].
func (l *Link) Fetch(ctx context.Context, req *http.Request, opts ...DialOption) (*Response, error) {
	d := l.d.with(opts)
	req.Close = true
	d.apply(req)
	c, asked, resp, err := l.request(ctx, req, d, false)
	if err != nil {
		return nil, err
	}
	defer c.raw.kill()
	defer context.AfterFunc(ctx, c.raw.kill)()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		l.s.w.event(d.name, "◀── (connection ended)")
		return nil, fmt.Errorf("read the answer to %s: %w", request(req), err)
	}
	return l.s.answered(asked, req, resp, body), nil
}

// request connects, sends req and reads the head of the answer.
func (l *Link) request(ctx context.Context, req *http.Request, d *dialing, remember bool) (*connection, *event, *http.Response, error) {
	asked := l.s.asks(d, req)
	c, err := l.s.connect(d)
	if err == nil && l.isDown() {
		c.raw.kill()
		err = syscall.ECONNREFUSED
	}
	if err != nil {
		l.s.note(asked, "◀── (refused: nobody listens)")
		return nil, nil, nil, fmt.Errorf("%s: %w", request(req), err)
	}
	if remember {
		l.became(c.raw)
	}
	stop := context.AfterFunc(ctx, c.raw.kill)
	defer stop()
	resp, err := c.exchange(req, 0)
	if err != nil {
		c.raw.kill()
		l.s.w.event(d.name, "◀── (connection ended)")
		return nil, nil, nil, fmt.Errorf("%s: %w", request(req), err)
	}
	return c, asked, resp, nil
}
