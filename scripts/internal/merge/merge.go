// Package merge brings changes from one version of a file to another: a three-way merge by
// `git merge-file`.
package merge

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// Input is the common ancestor of a file, and what two sides have made of it.
type Input struct {
	Base, Ours, Theirs []byte
	Labels             [3]string // of ours, base and theirs, for the marks of a conflict
}

// Three returns ours with the changes from base to theirs. conflicts counts the places that
// both sides have changed; the text then has both versions between marks.
func Three(ctx context.Context, in Input) (text []byte, conflicts int, err error) {
	return run(ctx, in, "--diff3", "-L", in.Labels[0], "-L", in.Labels[1], "-L", in.Labels[2])
}

// PreferTheirs is like Three, but where both sides have changed a place it takes theirs.
func PreferTheirs(ctx context.Context, in Input) ([]byte, error) {
	text, _, err := run(ctx, in, "--theirs")
	return text, err
}

func run(ctx context.Context, in Input, args ...string) ([]byte, int, error) {
	dir, err := os.MkdirTemp("", "workshop-merge-")
	if err != nil {
		return nil, 0, err
	}
	defer os.RemoveAll(dir)
	for name, data := range map[string][]byte{"ours": in.Ours, "base": in.Base, "theirs": in.Theirs} {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
			return nil, 0, err
		}
	}
	cmd := exec.CommandContext(ctx, "git", append([]string{"merge-file", "-p", "-q"}, append(args, "ours", "base", "theirs")...)...)
	cmd.Dir = dir
	var complaint strings.Builder
	cmd.Stderr = &complaint
	text, err := cmd.Output()
	exit, failed := errors.AsType[*exec.ExitError](err)
	switch {
	case errors.Is(err, exec.ErrNotFound):
		return nil, 0, errors.New("git is missing: install it from https://git-scm.com, then try again")
	case ctx.Err() != nil:
		return nil, 0, ctx.Err()
	case failed && exit.ExitCode() > 0 && exit.ExitCode() < 128:
		return text, exit.ExitCode(), nil // as many conflicts, at most 127
	case err != nil:
		return nil, 0, fmt.Errorf("git merge-file: %w: %s", err, strings.TrimSpace(complaint.String()))
	}
	return text, 0, nil
}
