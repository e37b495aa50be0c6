package report

import (
	"fmt"
	"io"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"wsworkshop/scripts/internal/result"
)

// First tells what became of the task that failed last time, while the others are still
// being graded.
func First(w io.Writer, task *result.Task) error {
	t := newText(w, Options{})
	text := fmt.Sprintf("%s passes now, without the race detector.", task.ID)
	if task.Status != result.Passed {
		message, _, _ := strings.Cut(task.Message, "\n")
		text = fmt.Sprintf("%s still fails: %s", task.ID, message)
	}
	t.line("%s %s", t.sign(task.Status), ansi.Truncate(text, columns-2, "…"))
	t.line("%s", indent+t.faint.Render("Grading all tasks …"))
	t.line("")
	_, err := io.WriteString(w, t.b.String())
	return err
}
