package testclient_test

import (
	"bytes"
	"errors"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	. "wsworkshop/pkg/testclient"
)

var update = flag.Bool("update", false, "write testdata/golden anew")

// scenarioEnv names the scenarios that a process of this binary is to run.
const scenarioEnv = "TESTCLIENT_SCENARIOS"

func ending() []scenario {
	return slices.Concat(messages, endings, handshakes, violations, streams, others)
}

// TestScenario is the other side of TestFailureTexts; by itself it does nothing.
func TestScenario(t *testing.T) {
	wanted := os.Getenv(scenarioEnv)
	if wanted == "" {
		t.Skip("run by TestFailureTexts and its like")
	}
	for _, s := range slices.Concat(ending(), freezes, long) {
		if strings.Contains(" "+wanted+" ", " "+s.name+" ") {
			t.Run(s.name, func(t *testing.T) { Run(t, s.test) })
		}
	}
}

// runScenarios runs scenarios in a process of their own and returns what it printed.
func runScenarios(t *testing.T, env []string, scenarios ...scenario) (output string, status int) {
	t.Helper()
	var names []string
	for _, s := range scenarios {
		names = append(names, s.name)
	}
	exe, err := os.Executable()
	require.NoError(t, err)
	cmd := exec.CommandContext(t.Context(), exe, "-test.run=^TestScenario$", "-test.v")
	cmd.Env = append(os.Environ(), scenarioEnv+"="+strings.Join(names, " "), "GORACE=atexit_sleep_ms=0", "WSWORKSHOP_GRADER=")
	cmd.Env = append(cmd.Env, env...)
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	err = cmd.Run()
	var exit *exec.ExitError
	require.True(t, errors.As(err, &exit), "the scenarios must fail; got %v:\n%s", err, out.String())
	return out.String(), exit.ExitCode()
}

// TestFailureTexts compares what a person reads with the golden files.
func TestFailureTexts(t *testing.T) {
	out, _ := runScenarios(t, nil, ending()...)
	for _, s := range ending() {
		t.Run(s.name, func(t *testing.T) { golden(t, s.name, section(out, s.name)) })
	}
}

// TestFreezesEndTheProcess has each freeze told in words, by a process that then ends.
func TestFreezesEndTheProcess(t *testing.T) {
	for _, s := range freezes {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			began := time.Now()
			out, status := runScenarios(t, nil, s)
			require.Equal(t, 66, status, out)
			_, text, _ := strings.Cut(out, "--- FAIL: TestScenario/"+s.name+"\n")
			golden(t, s.name, text)
			t.Logf("told after %v", time.Since(began).Round(time.Millisecond))
		})
	}
}

// section cuts out what one sub-test printed.
func section(out, name string) string {
	_, out, _ = strings.Cut(out, "=== RUN   TestScenario/"+name+"\n")
	out, _, _ = strings.Cut(out, "=== ATTR")
	return strings.ReplaceAll(out, "\n    ", "\n")[min(4, len(out)):]
}

var (
	moving  = regexp.MustCompile(`(\w\.go):\d+`) // with each edit
	closure = regexp.MustCompile(`init\.func[\d.]+`)
	digest  = regexp.MustCompile(`"[A-Za-z0-9+/]{27}="`)
)

func golden(t *testing.T, name, got string) {
	t.Helper()
	got = strings.TrimSpace(moving.ReplaceAllString(got, "$1:LINE")) + "\n"
	got = closure.ReplaceAllString(got, "init.func")
	got = digest.ReplaceAllString(got, `"DIGEST"`)
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
