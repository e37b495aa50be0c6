package carry

import (
	"archive/tar"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"strings"

	"wsworkshop/scripts/internal/files"
	"wsworkshop/scripts/internal/release"
	"wsworkshop/scripts/internal/workspace"
)

// At reads a solution as it was in a revision, without variants and documents.
func At(ctx context.Context, root workspace.Root, step workspace.Step, revision string) (files.Set, error) {
	dir := "solutions/" + string(step)
	cmd := exec.CommandContext(ctx, "git", "-C", string(root), "archive", "--format=tar", revision, "--", dir)
	var complaint strings.Builder
	cmd.Stderr = &complaint
	data, err := cmd.Output()
	switch {
	case errors.Is(err, exec.ErrNotFound):
		return nil, errors.New("git is missing: install it from https://git-scm.com, then try again")
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case err != nil:
		return nil, fmt.Errorf("read %s of %s: %s", dir, revision, strings.TrimSpace(complaint.String()))
	}
	set, err := untar(bytes.NewReader(data), dir+"/")
	if err != nil {
		return nil, fmt.Errorf("read %s of %s: %w", dir, revision, err)
	}
	return set, nil
}

// untar reads the regular files below a folder.
func untar(r io.Reader, dir string) (files.Set, error) {
	set := files.Set{}
	for archive := tar.NewReader(r); ; {
		header, err := archive.Next()
		if err == io.EOF {
			return set, nil
		}
		if err != nil {
			return nil, err
		}
		name, ok := strings.CutPrefix(header.Name, dir)
		if !ok || header.Typeflag != tar.TypeReg || !release.Part(name) {
			continue
		}
		if set[name], err = io.ReadAll(archive); err != nil {
			return nil, err
		}
	}
}
