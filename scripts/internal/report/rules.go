package report

import (
	"fmt"
	"strings"

	"wsworkshop/scripts/internal/result"
)

// quoted is how many rules a failure quotes. More would hide the one that was broken.
const quoted = 2

// rules quotes the rules of the Contract that the failed test guards, a line each. It only
// names them where they are many.
func rules(t *result.Task) []string {
	var lines, ids []string
	for _, r := range t.Rules {
		lines = append(lines, fmt.Sprintf("Rule %s: %s", r.ID, r.Text))
		ids = append(ids, r.ID)
	}
	if last := len(ids) - 1; len(ids) > quoted {
		return []string{fmt.Sprintf("This test guards the rules %s and %s of the Contract.", strings.Join(ids[:last], ", "), ids[last])}
	}
	return lines
}

// explained is a task's message, and the rules on lines of their own.
func explained(t *result.Task) string {
	return strings.Join(append([]string{t.Message}, rules(t)...), "\n")
}
