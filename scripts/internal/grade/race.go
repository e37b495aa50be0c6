package grade

import (
	"fmt"
	"regexp"
	"strings"

	"wsworkshop/scripts/internal/result"
)

// access is one side of a data race.
type access struct {
	verb   string // "reads", "writes"
	frames []result.Frame
	calls  []result.Frame // the learner's
}

var accessRE = regexp.MustCompile(`^(?i:previous )?(?i:(?:atomic )?(read|write))(?: at|.* at) 0x[0-9a-f]+ by `)

// races reads the first report of the race detector in output.
func races(output string) []access {
	_, report, _ := strings.Cut(output, "WARNING: DATA RACE\n")
	report, _, _ = strings.Cut(report, "\n==================")
	var sides []access
	open, call := false, ""
	for line := range strings.Lines(report) {
		line = strings.TrimRight(line, "\r\n")
		if m := accessRE.FindStringSubmatch(line); m != nil {
			sides = append(sides, access{verb: strings.ToLower(m[1]) + "s"})
			open = true
			continue
		}
		if line == "" {
			open = false
		}
		if m := placeRE.FindStringSubmatch(line); m != nil && open {
			s := &sides[len(sides)-1]
			s.frames = append(s.frames, frame(call, m[1], m[2]))
		}
		call = line
	}
	return sides
}

const (
	raceRule   = "two goroutines use the same memory at the same time, and at least one writes"
	twoWriters = "Both are inside gorilla/websocket: a connection takes one reader and one writer at a time."
	addAndWait = "Add and Wait of a WaitGroup run at the same time, so Wait may miss what Add counts"
)

// raceMessage tells a race with the learner's own lines, innermost first.
func (g *grading) raceMessage(output string) (string, []result.Frame) {
	var sides []access
	for _, side := range races(output) {
		if side.calls = g.own(side.frames); len(side.calls) > 0 {
			sides = append(sides, side)
		}
	}
	if len(sides) == 0 {
		return "data race: " + raceRule, nil
	}
	head, tail := raceRule, ""
	if len(sides) == 2 {
		head, tail, sides = compare(sides[0], sides[1])
	}
	text := "data race: " + head + ":"
	var own []result.Frame
	for _, side := range sides {
		at := side.calls[0]
		text += fmt.Sprintf("\n%s:%d %s in %s\n    %s", at.File, at.Line, side.does(), at.Func, g.source(at))
		own = append(own, side.calls...)
	}
	return text + tail, own
}

// compare tells what two sides have in common, and what else there is to say. It returns the
// sides from the first calls on that differ: a helper in which both are is seldom at fault.
func compare(a, b access) (head, tail string, sides []access) {
	head = raceRule
	if a.waitGroup() != "" && b.waitGroup() != "" {
		head = addAndWait
	}
	if a.inGorilla() && b.inGorilla() {
		tail = "\n" + twoWriters
	}
	n := 0
	for n < min(len(a.calls), len(b.calls)) && a.calls[n] == b.calls[n] {
		n++
	}
	switch at := a.calls[0]; {
	case n == len(a.calls) && n == len(b.calls):
		return head + ", both by the same calls", calledFrom(a.calls) + tail, []access{a}
	case 0 < n && n < min(len(a.calls), len(b.calls)):
		head += fmt.Sprintf(", both at %s:%d in %s", at.File, at.Line, at.Func)
		a = access{verb: "calls it", calls: a.calls[n:]}
		b = access{verb: "calls it", calls: b.calls[n:]}
	}
	return head, tail, []access{a, b}
}

// calledFrom writes the calls that lead to the innermost one.
func calledFrom(calls []result.Frame) string {
	text := ""
	for _, f := range calls[1:min(len(calls), 4)] {
		text += fmt.Sprintf("\n  called from %s:%d in %s", f.File, f.Line, f.Func)
	}
	return text
}

// does says "reads", "writes" or "calls WaitGroup.Add".
func (a access) does() string {
	if name := a.waitGroup(); name != "" {
		return "calls WaitGroup." + name
	}
	return a.verb
}

// waitGroup names the method of a WaitGroup that is at the top of the stack, if one is.
func (a access) waitGroup() string {
	for _, f := range a.frames[:min(len(a.frames), 2)] {
		if name, ok := strings.CutPrefix(f.Func, locksPath+".(*WaitGroup)."); ok {
			return name
		}
	}
	return ""
}

func (a access) inGorilla() bool { return strings.Contains(a.frames[0].Func, "gorilla/websocket") }

// source is the learner's line that f names.
func (g *grading) source(f result.Frame) string {
	lines := strings.Split(string(g.module[f.File]), "\n")
	if f.Line < 1 || f.Line > len(lines) {
		return ""
	}
	return strings.TrimSpace(lines[f.Line-1])
}
