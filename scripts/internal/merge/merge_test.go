package merge

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestChangesOfBothSidesMeet(t *testing.T) {
	got, conflicts, err := Three(t.Context(), Input{
		Base: []byte("a\nb\nc\nd\n"), Ours: []byte("A\nb\nc\nd\n"), Theirs: []byte("a\nb\nc\nD\n")})
	require.NoError(t, err)
	assert.Zero(t, conflicts)
	assert.Equal(t, "A\nb\nc\nD\n", string(got))
}

func TestConflictHasAllVersions(t *testing.T) {
	in := Input{Base: []byte("a\n"), Ours: []byte("b\n"), Theirs: []byte("c\n"), Labels: [3]string{"ours", "base", "theirs"}}
	got, conflicts, err := Three(t.Context(), in)
	require.NoError(t, err)
	assert.Equal(t, 1, conflicts)
	assert.Equal(t, "<<<<<<< ours\nb\n||||||| base\na\n=======\nc\n>>>>>>> theirs\n", string(got))

	got, err = PreferTheirs(t.Context(), in)
	require.NoError(t, err)
	assert.Equal(t, "c\n", string(got))
}

func TestBinaryFileIsAnError(t *testing.T) {
	_, _, err := Three(t.Context(), Input{Base: []byte("a\x00"), Ours: []byte("b\x00"), Theirs: []byte("c\x00")})
	assert.ErrorContains(t, err, "git merge-file: ")
}
