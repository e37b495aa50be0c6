package suite

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
)

// Hints are a step's hints, task by task in the order of the file.
type Hints struct {
	File  string
	Tasks []TaskHints
}

// TaskHints are the hints of one task, the gentlest first.
type TaskHints struct {
	ID, Title string
	Line      int      // of the heading
	Hints     []string // Markdown, without the headings
}

// Task finds the hints of a task, nil if there are none.
func (h *Hints) Task(id string) *TaskHints {
	for i := range h.Tasks {
		if h.Tasks[i].ID == id {
			return &h.Tasks[i]
		}
	}
	return nil
}

var (
	hintTaskRE = regexp.MustCompile(`^## (\d+\.\d+)(?: (\S.*?))?\s*$`)
	hintRE     = regexp.MustCompile(`^### Hint (\d+)\s*$`)
	headingRE  = regexp.MustCompile(`^#{1,3} `)
)

// ParseHints reads a hints.md; name is for its errors, which are of type *Fault.
func ParseHints(name string, src []byte) (*Hints, error) {
	r := &hintReader{hints: &Hints{File: name}}
	for i, line := range strings.Split(string(src), "\n") {
		r.line(i+1, strings.TrimSuffix(line, "\r"))
	}
	r.flush()
	if len(r.errs) == 0 && len(r.hints.Tasks) == 0 {
		r.errorf(1, `no hints: write "## 1.1 The task's title." and below it "### Hint 1"`)
	}
	for _, t := range r.hints.Tasks {
		if len(t.Hints) == 0 {
			r.errorf(t.Line, `task %s has no hint: write "### Hint 1" below it`, t.ID)
		}
	}
	return r.hints, errors.Join(r.errs...)
}

type hintReader struct {
	hints  *Hints
	errs   []error
	fenced bool // inside a code block, where # is no heading
	inHint bool
	hint   []string
}

func (r *hintReader) errorf(line int, format string, args ...any) {
	r.errs = append(r.errs, &Fault{r.hints.File, line, fmt.Sprintf(format, args...)})
}

func (r *hintReader) line(n int, line string) {
	if strings.HasPrefix(strings.TrimSpace(line), "```") {
		r.fenced = !r.fenced
	}
	if r.fenced || !headingRE.MatchString(line) {
		r.hint = append(r.hint, line)
		return
	}
	r.flush()
	task, hint := hintTaskRE.FindStringSubmatch(line), hintRE.FindStringSubmatch(line)
	switch {
	case task != nil && r.hints.Task(task[1]) != nil:
		r.errorf(n, "task %s stands here a second time: put its hints together", task[1])
	case task != nil:
		r.hints.Tasks = append(r.hints.Tasks, TaskHints{ID: task[1], Title: task[2], Line: n})
	case hint != nil && len(r.hints.Tasks) == 0:
		r.errorf(n, `a hint before any task: write "## 1.1 The task's title." above it`)
	case hint != nil:
		t := &r.hints.Tasks[len(r.hints.Tasks)-1]
		if want := fmt.Sprint(len(t.Hints) + 1); hint[1] != want {
			r.errorf(n, "hint %s of task %s should be hint %s: hints are numbered without a gap", hint[1], t.ID, want)
		}
		r.inHint = true
	case !strings.HasPrefix(line, "# "):
		r.errorf(n, `this heading is not understood: write "## 1.2 Title." or "### Hint 1"`)
	}
}

// flush ends the hint that is being read.
func (r *hintReader) flush() {
	if r.inHint {
		t := &r.hints.Tasks[len(r.hints.Tasks)-1]
		t.Hints = append(t.Hints, strings.TrimSpace(strings.Join(r.hint, "\n")))
	}
	r.inHint, r.hint = false, nil
}

// Agree reports where the hints and the suite differ: tasks, their order, their titles.
func (h *Hints) Agree(s *Suite) error {
	var errs []error
	fault := func(line int, format string, args ...any) {
		errs = append(errs, &Fault{h.File, line, fmt.Sprintf(format, args...)})
	}
	for i, t := range s.Tasks {
		got := h.Task(t.ID)
		switch {
		case got == nil:
			fault(1, "no hints for task %s: write %q", t.ID, "## "+t.ID+" "+t.Title)
		case got.Title != t.Title:
			fault(got.Line, "the title of task %s is %q here and %q in the suite", t.ID, got.Title, t.Title)
		case i < len(h.Tasks) && h.Tasks[i].ID != t.ID:
			fault(h.Tasks[i].Line, "task %s stands where %s should: same order as in the suite", h.Tasks[i].ID, t.ID)
		}
	}
	for _, t := range h.Tasks {
		if s.Task(t.ID) == nil {
			fault(t.Line, "task %s is none of step %s", t.ID, s.Step)
		}
	}
	return errors.Join(errs...)
}
