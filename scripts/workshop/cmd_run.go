package main

import (
	"bytes"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"runtime"
	"time"

	"wsworkshop/scripts/internal/proc"
	"wsworkshop/scripts/internal/workspace"
)

// serveFlags are the arguments of the commands that run a server.
type serveFlags struct {
	Step string `help:"The step, as 05." required:"" placeholder:"NN"`
	Addr string `help:"Host and port to listen on." placeholder:"HOST:PORT"`
	Port int    `help:"Port to listen on at localhost." default:"8080"`
}

// runCmd runs the learner's server.
type runCmd struct{ serveFlags }

// Run builds and runs the step's cmd/server until it is interrupted.
func (c *runCmd) Run(a *app) error {
	return c.serve(a, "steps", workspace.Root.StepDir)
}

// demoCmd runs the reference.
type demoCmd struct{ serveFlags }

// Run builds and runs the reference's cmd/server until it is interrupted.
func (c *demoCmd) Run(a *app) error {
	return c.serve(a, "solutions", workspace.Root.SolutionDir)
}

func (c *serveFlags) serve(a *app, kind string, dirOf func(workspace.Root, workspace.Step) string) error {
	step, err := knownStep(a.Root, c.Step)
	if err != nil {
		return err
	}
	addr := c.Addr
	if addr == "" {
		addr = fmt.Sprintf("localhost:%d", c.Port)
	}
	if err := free(addr); err != nil {
		return err
	}
	program, err := a.buildServer(kind, step, dirOf(a.Root, step))
	if err != nil {
		return err
	}
	fmt.Fprintf(a.Err, "%s/%s is on http://%s/ — Ctrl-C stops it.\n", kind, step, browse(addr))
	return a.foreground(program, dirOf(a.Root, step), "CHAT_ADDR="+addr)
}

// free makes sure that nothing listens at addr already.
func free(addr string) error {
	ln, err := net.Listen("tcp", addr)
	if err != nil {
		return fmt.Errorf("%w\nSomething else listens there: stop it, or say PORT=8081", err)
	}
	return ln.Close()
}

// browse is addr as a browser on this machine wants it.
func browse(addr string) string {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return addr
	}
	if host == "" || net.ParseIP(host).IsUnspecified() {
		host = "localhost"
	}
	return net.JoinHostPort(host, port)
}

// buildServer compiles the server of a module.
func (a *app) buildServer(kind string, step workspace.Step, dir string) (string, error) {
	program := a.Root.Path(".workshop", "bin", "server-"+kind+"-"+string(step))
	if runtime.GOOS == "windows" {
		program += ".exe"
	}
	var out bytes.Buffer
	exit, err := proc.Run(a.Ctx, proc.Spec{
		Args: []string{"go", "build", "-o", program, "./cmd/server"},
		Dir:  dir, Out: &out,
	})
	if err != nil {
		return "", err
	}
	if exit.Code != 0 {
		a.Err.Write(out.Bytes())
		return "", fmt.Errorf("%s/%s does not compile: mend the lines above", kind, step)
	}
	return program, nil
}

// foreground runs a server with the terminal as its own. An interrupt is passed on; a
// server that does not end then is killed.
func (a *app) foreground(program, dir string, env ...string) error {
	cmd := exec.CommandContext(a.Ctx, program)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), env...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, a.Out, a.Err
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = 5 * time.Second
	err := cmd.Run()
	if a.Ctx.Err() != nil {
		return nil
	}
	if ended, ok := errors.AsType[*exec.ExitError](err); ok {
		return fmt.Errorf("the server ended by itself: %v", ended)
	}
	return err
}
