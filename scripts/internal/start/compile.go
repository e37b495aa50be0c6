package start

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"wsworkshop/scripts/internal/files"
	"wsworkshop/scripts/internal/proc"
	"wsworkshop/scripts/internal/release"
	"wsworkshop/scripts/internal/workspace"
)

// compile leaves files behind until the step compiles: first those that the compiler
// complains about, then any one, in the end all of them.
func (t *transfer) compile(build Builder) error {
	for len(t.res.Brought) > 0 {
		complaints, err := build(t.ctx, t.res.Files)
		if err != nil || len(complaints) == 0 {
			return err
		}
		bad, err := t.blame(build, complaints)
		if err != nil {
			return err
		}
		t.res.Files = t.without(bad)
		for _, name := range bad {
			t.left(name, "with it the step does not compile: %s", about(complaints, name))
		}
		t.res.Brought = slices.DeleteFunc(t.res.Brought, func(name string) bool { return slices.Contains(bad, name) })
	}
	return nil
}

// blame chooses what to leave behind.
func (t *transfer) blame(build Builder, complaints []string) ([]string, error) {
	var named []string
	for _, name := range t.res.Brought {
		if slices.ContainsFunc(complaints, func(c string) bool { return fileOf(c) == name }) {
			named = append(named, name)
		}
	}
	if len(named) > 0 {
		return named, nil
	}
	for _, name := range t.res.Brought {
		rest, err := build(t.ctx, t.without([]string{name}))
		if err != nil {
			return nil, err
		}
		if len(rest) == 0 {
			return []string{name}, nil
		}
	}
	return slices.Clone(t.res.Brought), nil
}

var complaintRE = regexp.MustCompile(`^(?:\./|\.\\)?([^:\s]+\.go):\d+(?::\d+)?: `)

// fileOf is the file that a line of the compiler is about, "" if there is none.
func fileOf(complaint string) string {
	m := complaintRE.FindStringSubmatch(complaint)
	if m == nil {
		return ""
	}
	return filepath.ToSlash(m[1])
}

// about is the first complaint about a file, else the first of all.
func about(complaints []string, name string) string {
	i := max(0, slices.IndexFunc(complaints, func(c string) bool { return fileOf(c) == name }))
	return complaints[i]
}

// Build compiles a step beside the others, where its module finds what it needs.
func Build(root workspace.Root) Builder {
	return func(ctx context.Context, set files.Set) ([]string, error) {
		dir, err := os.MkdirTemp(root.Path("steps"), ".start-*")
		if err != nil {
			return nil, err
		}
		defer os.RemoveAll(dir)
		if err := release.WriteAll(dir, set); err != nil {
			return nil, err
		}
		var out bytes.Buffer
		exit, err := proc.Run(ctx, proc.Spec{
			Args: []string{"go", "build", "-o", os.DevNull, "./..."}, Dir: dir, Out: &out,
		})
		if err != nil || exit.Code == 0 {
			return nil, err
		}
		return complaintsIn(out.String()), nil
	}
}

// complaintsIn are the compiler's lines without its headings.
func complaintsIn(out string) []string {
	var all []string
	for line := range strings.Lines(out) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
			all = append(all, line)
		}
	}
	if len(all) == 0 {
		all = []string{"go build failed without a word"}
	}
	return all
}
