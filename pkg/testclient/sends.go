package testclient

import (
	"os"
	"strings"
)

// sends tells whether a goroutine that waits in a select could send there: the runtime does
// not say, so it reads the source. One that could only receive may be idle.
func (g *goroutine) sends() bool {
	lines := g.source()
	if g.state != "select" || len(lines) == 0 {
		return false
	}
	end := lines[0][:len(lines[0])-len(strings.TrimLeft(lines[0], "\t "))] + "}"
	for _, line := range lines[1:] {
		if strings.TrimRight(line, "\r") == end {
			break
		}
		into, _, arrow := strings.Cut(strings.TrimSpace(line), "<-")
		to, isCase := strings.CutPrefix(into, "case ")
		if arrow && isCase && to != "" && !strings.HasSuffix(strings.TrimSpace(to), "=") {
			return true
		}
	}
	return false
}

// source returns the lines of the code under test from that on in which a goroutine waits;
// none if it waits in what is called there.
func (g *goroutine) source() []string {
	own := g.owned(ownCode)
	if len(own) == 0 || own[0] != g.frames[0] {
		return nil
	}
	text, err := os.ReadFile(own[0].File)
	lines := strings.Split(string(text), "\n")
	if err != nil || own[0].Line > len(lines) {
		return nil
	}
	return lines[own[0].Line-1:]
}
