package grade

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"wsworkshop/scripts/internal/files"
	"wsworkshop/scripts/internal/result"
)

// died judges a test whose process printed the text in testdata/name; the step lies in
// /home/me/steps/02 and has hub.go and server.go.
func died(t *testing.T, name string) fault {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", name))
	require.NoError(t, err)
	g := &grading{
		job:    Job{Dir: "/home/me/steps/02", Limits: Limits{}.withDefaults()},
		module: files.Set{"hub.go": nil, "server.go": nil, "hub_test.go": nil},
	}
	o := &outcome{test: "TestX", died: exited}
	o.print(string(text))
	return g.judge(o)
}

func TestDeathsAreNamed(t *testing.T) {
	for _, c := range []struct {
		file    string
		verdict result.Verdict
		says    string
		line    int
	}{
		{"panic.txt", result.Panic, "panic: send on closed channel", 41},
		{"concurrent_map.txt", result.Race, "concurrent map writes", 33},
		{"exit_zero.txt", result.Panic, "os.Exit(0)", 12},
		{"bubble.txt", result.Frozen, "package level", 27},
		{"overflow.txt", result.Panic, "stack exceeds", 6},
		{"race.txt", result.Race, "hub.go:22 writes in (*Hub).add", 40},
		{"race_same_line.txt", result.Race, "both at server.go:40 in (*client).write:\nhub.go:30 calls it in (*Hub).broadcast", 30},
		{"race_waitgroup.txt", result.Race, "hub.go:61 calls WaitGroup.Wait in (*Hub).close", 61},
	} {
		t.Run(c.file, func(t *testing.T) {
			f := died(t, c.file)
			require.Equal(t, c.verdict, f.verdict, f.message)
			require.Contains(t, f.message, c.says)
			require.NotEmpty(t, f.stack, "no line of the learner's")
			require.Equal(t, c.line, f.stack[0].Line)
		})
	}
}

func TestARaceNamesBothSides(t *testing.T) {
	require.Contains(t, died(t, "race_same_line.txt").message, "server.go:51 calls it in (*client).pump")
	require.Contains(t, died(t, "race_same_calls.txt").message, "both by the same calls:\nserver.go:40 writes in (*client).write\n    \n  called from hub.go:30 in (*Hub).broadcast")
	require.Contains(t, died(t, "race_waitgroup.txt").message, "hub.go:12 calls WaitGroup.Add in (*Hub).admit")
}

func TestALearnersTestsAreNotHerLines(t *testing.T) {
	g := &grading{job: Job{Dir: "/home/me/steps/02"}, module: files.Set{"hub.go": nil, "hub_test.go": nil}}
	own := g.own([]result.Frame{
		{Func: "sync.(*Mutex).Lock", File: "/usr/local/go/src/sync/mutex.go", Line: 46},
		{Func: "wsworkshop/steps/02.(*Hub).run.func1", File: "/home/me/steps/02/hub.go", Line: 9},
		{Func: "wsworkshop/steps/02_test.TestX", File: "/home/me/steps/02/hub_test.go", Line: 5},
		{Func: "example.org/x.F", File: "/home/me/go/pkg/mod/example.org/x/hub.go", Line: 5},
	})
	require.Equal(t, []result.Frame{{Func: "(*Hub).run.func1", File: "hub.go", Line: 9}}, own)
}

func TestCrashesOfTheRaceDetectorAreNobodysFault(t *testing.T) {
	s := &session{outcomes: map[string]*outcome{}}
	s.exit.Code = 66
	s.loose.add("ThreadSanitizer: CHECK failed: tsan_rtl.cpp:123 \"((0)) != (0)\"\n")
	require.True(t, s.detectorCrashed())
}
