// Command workshop is the program behind every target of the Makefile.
//
// Arguments may be written as make has them: `workshop test STEP=05 TASK=5.3` is
// `workshop test --step=05 --task=5.3`.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"regexp"
	"strings"
	"syscall"

	"github.com/alecthomas/kong"

	"wsworkshop/scripts/internal/workspace"
)

// app is what every command gets: where the workshop lies, where to write, and a context
// that ends when the program is to stop.
type app struct {
	Root     workspace.Root
	Out, Err io.Writer
	Ctx      context.Context
}

// commands is the whole command line, in the order of its help. Each group stands beside
// the commands that it lists.
type commands struct {
	learnerCommands
	sourceCommands
	authorCommands
	verifyCommands
}

// exitStatus is an error that ends the program with that status and without a word:
// everything has been said already.
type exitStatus int

func (e exitStatus) Error() string { return fmt.Sprintf("exit status %d", int(e)) }

// errRed ends a command whose report already says what is missing.
const errRed = exitStatus(1)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// run is main without the process: it returns the exit status.
func run(ctx context.Context, args []string, out, errs io.Writer) int {
	a := &app{Out: out, Err: errs, Ctx: ctx}
	status := -1
	parser, err := kong.New(&commands{},
		kong.Name("workshop"),
		kong.Description("Grades, releases and runs the steps of the workshop. Arguments may be written STEP=05 or --step=05."),
		kong.Writers(out, errs),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true}),
		kong.Exit(func(code int) { status = code }),
	)
	if err != nil {
		return fail(errs, err)
	}
	call, err := parser.Parse(flags(args))
	if status >= 0 { // --help has been printed
		return status
	}
	if err == nil {
		a.Root, err = workspace.Find(".")
	}
	if err == nil {
		err = call.Run(a)
	}
	if ctx.Err() != nil {
		return 130
	}
	return fail(errs, err)
}

// fail tells err and returns the exit status that belongs to it.
func fail(w io.Writer, err error) int {
	var status exitStatus
	switch {
	case err == nil:
		return 0
	case errors.As(err, &status):
		return int(status)
	}
	if bad, ok := errors.AsType[*kong.ParseError](err); ok {
		fmt.Fprintf(w, "workshop: %s\nmake lists the commands, with examples.\n", asMake(bad.Error()))
		return 2
	}
	fmt.Fprintln(w, "workshop:", err)
	return 2
}

var flagRE = regexp.MustCompile(`--([a-z]+)`)

// asMake says flags in make's way: --step=NN is STEP=NN.
func asMake(s string) string {
	s = strings.Replace(s, "missing flags:", "please say", 1)
	return flagRE.ReplaceAllStringFunc(s, func(f string) string { return strings.ToUpper(f[2:]) })
}

var assignment = regexp.MustCompile(`^([A-Z]+)=(.*)$`)

// flags turns make's way of saying things into flags: STEP=05 becomes --step=05. An empty
// value is as good as none, as it is in make.
func flags(args []string) []string {
	var out []string
	for _, arg := range args {
		m := assignment.FindStringSubmatch(arg)
		switch {
		case m == nil:
			out = append(out, arg)
		case m[2] != "":
			out = append(out, "--"+strings.ToLower(m[1])+"="+m[2])
		}
	}
	return out
}
