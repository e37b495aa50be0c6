package verify

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"wsworkshop/scripts/internal/release"
	"wsworkshop/scripts/internal/suite"
)

// parts are the headings that each lesson has, in this order.
var parts = []string{
	"Why this matters", "The idea", "Contract", "Tasks", "Try it", "Break it on purpose",
	"What production code does further", "Files",
}

// plan: tasks, titles and points agree in suite, hints and LEARNING_PLAN.md, and the
// lesson has its parts.
func (st *step) plan() *row {
	r := &row{name: "plan", note: "suite, hints, lesson and LEARNING_PLAN.md agree"}
	st.checkHints(r)
	st.checkLesson(r)
	before, after, err := release.PlanText(st.root, []*release.Plan{st.release})
	switch {
	case err != nil:
		r.failed(err)
	case before != after:
		r.fault("LEARNING_PLAN.md lists other tasks of step %s than its suite: `make release STEP=%s` lists them anew.%s",
			st.id, st.id, firstDifference(before, after))
	}
	return r
}

func (st *step) checkHints(r *row) {
	name := fmt.Sprintf("steps/%s/hints.md", st.id)
	src, err := os.ReadFile(st.root.Path("steps", string(st.id), "hints.md"))
	if err != nil {
		r.fault("%s is missing: each task has hints", name)
		return
	}
	hints, err := suite.ParseHints(name, src)
	if err == nil {
		err = hints.Agree(st.suite)
	}
	if err != nil {
		r.failed(err)
	}
}

func (st *step) checkLesson(r *row) {
	name := fmt.Sprintf("steps/%s/README.md", st.id)
	lesson, err := os.ReadFile(st.root.Path("steps", string(st.id), "README.md"))
	if err != nil {
		r.fault("%s, the lesson, is missing", name)
		return
	}
	if st.title == "" || !strings.HasPrefix(string(lesson), "# Step "+string(st.id)+" · ") {
		r.fault("%s does not begin with \"# Step %s · \" and a title", name, st.id)
	}
	if err := hasParts(string(lesson)); err != nil {
		r.fault("%s: %v", name, err)
	}
	for _, block := range []string{"tasks", "files"} {
		if !strings.Contains(string(lesson), "<!-- "+block+" -->\n") {
			r.fault("%s has no place for its %s: write <!-- %s --> and <!-- end %s --> there", name, block, block, block)
		}
	}
}

// hasParts looks for the headings that each lesson has, and for something below each.
func hasParts(lesson string) error {
	var found []string
	empty := map[string]bool{}
	fenced := false
	for line := range strings.Lines(lesson) {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "```") {
			fenced = !fenced
		}
		if heading, ok := strings.CutPrefix(line, "## "); ok && !fenced {
			found = append(found, heading)
			empty[heading] = true
		} else if line != "" && len(found) > 0 {
			empty[found[len(found)-1]] = false
		}
	}
	var errs []error
	last := -1
	for _, part := range parts {
		i := slices.Index(found, part)
		switch {
		case i < 0:
			errs = append(errs, fmt.Errorf("there is no heading %q", "## "+part))
		case empty[part]:
			errs = append(errs, fmt.Errorf("there is nothing below %q", "## "+part))
		case i < last:
			errs = append(errs, fmt.Errorf("%q stands too early: the order is %s", "## "+part, strings.Join(parts, ", ")))
		}
		last = max(last, i)
	}
	return errors.Join(errs...)
}

// firstDifference shows the first line that differs.
func firstDifference(have, want string) string {
	h, w := strings.Split(have, "\n"), strings.Split(want, "\n")
	for i := range min(len(h), len(w)) {
		if h[i] != w[i] {
			return fmt.Sprintf("\nLine %d is\n%s\nand should be\n%s", i+1, h[i], w[i])
		}
	}
	return ""
}
