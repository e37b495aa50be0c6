package testpage_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"wsworkshop/pkg/testclient"
)

var update = flag.Bool("update", false, "write testdata/golden anew")

// scenarioEnv names the scenarios that a process of this binary is to run.
const scenarioEnv = "TESTPAGE_SCENARIOS"

// TestScenario is the other side of TestFailureTexts; by itself it does nothing.
func TestScenario(t *testing.T) {
	wanted := os.Getenv(scenarioEnv)
	if wanted == "" {
		t.Skip("run by TestFailureTexts and its like")
	}
	for _, s := range scenarios {
		if wanted == "all" || wanted == s.name {
			t.Run(s.name, func(t *testing.T) { testclient.Run(t, s.test) })
		}
	}
}

// runScenarios runs scenarios in a process of their own and returns what it printed.
func runScenarios(t *testing.T, which string, env ...string) string {
	t.Helper()
	exe, err := os.Executable()
	require.NoError(t, err)
	cmd := exec.CommandContext(t.Context(), exe, "-test.run=^TestScenario$", "-test.v")
	cmd.Env = append(os.Environ(), scenarioEnv+"="+which, "GORACE=atexit_sleep_ms=0", "WSWORKSHOP_GRADER=")
	cmd.Env = append(cmd.Env, env...)
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	var exit *exec.ExitError
	require.True(t, errors.As(cmd.Run(), &exit), "the scenarios must fail:\n%s", out.String())
	require.Equal(t, 1, exit.ExitCode(), out.String())
	return out.String()
}

// TestFailureTexts compares what a person reads with the golden files.
func TestFailureTexts(t *testing.T) {
	out := runScenarios(t, "all")
	for _, s := range scenarios {
		text := section(out, s.name)
		if s.name == "never-done" { // in which order the last messages cross is a matter of chance
			text, _, _ = strings.Cut(text, "\n\n")
		}
		t.Run(s.name, func(t *testing.T) { golden(t, s.name, text) })
	}
}

// section cuts out what one sub-test printed.
func section(out, name string) string {
	_, out, _ = strings.Cut(out, "=== RUN   TestScenario/"+name+"\n")
	out, _, _ = strings.Cut(out, "=== ATTR")
	return strings.ReplaceAll(out, "\n    ", "\n")[min(4, len(out)):]
}

var moving = regexp.MustCompile(`(\w\.go):\d+`) // with each edit

func golden(t *testing.T, name, got string) {
	t.Helper()
	got = strings.TrimSpace(moving.ReplaceAllString(got, "$1:LINE")) + "\n"
	file := filepath.Join("testdata", "golden", name+".txt")
	if *update {
		require.NoError(t, os.WriteFile(file, []byte(got), 0o644))
	}
	want, err := os.ReadFile(file)
	require.NoError(t, err, "run go test -update")
	require.Equal(t, strings.ReplaceAll(string(want), "\r\n", "\n"), got)
	for line := range strings.Lines(got) {
		require.LessOrEqual(t, len([]rune(line)), 100, "a line too long: %s", line)
	}
}

// TestGraderIsToldTheLine looks at what a program that reads the results gets.
func TestGraderIsToldTheLine(t *testing.T) {
	for name, want := range map[string]struct {
		verdict, function string
		line              int
	}{
		"throws-in-handler": {"panic", "connect", 6},
		"throws-in-event":   {"panic", "listen", 34},
		"throws-in-timer":   {"panic", "later", 25},
		"never-done":        {"frozen", "", 1},
		"rejected":          {"panic", "save", 12},
		"recursion":         {"panic", "again", 16},
		"endless-loop":      {"frozen", "forever", 21},
		"script-syntax":     {"panic", "", 2},
		"script-throws":     {"panic", "", 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			out := runScenarios(t, name, "WSWORKSHOP_GRADER=1")
			_, value, found := strings.Cut(out, "workshop.failure ")
			require.True(t, found, out)
			value, _, _ = strings.Cut(value, "\n")
			var told struct {
				Verdict, Message string
				At               []testclient.Place
			}
			require.NoError(t, json.Unmarshal([]byte(value), &told))
			require.Equal(t, want.verdict, told.Verdict)
			require.NotEmpty(t, told.At)
			require.True(t, strings.HasSuffix(told.At[0].File, filepath.Join("testpage", "web", "chat.js")), told.At[0].File)
			require.Equal(t, want.line, told.At[0].Line)
			require.Equal(t, want.function, told.At[0].Func)
		})
	}
}
