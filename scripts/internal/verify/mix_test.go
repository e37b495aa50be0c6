package verify

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"wsworkshop/scripts/internal/files"
)

func TestABlendThatDoesNotCompileBecomesCopies(t *testing.T) {
	one, two, copied := &specimen{name: "one"}, &specimen{name: "two"}, &specimen{name: "copied"}
	b := &batch{copies: map[*specimen]string{copied: "c2"}, blended: map[*specimen]int{one: 0, two: 1},
		blend: files.Set{"a.go": nil}, suites: []files.Set{{}}}
	require.True(t, b.drop("# wsworkshop/copies/blend\n/a/b.go:3: too many errors\n"))
	assert.Empty(t, b.blended)
	assert.Empty(t, b.blend)
	assert.Empty(t, b.suites)
	assert.Equal(t, map[*specimen]string{one: "b0", two: "b1", copied: "c2"}, b.copies)
	assert.Equal(t, map[string]string{"b0": "b0/suite", "b1": "b1/suite", "c2": "c2/suite"}, b.tests())
}

func TestTheEnvironmentChooses(t *testing.T) {
	suite := files.Set{"a_test.go": []byte("a")}
	one, other, copied := &specimen{suite: suite}, &specimen{suite: files.Set{}}, &specimen{suite: suite}
	b := &batch{race: true, copies: map[*specimen]string{copied: "c2"}, blended: map[*specimen]int{one: 7, other: 8},
		suites: []files.Set{{}, suite}}
	assert.Equal(t, []string{"WSWORKSHOP_COPY=suite1", "WSWORKSHOP_VERSION=7"}, b.env(one))
	assert.Equal(t, []string{"WSWORKSHOP_COPY=suite0", "WSWORKSHOP_VERSION=8"}, b.env(other))
	assert.Equal(t, []string{"WSWORKSHOP_COPY=c2"}, b.env(copied))
	b.race = false
	assert.Contains(t, b.env(copied), "GOMAXPROCS=1", "what has no race detector is to be cheap")
}

func TestTheModulesGoVersion(t *testing.T) {
	assert.Equal(t, "go1.26", goVersion([]byte("module a\n\ngo 1.26\n")))
	assert.Equal(t, "", goVersion([]byte("module a\n")))
}

func TestHowItWasGraded(t *testing.T) {
	assert.Equal(t, "", Summary{Remembered: 3}.How())
	assert.Equal(t, "in 1 program of 5 alternatives and 1 copy, and in 0 alone",
		Summary{Graded: 6, Programs: 1, Blended: 5, Copies: 1}.How())
}
