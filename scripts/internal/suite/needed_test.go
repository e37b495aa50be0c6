package suite_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"wsworkshop/scripts/internal/files"
	"wsworkshop/scripts/internal/suite"
)

// parts is a suite of two tasks: 1.1 uses a helper of its own file, one of another file, and
// a method of a third; 1.2 uses none of them, but has variables of their names.
var parts = files.Set{
	"hello_test.go": []byte("package chat_test\n\n// Task 1.1 (60 points): Hello.\nfunc TestHello(t *testing.T) { own(); join(t).say() }\n\nfunc own() {}\n"),
	"suite_test.go": []byte("package chat_test\n\ntype visit struct{}\n\nfunc join(t *testing.T) *visit { return nil }\n"),
	"say_test.go":   []byte("package chat_test\n\nfunc (v *visit) say() { listen() }\n"),
	"hear_test.go":  []byte("package chat_test\n\nfunc listen() {}\n"),
	"page_test.go":  []byte("package chat_test\n\n// Task 1.2 (40 points): The page.\nfunc TestPage(t *testing.T) { join := page.say(); _ = join }\n"),
	"main_test.go":  []byte("package chat_test\n\nfunc TestMain(m *testing.M) {}\n"),
}

func TestOnlyWhatATaskUsesIsNeeded(t *testing.T) {
	s, err := suite.Parse(parts)
	require.NoError(t, err)
	require.Equal(t, []string{"hear_test.go", "hello_test.go", "main_test.go", "say_test.go", "suite_test.go"}, suite.Needed(parts, s.Tasks[:1]).Paths())
	require.Equal(t, []string{"main_test.go", "page_test.go"}, suite.Needed(parts, s.Tasks[1:]).Paths())
	require.Equal(t, parts, suite.Needed(parts, s.Tasks))
}

func TestAllIsNeededOfASuiteThatIsNotGo(t *testing.T) {
	broken := parts.Clone()
	broken["page_test.go"] = []byte("nonsense")
	require.Equal(t, broken, suite.Needed(broken, nil))
}
