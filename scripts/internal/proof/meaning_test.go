package proof

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

const source = `//go:build linux

// Package a is documented.
package a

import "embed"

//go:embed web
var web embed.FS

// F is documented.
func F() int { /* inside */
	// task 5.2: What to do.
	// More words.
	//- return 0
	return 1 // beside
	// end task 5.2
}
`

func TestWhatHasNoMeaningMayChange(t *testing.T) {
	for what, change := range map[string][2]string{
		"a comment":               {"// F is documented.", "// F does more."},
		"a package's comment":     {"// Package a is documented.\n", ""},
		"a comment beside":        {" // beside", ""},
		"a comment inside":        {"/* inside */", ""},
		"the words of a region":   {"What to do.\n\t// More words.", "What must be true."},
		"blank lines":             {"\n\n", "\n\n\n"},
		"layout":                  {"func F() int {", "func F()   int{"},
		"line ends":               {"\n", "\r\n"},
		"a semicolon that is set": {"return 1", "return 1;"},
	} {
		assert.Equal(t, meaning("a.go", source), meaning("a.go", strings.ReplaceAll(source, change[0], change[1])), what)
	}
}

func TestWhatSomebodyObeysCounts(t *testing.T) {
	for what, change := range map[string][2]string{
		"code":               {"return 1", "return 2"},
		"a build constraint": {"//go:build linux", "//go:build unix"},
		"what is embedded":   {"//go:embed web", "//go:embed page"},
		"a region's task":    {"task 5.2: ", "task 5.3: "},
		"a region's end":     {"\t// end task 5.2\n", ""},
		"a stub":             {"//- return 0", "//- return 2"},
		"a directive":        {"// F is documented.", "//go:noinline"},
		"a line directive":   {"/* inside */", "/*line b.go:1*/"},
		"a TODO":             {"// F is documented.", "// TODO(5.1): Write it."},
		"an import":          {`"embed"`, `"x/embed"`},
	} {
		changed := strings.ReplaceAll(source, change[0], change[1])
		assert.NotEqual(t, source, changed, what)
		assert.NotEqual(t, meaning("a.go", source), meaning("a.go", changed), what)
	}
}

func TestOfASuiteTheTasksCount(t *testing.T) {
	suite := "package chat_test\n\n// Task 5.4 (25 points, after 5.3): It is so.\n// Rules: 5.c.\n//\n// More.\nfunc TestA(t *testing.T) {\n\t// because\n}\n\n// help helps.\nfunc help() {}\n"
	for _, c := range []struct {
		old, new string
		same     bool
	}{
		{"25 points", "20 points", false},
		{"It is so.", "It is otherwise.", false},
		{"5.c", "5.d", true},
		{"More", "Less", true},
		{"after 5.3", "after 5.2", false},
		{"because", "since", true},
		{"help helps", "help is of help", true},
	} {
		got := meaning("a_test.go", strings.Replace(suite, c.old, c.new, 1))
		assert.Equal(t, c.same, got == meaning("a_test.go", suite), c.new)
	}
}

func TestOtherFilesMeanEveryByte(t *testing.T) {
	for name, src := range map[string]string{
		"broken":     "package a\n\nfunc { // a\n",
		"with C":     "package a\n\n// int x;\nimport \"C\"\n",
		"chat.js":    "// a\n",
		"a_test.txt": "// a\n",
	} {
		file := name
		if !strings.Contains(name, ".") {
			file = "a.go"
		}
		assert.Equal(t, src, meaning(file, src), name)
	}
}

func meaning(name, src string) string { return string(Meaning(name, []byte(src))) }
