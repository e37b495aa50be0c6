package release

import (
	"cmp"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"wsworkshop/scripts/internal/suite"
)

// block puts text between <!-- name --> and <!-- end name -->. It reports whether there is
// such a block. An opening mark without its end is an error.
func block(src, name, text string) (string, bool, error) {
	before, rest, found := strings.Cut(src, "<!-- "+name+" -->\n")
	if !found {
		return src, false, nil
	}
	_, after, closed := strings.Cut(rest, "<!-- end "+name+" -->")
	if !closed {
		return src, false, fmt.Errorf("%d: <!-- %s --> is never closed: write <!-- end %s --> below it",
			1+strings.Count(before, "\n"), name, name)
	}
	return before + "<!-- " + name + " -->\n" + text + "<!-- end " + name + " -->" + after, true, nil
}

var tickedRE = regexp.MustCompile(`(?m)^- \[[xX]\] \*\*(\d+\.\d+)\*\*`)

// checkBoxes is the list of a step's tasks in LEARNING_PLAN.md. Boxes that are ticked in
// the present text stay ticked.
func checkBoxes(s *suite.Suite, present string) string {
	ticked := map[string]bool{}
	for _, m := range tickedRE.FindAllStringSubmatch(present, -1) {
		ticked[m[1]] = true
	}
	var b strings.Builder
	for _, t := range s.Tasks {
		box := " "
		if ticked[t.ID] {
			box = "x"
		}
		fmt.Fprintf(&b, "- [%s] **%s** %s (%s)\n", box, t.ID, t.Title, plural(t.Points, "point"))
	}
	return b.String()
}

// taskTable is the list of tasks in a lesson.
func taskTable(s *suite.Suite) string {
	var b strings.Builder
	b.WriteString("| task | what must be so | points | after |\n| --- | --- | --: | --- |\n")
	for _, t := range s.Tasks {
		fmt.Fprintf(&b, "| %s | %s | %d | %s |\n", t.ID, strings.ReplaceAll(t.Title, "|", `\|`), t.Points, strings.Join(t.After, ", "))
	}
	return b.String()
}

var hintHeadingRE = regexp.MustCompile(`(?m)^## (\d+\.\d+)( .*)?$`)

// hintHeadings gives the headings of hints.md the titles of their tasks.
func hintHeadings(src string, s *suite.Suite) string {
	return hintHeadingRE.ReplaceAllStringFunc(src, func(line string) string {
		if t := s.Task(hintHeadingRE.FindStringSubmatch(line)[1]); t != nil {
			return "## " + t.ID + " " + t.Title
		}
		return line
	})
}

func plural(n int, word string) string {
	if n != 1 {
		word += "s"
	}
	return fmt.Sprintf("%d %s", n, word)
}

// inOrder lists the ids that are in the set by their numbers, 6.10 after 6.9.
func inOrder(set map[string]bool) []string {
	ids := slices.Collect(maps.Keys(set))
	ids = slices.DeleteFunc(ids, func(id string) bool { return !set[id] })
	slices.SortFunc(ids, func(a, b string) int {
		return cmp.Or(cmp.Compare(len(a), len(b)), strings.Compare(a, b))
	})
	return ids
}
