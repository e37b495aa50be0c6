package main

import (
	"fmt"

	"wsworkshop/scripts/internal/table"
	"wsworkshop/scripts/internal/verify"
)

type variantsCmd struct {
	Step string `required:"" help:"The step whose variants to run." placeholder:"05"`
	Dir  string `help:"A folder with other variants of the step." placeholder:"FOLDER"`
}

func (c variantsCmd) Run(a *app) error {
	step, err := knownStep(a.Root, c.Step)
	if err != nil {
		return err
	}
	progress := table.NewProgress(a.Err)
	opts := verify.Options{Root: a.Root, Say: progress.Say}
	trials, err := verify.Variants(a.Ctx, opts, step, c.Dir)
	progress.Clear()
	if err != nil {
		return err
	}
	bad := 0
	for _, t := range trials {
		row := table.Row{Name: t.Name, Note: "as wanted"}
		if !t.OK {
			bad++
			row.State, row.Note = table.Failed, "not as wanted"
		}
		row.Details = []string{t.Text}
		table.Print(a.Out, "", []table.Row{row})
	}
	fmt.Fprintln(a.Out, tally("variant", len(trials)-bad, bad, 0))
	if bad > 0 {
		return errRed
	}
	return nil
}
