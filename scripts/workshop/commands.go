package main

// learnerCommands are those that a learner types.
type learnerCommands struct {
	List     listCmd     `cmd:"" default:"1" help:"What there is, and which step is next."`
	Setup    setupCmd    `cmd:"" help:"Check Go, git and a C compiler, and download every module."`
	Test     testCmd     `cmd:"" help:"Grade your step."`
	Watch    watchCmd    `cmd:"" help:"Grade again at each save."`
	Hint     hintCmd     `cmd:"" help:"The next hint of a task."`
	Run      runCmd      `cmd:"" help:"Run your server, with its page."`
	Demo     demoCmd     `cmd:"" help:"Run the reference, with its page."`
	Solution solutionCmd `cmd:"" help:"Grade the reference with the same suite."`
	Progress progressCmd `cmd:"" help:"All steps, a line each, and the total."`
}

// authorCommands are those for people who change the workshop.
type authorCommands struct {
	Stress stressCmd `cmd:"" help:"The reference's suite many times, with the race detector."`
	Bench  benchCmd  `cmd:"" help:"What an idle connection of the reference costs."`
}
