// Package proc runs other people's programs: each in a process group of its own (a job on
// Windows), with everything it prints going to one writer. When Wait returns, nothing of the
// group is left. A child that left the group on purpose (setsid) is not looked for.
package proc

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"sync/atomic"
	"time"
)

// Spec says what to run.
type Spec struct {
	Args []string
	Dir  string
	Env  []string  // added to Environ
	Out  io.Writer // gets stdout and stderr, in order; an error from it kills the program
}

// Process is a program that has been started.
type Process struct {
	cmd    *exec.Cmd
	reader *os.File
	copied chan struct{}
	group  group
	killed atomic.Bool
	exited atomic.Bool
}

// Exit is how a program ended.
type Exit struct {
	Code   int    // -1 when a signal ended it
	State  string // "exit status 2", "signal: killed"
	Killed bool   // Kill was called before the program had ended
}

// Start starts spec's program. The caller must call Wait.
func Start(spec Spec) (*Process, error) {
	reader, writer, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	p := &Process{
		cmd:    exec.Command(spec.Args[0], spec.Args[1:]...),
		reader: reader,
		copied: make(chan struct{}),
	}
	p.cmd.Dir = spec.Dir
	p.cmd.Env = append(Environ(), spec.Env...)
	p.cmd.Stdout, p.cmd.Stderr = writer, writer
	p.group.prepare(p.cmd)
	err = p.cmd.Start()
	writer.Close()
	if err != nil {
		reader.Close()
		return nil, fmt.Errorf("start %s: %w", spec.Args[0], err)
	}
	p.group.started(p.cmd)
	go p.copy(spec.Out)
	return p, nil
}

func (p *Process) copy(out io.Writer) {
	defer close(p.copied)
	if out == nil {
		out = io.Discard
	}
	if _, err := io.Copy(out, p.reader); err != nil && !errors.Is(err, os.ErrClosed) {
		p.Kill()
		io.Copy(io.Discard, p.reader)
	}
}

// Quit asks the program for the stacks of its goroutines, where the system can ask so.
func (p *Process) Quit() { p.group.quit(p.cmd) }

// Kill ends the program and its group at once.
func (p *Process) Kill() {
	if p.exited.Load() {
		return
	}
	p.killed.Store(true)
	p.group.kill(p.cmd)
}

// drain is how long the rest of a dead program's output may take.
const drain = 2 * time.Second

// Wait waits for the program's end, kills what it left in its group, and returns when all of
// its output has been written.
func (p *Process) Wait() Exit {
	err := p.cmd.Wait()
	p.exited.Store(true)
	exit := Exit{Code: -1, Killed: p.killed.Load()}
	if state := p.cmd.ProcessState; state != nil {
		exit.Code, exit.State = state.ExitCode(), state.String()
	} else if err != nil {
		exit.State = err.Error()
	}
	p.group.end(p.cmd)
	select {
	case <-p.copied:
	case <-time.After(drain):
	}
	p.reader.Close()
	<-p.copied
	return exit
}
