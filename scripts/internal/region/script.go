package region

import (
	"regexp"
	"strings"
)

// How declarations of a script begin, as everybody formats them: at the margin, the methods
// of a class two columns or a tab further.
var (
	functionRE = regexp.MustCompile(`^(?:export )?(?:async )?(?:function\*? |(?:const|let) )(\w+)`)
	classRE    = regexp.MustCompile(`^(?:export )?class (\w+)`)
	methodRE   = regexp.MustCompile(`^(?:  |\t)(?:(?:static|async|get|set) )*\*?(#?\w+)\(.*\{$`)
)

// scriptDeclarations lists the functions, classes and methods of a JavaScript file.
func scriptDeclarations(src []byte) []Declaration {
	lines := strings.Split(string(src), "\n")
	var out []Declaration
	class := ""
	for i, line := range lines {
		name, end := "", ""
		switch {
		case functionRE.MatchString(line):
			name, end, class = functionRE.FindStringSubmatch(line)[1], "", ""
		case classRE.MatchString(line):
			class = classRE.FindStringSubmatch(line)[1]
			name = class
		case class != "" && methodRE.MatchString(line):
			name = class + "." + methodRE.FindStringSubmatch(line)[1]
			end = line[:len(line)-len(strings.TrimLeft(line, " \t"))]
		default:
			continue
		}
		last := endsAt(lines, i, end)
		out = append(out, Declaration{Name: name, Doc: docOf(lines, i), Begin: i + 1, End: last + 1})
	}
	return out
}

// endsAt is the line that closes what begins in line i: a bracket at the same margin, or the
// line itself when that ends a statement.
func endsAt(lines []string, i int, margin string) int {
	if strings.HasSuffix(strings.TrimSpace(lines[i]), ";") {
		return i
	}
	for n := i + 1; n < len(lines); n++ {
		rest, ok := strings.CutPrefix(lines[n], margin)
		if ok && rest != "" && strings.ContainsAny(rest[:1], "})]") {
			return n
		}
	}
	return len(lines) - 1
}

// docOf is the first line of the comment above line i, counted from 1, or line i itself.
func docOf(lines []string, i int) int {
	for i > 0 {
		above := strings.TrimSpace(lines[i-1])
		if !strings.HasPrefix(above, "//") && !strings.HasPrefix(above, "*") && !strings.HasPrefix(above, "/*") {
			break
		}
		i--
	}
	return i + 1
}
