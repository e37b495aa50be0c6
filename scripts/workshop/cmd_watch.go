package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/fsnotify/fsnotify"

	"wsworkshop/scripts/internal/report"
)

// watchCmd grades at each save.
type watchCmd struct {
	Step string `help:"The step, as 05; without it, the task's or your next one." placeholder:"NN"`
	Task string `help:"Only this task, as 5.3." placeholder:"N.K"`
	All  bool   `help:"Tell every failure at length."`
}

// quiet is how long nothing may change before a save counts as done: editors write in
// several moves, and whole folders change at once.
const quiet = 120 * time.Millisecond

// Run grades, and grades again when something in the step changes, until it is interrupted.
func (c *watchCmd) Run(a *app) error {
	step, err := a.stepOrNext(c.Step, c.Task)
	if err != nil {
		return err
	}
	c.Step = string(step)
	watcher, err := fsnotify.NewWatcher()
	if err != nil {
		return err
	}
	defer watcher.Close()
	dir := a.Root.StepDir(step)
	if err := watchTree(watcher, dir); err != nil {
		return fmt.Errorf("watch %s: %w", dir, err)
	}
	for a.Ctx.Err() == nil {
		ctx, cancel := context.WithCancel(a.Ctx)
		done := make(chan error, 1)
		go func() { done <- c.grade(a, ctx) }()
		err := changed(a.Ctx, watcher)
		cancel()
		if graded := <-done; err == nil && a.Ctx.Err() == nil {
			err = graded
		}
		if err != nil && !errors.Is(err, context.Canceled) {
			return err
		}
	}
	return nil
}

// grade is one round. What is wrong with the step is no reason to stop watching.
func (c *watchCmd) grade(a *app, ctx context.Context) error {
	clear(a)
	round := *a
	round.Ctx = ctx
	flags := gradeFlags{Step: c.Step, Task: c.Task, All: c.All, Format: report.Text}
	err := (&testCmd{flags}).Run(&round)
	if ctx.Err() != nil {
		return nil
	}
	var status exitStatus
	if err != nil && !errors.As(err, &status) {
		return err
	}
	fmt.Fprintf(a.Out, "\n%s · waiting for the next save in steps/%s; Ctrl-C ends it\n", time.Now().Format("15:04:05"), c.Step)
	return nil
}

// clear empties the terminal, so that the report stands at its top.
func clear(a *app) {
	if terminal(a.Out) {
		fmt.Fprint(a.Out, "\x1b[2J\x1b[3J\x1b[H")
	}
}

// watchTree watches a folder and all below it.
func watchTree(w *fsnotify.Watcher, dir string) error {
	return filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.IsDir() {
			return err
		}
		if path != dir && strings.HasPrefix(d.Name(), ".") {
			return filepath.SkipDir
		}
		return w.Add(path)
	})
}

// changed returns when a file that matters has changed and nothing more follows.
func changed(ctx context.Context, w *fsnotify.Watcher) error {
	var settled <-chan time.Time
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-settled:
			return nil
		case err := <-w.Errors:
			return err
		case e := <-w.Events:
			if e.Has(fsnotify.Create) {
				if info, err := os.Stat(e.Name); err == nil && info.IsDir() {
					watchTree(w, e.Name)
				}
			}
			if matters(e) {
				settled = time.After(quiet)
			}
		}
	}
}

// matters leaves out editors' own files, and what changes only a file's times or rights.
func matters(e fsnotify.Event) bool {
	name := filepath.Base(e.Name)
	return e.Op != fsnotify.Chmod && !strings.HasPrefix(name, ".") && !strings.HasPrefix(name, "#") &&
		!strings.HasSuffix(name, "~") && !strings.HasSuffix(name, ".swp") && !strings.HasSuffix(name, ".test")
}
