package contract

import (
	"fmt"
	"regexp"
	"strings"
)

// reader reads one lesson after the other.
type reader struct {
	step    int
	rules   Contract
	errs    []error
	without []error // items of a list that have no id
	file    string
	open    bool // the lines that are indented belong to the last rule
}

var (
	itemRE     = regexp.MustCompile(`^[-*] +(.*)$`)
	rowRE      = regexp.MustCompile(`^\| *(\*\*.*?) *\|$`)
	ruleRE     = regexp.MustCompile(`^\*\*(` + ID + `)\*\* *(.*)$`)
	untestedRE = regexp.MustCompile(`^\*\(not tested: ([^)]+)\)\* (.+)$`)
)

// example is for errors: a rule as it should be written.
const example = `"- **%d.a** What must be so." or "- **%d.b** *(not tested: the reason)* What must be so."`

func (r *reader) fault(line int, format string, args ...any) error {
	return fmt.Errorf("%s:%d: %s", r.file, line, fmt.Sprintf(format, args...))
}

// read reads what stands below "## Contract".
func (r *reader) read(file, src string) {
	r.file = file
	inside, fenced := false, false
	n := 0
	for line := range strings.Lines(src) {
		n++
		line = strings.TrimRight(line, " \t\r\n")
		if strings.HasPrefix(strings.TrimSpace(line), "```") {
			fenced, r.open = !fenced, false
		}
		switch {
		case fenced:
		case strings.HasPrefix(line, "## "):
			inside, r.open = line == "## Contract", false
		case inside:
			r.line(n, line)
		}
	}
	r.finish()
}

// line reads a line of a Contract.
func (r *reader) line(n int, line string) {
	item, row := itemRE.FindStringSubmatch(line), rowRE.FindStringSubmatch(line)
	switch {
	case item != nil:
		r.item(n, item[1])
	case row != nil:
		id, cells, _ := strings.Cut(row[1], " | ")
		r.item(n, id+" "+strings.ReplaceAll(cells, " | ", ": "))
		r.open = false
	case r.open && strings.HasPrefix(line, " "):
		last := &r.rules[len(r.rules)-1]
		last.Text += " " + strings.TrimSpace(line)
	default:
		r.open = false
	}
}

// item begins a rule.
func (r *reader) item(n int, text string) {
	m := ruleRE.FindStringSubmatch(text)
	r.open = m != nil
	if m == nil {
		r.without = append(r.without, r.fault(n, "a rule without an id: write "+example, r.step, r.step))
		return
	}
	if !strings.HasPrefix(m[1], fmt.Sprintf("%d.", r.step)) {
		r.errs = append(r.errs, r.fault(n, "rule %s in step %02d: its rules are %d.a, %d.b and so on", m[1], r.step, r.step, r.step))
	}
	if first := r.rules.Find(m[1]); first != nil {
		r.errs = append(r.errs, r.fault(n, "rule %s stands in %s already: each rule has an id of its own", m[1], first.Place()))
	}
	r.rules = append(r.rules, Rule{ID: m[1], Text: m[2], File: r.file, Line: n})
}

// finish looks at the rules of a file when all their lines have been read.
func (r *reader) finish() {
	for i := range r.rules {
		rule := &r.rules[i]
		if rule.File != r.file {
			continue
		}
		if m := untestedRE.FindStringSubmatch(rule.Text); m != nil {
			rule.Untested, rule.Text = m[1], m[2]
		}
		if rule.Text == "" || strings.HasPrefix(rule.Text, "*(not tested") {
			r.errs = append(r.errs, r.fault(rule.Line, "rule %s is not understood: write "+example, rule.ID, r.step, r.step))
		}
		rule.Text = plain(rule.Text)
	}
}

var markRE = regexp.MustCompile("(`[^`]*`)" + `|\*\*|\*(\w[^*]*)\*|\[([^\]]*)\]\([^)]*\)`)

// plain drops what Markdown writes around words that are bold, in italics or a link.
func plain(text string) string {
	return strings.Join(strings.Fields(markRE.ReplaceAllString(text, "$1$2$3")), " ")
}
