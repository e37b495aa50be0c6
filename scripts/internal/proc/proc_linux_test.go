package proc_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"wsworkshop/scripts/internal/proc"
)

func sh(script string) proc.Spec {
	return proc.Spec{Args: []string{"sh", "-c", script}, Env: []string{"GREETING=hello"}}
}

func TestOutputAndStatusComeBack(t *testing.T) {
	var out bytes.Buffer
	spec := sh("echo $GREETING; echo oops >&2; exit 3")
	spec.Out = &out
	exit, err := proc.Run(t.Context(), spec)
	require.NoError(t, err)
	require.Equal(t, 3, exit.Code)
	require.Equal(t, "hello\noops\n", out.String())
}

func TestAChildThatStaysInTheGroupIsKilled(t *testing.T) {
	var out bytes.Buffer
	spec := sh("sleep 4321 & echo $!")
	spec.Out = &out
	began := time.Now()
	exit, err := proc.Run(t.Context(), spec)
	require.NoError(t, err)
	require.Zero(t, exit.Code)
	require.Less(t, time.Since(began), time.Minute, "Wait waited for the child")
	pid, err := strconv.Atoi(strings.TrimSpace(out.String()))
	require.NoError(t, err)
	require.Eventually(t, func() bool { return !running(pid) }, 20*time.Second, time.Millisecond, "the child still runs")
}

// running reports whether a process exists and is more than a zombie that nobody has reaped.
func running(pid int) bool {
	data, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	_, state, _ := strings.Cut(string(data), ") ")
	return err == nil && !strings.HasPrefix(state, "Z")
}

func TestCancellingKillsTheWholeGroup(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	began := time.Now()
	exit, err := proc.Run(ctx, sh("sleep 4321 & sleep 4321"))
	require.ErrorIs(t, err, context.DeadlineExceeded)
	require.True(t, exit.Killed)
	require.Less(t, time.Since(began), 5*time.Second)
}

func TestAWriterThatHasHadEnoughStopsTheProgram(t *testing.T) {
	spec := sh("yes")
	spec.Out = &full{room: 1 << 20}
	exit, err := proc.Run(t.Context(), spec)
	require.NoError(t, err)
	require.True(t, exit.Killed)
}

type full struct{ room int }

func (f *full) Write(p []byte) (int, error) {
	if f.room -= len(p); f.room < 0 {
		return 0, errors.New("full")
	}
	return len(p), nil
}

func TestProcessorsAreCounted(t *testing.T) {
	p, err := proc.Start(sh("while :; do :; done"))
	require.NoError(t, err)
	require.Eventually(t, func() bool { return p.Processors().Had > 50*time.Millisecond }, 20*time.Second, 10*time.Millisecond)
	p.Kill()
	p.Wait()
	require.Zero(t, p.Processors(), "nothing is known of what has ended")
}
