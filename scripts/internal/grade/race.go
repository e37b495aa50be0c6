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
	var parts []string
	var own []result.Frame
	for _, side := range races(output) {
		mine := g.own(side.frames)
		if len(mine) == 0 {
			continue
		}
		own = append(own, mine...)
		parts = append(parts, fmt.Sprintf("%s:%d %s in %s", mine[0].File, mine[0].Line, side.verb, mine[0].Func))
	}
	if len(parts) == 0 {
		return "data race: " + rule, nil
	}
	return "data race: " + rule + ":\n" + strings.Join(parts, "\n"), own
}
