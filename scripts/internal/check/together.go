package check

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"

	"golang.org/x/mod/modfile"

	"wsworkshop/scripts/internal/proc"
	"wsworkshop/scripts/internal/table"
)

// together runs a program once for all modules, in a workspace made for it: what they have in
// common is looked at once. When it is not content, or they do not fit together, each is
// asked alone, which is what counts, and tells whose fault it is.
func (c *Checker) together(ctx context.Context, row table.Row, modules []Module, args ...string) table.Row {
	if c.content(ctx, modules, args) {
		c.Say("%s: all modules at once", row.Name)
		return row
	}
	return c.each(ctx, row, modules, func(Module) []string { return append(args[:len(args):len(args)], "./...") })
}

func (c *Checker) content(ctx context.Context, modules []Module, args []string) bool {
	dir, err := os.MkdirTemp("", "workshop-check-")
	if err != nil {
		return false
	}
	defer os.RemoveAll(dir)
	work := filepath.Join(dir, "go.work")
	data, err := c.workspace(modules)
	if err != nil || os.WriteFile(work, data, 0o666) != nil {
		return false
	}
	all := args[:len(args):len(args)]
	for _, m := range modules {
		all = append(all, "./"+m.Name+"/...")
	}
	exit, err := proc.Run(ctx, proc.Spec{
		Args: all, Dir: string(c.Root), Env: append([]string{"GOWORK=" + work}, c.env...), Out: &bytes.Buffer{},
	})
	return err == nil && exit.Code == 0
}

// workspace is a go.work of these modules, for the Go version of the workshop's own.
func (c *Checker) workspace(modules []Module) ([]byte, error) {
	data, err := os.ReadFile(c.Root.Path("go.work"))
	if err != nil {
		return nil, err
	}
	own, err := modfile.ParseWork("go.work", data, nil)
	if err != nil {
		return nil, err
	}
	if own.Go == nil {
		return nil, fmt.Errorf("go.work names no version of Go")
	}
	work := &modfile.WorkFile{Syntax: &modfile.FileSyntax{}}
	if err := work.AddGoStmt(own.Go.Version); err != nil {
		return nil, err
	}
	for _, m := range modules {
		if err := work.AddUse(filepath.ToSlash(m.Dir), ""); err != nil {
			return nil, err
		}
	}
	return modfile.Format(work.Syntax), nil
}
