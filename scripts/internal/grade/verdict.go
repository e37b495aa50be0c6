package grade

import (
	"fmt"
	"regexp"
	"strings"

	"wsworkshop/scripts/internal/result"
)

// fault is what a failed test is charged with.
type fault struct {
	verdict result.Verdict
	message string
	stack   []result.Frame // the learner's lines
	look    int            // index in stack of the call to blame
}

// judge names the fault of a test that is not ok. The first fault decides: what testclient
// said counts more than what the process did later, a race before it counts most.
func (g *grading) judge(o *outcome) fault {
	if o == nil {
		return fault{verdict: result.Wrong, message: "the test did not run to its end, so it has not passed"}
	}
	switch {
	case o.raced:
		message, stack := g.raceMessage(o.output.String())
		return fault{verdict: result.Race, message: message, stack: stack}
	case o.told != nil:
		look := min(o.told.Look, len(o.told.At))
		return fault{o.told.Verdict, o.told.Message, g.own(o.told.At), len(g.own(o.told.At[:look]))}
	case o.died != alive:
		return g.autopsy(o)
	case !o.ended:
		return fault{verdict: result.Wrong, message: "the test did not run to its end, so it has not passed"}
	}
	return fault{verdict: result.Wrong, message: plainMessage(o.output.String())}
}

// autopsy names the fault of a test in which the process died.
func (g *grading) autopsy(o *outcome) fault {
	limits := g.job.Limits
	switch o.died {
	case skipped:
		return g.notRun(o)
	case flooded:
		return fault{verdict: result.Wrong, message: fmt.Sprintf("the program printed more than %d MB during this test, and was stopped", limits.Output>>20)}
	case stopped:
		if f, ok := g.recursion(o); ok {
			return f
		}
		return g.hang(o)
	}
	return g.ownDeath(o)
}

// notRun blames the test that hung.
func (g *grading) notRun(o *outcome) fault {
	if o.hung == "" {
		return fault{verdict: result.Timeout, message: "not run: the tests before it took all the time that there is"}
	}
	hung := g.judge(g.outcomes[o.hung])
	return fault{verdict: result.Timeout, message: fmt.Sprintf("not run: %s (task %s) hung, and took the time that there is. Mend that first:\n%s",
		o.hung, g.suite.TestTask(o.hung).ID, hung.message), stack: hung.stack}
}

// hang names the fault of a test that was stopped.
func (g *grading) hang(o *outcome) fault {
	f := fault{verdict: result.Timeout, message: fmt.Sprintf("the test had not ended after %v of real time, and was stopped", g.job.Limits.Test)}
	var running bool
	if f.stack, running = g.busy(o); len(f.stack) > 0 {
		does := "waited then"
		if running {
			does = "was at work then"
		}
		f.message += fmt.Sprintf(".\n%s:%d, in %s, %s.", f.stack[0].File, f.stack[0].Line, f.stack[0].Func, does)
	}
	return f
}

var concurrentMap = regexp.MustCompile(`fatal error: (concurrent map [a-z ]+)`)

// ownDeath names the fault of a program that ended itself.
func (g *grading) ownDeath(o *outcome) fault {
	message, stacks := lastFault(o.output.String())
	var own []result.Frame
	if len(stacks) > 0 {
		own = g.own(stacks[0].frames)
	}
	switch m := concurrentMap.FindStringSubmatch(message); {
	case m != nil:
		return fault{verdict: result.Race, message: "data race: " + m[1] + ": goroutines use a map at the same time without a lock", stack: own}
	case strings.Contains(message, "unexpected call to os.Exit(0)"):
		return fault{verdict: result.Panic, message: "the server called os.Exit(0) and ended the whole program: it may refuse or hang up, never exit", stack: g.orCalls(own)}
	case strings.Contains(message, "synctest channel from outside bubble"), strings.Contains(message, "synctest timer from outside bubble"):
		return fault{verdict: result.Frozen, message: message + "\nA channel or timer at package level, or in a sync.Pool there, is shared by servers that must know nothing of each other: make it in New.", stack: own}
	case message != "":
		return fault{verdict: result.Panic, message: message, stack: own}
	}
	return fault{verdict: result.Panic, message: "the server ended the whole program (os.Exit or log.Fatal) in the middle of the test: it may refuse or hang up, never exit", stack: g.endsProcess()}
}

// busy finds the learner's line in the stacks of a program that was stopped: in a goroutine
// that runs, if there is one.
func (g *grading) busy(o *outcome) (stack []result.Frame, running bool) {
	_, stacks := lastFault(o.output.String())
	var waiting []result.Frame
	for _, s := range stacks {
		own := g.own(s.frames)
		switch {
		case len(own) == 0:
		case s.state == "running" || s.state == "runnable":
			return own, true
		case waiting == nil:
			waiting = own
		}
	}
	return waiting, false
}

// recursion recognises a stack that grew until the program was stopped: with the race
// detector its limit of a gigabyte is far away.
func (g *grading) recursion(o *outcome) (fault, bool) {
	_, stacks := lastFault(o.output.String())
	for _, s := range stacks {
		own := g.own(s.frames)
		calls := map[string]int{}
		for _, f := range own {
			if calls[f.Func]++; calls[f.Func] > 30 {
				return fault{verdict: result.Panic, message: fmt.Sprintf("the stack grows without end: %s calls itself again and again", f.Func), stack: own[:1]}, true
			}
		}
	}
	return fault{}, false
}

func (g *grading) orCalls(own []result.Frame) []result.Frame {
	if len(own) > 0 {
		return own
	}
	return g.endsProcess()
}

var frameLine = regexp.MustCompile(`^(=== |--- |\s*--- |FAIL$|PASS$|exit status)`)

// plainMessage is what a test said without testclient.
func plainMessage(output string) string {
	var kept []string
	for line := range strings.Lines(output) {
		line = strings.TrimRight(line, "\r\n")
		if !frameLine.MatchString(line) && strings.TrimSpace(line) != "" {
			kept = append(kept, strings.TrimSpace(line))
		}
	}
	if len(kept) == 0 {
		return "the test failed without saying why"
	}
	return strings.Join(kept[max(0, len(kept)-20):], "\n")
}
