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

// raceMessage tells a race with the learner's own lines.
func (g *grading) raceMessage(output string) (string, []result.Frame) {
	const rule = "two goroutines use the same memory at the same time, and at least one writes"
	const twoWriters = "Both are inside gorilla/websocket: a connection takes one reader and one writer at a time."
	var parts []string
	var own []result.Frame
	inGorilla := 0
	for _, side := range races(output) {
		mine := g.own(side.frames)
		if len(mine) == 0 {
			continue
		}
		own = append(own, mine...)
		if strings.Contains(side.frames[0].Func, "gorilla/websocket") {
			inGorilla++
		}
		parts = append(parts, fmt.Sprintf("%s:%d %s in %s\n    %s",
			mine[0].File, mine[0].Line, side.verb, mine[0].Func, g.source(mine[0])))
	}
	if len(parts) == 0 {
		return "data race: " + rule, nil
	}
	if inGorilla == 2 {
		parts = append(parts, twoWriters)
	}
	return "data race: " + rule + ":\n" + strings.Join(parts, "\n"), own
}

// source is the learner's line that f names.
func (g *grading) source(f result.Frame) string {
	lines := strings.Split(string(g.module[f.File]), "\n")
	if f.Line < 1 || f.Line > len(lines) {
		return ""
	}
	return strings.TrimSpace(lines[f.Line-1])
}
