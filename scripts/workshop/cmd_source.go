package main

// sourceCommands make steps from solutions, and bring them forward.
type sourceCommands struct {
}
