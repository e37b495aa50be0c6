package grade

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os/exec"

	"gotest.tools/gotestsum/testjson"
)

// errFlood stops a program that prints without end.
var errFlood = errors.New("too much output")

// tap passes on what a test program prints, and counts: no test may print more than limit.
type tap struct {
	to      io.Writer
	limit   int
	printed int
	flooded bool
}

var newTest = []byte("\x16=== RUN ")

func (t *tap) Write(p []byte) (int, error) {
	if i := bytes.LastIndex(p, newTest); i >= 0 {
		t.printed = -i
	}
	if t.printed += len(p); t.printed > t.limit {
		t.flooded = true
		return 0, errFlood
	}
	return t.to.Write(p)
}

// events turns what is written to it into calls of handle, through test2json. The function
// that it returns ends the stream and waits for the last event.
func events(ctx context.Context, test2json string, handle testjson.EventHandler) (io.Writer, func() error, error) {
	cmd := exec.CommandContext(ctx, test2json, "-t")
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, nil, err
	}
	done := make(chan error, 1)
	go func() {
		_, err := testjson.ScanTestOutput(testjson.ScanConfig{Stdout: out, Handler: handle, IgnoreNonJSONOutputLines: true})
		io.Copy(io.Discard, out)
		done <- err
	}()
	return in, func() error {
		in.Close()
		err := <-done
		return errors.Join(err, cmd.Wait())
	}, nil
}
