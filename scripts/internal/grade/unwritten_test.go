package grade

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"wsworkshop/scripts/internal/files"
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

// withoutMarks is a step of four tasks in which a learner has deleted the TODOs and replaced
// each old text by the new one after it.
func withoutMarks(replace ...string) *grading {
	edit := func(text string) []byte { return []byte(strings.NewReplacer(replace...).Replace(text)) }
	return &grading{
		job: Job{
			Dir:       "/home/me/steps/02",
			Reference: files.Set{"hub.go": []byte(referenceGo), "web/page.js": []byte(referenceJS)},
		},
		module: files.Set{"hub.go": edit(starterGo), "web/page.js": edit(starterJS)},
		suite:  &suite.Suite{Step: "02", Tasks: []suite.Task{{ID: "2.1"}, {ID: "2.2"}, {ID: "2.3"}, {ID: "2.4"}}},
	}
}

func TestWithoutMarksTheLearnerIsSentToWhatIsNotWritten(t *testing.T) {
	for _, c := range []struct {
		name, task string
		replace    []string
		file       string
		line       int
	}{
		{"nothing is written", "2.1", nil, "hub.go", 6},
		{"its first part is written, and a neighbour's", "2.1", []string{"h.quiet()", "h.count++\n\th.tell()"}, "hub.go", 12},
		{"its neighbour is written", "2.1", []string{"h.quiet()", "h.tell()"}, "hub.go", 11},
		{"all is written, somehow", "2.1", []string{"h.quiet()", "h.count++", "return 0", "return len(h.all)"}, "hub.go", 3},
		{"a stub in the middle", "2.2", nil, "hub.go", 6},
		{"a stub beside what another task wants", "2.2", []string{"h.quiet()", "h.count++\n\th.quiet()"}, "hub.go", 7},
		{"a declaration of its own", "2.3", nil, "hub.go", 14},
		{"one that has moved", "2.3", []string{"func (h *hub) run", "func (h *hub) stop() {}\n\nfunc (h *hub) run", "\nfunc (h *hub) stop() {}\n", ""}, "hub.go", 3},
		{"a page", "2.4", nil, "web/page.js", 3},
		{"a page that is written in part", "2.4", []string{"send(data);", "send(JSON.stringify(data));"}, "web/page.js", 7},
		{"a page that is written", "2.4", []string{"send(data);", "send(text);", "get(data) {", "get(data) {\n    got(data)"}, "web/page.js", 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			file, line := withoutMarks(c.replace...).where(c.task, nil)
			require.Equal(t, c.file, file)
			require.Equal(t, c.line, line)
		})
	}
}
