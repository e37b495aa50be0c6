package report

import (
	"fmt"
	"strings"
	"time"

	"wsworkshop/scripts/internal/result"
)

// failures tells the first failure at length, or all of them.
func (t *text) failures(r *result.Result) {
	first := r.FirstFailure()
	for i := range r.Tasks {
		task := &r.Tasks[i]
		if task == first || (t.opts.All && task.Status != result.Passed) {
			t.failure(r, task)
		}
	}
}

func (t *text) failure(r *result.Result, task *result.Task) {
	f := task.Failure
	if f == nil {
		f = &result.Failure{}
	}
	head := task.ID + "  " + task.Test
	if f.SuiteFile != "" {
		head = fmt.Sprintf("%s  %s:%d", task.ID, f.SuiteFile, f.SuiteLine)
	}
	verdict := ""
	if task.Verdict != result.Wrong {
		verdict = " · " + string(task.Verdict)
	}
	t.line("")
	t.line("%s %s%s", t.bad.Render("✗"), t.bold.Render(head), t.bad.Render(verdict))
	t.line("%s", shift(wrap(task.Message, columns-len(indent))))
	for _, rule := range rules(task) {
		t.line("")
		t.line("%s", shift(wrap(rule, columns-len(indent))))
	}
	if f.Timeline != "" {
		t.line("")
		t.line("%s", shift(f.Timeline))
	}
	t.stack(f, task)
	t.printed(f)
	t.line("")
	t.line("%s", t.next(r, task))
}

// stack shows the way through the learner's own code when it is longer than a line.
func (t *text) stack(f *result.Failure, task *result.Task) {
	if len(f.Stack) < 2 || task.Verdict == result.Race {
		return
	}
	t.line("")
	for _, frame := range f.Stack[:min(len(f.Stack), 6)] {
		t.line("%s%s:%d in %s", indent, frame.File, frame.Line, frame.Func)
	}
}

func (t *text) printed(f *result.Failure) {
	if len(f.Output) == 0 {
		return
	}
	t.line("")
	t.line("%sThe last lines that were printed meanwhile:", indent)
	for _, l := range f.Output {
		t.line("%s%s", indent+indent, t.faint.Render(l))
	}
}

// next says where to go from here.
func (t *text) next(r *result.Result, task *result.Task) string {
	var parts []string
	if task.File != "" {
		verb := "Write it in"
		if t.opts.Reference || (task.Failure != nil && len(task.Failure.Stack) > 0) {
			verb = "Look at"
		}
		place := fmt.Sprintf("%s %s:%d", verb, task.File, max(task.Line, 1))
		if hint := hintTask(task); hint != task.ID {
			place += ", part of task " + hint
		}
		parts = append(parts, place)
	}
	if !t.opts.Reference {
		parts = append(parts, fmt.Sprintf("make hint STEP=%s TASK=%s", r.Step, hintTask(task)))
	}
	return indent + strings.Join(parts, " · ")
}

// closing says what it took, and what comes next.
func (t *text) closing(r *result.Result) {
	if r.Full() {
		t.line("")
		t.congratulate(r)
	}
	took := fmt.Sprintf("%s here, %s on the server's clock", Duration(r.RealMS), Duration(r.VirtualMS))
	if r.Race {
		t.line("%s", indent+t.faint.Render(took+", race detector on"))
		return
	}
	t.line("%s", indent+t.faint.Render(took+", race detector off"))
	if r.RaceOff != "" {
		t.line("%s", shift(wrap("Data races were not looked for: the race detector could not be built ("+r.RaceOff+"). make setup says what to do.", columns-len(indent))))
	}
}

// remarks tells what a reviewer would say about a step that has full marks.
func (t *text) remarks(r *result.Result) {
	if len(r.Remarks) == 0 {
		return
	}
	t.line("")
	t.line("%sA reviewer's remarks. They cost no points.", indent)
	for _, m := range r.Remarks {
		t.line("")
		t.line("%s%s:%d", indent, m.File, m.Line)
		t.line("%s", shift(wrap(m.Text, columns-len(indent))))
	}
}

func (t *text) congratulate(r *result.Result) {
	switch {
	case t.opts.Reference:
	case t.opts.NextTask != "":
		t.line("%sTask %s passes. Next: make test STEP=%s TASK=%s", indent, r.Tasks[0].ID, r.Step, t.opts.NextTask)
	case t.opts.OneTask:
		t.line("%sTask %s passes. Next, the whole step: make test STEP=%s", indent, r.Tasks[0].ID, r.Step)
	case t.opts.Next == "":
		t.line("%sStep %s is done, and with it all steps that there are. Compare: make diff STEP=%s", indent, r.Step, r.Step)
	default:
		t.line("%sWell done! Compare with make diff STEP=%s, then go on: make test STEP=%s", indent, r.Step, t.opts.Next)
	}
}

// Duration writes milliseconds as people say them: "0.4 s", "3 min 10 s", "1 h 30 min".
func Duration(ms int64) string {
	d := time.Duration(ms) * time.Millisecond
	switch {
	case d < time.Minute:
		return fmt.Sprintf("%.1f s", d.Seconds())
	case d < time.Hour:
		d = d.Round(time.Second)
		return fmt.Sprintf("%d min %d s", d/time.Minute, d%time.Minute/time.Second)
	}
	d = d.Round(time.Minute)
	return fmt.Sprintf("%d h %d min", d/time.Hour, d%time.Hour/time.Minute)
}

// hintTask is the task whose hints help: the one whose code is at fault.
func hintTask(task *result.Task) string {
	if task.Failure != nil && task.Failure.HintTask != "" {
		return task.Failure.HintTask
	}
	return task.ID
}
