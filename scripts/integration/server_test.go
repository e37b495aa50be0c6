//go:build integration

package integration

import (
	"context"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"wsworkshop/scripts/internal/workspace"
)

// server is a step's server program, running.
type server struct {
	url  string
	stop func()

	t       *testing.T
	ctx     context.Context
	step    workspace.Step
	program string
	addr    string
	args    []string
}

// serve builds the server program of a step and runs it on a free port until the test ends or stop is called.
func serve(t *testing.T, ctx context.Context, step workspace.Step, args ...string) *server {
	t.Helper()
	addr := freeAddr(t)
	s := &server{
		url:     "http://" + addr + "/",
		t:       t,
		ctx:     ctx,
		step:    step,
		program: build(t, ctx, step),
		addr:    addr,
		args:    args,
	}
	s.start()
	return s
}

// start runs the program, for the first time or again after stop; then on the same port.
func (s *server) start() {
	s.t.Helper()
	ctx, cancel := context.WithCancel(s.ctx)
	output := new(tail)
	cmd := exec.CommandContext(ctx, s.program, append([]string{"-addr", s.addr}, s.args...)...)
	cmd.Env = append(os.Environ(), "CHAT_ADMIN_ADDR=127.0.0.1:0") // several servers run at a time
	cmd.Stdout, cmd.Stderr = output, output
	cmd.Cancel = func() error { return interrupt(cmd.Process) }
	cmd.WaitDelay = 5 * time.Second // then it is killed
	if err := cmd.Start(); err != nil {
		cancel()
		s.t.Fatalf("start the server of step %s: %v", s.step, err)
	}

	ended := make(chan struct{})
	go func() {
		defer close(ended)
		cmd.Wait()
	}()
	s.stop = func() {
		cancel()
		<-ended
	}
	s.t.Cleanup(func() {
		cancel()
		<-ended
		if s.t.Failed() {
			s.t.Logf("the server of step %s said:\n%s", s.step, output)
		}
	})
	awaitAnswer(s.t, s.url, ended)
}

// programs are the servers that were built so far, for all tests. TestMain removes them.
var programs struct {
	dir string
	of  map[workspace.Step]string
}

// build compiles cmd/server of the step, the learner's or the reference, once.
func build(t *testing.T, ctx context.Context, step workspace.Step) string {
	t.Helper()
	if program, ok := programs.of[step]; ok {
		return program
	}
	if programs.dir == "" {
		dir, err := os.MkdirTemp("", "workshop-integration-")
		if err != nil {
			t.Fatal(err)
		}
		programs.dir, programs.of = dir, map[workspace.Step]string{}
	}
	dir := root(t).SolutionDir(step)
	if os.Getenv("WORKSHOP_MINE") == "1" {
		dir = root(t).StepDir(step)
	}
	program := filepath.Join(programs.dir, "server-"+string(step)+".exe")
	cmd := exec.CommandContext(ctx, "go", "build", "-o", program, "./cmd/server")
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOWORK=off")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("go build ./cmd/server in %s: %v\n%s", dir, err, out)
	}
	programs.of[step] = program
	return program
}

func freeAddr(t *testing.T) string {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	return ln.Addr().String()
}

// awaitAnswer returns when the server answers at all; what it answers is the test's business.
func awaitAnswer(t *testing.T, url string, ended <-chan struct{}) {
	t.Helper()
	client := &http.Client{Timeout: time.Second, Transport: &http.Transport{DisableKeepAlives: true}}
	for deadline := time.Now().Add(10 * time.Second); time.Now().Before(deadline); {
		if resp, err := client.Get(url); err == nil {
			resp.Body.Close()
			return
		}
		select {
		case <-ended:
			t.Fatal("the server ended before it answered")
		case <-time.After(20 * time.Millisecond):
		}
	}
	t.Fatalf("GET %s: no answer within 10s", url)
}

func interrupt(p *os.Process) error {
	if runtime.GOOS == "windows" {
		return p.Kill() // there is no interrupt to send
	}
	return p.Signal(os.Interrupt)
}

// bodyOf returns the body of an answer.
func bodyOf(t *testing.T, url string) string {
	t.Helper()
	resp, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}
