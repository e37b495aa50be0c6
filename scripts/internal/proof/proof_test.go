package proof

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestAProofIsReadAsItWasWritten(t *testing.T) {
	file := filepath.Join(t.TempDir(), "made", "PROVEN")
	lines := []Line{Prove("ladder-1", "in", nil), Prove("wrong-a", "in", []string{"TestA", "TestB"})}
	changed, err := Write(file, "# A header.\n", lines)
	require.NoError(t, err)
	assert.True(t, changed)
	p := Read(file)
	assert.Len(t, p, 2)
	for _, want := range lines {
		got, ok := p.Find(want.Name, "in")
		assert.True(t, ok, want.Name)
		assert.ElementsMatch(t, want.Refused, got.Refused)
	}
	changed, err = Write(file, "# A header.\n", lines)
	require.NoError(t, err)
	assert.False(t, changed, "it was right already")
}

func TestNoFileForNoProof(t *testing.T) {
	file := filepath.Join(t.TempDir(), "PROVEN")
	changed, err := Write(file, "# A header.\n", nil)
	require.NoError(t, err)
	assert.False(t, changed)
	assert.NoFileExists(t, file)
	assert.Empty(t, Read(file))
}

func TestWhatDoesNotFitProvesNothing(t *testing.T) {
	good := Prove("wrong-a", "in", []string{"TestA", "TestB"})
	_, ok := Proof{"wrong-a": good}.Find("wrong-a", "other inputs")
	assert.False(t, ok, "stale")
	_, ok = Proof{}.Find("wrong-a", "in")
	assert.False(t, ok, "missing")
	_, ok = Proof{"wrong-b": good}.Find("wrong-b", "in")
	assert.False(t, ok, "another specimen's")

	text := strings.Join([]string{good.Name, good.Digest, "TestA", "TestB"}, " ")
	for name, forged := range map[string]string{
		"a test less":         strings.TrimSuffix(text, " TestB"),
		"a test more":         text + " TestC",
		"a digit more":        strings.Replace(text, good.Digest, good.Digest+"0", 1),
		"another digest":      strings.Replace(text, good.Digest, strings.Repeat("0", 32), 1),
		"cut off":             text[:len(good.Name)+9],
		"no digest":           good.Name,
		"a conflict":          "<<<<<<< ours\n=======\n>>>>>>> theirs",
		"not text":            "\x00\xff\xfe " + strings.Repeat("\x80", 1<<20),
		"a comment":           "#" + text,
		"the last line of it": text + "\n" + good.Name + " 0",
	} {
		file := filepath.Join(t.TempDir(), "PROVEN")
		require.NoError(t, os.WriteFile(file, []byte(forged), 0o666))
		_, ok := Read(file).Find("wrong-a", "in")
		assert.False(t, ok, name)
	}
	assert.Empty(t, Read(t.TempDir()), "a folder is no proof")
}

func TestLineEndsDoNotMatter(t *testing.T) {
	good := Prove("wrong-a", "in", []string{"TestA"})
	file := filepath.Join(t.TempDir(), "PROVEN")
	require.NoError(t, os.WriteFile(file, []byte("# x\r\nwrong-a "+good.Digest+" TestA\r\n"), 0o666))
	_, ok := Read(file).Find("wrong-a", "in")
	assert.True(t, ok)
}
