// Package result is what a grading finds out, with the JSON that other programs may rely on.
package result

// Status is what became of a task.
type Status string

// A task that failed is Blocked while another that it builds on has failed.
const (
	Passed  Status = "passed"
	Failed  Status = "failed"
	Blocked Status = "blocked"
)

// Verdict names the fault of a task that has not passed.
type Verdict string

// The verdicts. Compile is the whole step's, the others are one task's.
const (
	Wrong   Verdict = "wrong"
	Panic   Verdict = "panic"
	Race    Verdict = "race"
	Leak    Verdict = "leak"
	Frozen  Verdict = "frozen"
	Timeout Verdict = "timeout"
	Compile Verdict = "compile"
)

// Result is the outcome of grading one step. Files are named relative to Dir, with slashes.
type Result struct {
	Step      string `json:"step"`
	Title     string `json:"title"`
	Score     int    `json:"score"`
	Max       int    `json:"max"`
	RealMS    int64  `json:"real_ms"`    // of the whole grading, compiling included
	VirtualMS int64  `json:"virtual_ms"` // of the tests
	Race      bool   `json:"race"`
	Hard      bool   `json:"hard,omitempty"`     // begun in hard mode
	RaceOff   string `json:"race_off,omitempty"` // why there was no race detector
	Tasks     []Task `json:"tasks"`

	Remarks []Remark `json:"remarks,omitempty"` // of a reviewer, on a step with full marks

	Dir     string   `json:"-"` // the graded module's folder, relative to the workshop
	Notes   []string `json:"-"` // what the learner should know besides
	Compile []string `json:"-"` // the compiler's lines, when the step does not compile
	Lacks   string   `json:"-"` // the names that the suite uses and the step does not have; what needs none of them was graded
}

// Task is one task's outcome. What follows Status says nothing when it has passed.
type Task struct {
	ID      string  `json:"id"`
	Title   string  `json:"title"`
	Points  int     `json:"points"`
	Status  Status  `json:"status"`
	Verdict Verdict `json:"verdict,omitempty"`
	Message string  `json:"message,omitempty"`
	Test    string  `json:"test,omitempty"` // the first test of the task that failed
	File    string  `json:"file,omitempty"` // where the learner should go
	Line    int     `json:"line,omitempty"`
	Rules   []Rule  `json:"rules,omitempty"` // of the lesson's Contract, which Test guards

	After   []string `json:"-"`
	Tests   []Test   `json:"-"`
	Failure *Failure `json:"-"` // of Test
}

// Rule is one rule of a Contract.
type Rule struct {
	ID   string `json:"id"`
	Text string `json:"text"`
}

// Test is one test's outcome.
type Test struct {
	Name    string
	Passed  bool
	Verdict Verdict
	Message string
}

// Failure is what the report can tell beyond the message.
type Failure struct {
	SuiteFile string   // where the suite found it
	SuiteLine int      //
	Timeline  string   // what passed over the wire, when
	Output    []string // the last lines that the learner's program printed meanwhile
	Stack     []Frame  // the learner's lines, innermost first
	HintTask  string   // the task whose code is at fault, when it is another one
	NotRun    bool     // there was no time for Test
}

// Frame is one call in a stack.
type Frame struct {
	Func string `json:"func"`
	File string `json:"file"`
	Line int    `json:"line"`
}

// Remark is what a reviewer would say about a line. It costs no points.
type Remark struct {
	File string `json:"file"`
	Line int    `json:"line"`
	Text string `json:"text"`
}

// Full reports whether nothing is missing.
func (r *Result) Full() bool { return r.Max > 0 && r.Score == r.Max }

// FirstFailure is the task that the learner should look at first: one that failed and is
// not blocked, else any that has not passed. One that was not run says nothing of its own,
// and comes after those that were.
func (r *Result) FirstFailure() *Task {
	var first *Task
	best := 0
	for i := range r.Tasks {
		if n := r.Tasks[i].urgency(); n > best {
			first, best = &r.Tasks[i], n
		}
	}
	return first
}

func (t *Task) urgency() int {
	n := 0
	switch t.Status {
	case Failed:
		n = 2
	case Blocked:
		n = 1
	}
	if n > 0 && (t.Failure == nil || !t.Failure.NotRun) {
		n += 2
	}
	return n
}

// Settle counts the score and tells the failed tasks that wait for others from those that
// do not.
func (r *Result) Settle() {
	open := map[string]bool{}
	for _, t := range r.Tasks {
		open[t.ID] = t.Status != Passed
	}
	r.Score, r.Max = 0, 0
	for i := range r.Tasks {
		t := &r.Tasks[i]
		r.Max += t.Points
		if t.Status == Passed {
			r.Score += t.Points
			continue
		}
		t.Status = Failed
		for _, id := range t.After {
			if open[id] {
				t.Status = Blocked
			}
		}
	}
}
