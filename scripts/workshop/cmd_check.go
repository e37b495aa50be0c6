package main

import (
	"fmt"

	"wsworkshop/scripts/internal/check"
	"wsworkshop/scripts/internal/table"
)

type checkCmd struct{}

func (checkCmd) Run(a *app) error {
	checker, err := check.New(a.Root)
	if err != nil {
		return err
	}
	progress := table.NewProgress(a.Err)
	checker.Say = progress.Say
	var rows []table.Row
	err = checker.Run(a.Ctx, func(r table.Row) {
		progress.Clear()
		r.Name = fmt.Sprintf("%-11s", r.Name)
		table.Print(a.Out, "", []table.Row{r})
		rows = append(rows, r)
	})
	progress.Clear()
	if err != nil {
		return err
	}
	passed, failed, skipped := table.Count(rows)
	fmt.Fprintf(a.Out, "\n%s\n", tally("check", passed, failed, skipped))
	if failed > 0 {
		return errRed
	}
	return nil
}

// tally is the last line of a report: "6 checks: 5 passed, 0 failed, 1 skipped".
func tally(what string, passed, failed, skipped int) string {
	s := fmt.Sprintf("%s: %d passed, %d failed", table.Plural(passed+failed+skipped, what), passed, failed)
	if skipped > 0 {
		s += fmt.Sprintf(", %d skipped", skipped)
	}
	return s
}
