package verify

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"wsworkshop/scripts/internal/files"
	"wsworkshop/scripts/internal/result"
)

func TestCacheKeepsAllOfAResult(t *testing.T) {
	c := &cache{dir: filepath.Join(t.TempDir(), "cache")}
	key := sum(c.hash("a"))
	require.Nil(t, c.get(key))
	want := &result.Result{Step: "01", Score: 60, Notes: []string{"a note"}, Tasks: []result.Task{{
		ID: "1.1", Status: result.Failed, Tests: []result.Test{{Name: "TestA"}},
		Failure: &result.Failure{Timeline: "0s ana", Stack: []result.Frame{{Func: "f", Line: 3}}},
	}}}
	require.NoError(t, c.put(key, want))
	assert.Equal(t, want, c.get(key))
	require.NoError(t, c.put(key, want), "a second time")

	require.NoError(t, os.WriteFile(filepath.Join(c.dir, key), []byte("broken"), 0o666))
	assert.Nil(t, c.get(key), "a broken entry is none")
}

func TestCacheForgetsWhatNobodyAsksFor(t *testing.T) {
	c := &cache{dir: t.TempDir()}
	long := time.Now().Add(-30 * 24 * time.Hour)
	for _, key := range []string{"old", "asked for", "new"} {
		require.NoError(t, c.put(key, &result.Result{}))
		if key != "new" {
			require.NoError(t, os.Chtimes(filepath.Join(c.dir, key), long, long))
		}
	}
	c.get("asked for")
	c.prune()
	assert.Nil(t, c.get("old"))
	assert.NotNil(t, c.get("asked for"))
	assert.NotNil(t, c.get("new"))
}

func TestKeyDependsOnEverything(t *testing.T) {
	st := &step{id: "01"}
	base := &specimen{files: files.Set{"a.go": []byte("a")}, suite: files.Set{"a_test.go": []byte("t")}}
	l := &lab{cache: &cache{surroundings: []byte("here")}}
	key := l.key(st, base)
	assert.Equal(t, key, l.key(st, &specimen{name: "another", files: base.files, suite: base.suite}), "but for its name")
	for name, other := range map[string]string{
		"file":         l.key(st, &specimen{files: files.Set{"a.go": []byte("b")}, suite: base.suite}),
		"path":         l.key(st, &specimen{files: files.Set{"b.go": []byte("a")}, suite: base.suite}),
		"suite":        l.key(st, &specimen{files: base.files, suite: files.Set{"a_test.go": []byte("u")}}),
		"race":         l.key(st, &specimen{files: base.files, suite: base.suite, race: true}),
		"tasks":        l.key(st, &specimen{files: base.files, suite: base.suite, only: []string{"1.1"}}),
		"step":         l.key(&step{id: "02"}, base),
		"title":        l.key(&step{id: "01", title: "Hello"}, base),
		"surroundings": (&lab{cache: &cache{surroundings: []byte("there")}}).key(st, base),
	} {
		assert.NotEqual(t, key, other, name)
	}
}
