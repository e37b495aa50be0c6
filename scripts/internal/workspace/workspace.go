// Package workspace knows where the parts of the workshop lie on disk.
package workspace

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// Root is the absolute path of the folder that holds steps, solutions and LEARNING_PLAN.md.
type Root string

// ErrNotFound is returned by Find outside a workshop.
var ErrNotFound = errors.New("this is not the workshop: no folder above has both steps/ and LEARNING_PLAN.md")

// Find returns the root above dir, dir itself included.
func Find(dir string) (Root, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return "", err
	}
	for {
		if isDir(filepath.Join(dir, "steps")) && isFile(filepath.Join(dir, "LEARNING_PLAN.md")) {
			return Root(dir), nil
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return "", ErrNotFound
		}
		dir = parent
	}
}

// Path joins elements to the root.
func (r Root) Path(elem ...string) string {
	return filepath.Join(append([]string{string(r)}, elem...)...)
}

// Step is a step's two-digit name, as "05".
type Step string

// ParseStep reads "5" or "05". Whether there is such a step is another question.
func ParseStep(s string) (Step, error) {
	n, err := strconv.Atoi(strings.TrimSpace(s))
	if err != nil || n < 1 || n > 99 {
		return "", fmt.Errorf("%q is no step", s)
	}
	return Step(fmt.Sprintf("%02d", n)), nil
}

// Number is the step as an integer.
func (s Step) Number() int {
	n, _ := strconv.Atoi(string(s))
	return n
}

// Next and Prev are the neighbours; Prev of "01" is "00".
func (s Step) Next() Step { return Step(fmt.Sprintf("%02d", s.Number()+1)) }
func (s Step) Prev() Step { return Step(fmt.Sprintf("%02d", s.Number()-1)) }

// StepDir is the learner's module of s.
func (r Root) StepDir(s Step) string { return r.Path("steps", string(s)) }

// SolutionDir is the author's module of s.
func (r Root) SolutionDir(s Step) string { return r.Path("solutions", string(s)) }

// Steps lists the steps that have a solution, in order.
func (r Root) Steps() ([]Step, error) {
	entries, err := os.ReadDir(r.Path("solutions"))
	if err != nil {
		return nil, err
	}
	var steps []Step
	for _, e := range entries {
		if s, err := ParseStep(e.Name()); err == nil && e.IsDir() && string(s) == e.Name() {
			steps = append(steps, s)
		}
	}
	return steps, nil
}

func isDir(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

func isFile(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular()
}
