package main

// verifyCommands prove that the workshop itself is right.
type verifyCommands struct {
}
