package main

// learnerCommands are those that a learner types.
type learnerCommands struct {
}

// authorCommands are those for people who change the workshop.
type authorCommands struct {
}
