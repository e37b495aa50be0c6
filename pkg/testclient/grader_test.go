package testclient_test

import (
	"encoding/json"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	. "wsworkshop/pkg/testclient"
	"wsworkshop/pkg/testclient/internal/faulty"
)

// told is what a grader reads of one failure.
type told struct {
	Verdict, Message, Timeline, File string
	Line                             int
	At                               []struct {
		Func, File string
		Line       int
	}
}

// byGrader runs a scenario as a grader would, through go tool test2json, and returns the
// attributes that arrive.
func byGrader(t *testing.T, s scenario) (failures []told, virtual string) {
	t.Helper()
	out, _ := runScenarios(t, []string{"WSWORKSHOP_GRADER=1"}, s)
	cmd := exec.CommandContext(t.Context(), "go", "tool", "test2json", "-t")
	cmd.Stdin = strings.NewReader(out)
	events, err := cmd.Output()
	require.NoError(t, err)
	for line := range strings.Lines(string(events)) {
		var e struct{ Action, Test, Key, Value string }
		require.NoError(t, json.Unmarshal([]byte(line), &e))
		if e.Action != "attr" {
			continue
		}
		require.Equal(t, "TestScenario/"+s.name, e.Test)
		switch e.Key {
		case "workshop.failure":
			var f told
			require.NoError(t, json.Unmarshal([]byte(e.Value), &f))
			failures = append(failures, f)
		case "workshop.virtual":
			virtual = e.Value
		}
	}
	return failures, virtual
}

func TestGraderIsToldOnce(t *testing.T) {
	all := append(ending(), freezes...)
	for name, want := range map[string]told{
		"text-missing":          {Verdict: "wrong", Message: `ana should have got "hello" within 1s; nothing came.`},
		"testify":               {Verdict: "wrong", Message: "the first number: got 2, want 1"},
		"first-failure-decides": {Verdict: "wrong", Message: `ana got "hi", want "ho"`},
		"rush":                  {Verdict: "wrong", Message: `three got "hi", want "ho"`},
		"violation-utf8":        {Verdict: "wrong", Message: "(RFC 6455, section 8.1)"},
		"panic-in-handler":      {Verdict: "panic", Message: "assignment to entry in nil map"},
		"panic-in-call":         {Verdict: "panic", Message: "nil pointer"},
		"leak":                  {Verdict: "leak", Message: "2 goroutines are left behind"},
		"deadlock":              {Verdict: "frozen", Message: "waits for another lock and holds the lock that"},
		"returns-not":           {Verdict: "frozen", Message: "Close() has not returned after 1m0s"},
		"close-returns-not":     {Verdict: "frozen", Message: "Close() has not returned after 1m0s"},
		"lock-held-overlay":     {Verdict: "wrong", Message: "(broadcast) waits for bob's network and holds the lock that"},
		"freeze-lock":           {Verdict: "frozen", Message: "a lock is held across blocking work"},
		"freeze-package-level":  {Verdict: "frozen", Message: "at package level"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			i := slices.IndexFunc(all, func(s scenario) bool { return s.name == name })
			failures, virtual := byGrader(t, all[i])
			require.Len(t, failures, 1)
			got := failures[0]
			require.Equal(t, want.Verdict, got.Verdict)
			require.Contains(t, got.Message, want.Message)
			require.Regexp(t, `(scenarios|golden)_test\.go$`, got.File)
			require.Positive(t, got.Line)
			if want.Verdict != "wrong" {
				require.NotEmpty(t, got.At, "where in the code under test")
				require.Regexp(t, `faulty/(hub|goroutines)\.go$`, got.At[0].File)
				require.Positive(t, got.At[0].Line)
			}
			if !strings.HasPrefix(name, "freeze") {
				require.NotEmpty(t, virtual)
			}
		})
	}
}

// TestGraderGetsLongFailuresWhole guards against the 4096 bytes that go tool test2json takes
// for a line.
func TestGraderGetsLongFailuresWhole(t *testing.T) {
	failures, _ := byGrader(t, long[0])
	require.Len(t, failures, 1)
	require.Contains(t, failures[0].Message, "the end")
	require.Contains(t, failures[0].Timeline, "more …")
	require.Contains(t, failures[0].Timeline, "(silence)")

	failures, _ = byGrader(t, long[1])
	require.Len(t, failures, 1)
	require.Contains(t, failures[0].Message, "жжж")
}

var long = []scenario{
	{"long-failure", func(w *World) {
		c := ana(w, faulty.Sends(TextFrame("hi")))
		for range 60 {
			c.Send(strings.Repeat("ж", 40))
		}
		c.Await(strings.Repeat("very ", 50)+"much, the end", isText("x"))
	}},
	{"very-long-message", func(w *World) { w.Fatalf("%s", strings.Repeat("жжж\n", 5000)) }},
}
