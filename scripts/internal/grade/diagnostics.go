package grade

import (
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
)

// diagnostic is one complaint of the compiler or the go command.
type diagnostic struct {
	file string // "" when it names none
	line int
	text string // as printed, with the file named as in the module
}

var (
	diagnosticRE = regexp.MustCompile(`^(?:go: )?(\S[^:]*\.(?:go|mod|sum|s|c|h)):(\d+)(:\d+)?: `)
	noiseRE      = regexp.MustCompile(`^(# |FAIL\s|go: errors parsing \S*go\.mod:$)`)
)

// diagnostics are the complaints, in order, with their continuation lines.
func (g *grading) diagnostics() []diagnostic {
	text := string(g.build)
	if g.modErr != nil {
		text = g.modErr.Error()
	}
	var all []diagnostic
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\r\n")
		switch {
		case line == "" || noiseRE.MatchString(line):
		case len(all) > 0 && strings.HasPrefix(line, "\t"):
			all[len(all)-1].text += "\n" + line
		default:
			all = append(all, g.diagnostic(line))
		}
	}
	return all
}

func (g *grading) diagnostic(line string) diagnostic {
	m := diagnosticRE.FindStringSubmatch(line)
	if m == nil {
		return diagnostic{text: line}
	}
	file := g.relative(m[1])
	if file == "" && !filepath.IsAbs(m[1]) {
		file = strings.TrimPrefix(filepath.ToSlash(m[1]), "./")
	}
	n, _ := strconv.Atoi(m[2])
	if file == "" {
		return diagnostic{text: line}
	}
	rest := strings.TrimPrefix(strings.TrimPrefix(line, "go: "), m[1])
	return diagnostic{file: file, line: n, text: file + rest}
}
