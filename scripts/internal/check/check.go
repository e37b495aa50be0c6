// Package check looks after the workshop's own code: formatting, go vet, staticcheck, known
// vulnerabilities, tidy modules, and the unit tests of the libraries and of the program.
package check

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"golang.org/x/sync/errgroup"

	"wsworkshop/scripts/internal/proc"
	"wsworkshop/scripts/internal/table"
	"wsworkshop/scripts/internal/workspace"
)

// Checker runs the checks of one workshop.
type Checker struct {
	Root    workspace.Root
	Modules []Module
	Say     func(format string, args ...any) // told what is being done; may be nil
	env     []string                         // of the programs that are run
}

// Module is one Go module of the workshop, named by its path from the root: "solutions/01".
type Module struct {
	Name string
	Dir  string
}

// Starter reports whether the module is a learner's: its code is unfinished on purpose.
func (m Module) Starter() bool { return strings.HasPrefix(m.Name, "steps/") }

// library reports whether the module has unit tests of its own, not a suite to be graded.
func (m Module) library() bool { return m.Name == "scripts" || strings.HasPrefix(m.Name, "pkg/") }

// New finds the modules of a workshop.
func New(root workspace.Root) (*Checker, error) {
	c := &Checker{Root: root, Say: func(string, ...any) {}}
	for _, pattern := range []string{"pkg/*", "scripts", "solutions/*", "steps/*"} {
		found, err := filepath.Glob(root.Path(filepath.FromSlash(pattern), "go.mod"))
		if err != nil {
			return nil, err
		}
		for _, file := range found {
			dir := filepath.Dir(file)
			name, err := filepath.Rel(string(root), dir)
			if err != nil {
				return nil, err
			}
			c.Modules = append(c.Modules, Module{filepath.ToSlash(name), dir})
		}
	}
	if len(c.Modules) == 0 {
		return nil, fmt.Errorf("no modules below %s", root)
	}
	return c, nil
}

// Run makes all checks, one after the other. Its error is the context's.
func (c *Checker) Run(ctx context.Context, show func(table.Row)) error {
	checks := []func(context.Context) table.Row{c.format, c.vet}
	checks = append(checks, c.vetElsewhere()...)
	checks = append(checks, c.staticcheck, c.vulnerabilities, c.tidy, c.tests)
	for _, check := range checks {
		row := check(ctx)
		if err := ctx.Err(); err != nil {
			return err
		}
		show(row)
	}
	return nil
}

// choose takes the modules for which want is true.
func (c *Checker) choose(want func(Module) bool) []Module {
	var out []Module
	for _, m := range c.Modules {
		if want(m) {
			out = append(out, m)
		}
	}
	return out
}

// each runs a program in each of the modules, two at a time, and fails the row where its
// exit status is not 0.
func (c *Checker) each(ctx context.Context, row table.Row, modules []Module, args func(Module) []string) table.Row {
	var mu sync.Mutex
	details := make([]string, len(modules))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(2)
	for i, m := range modules {
		group.Go(func() error {
			out, ok, err := c.program(ctx, m.Dir, args(m)...)
			mu.Lock()
			defer mu.Unlock()
			c.Say("%s: %s", row.Name, m.Name)
			if !ok {
				details[i] = m.Name + ":\n" + said(out, err)
			}
			return nil
		})
	}
	group.Wait()
	var names []string
	for i, d := range details {
		if d != "" {
			names = append(names, modules[i].Name)
			row.Details = append(row.Details, d)
		}
	}
	if len(names) > 0 {
		row.State, row.Note = table.Failed, "not in order: "+strings.Join(names, ", ")
	}
	return row
}

// program runs a program alone in dir, as far as go.work is concerned.
func (c *Checker) program(ctx context.Context, dir string, args ...string) (out string, ok bool, err error) {
	var b bytes.Buffer
	exit, err := proc.Run(ctx, proc.Spec{Args: args, Dir: dir, Env: c.env, Out: &b})
	return b.String(), err == nil && exit.Code == 0, err
}

// said is what a program has to say for itself.
func said(out string, err error) string {
	if err != nil {
		out += "\n" + err.Error()
	}
	if strings.TrimSpace(out) == "" {
		out = "it failed without a word"
	}
	return strings.TrimSpace(out)
}

// tool builds a linter from the version that scripts/go.mod pins.
func (c *Checker) tool(ctx context.Context, pkg string) (string, error) {
	dir := c.Root.Path(".workshop", "bin", "tools")
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return "", err
	}
	c.Say("building %s", pkg)
	out, ok, err := c.program(ctx, c.Root.Path("scripts"), "go", "build", "-o", dir+string(filepath.Separator), pkg)
	if !ok {
		return "", fmt.Errorf("build %s: %s", pkg, said(out, err))
	}
	return filepath.Join(dir, pkg[strings.LastIndex(pkg, "/")+1:]+exe()), nil
}
