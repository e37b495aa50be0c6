// Package bench measures servers: each in a process of its own, on a free port of the loopback
// interface, with the clients in this process.
package bench

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"os/exec"
	"time"
)

// longest bounds the measurement of one server.
const longest = 3 * time.Minute

// Idle runs a server program with -addr and args, and opens n connections that say nothing. It
// returns the server's resident memory in KiB, before and after. The program has ended then,
// also if ctx ended early.
func Idle(ctx context.Context, n int, program string, args ...string) (before, after int, err error) {
	if err := enough(n); err != nil {
		return 0, 0, err
	}
	ctx, cancel := context.WithTimeout(ctx, longest)
	defer cancel()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, 0, err
	}
	addr := ln.Addr().String()
	ln.Close()

	var said bytes.Buffer
	server := exec.CommandContext(ctx, program, append([]string{"-addr", addr}, args...)...)
	server.Stdout, server.Stderr = &said, &said
	if err := server.Start(); err != nil {
		return 0, 0, err
	}
	before, after, err = measure(ctx, server.Process.Pid, addr, n)
	cancel() // kills the server
	server.Wait()
	if err != nil {
		err = fmt.Errorf("%w\nThe server said last:\n%s", err, said.Bytes()[max(0, said.Len()-1000):])
	}
	return before, after, err
}

func measure(ctx context.Context, pid int, addr string, n int) (before, after int, err error) {
	if err = awaitServer(ctx, addr); err == nil {
		before, err = settled(ctx, pid)
	}
	if err == nil {
		err = join(ctx, addr, n)
	}
	if err == nil {
		after, err = settled(ctx, pid)
	}
	return before, after, err
}
