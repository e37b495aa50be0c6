package grade

import (
	"regexp"
	"strconv"
	"strings"

	"wsworkshop/scripts/internal/result"
)

// goroutine is one goroutine of a runtime's dump.
type goroutine struct {
	state  string
	frames []result.Frame
}

var (
	goroutineRE = regexp.MustCompile(`^goroutine \d+[^\[]*\[([^\],]*)`)
	placeRE     = regexp.MustCompile(`^\s+(.+\.(?:go|s)):(\d+)(?: \+0x[0-9a-f]+)?(?: fp=0x.*)?\s*$`)
)

// goroutines reads the stacks that the runtime prints when a program dies.
func goroutines(text string) []goroutine {
	var all []goroutine
	call := ""
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\r\n")
		if m := goroutineRE.FindStringSubmatch(line); m != nil {
			all = append(all, goroutine{state: m[1]})
			continue
		}
		if m := placeRE.FindStringSubmatch(line); m != nil && len(all) > 0 && call != "" {
			g := &all[len(all)-1]
			g.frames = append(g.frames, frame(call, m[1], m[2]))
		}
		call = line
	}
	return all
}

// frame makes a frame of the two lines that the runtime and the race detector print for one.
func frame(call, file, line string) result.Frame {
	call = strings.TrimPrefix(strings.TrimSpace(call), "created by ")
	call, _, _ = strings.Cut(call, " in goroutine ")
	if paren := strings.LastIndexByte(call, '('); paren > 0 && strings.HasSuffix(call, ")") {
		call = call[:paren] // the arguments; "created by" has none
	}
	n, _ := strconv.Atoi(line)
	return result.Frame{Func: call, File: file, Line: n}
}

var (
	packageRE = regexp.MustCompile(`^(?:.*/)?[^./(]+\.`)
	wrapperRE = regexp.MustCompile(`\.(?:go|defer)wrap\d+$`) // what the compiler puts around a go or defer
)

// shortFunc cuts the package off: "wsworkshop/steps/02.(*Hub).run" is "(*Hub).run".
func shortFunc(name string) string {
	return wrapperRE.ReplaceAllString(packageRE.ReplaceAllString(name, ""), "")
}

var deathRE = regexp.MustCompile(`(?m)^(?:panic|fatal error|runtime: goroutine stack exceeds|race: limit on)[: ].*$`)

// lastFault finds the text with which a program died, and the stacks behind it.
func lastFault(output string) (message string, stacks []goroutine) {
	all := deathRE.FindAllStringIndex(output, -1)
	if all == nil {
		return "", goroutines(output)
	}
	// Several of them belong together: "panic: a [recovered]", then "panic: b".
	text := output[all[0][0]:]
	message, _, _ = strings.Cut(text, "\n\ngoroutine ")
	message, _, _ = strings.Cut(message, "\n[signal ")
	message, _, _ = strings.Cut(message, "\n\nruntime stack:")
	message = strings.TrimSpace(message)
	if len(message) > 2000 {
		message = message[:2000] + " …"
	}
	return message, goroutines(text)
}
