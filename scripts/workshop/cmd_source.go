package main

// sourceCommands make steps from solutions, and bring them forward.
type sourceCommands struct {
	Reset   resetCmd   `cmd:"" help:"The starter of a step again; what was there is kept aside."`
	Release releaseCmd `cmd:"" help:"Make steps from solutions."`
}
