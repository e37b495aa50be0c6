//go:build integration && unix

package integration

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"wsworkshop/scripts/internal/workspace"
)

// process is a server program whose signals and exit status are the test's.
type process struct {
	*exec.Cmd
	t      *testing.T
	url    string
	output *tail
	ended  chan struct{}
}

// run runs the server program of a step on a free port.
func run(t *testing.T, ctx context.Context, step workspace.Step, args ...string) *process {
	t.Helper()
	addr := freeAddr(t)
	p := &process{t: t, url: "http://" + addr + "/", output: new(tail), ended: make(chan struct{})}
	p.Cmd = exec.CommandContext(ctx, build(t, ctx, step), append([]string{"-addr", addr}, args...)...)
	p.Stdout, p.Stderr = p.output, p.output
	p.WaitDelay = 5 * time.Second
	if err := p.Start(); err != nil {
		t.Fatalf("start the server of step %s: %v", step, err)
	}
	go func() {
		defer close(p.ended)
		p.Wait()
	}()
	t.Cleanup(func() {
		p.Process.Kill()
		<-p.ended
	})
	awaitAnswer(t, p.url, p.ended)
	return p
}

// signal sends the process a signal.
func (p *process) signal(s syscall.Signal) {
	p.t.Helper()
	if err := p.Process.Signal(s); err != nil {
		p.t.Fatalf("%v: %v", s, err)
	}
}

// expectEnd fails unless the process ends in time, with what state says.
func (p *process) expectEnd(within time.Duration, state string) {
	p.t.Helper()
	select {
	case <-p.ended:
	case <-time.After(within):
		p.t.Fatalf("the server still runs after %v; it said:\n%s", within, p.output)
	}
	if got := p.ProcessState.String(); got != state {
		p.t.Fatalf("the server ended with %q, want %q; it said:\n%s", got, state, p.output)
	}
}

// crowd has n clients connect, and returns a function that waits for the end of each and returns what that was.
func (p *process) crowd(n int) (ends func() []error) {
	p.t.Helper()
	all := make([]error, n)
	var reading sync.WaitGroup
	for i := range n {
		url := fmt.Sprintf("%sws/bob%d?room_id=den%d", strings.Replace(p.url, "http", "ws", 1), i, i%7)
		conn, _, err := websocket.DefaultDialer.Dial(url, nil)
		if err != nil {
			p.t.Fatalf("client %d: %v", i, err)
		}
		p.t.Cleanup(func() { conn.Close() })
		reading.Go(func() {
			for all[i] == nil {
				_, _, all[i] = conn.ReadMessage()
			}
		})
	}
	return func() []error {
		reading.Wait()
		return all
	}
}

func TestStep10SIGTERMWithAHundredClients(t *testing.T) {
	ctx := start(t, "10")
	p := run(t, ctx, "10", "-shutdown-timeout", "5s")
	ends := p.crowd(100)

	began := time.Now()
	p.signal(syscall.SIGTERM)
	p.expectEnd(6*time.Second, "exit status 0")
	t.Logf("100 clients were closed, and the process ended, in %v", time.Since(began).Round(time.Millisecond))
	for i, end := range ends() {
		if e, ok := errors.AsType[*websocket.CloseError](end); !ok || e.Code != websocket.CloseGoingAway {
			t.Fatalf("client %d saw %v, want a close frame with 1001", i, end)
		}
	}
}

func TestStep10SecondSignalEndsAtOnce(t *testing.T) {
	ctx := start(t, "10")
	p := run(t, ctx, "10", "-drain", "1m")
	ends := p.crowd(1)

	p.signal(syscall.SIGINT)
	select {
	case <-p.ended:
		t.Fatalf("the server ended in the middle of its drain: %v\n%s", p.ProcessState, p.output)
	case <-time.After(time.Second):
	}
	p.signal(syscall.SIGINT)
	p.expectEnd(time.Second, "signal: interrupt")
	ends()
}

func TestStep10AddressInUse(t *testing.T) {
	ctx := start(t, "10")
	first := run(t, ctx, "10")
	addr := strings.TrimSuffix(strings.TrimPrefix(first.url, "http://"), "/")
	out, err := exec.CommandContext(ctx, build(t, ctx, "10"), "-addr", addr).CombinedOutput()
	exit, ok := errors.AsType[*exec.ExitError](err)
	if !ok || exit.ExitCode() != 1 || !strings.Contains(string(out), "address already in use") {
		t.Fatalf("a second server on the same address ended with %v and said %q, want exit status 1 and the reason", err, out)
	}
}

// TestStep10PageMoves has a page move from a server that stops to another one, behind one address.
func TestStep10PageMoves(t *testing.T) {
	ctx := start(t, "10")
	b := browser(t, ctx)
	first, second := serve(t, ctx, "10", "-drain", "8s"), serve(t, ctx, "10")
	front := through(t, first)

	bob := join(t, b, "bob", "lobby", front.url)
	bob.say("before")
	bob.expect("sent", "bob (you)", "before")
	eval[bool](bob, `globalThis.states = [], client.onState = ((then) => (state, detail) => (states.push(state), then(state, detail)))(client.onState), true`)
	front.to(second)
	go first.stop()
	bob.within(15 * time.Second).wait(func() string {
		if !strings.Contains(bodyOf(t, second.url+"rooms"), `"bob"`) {
			return "it is not at the second server yet"
		}
		return ""
	})
	bob.say("after")
	bob.expect("sent", "bob (you)", "after")
	bob.expectInOrder("before", "after")
	if states := eval[string](bob, `states.join(" ")`); states != "" {
		t.Fatalf("the page's states were %q while it moved, want none: a move is no end", states)
	}
	bob.look("step10-moved")
}
