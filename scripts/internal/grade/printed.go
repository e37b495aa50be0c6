package grade

import (
	"regexp"
	"strings"
)

// Lines of go test's own, and those of the runtime and the race detector, which have been
// told already.
var (
	testLine  = regexp.MustCompile(`^\s*(=== |--- (PASS|FAIL|SKIP)|(PASS|FAIL)$|FAIL\s|ok\s|exit status)`)
	faultLine = regexp.MustCompile(`^(panic: |fatal error: |SIGQUIT: |==================$|WARNING: DATA RACE|goroutine \d+ |\[signal |runtime: )`)
)

// printed returns the last n lines that the learner's program printed itself.
func printed(output string, n int) []string {
	var lines []string
	for line := range strings.Lines(output) {
		line = strings.TrimRight(line, "\r\n")
		if faultLine.MatchString(line) {
			break
		}
		if testLine.MatchString(line) || strings.Contains(line, "testing.go:") {
			continue
		}
		if len(line) > 200 {
			line = strings.ToValidUTF8(line[:200], "") + " …"
		}
		lines = append(lines, line)
	}
	for len(lines) > 0 && strings.TrimSpace(lines[0]) == "" {
		lines = lines[1:]
	}
	for len(lines) > 0 && strings.TrimSpace(lines[len(lines)-1]) == "" {
		lines = lines[:len(lines)-1]
	}
	return lines[max(0, len(lines)-n):]
}
