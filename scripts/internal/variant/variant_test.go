package variant

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"wsworkshop/scripts/internal/files"
)

var solution = files.Set{
	"go.mod": []byte("module wsworkshop/solutions/05\n"),
	"client.go": []byte(`package chat

import "time"

func read() {
	// task 5.1: Note the time.
	//- _ = time.Now()
	touch(time.Now())
	// end task 5.1
	// task 5.1, 5.5: Any message counts.
	touch(time.Time{})
	// end task 5.1, 5.5
}

// task 5.2: Touch.

func touch(t time.Time) {
	// task 5.3: Look.
	_ = t.IsZero()
	// end task 5.3
}

// end task 5.2
`),
	"web/page.js": []byte("// task 5.4: Draw.\ndraw();\n// end task 5.4\n"),
}

const header = "what: a mistake\nwant: fail 5.4\n"

func TestParse(t *testing.T) {
	v, err := Parse("dir/wrong-time.txtar", []byte("what: a mistake\nwant: fail 5.4, 5.5\nbreaks: 5.d\nsays: one: two\nsays: three\n\n-- task 5.4 --\nx\n"))
	require.NoError(t, err)
	assert.Equal(t, "wrong-time", v.Name)
	assert.Equal(t, "a mistake", v.What)
	assert.False(t, v.Pass)
	assert.Equal(t, []string{"5.4", "5.5"}, v.Fail)
	assert.Equal(t, "5.d", v.Breaks)
	assert.Equal(t, []string{"one: two", "three"}, v.Says)

	v, err = Parse("right.txtar", []byte("what: a design\nwant: pass\n-- a.go --\npackage a\n"))
	require.NoError(t, err)
	assert.True(t, v.Pass)
}

func TestFaults(t *testing.T) {
	for _, c := range []struct{ name, src, want string }{
		{"no what", "want: pass\n-- a.go --\nx\n", `v.txtar:1: say what is different: "what: the mistake in a sentence"`},
		{"no want", "what: x\n-- a.go --\nx\n", `v.txtar:1: say what must come of it: "want: pass" or "want: fail 5.4"`},
		{"strange want", "what: x\nwant: fail\n-- a.go --\nx\n", `v.txtar:2: want: fail is not understood: write "want: pass" or "want: fail 5.4, 5.5"`},
		{"two wants", header + "want: pass\n-- a.go --\nx\n", `v.txtar:3: a second "want:"`},
		{"unknown key", header + "why: x\n-- a.go --\nx\n", `v.txtar:3: "why:" is not known: there are "what:", "want:", "breaks:" and "says:"`},
		{"prose", header + "prose\n-- a.go --\nx\n", `v.txtar:3: this line is not understood: write "what: …", "want: fail 5.4, 5.5", "want: pass", "breaks: 5.d" or "says: …"`},
		{"says of a right one", "what: x\nwant: pass\nsays: x\n-- a.go --\nx\n", `v.txtar:1: "says:" is for what a failure tells, and this variant passes`},
		{"breaks of a right one", "what: x\nwant: pass\nbreaks: 5.d\n-- a.go --\nx\n", `v.txtar:1: "breaks:" is for a mistake, and this variant passes`},
		{"two rules", header + "breaks: 5.d, 5.e\n-- a.go --\nx\n",
			`v.txtar:3: breaks: 5.d, 5.e is not understood: name one rule of the Contract, as in "breaks: 5.d"`},
		{"two times", header + "breaks: 5.d\nbreaks: 5.e\n-- a.go --\nx\n", `v.txtar:4: a second "breaks:"`},
		{"no section", header, "v.txtar:1: nothing is different: write a section " + sections},
		{"strange section", header + "-- a.go --\nx\n-- task five --\n",
			`v.txtar:5: section "task five" is not understood: write ` + sections},
		{"twice", header + "-- task 5.4 --\nx\n-- task 5.4 --\n", `v.txtar:5: section "task 5.4" stands here a second time`},
		{"outside", header + "-- ../a.go --\nx\n", `v.txtar:3: a variant has files of the solution, not ../a.go`},
		{"an edit outside", header + "-- edit ../a.go --\nx\n=>\n", `v.txtar:3: a variant has files of the solution, not ../a.go`},
		{"an edit without an arrow", header + "-- edit a.go --\nx => y\n",
			`v.txtar:3: an edit has old lines, a line "=>" and new lines: here are 0 such lines`},
		{"an edit with two", header + "-- task 5.4 --\n-- edit a.go --\na\n=>\nb\n=>\nc\n",
			`v.txtar:4: an edit has old lines, a line "=>" and new lines: here are 2 such lines`},
		{"an edit without old lines", header + "-- edit a.go --\n=>\nx\n",
			`v.txtar:3: an edit needs old lines before "=>": where else would the new ones go?`},
		{"a test", header + "-- a_test.go --\nx\n", `v.txtar:3: a variant has files of the solution, not a_test.go`},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := Parse("v.txtar", []byte(c.src))
			assert.EqualError(t, err, c.want)
		})
	}
}

func apply(t *testing.T, sections string) (files.Set, error) {
	t.Helper()
	v, err := Parse("v.txtar", []byte(header+sections))
	require.NoError(t, err)
	return v.Apply(solution)
}

func TestApply(t *testing.T) {
	got, err := apply(t, `-- task 5.1 client.go#1 --
	// Locked.
	var mu sync.Mutex
	mu.Lock()
-- task 5.2 --
func touch(any) {}
-- task 5.5 --
-- task 5.4 web/page.js --
paint();
-- new.go --
package chat

func f() { fmt.Println(time.Now()) }
`)
	require.NoError(t, err)
	assert.Equal(t, `package chat

import "sync"

func read() {
	// task 5.1: Note the time.

	// Locked.
	var mu sync.Mutex
	mu.Lock()
	// end task 5.1
	// task 5.1, 5.5: Any message counts.
	// end task 5.1, 5.5
}

// task 5.2: Touch.

func touch(any) {}

// end task 5.2
`, string(got["client.go"]))
	assert.Equal(t, "// task 5.4: Draw.\npaint();\n// end task 5.4\n", string(got["web/page.js"]))
	assert.Equal(t, "package chat\n\nimport (\n\t\"fmt\"\n\t\"time\"\n)\n\nfunc f() { fmt.Println(time.Now()) }\n", string(got["new.go"]))
	assert.Contains(t, string(solution["client.go"]), "touch(time.Now())", "the solution is not altered")

	got, err = apply(t, "-- client.go --\n-- web/page.js --\nx\n")
	require.NoError(t, err)
	assert.Equal(t, []string{"go.mod", "web/page.js"}, got.Paths())
}

func TestEdits(t *testing.T) {
	got, err := apply(t, `-- edit client.go --
	_ = t.IsZero()
=>
	fmt.Println(t)
-- task 5.1 client.go#1 --
	mu.Lock()
-- edit new.go --
var b int
=>
-- edit client.go --
	mu.Lock()
	// end task 5.1
=>
	// end task 5.1
-- edit client.go --
func read() {
=>
func read() {
	touch(time.Now())
-- edit web/page.js --
draw();
=>
paint();
-- new.go --
package chat

var a int

var b int
`)
	require.NoError(t, err)
	assert.Equal(t, `package chat

import (
	"fmt"
	"time"
)

func read() {
	touch(time.Now())
	// task 5.1: Note the time.
	// end task 5.1
	// task 5.1, 5.5: Any message counts.
	touch(time.Time{})
	// end task 5.1, 5.5
}

// task 5.2: Touch.

func touch(t time.Time) {
	// task 5.3: Look.
	fmt.Println(t)
	// end task 5.3
}

// end task 5.2
`, string(got["client.go"]))
	assert.Equal(t, "// task 5.4: Draw.\npaint();\n// end task 5.4\n", string(got["web/page.js"]))
	assert.Equal(t, "package chat\n\nvar a int\n", string(got["new.go"]))
	assert.Contains(t, string(solution["web/page.js"]), "draw();", "the solution is not altered")
}

func TestExactlyOneMatch(t *testing.T) {
	for _, c := range []struct{ name, sections, want string }{
		{"none", "-- task 5.9 --\nx\n", "v.txtar:3: no region of the solution is marked with task 5.9"},
		{"two", "-- task 5.1 --\nx\n", "v.txtar:3: task 5.1 has 2 regions, client.go#1, client.go#2: name the one that you mean"},
		{"two in a file", "-- task 5.1 client.go --\nx\n", "v.txtar:3: task 5.1 has 2 regions, client.go#1, client.go#2: name the one that you mean"},
		{"no third", "-- task 5.1 client.go#3 --\nx\n", "v.txtar:3: no such region: task 5.1 has client.go#1, client.go#2"},
		{"other file", "-- task 5.1 hub.go --\nx\n", "v.txtar:3: no such region: task 5.1 has client.go#1, client.go#2"},
		{"the same by two names", "-- task 5.5 --\nx\n-- task 5.1 client.go#2 --\nx\n", "v.txtar:5: another section replaces this region already"},
		{"whole and region", "-- client.go --\nx\n-- task 5.5 --\nx\n", "v.txtar:5: client.go is replaced whole, and a region in it too"},
		{"inside another", "-- task 5.2 --\nx\n-- task 5.3 --\nx\n",
			"v.txtar: client.go: the region of task 5.3 in line 18 lies inside that of task 5.2, which is replaced too"},
		{"old lines that are nowhere", "-- task 5.5 --\n-- edit client.go --\n\ttouch(time.Time{})\n=>\n",
			"v.txtar:4: client.go has these old lines nowhere: they must stand there once, blanks and tabs included"},
		{"part of a line", "-- edit web/page.js --\ndraw()\n=>\npaint()\n",
			"v.txtar:3: web/page.js has these old lines nowhere: they must stand there once, blanks and tabs included"},
		{"old lines that are there twice", "-- edit client.go --\n}\n=>\nx\n",
			"v.txtar:3: client.go has these old lines 2 times, in lines 13, 21: add a line above or below that stands there once"},
		{"an edit that repeats itself", "-- edit web/page.js --\ndraw();\n=>\ndraw();\ndraw();\n-- edit web/page.js --\ndraw();\n=>\n",
			"v.txtar:8: web/page.js has these old lines 2 times, in lines 2, 3: add a line above or below that stands there once"},
		{"an edit of a removed file", "-- client.go --\n-- edit client.go --\n}\n=>\n", "v.txtar:4: there is no client.go to edit"},
		{"nothing to remove", "-- hub.go --\n", "v.txtar:3: there is no hub.go to remove"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := apply(t, c.sections)
			assert.EqualError(t, err, c.want)
		})
	}
}

func TestSectionThatIsNoGo(t *testing.T) {
	_, err := apply(t, "-- task 5.5 --\nx := {\n")
	require.Error(t, err)
	assert.True(t, strings.HasPrefix(err.Error(), "v.txtar: client.go:11:"), err.Error())
}

func TestDir(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "b.txtar"), []byte(header+"-- task 5.4 --\n"), 0o644))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "a.txtar"), []byte(header+"-- task 5.4 --\n"), 0o644))
	all, err := Dir(dir)
	require.NoError(t, err)
	assert.Len(t, all, 2)
	assert.Equal(t, "a", all[0].Name)
	none, err := Dir(filepath.Join(dir, "none"))
	require.NoError(t, err)
	assert.Empty(t, none)
}
