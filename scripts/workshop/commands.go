package main

// learnerCommands are those that a learner types.
type learnerCommands struct {
	Test     testCmd     `cmd:"" help:"Grade your step."`
	Solution solutionCmd `cmd:"" help:"Grade the reference with the same suite."`
}

// authorCommands are those for people who change the workshop.
type authorCommands struct {
}
