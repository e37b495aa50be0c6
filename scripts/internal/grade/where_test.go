package grade

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"wsworkshop/scripts/internal/files"
	"wsworkshop/scripts/internal/result"
	"wsworkshop/scripts/internal/suite"
)

const referenceGo = `package chat

func (h *hub) run() {
	h.mu.Lock()
	// task 1.1: Of the step before.
	h.n++
	// end task 1.1
	// task 2.1: Count.
	h.count++
	// end task 2.1
	// task 2.2: Tell.
	//- h.quiet()
	h.tell()
	// end task 2.2
	h.mu.Unlock()
}

func (h *hub) size() int {
	// task 2.1: How many.
	//- return 0
	return h.count
	// end task 2.1
}

// task 2.3: Stop.
//- func (h *hub) stop() {}

func (h *hub) stop() { h.stopped = true }

// end task 2.3
`

const starterGo = `package chat

func (h *hub) run() {
	h.mu.Lock()
	h.n++
	h.quiet()
	h.mu.Unlock()
}

func (h *hub) size() int {
	return 0
}

func (h *hub) stop() {}
`

const referenceJS = `class Page {
  send(data) {
    // task 2.4: As JSON.
    //- this.socket.send(data);
    this.socket.send(JSON.stringify(data));
    // end task 2.4
  }

  get(data) {
    // task 2.4: Parse.
    this.got(data);
    // end task 2.4
  }
}
`

const starterJS = `class Page {
  send(data) {
    this.socket.send(data);
  }

  get(data) {
  }
}
`

// withoutMarks is a step of five tasks in which a learner has deleted the TODOs, and has
// replaced each old text by the new one after it.
func withoutMarks(replace ...string) *grading {
	edit := func(text string) []byte { return []byte(strings.NewReplacer(replace...).Replace(text)) }
	return &grading{
		job: Job{
			Dir:       "/home/me/steps/02",
			Reference: files.Set{"hub.go": []byte(referenceGo), "web/page.js": []byte(referenceJS)},
			Fresh:     []string{"gone.go", "hub.go"},
		},
		module: files.Set{"hub.go": edit(starterGo), "web/page.js": edit(starterJS)},
		suite:  &suite.Suite{Step: "02", Tasks: []suite.Task{{ID: "2.1"}, {ID: "2.2"}, {ID: "2.3"}, {ID: "2.4"}, {ID: "2.5"}}},
	}
}

func TestTheLearnerIsSentWhereTheTaskIsWritten(t *testing.T) {
	for _, c := range []struct {
		name, task string
		replace    []string
		stack      []result.Frame
		file       string
		line       int
	}{
		{"her own line", "2.1", []string{"h.n++", "h.n++ // TODO(2.1): Count."}, []result.Frame{{File: "hub.go", Line: 7}}, "hub.go", 7},
		{"the TODO", "2.1", []string{"\th.n++", "\t// TODO(2.1): Count."}, nil, "hub.go", 5},
		{"the TODO of a page", "2.4", []string{"  get(data) {", "  get(data) {\n    // TODO(2.4): Parse."}, nil, "web/page.js", 7},
		{"the first declaration", "2.1", nil, nil, "hub.go", 3},
		{"the second, where the first is renamed", "2.1", []string{"run()", "loop()"}, nil, "hub.go", 10},
		{"a declaration of its own", "2.3", nil, nil, "hub.go", 14},
		{"a declaration that has moved", "2.3", []string{"func (h *hub) run", "func (h *hub) stop() {}\n\nfunc (h *hub) run", "\nfunc (h *hub) stop() {}\n", ""}, nil, "hub.go", 3},
		{"a method of a page", "2.4", nil, nil, "web/page.js", 2},
		{"the file in which nothing has its name any more", "2.3", []string{"stop()", "end()"}, nil, "hub.go", 1},
		{"the file that is new in this step", "2.5", nil, nil, "hub.go", 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			file, line := withoutMarks(c.replace...).where(c.task, c.stack)
			require.Equal(t, c.file, file)
			require.Equal(t, c.line, line)
		})
	}
}

func TestTheLearnerLooksAtTheTasksOwnCallFirst(t *testing.T) {
	stack := []result.Frame{{Func: "(*hub).stop", File: "hub.go", Line: 14}, {Func: "(*hub).size", File: "hub.go", Line: 11}, {Func: "(*hub).run", File: "hub.go", Line: 5}}
	helper := []result.Frame{{Func: "write", File: "hub.go", Line: 20}}
	g := withoutMarks()
	for _, c := range []struct {
		name string
		task string
		f    fault
		line int
	}{
		{"a call that answers the task", "2.2", fault{verdict: result.Wrong, stack: stack}, 5},
		{"the innermost of them", "2.1", fault{verdict: result.Race, stack: stack}, 11},
		{"the holder of a lock, where none does", "2.5", fault{verdict: result.Frozen, stack: stack, look: 1}, 11},
		{"the line that panicked", "2.2", fault{verdict: result.Panic, stack: stack}, 14},
		{"the innermost line, where it answers no other task", "2.2", fault{verdict: result.Race, stack: slices.Concat(helper, stack)}, 20},
	} {
		t.Run(c.name, func(t *testing.T) { require.Equal(t, c.line, g.blamed(c.task, c.f)[0].Line) })
	}
	require.Empty(t, g.blamed("2.1", fault{verdict: result.Wrong}))
	require.Len(t, g.blamed("2.3", fault{verdict: result.Wrong, stack: stack, look: 3}), 3, "the call to blame is not the learner's")

	unwritten := withoutMarks("func (h *hub) stop() {}", "// TODO(2.3): Stop.\nfunc (h *hub) stop() {}")
	require.Empty(t, unwritten.blamed("2.3", fault{verdict: result.Wrong, stack: stack}))
}
