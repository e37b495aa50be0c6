package report

import (
	"fmt"
	"io"
	"strings"

	"github.com/charmbracelet/lipgloss"
	"github.com/charmbracelet/x/ansi"

	"wsworkshop/scripts/internal/result"
)

// The columns of a report.
const (
	columns    = 80
	titleWidth = 52
	indent     = "  "
)

// text writes for a person. Colours appear on a terminal only, and never with NO_COLOR.
type text struct {
	w    io.Writer
	b    strings.Builder
	opts Options

	bold, good, bad, faint lipgloss.Style
}

func newText(w io.Writer, opts Options) *text {
	r := lipgloss.NewRenderer(w)
	return &text{
		w: w, opts: opts,
		bold:  r.NewStyle().Bold(true),
		good:  r.NewStyle().Foreground(lipgloss.Color("2")),
		bad:   r.NewStyle().Foreground(lipgloss.Color("1")),
		faint: r.NewStyle().Faint(true),
	}
}

func (t *text) line(format string, args ...any) {
	fmt.Fprintf(&t.b, format, args...)
	t.b.WriteByte('\n')
}

func (t *text) result(r *result.Result) error {
	if len(r.Compile) > 0 && r.Lacks == "" {
		t.compile(r)
	} else {
		t.heading(r)
		t.tasks(r)
		t.failures(r)
		t.closing(r)
		t.remarks(r)
		t.notes(r)
	}
	_, err := io.WriteString(t.w, t.b.String())
	return err
}

// compile lets the compiler's lines stand first, so that editors find the places.
func (t *text) compile(r *result.Result) {
	for _, l := range r.Compile {
		t.line("%s", l)
	}
	t.line("")
	t.line("%s%s does not compile, so nothing could be graded: %d/%d", t.bold.Render("Step "+r.Step), hard(r), r.Score, r.Max)
	t.notes(r)
}

func (t *text) heading(r *result.Result) {
	left := "Step " + r.Step
	if r.Title != "" {
		left += " · " + r.Title
	}
	left += hard(r)
	score := fmt.Sprintf("%d/%d", r.Score, r.Max)
	left = ansi.Truncate(left, columns-len(score)-1, "…")
	gap := strings.Repeat(" ", max(1, columns-ansi.StringWidth(left)-len(score)))
	style := t.bad
	if r.Full() {
		style = t.good
	}
	t.line("%s%s%s", t.bold.Render(left), gap, style.Render(score))
	t.line("")
}

// hard is a word for a step that was begun in hard mode.
func hard(r *result.Result) string {
	if r.Hard {
		return " (hard mode)"
	}
	return ""
}

func (t *text) tasks(r *result.Result) {
	status := map[string]result.Status{}
	for _, task := range r.Tasks {
		status[task.ID] = task.Status
	}
	for i := range r.Tasks {
		task := &r.Tasks[i]
		var waits []string
		for _, id := range task.After {
			if s, ok := status[id]; ok && s != result.Passed {
				waits = append(waits, id)
			}
		}
		t.task(task, waits)
	}
}

func (t *text) task(task *result.Task, waits []string) {
	after := ""
	if task.Status == result.Blocked {
		after = "   " + t.faint.Render("after "+strings.Join(waits, ", "))
	}
	title := strings.Split(wrap(strings.TrimSuffix(task.Title, "."), titleWidth), "\n")
	gap := strings.Repeat(" ", max(0, titleWidth-ansi.StringWidth(title[0])))
	t.line("  %s %-4s %s%s%5d%s", t.sign(task.Status), task.ID, title[0], gap, task.Points, after)
	for _, l := range title[1:] {
		t.line("         %s", l)
	}
}

func (t *text) sign(s result.Status) string {
	switch s {
	case result.Passed:
		return t.good.Render("✓")
	case result.Failed:
		return t.bad.Render("✗")
	}
	return t.faint.Render("·")
}

func (t *text) notes(r *result.Result) {
	if first := r.FirstFailure(); r.Lacks != "" && first != nil && !strings.Contains(first.Message, r.Lacks) {
		t.line("")
		t.line("%s", shift(wrap("The step does not have these names of the Contract: "+r.Lacks+". Tasks that need none of them are graded.", columns-len(indent))))
	}
	for _, n := range r.Notes {
		t.line("")
		t.line("%s", shift(wrap("Note: "+n, columns-len(indent))))
	}
}

// shift moves text to the right.
func shift(s string) string {
	lines := strings.Split(strings.TrimRight(s, "\n"), "\n")
	for i, l := range lines {
		if l != "" {
			lines[i] = indent + l
		}
	}
	return strings.Join(lines, "\n")
}
