package report

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/charmbracelet/x/ansi"

	"wsworkshop/scripts/internal/result"
)

// ProgressRow is one step in the learner's progress.
type ProgressRow struct {
	Step, Title string
	Score, Best int // of 100
	Graded      bool
	Hard        bool // begun in hard mode
	LastAt      time.Time
}

// Progress writes a line for each step, and the total of the best scores.
func Progress(w io.Writer, rows []ProgressRow) error {
	t := newText(w, Options{})
	total := 0
	for _, row := range rows {
		total += row.Best
		t.progress(row)
	}
	sum := fmt.Sprintf("%d/%d", total, 100*len(rows))
	t.line("")
	t.line("%s%s%s", t.bold.Render("Total"), strings.Repeat(" ", columns-len("Total")-len(sum)), sum)
	_, err := io.WriteString(w, t.b.String())
	return err
}

// titleColumn is how wide a step's title may be in the progress, with a gap.
const titleColumn = 40

func (t *text) progress(row ProgressRow) {
	sign, score, when := t.sign(result.Blocked), "–", ""
	if row.Graded {
		score = fmt.Sprintf("%d/100", row.Best)
		when = row.LastAt.Local().Format("2006-01-02 15:04")
		sign = t.sign(result.Failed)
		if row.Best == 100 {
			sign = t.sign(result.Passed)
		}
		if row.Score != row.Best {
			when = fmt.Sprintf("now %d, %s", row.Score, when)
		}
	}
	mark := ""
	if row.Hard {
		mark = " (hard)"
	}
	left := ansi.Truncate(row.Step+" · "+row.Title, titleColumn-2-len(mark), "…") + mark
	left += strings.Repeat(" ", titleColumn-ansi.StringWidth(left))
	gap := strings.Repeat(" ", max(1, columns-4-titleColumn-ansi.StringWidth(when)-ansi.StringWidth(score)))
	t.line("  %s %s%s%s%s", sign, left, t.faint.Render(when), gap, score)
}
