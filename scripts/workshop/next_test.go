package main

import (
	"testing"

	"wsworkshop/scripts/internal/result"
)

func TestNextTask(t *testing.T) {
	graded := func(states ...string) *result.Result {
		r := &result.Result{}
		for i, state := range states {
			r.Tasks = append(r.Tasks, result.Task{ID: string(rune('a' + i)), Status: result.Status(state)})
		}
		return r
	}
	one := func(id string) *result.Result { return &result.Result{Tasks: []result.Task{{ID: id}}} }
	for _, c := range []struct {
		last *result.Result
		now  string
		want string
	}{
		{nil, "a", ""},
		{graded("failed", "failed", "failed"), "a", "b"},
		{graded("failed", "failed", "failed"), "b", "c"}, // a was perhaps graded alone
		{graded("failed", "failed", "failed"), "c", "a"},
		{graded("passed", "failed", "passed"), "b", ""},
		{graded("passed", "failed", "failed"), "c", "b"},
	} {
		if got := nextTask(c.last, one(c.now)); got != c.want {
			t.Errorf("after %s the next is %q, want %q", c.now, got, c.want)
		}
	}
}
