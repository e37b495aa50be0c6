package main

// sourceCommands make steps from solutions, and bring them forward.
type sourceCommands struct {
	Diff    diffCmd    `cmd:"" help:"Yours beside the reference, whole or the part that answers one task."`
	Start   startCmd   `cmd:"" help:"Your own code of the step before, brought into a step."`
	Reset   resetCmd   `cmd:"" help:"The starter of a step again; what was there is kept aside."`
	Release releaseCmd `cmd:"" help:"Make steps from solutions."`
	Carry   carryCmd   `cmd:"" help:"Bring a change in one solution forward through all later ones."`
}
