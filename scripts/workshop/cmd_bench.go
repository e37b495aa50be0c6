package main

import (
	"fmt"

	"wsworkshop/scripts/internal/bench"
)

// benchCmd measures a solution, and a known server beside it. The numbers depend on the machine,
// so no test asserts them.
type benchCmd struct {
	Step string `help:"The step, 03 to 17." required:"" placeholder:"NN"`
	N    int    `help:"Idle connections." default:"5000"`
}

// Run measures the memory of idle connections.
func (c *benchCmd) Run(a *app) error {
	step, err := knownStep(a.Root, c.Step)
	if err != nil {
		return err
	}
	if step < "03" {
		return fmt.Errorf("STEP=%s has no rooms, so it tells every client of every connection: say STEP=03 or later", step)
	}
	solution, err := a.buildServer("solutions", step, a.Root.SolutionDir(step))
	if err != nil {
		return err
	}
	gorilla, err := a.buildServer("gorilla", step, a.Root.Path("scripts", "internal", "bench"))
	if err != nil {
		return err
	}
	var off []string // whatever sends by itself or counts
	if step >= "05" {
		off = append(off, "-heartbeat=0", "-stale-after=0")
	}
	if step >= "06" {
		off = append(off, "-rate-limit=0", "-rate-window=0")
	}
	fmt.Fprintf(a.Out, "Memory of %d idle connections; each server takes up to a minute …\n\n", c.N)
	if err := c.measure(a, "solutions/"+string(step), solution, off...); err != nil {
		return err
	}
	return c.measure(a, "gorilla's chat example", gorilla)
}

func (c *benchCmd) measure(a *app, name, program string, args ...string) error {
	before, after, err := bench.Idle(a.Ctx, c.N, program, args...)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	each := float64(after-before) / float64(c.N)
	fmt.Fprintf(a.Out, "  %-24s %5.1f KiB each   %5d KiB before, %7d KiB after\n", name, each, before, after)
	return nil
}
