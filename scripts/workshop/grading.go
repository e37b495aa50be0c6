package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"wsworkshop/scripts/internal/contract"
	"wsworkshop/scripts/internal/grade"
	"wsworkshop/scripts/internal/release"
	"wsworkshop/scripts/internal/suite"
	"wsworkshop/scripts/internal/workspace"
)

// gradeJob prepares the grading of a step as it lies in dir.
func (a *app) gradeJob(step workspace.Step, dir string) (grade.Job, error) {
	solution, err := release.Solution(a.Root, step)
	if err != nil {
		return grade.Job{}, err
	}
	rules, _ := contract.Read(a.Root, step) // verify tells what is wrong with the lesson
	return grade.Job{
		Root:      a.Root,
		Step:      step,
		Dir:       dir,
		Suite:     suite.Files(solution),
		Reference: solution,
		Fresh:     a.fresh(step, solution.Paths()),
		Title:     a.title(step),
		Rules:     rules,
		Race:      true,
		Work:      a.workDir(dir),
		Say:       func(text string) { fmt.Fprintln(a.Err, text) },
	}, nil
}

// workDir is where the grading of a folder keeps what makes the next one quick.
func (a *app) workDir(dir string) string {
	return a.Root.Path(".workshop", "build", filepath.Base(filepath.Dir(dir))+"-"+filepath.Base(dir))
}

// fresh lists the Go files that a step has and the one before does not.
func (a *app) fresh(step workspace.Step, paths []string) []string {
	var fresh []string
	for _, p := range paths {
		if _, err := os.Stat(a.Root.Path("solutions", string(step.Prev()), p)); err != nil && strings.HasSuffix(p, ".go") {
			fresh = append(fresh, p)
		}
	}
	return fresh
}

var lessonTitle = regexp.MustCompile(`(?m)^# Step \d+ · (.+?)\s*$`)

// title is a step's title as its lesson has it.
func (a *app) title(step workspace.Step) string {
	data, _ := os.ReadFile(a.Root.Path("steps", string(step), "README.md"))
	if m := lessonTitle.FindSubmatch(data); m != nil {
		return string(m[1])
	}
	return ""
}
