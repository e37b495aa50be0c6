package suite

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"wsworkshop/scripts/internal/files"
)

const good = `package chat_test

import "testing"

// Task 6.2 (60 points, after 6.1): Every text comes back as "Echo: "
// and the text, in order.
//
// More about it.
//
// Rules: 6.c,
// 6.aa.
func TestB(t *testing.T) {}

// Task 6.1: A message of a megabyte comes back whole.
// Rules: 6.a.
func TestA2(t *testing.T) {}

// Task 6.1 (40 points): A text comes back.
func TestA(t *testing.T) {}

func TestMain(m *testing.M) {}

func Testing(t *testing.T) {}

func help(t *testing.T) {}

func BenchmarkX(b *testing.B) {}
`

func TestParse(t *testing.T) {
	s, err := Parse(files.Set{
		"a_test.go": []byte(good), "hub.go": []byte("package chat"), "cmd/x_test.go": []byte("broken"),
	})
	require.NoError(t, err)
	assert.Equal(t, &Suite{Step: "06", Tasks: []Task{
		{ID: "6.1", Title: "A text comes back.", Points: 40, Tests: []Test{
			{"TestA", "a_test.go", 19, "A text comes back.", nil},
			{"TestA2", "a_test.go", 16, "A message of a megabyte comes back whole.", []string{"6.a"}},
		}},
		{ID: "6.2", Title: `Every text comes back as "Echo: " and the text, in order.`, Points: 60, After: []string{"6.1"},
			Tests: []Test{{"TestB", "a_test.go", 12, `Every text comes back as "Echo: " and the text, in order.`, []string{"6.c", "6.aa"}}}},
	}}, s)

	assert.Equal(t, "6.1", s.TestTask("TestA2").ID)
	assert.Nil(t, s.TestTask("TestC"))
	task, err := s.Find("2")
	require.NoError(t, err)
	assert.Equal(t, "6.2", task.ID)
	_, err = s.Find("6.3")
	assert.EqualError(t, err, `step 06 has no task "6.3": its tasks are 6.1, 6.2`)
}

// Each row is the doc comments of tests TestA, TestB, …, which stand in lines 6, 9, ….
func TestFaultsOfASuite(t *testing.T) {
	for _, c := range []struct {
		name string
		docs []string
		want string
	}{
		{"not 100", []string{"Task 1.1 (40 points): A.", "Task 1.2 (50 points): B."},
			"a_test.go:9: the points of step 01 add up to 90, not to 100: 1.1 has 40, 1.2 has 50"},
		{"gap", []string{"Task 1.1 (40 points): A.", "Task 1.3 (60 points): B."},
			"a_test.go:9: task 1.3 follows where 1.2 is missing: tasks are numbered without a gap"},
		{"does not begin at 1", []string{"Task 1.2 (100 points): A."},
			"a_test.go:6: task 1.2 follows where 1.1 is missing: tasks are numbered without a gap"},
		{"unknown after", []string{"Task 1.1 (100 points, after 1.7): A."},
			"a_test.go:6: task 1.1 is after 1.7, which step 01 does not have: its tasks are 1.1"},
		{"after itself", []string{"Task 1.1 (100 points, after 1.1): A."},
			"a_test.go:6: task 1.1 is after itself"},
		{"circle", []string{"Task 1.1 (40 points, after 1.2): A.", "Task 1.2 (60 points, after 1.1): B."},
			"a_test.go:6: task 1.1 is after 1.2, and that after 1.1: a circle"},
		{"wrong order", []string{"Task 1.1 (40 points, after 1.2): A.", "Task 1.2 (60 points): B."},
			"a_test.go:6: task 1.1 is after 1.2, a later task: put them into the order in which they are solved"},
		{"no header", []string{"Task 1.1 (100 points): A.", "TestB tests b."},
			`a_test.go:9: TestB belongs to no task: begin its doc comment with "// Task 1.2 (25 points, after 1.1): What must be so."`},
		{"malformed", []string{"Task 1.1, 100 points: A."},
			`a_test.go:6: the task header of TestA is not understood: write "// Task 1.2 (25 points, after 1.1): What must be so.", ` +
				`or "// Task 1.2: What must be so." for a further test of a task`},
		{"no full stop", []string{"Task 1.1 (100 points): A"},
			"a_test.go:6: the header of TestA must be one sentence that ends with a full stop; what follows goes into a paragraph of its own"},
		{"two sentences", []string{"Task 1.1 (100 points): One thing. Another thing."},
			"a_test.go:6: the header of TestA must be one sentence that ends with a full stop; what follows goes into a paragraph of its own"},
		{"points twice", []string{"Task 1.1 (50 points): A.", "Task 1.1 (50 points): B."},
			"a_test.go:9: task 1.1 has its points already in TestA (a_test.go:6): leave them out here"},
		{"no points", []string{"Task 1.1 (100 points): A.", "Task 1.2: B."},
			`a_test.go:9: task 1.2 has no points: one of its tests says "// Task 1.2 (25 points): …"`},
		{"zero points", []string{"Task 1.1 (0 points): A."},
			"a_test.go:6: task 1.1 has 0 points: a task is worth something"},
		{"another step", []string{"Task 1.1 (100 points): A.", "Task 2.1 (10 points): B."},
			"a_test.go:9: task 2.1 in the suite of step 01: all its tasks are 1.…"},
		{"strange rules", []string{"Task 1.1 (100 points): A.\n//\n// Rules: 1.a and 1.b."},
			`a_test.go:8: the rules of TestA are not understood: write "// Rules: 1.a, 1.b." in a paragraph of its own`},
		{"no tests", nil,
			"*_test.go:1: no graded tests: each begins with // Task 1.1 (20 points): What must be so."},
	} {
		t.Run(c.name, func(t *testing.T) {
			src := "package chat_test\n\nimport \"testing\"\n"
			for i, doc := range c.docs {
				src += "\n// " + doc + "\nfunc Test" + string(rune('A'+i)) + "(t *testing.T) {}\n"
			}
			_, err := Parse(files.Set{"a_test.go": []byte(src)})
			require.Error(t, err)
			first, _, _ := strings.Cut(err.Error(), "\n")
			assert.Equal(t, c.want, first)
		})
	}
}

func TestFaultsOfASuitesFiles(t *testing.T) {
	_, err := Parse(files.Set{"a_test.go": []byte("package chat_test\nfunc {")})
	assert.EqualError(t, err, "a_test.go:2: this is not Go: expected 'IDENT', found '{'")
	_, err = Parse(files.Set{"a_test.go": []byte("package chat\n")})
	assert.EqualError(t, err, "a_test.go:1: package chat: a suite is in package chat_test, so that it uses only what the Contract names")
}

const goodHints = "# Hints for step 06\n\nRead one, try, come back.\n\n" +
	"## 6.1 A text comes back.\n\n### Hint 1\n\nLook.\n\n```sh\n## no heading\n```\n\n### Hint 2\n\nLook again.\n\n" +
	"## 6.2 Every text comes back as \"Echo: \" and the text, in order.\n\n### Hint 1\nOrder.\n"

func TestParseHints(t *testing.T) {
	h, err := ParseHints("hints.md", []byte(goodHints))
	require.NoError(t, err)
	assert.Equal(t, &Hints{File: "hints.md", Tasks: []TaskHints{
		{"6.1", "A text comes back.", 5, []string{"Look.\n\n```sh\n## no heading\n```", "Look again."}},
		{"6.2", `Every text comes back as "Echo: " and the text, in order.`, 19, []string{"Order."}},
	}}, h)
	assert.Nil(t, h.Task("6.3"))

	s, err := Parse(files.Set{"a_test.go": []byte(good)})
	require.NoError(t, err)
	assert.NoError(t, h.Agree(s))
}

func TestFaultsOfHints(t *testing.T) {
	for _, c := range []struct{ name, src, want string }{
		{"empty", "", `hints.md:1: no hints: write "## 1.1 The task's title." and below it "### Hint 1"`},
		{"gap", "## 1.1 A.\n### Hint 2\n", "hints.md:2: hint 2 of task 1.1 should be hint 1: hints are numbered without a gap"},
		{"orphan", "### Hint 1\n", `hints.md:1: a hint before any task: write "## 1.1 The task's title." above it`},
		{"twice", "## 1.1 A.\n### Hint 1\n## 1.1 A.\n", "hints.md:3: task 1.1 stands here a second time: put its hints together"},
		{"none", "## 1.1 A.\n", `hints.md:1: task 1.1 has no hint: write "### Hint 1" below it`},
		{"heading", "## Task 1.1\n", `hints.md:1: this heading is not understood: write "## 1.2 Title." or "### Hint 1"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := ParseHints("hints.md", []byte(c.src))
			require.Error(t, err)
			first, _, _ := strings.Cut(err.Error(), "\n")
			assert.Equal(t, c.want, first)
		})
	}
}

func TestHintsAndSuiteAgree(t *testing.T) {
	s, err := Parse(files.Set{"a_test.go": []byte(good)})
	require.NoError(t, err)
	h, err := ParseHints("hints.md", []byte("## 6.3 C.\n### Hint 1\n## 6.1 Another title.\n### Hint 1\n"))
	require.NoError(t, err)
	assert.EqualError(t, h.Agree(s), `hints.md:3: the title of task 6.1 is "Another title." here and "A text comes back." in the suite
hints.md:1: no hints for task 6.2: write "## 6.2 Every text comes back as \"Echo: \" and the text, in order."
hints.md:1: task 6.3 is none of step 06`)
}
