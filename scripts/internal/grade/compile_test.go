package grade

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"wsworkshop/scripts/internal/files"
	"wsworkshop/scripts/internal/result"
	"wsworkshop/scripts/internal/suite"
)

// notCompiled is the result of a step whose compilation said this.
func notCompiled(t *testing.T, said string, modErr error) *result.Result {
	t.Helper()
	g := &grading{
		job: Job{
			Root: "/home/me", Dir: "/home/me/steps/02", Step: "02",
			Reference: files.Set{"server.go": []byte("package chat\n\nfunc New() {}\n")},
		},
		tasks:  []suite.Task{{ID: "2.1", Points: 100, Tests: []suite.Test{{Name: "TestX"}}}},
		module: files.Set{"hub.go": nil, "server.go": nil, "hub_test.go": nil, "go.mod": nil},
		build:  []byte(said), modErr: modErr,
	}
	r, err := g.broken()
	require.NoError(t, err)
	require.Equal(t, result.Compile, r.Tasks[0].Verdict)
	return r
}

func TestCompilersLines(t *testing.T) {
	for _, c := range []struct {
		name, said  string
		file        string
		line        int
		first, says string
	}{
		{
			"an error", "# wsworkshop/steps/02 [wsworkshop/steps/02.test]\n./hub.go:9:2: undefined: nonsense\n./hub.go:10:2: x declared and not used\n",
			"hub.go", 9, "steps/02/hub.go:9:2: undefined: nonsense", "undefined: nonsense",
		},
		{
			"a missing module", "hub.go:4:2: no required module provides package example.org/x; to add it:\n\tgo get example.org/x\n",
			"hub.go", 4, "steps/02/hub.go:4:2: no required module provides package example.org/x; to add it:\n\tgo get example.org/x", "to add it",
		},
		{
			"a broken go.mod", "go: errors parsing go.mod:\ngo.mod:5: unknown directive: requires\n",
			"go.mod", 5, "steps/02/go.mod:5: unknown directive: requires", "unknown directive",
		},
		{
			"another signature", "# x\n./hub_test.go:30:9: not enough arguments in call to chat.New\n\thave ()\n\twant (int)\n",
			"server.go", 1, "steps/02/hub_test.go:30:9: not enough arguments in call to chat.New\n\thave ()\n\twant (int)", "hub_test.go:30) does not fit the step. The lesson's Contract",
		},
		{"no place at all", "go: something else\n", "", 0, "go: something else", "something else"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := notCompiled(t, c.said, nil)
			require.Equal(t, c.first, r.Compile[0])
			require.Contains(t, r.Tasks[0].Message, c.says)
			require.Equal(t, c.file, r.Tasks[0].File)
			require.Equal(t, c.line, r.Tasks[0].Line)
			require.Zero(t, r.Score)
		})
	}
	r := notCompiled(t, "", errors.New("go.mod:5: unknown directive: requires"))
	require.Equal(t, "steps/02/go.mod:5: unknown directive: requires", r.Compile[0])
}

func TestOnlyTheImportOfSyncIsReplaced(t *testing.T) {
	for src, want := range map[string]string{
		"package chat\n\nimport \"sync\"\n\nvar mu sync.Mutex // \"sync\"\n": "package chat\n\nimport sync \"wsworkshop/pkg/testclient/sync\"\n\nvar mu sync.Mutex // \"sync\"\n",
		"package chat\n\nimport (\n\t\"fmt\"\n\tlocks \"sync\"\n)\n":         "package chat\n\nimport (\n\t\"fmt\"\n\tlocks \"wsworkshop/pkg/testclient/sync\"\n)\n",
	} {
		got, ok := replaceSync([]byte(src))
		require.True(t, ok)
		require.Equal(t, want, string(got))
	}
	for _, src := range []string{"package chat\n\nimport \"sync/atomic\"\n", "package chat\n\nimport \"sync\n", "nonsense"} {
		_, ok := replaceSync([]byte(src))
		require.False(t, ok, src)
	}
}
