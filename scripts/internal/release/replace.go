package release

import (
	"bytes"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"

	"wsworkshop/scripts/internal/backup"
	"wsworkshop/scripts/internal/files"
	"wsworkshop/scripts/internal/workspace"
)

// Changes tells what replacing a folder's files did, or would do. Paths are relative to
// the folder.
type Changes struct {
	Written []string // new or with other contents
	Removed []string
	Kept    string // where the copies of what was there are, relative to the root; "" if nothing was
}

// None reports whether everything is as it should be.
func (c Changes) None() bool { return len(c.Written)+len(c.Removed) == 0 }

// Compare says what would have to change for dir to hold the files of want. Documents and
// files whose name begins with a dot stay as they are, unless want has them.
func Compare(dir string, want files.Set) (Changes, error) {
	have, err := read(dir)
	if err != nil {
		return Changes{}, err
	}
	var c Changes
	for _, name := range want.Paths() {
		if got, ok := have[name]; !ok || !bytes.Equal(got, want[name]) {
			c.Written = append(c.Written, name)
		}
	}
	for _, name := range have.Paths() {
		if _, ok := want[name]; !ok && !byHand(name) {
			c.Removed = append(c.Removed, name)
		}
	}
	return c, nil
}

// read is files.Read for a folder that may not be there yet.
func read(dir string) (files.Set, error) {
	if _, err := os.Stat(dir); os.IsNotExist(err) {
		return files.Set{}, nil
	}
	return files.Read(dir, nil)
}

// Replace makes dir, a folder relative to the root, hold the files of want: all of them,
// or after an error none. Whatever it overwrites or removes it copies first.
func Replace(root workspace.Root, dir string, want files.Set, kept *backup.Folder) (Changes, error) {
	c, err := Compare(root.Path(filepath.FromSlash(dir)), want)
	if err != nil || c.None() {
		return c, err
	}
	return Apply(root, dir, c, want, kept)
}

// Apply writes and removes what c lists, all of it or after an error nothing.
func Apply(root workspace.Root, dir string, c Changes, want files.Set, kept *backup.Folder) (Changes, error) {
	var err error
	for _, name := range slices.Concat(c.Written, c.Removed) {
		copied, kerr := kept.Copy(path.Join(dir, name))
		if err = kerr; err != nil {
			break
		}
		if copied {
			c.Kept = kept.Path()
		}
	}
	if err == nil {
		err = swap(root.Path(filepath.FromSlash(dir)), c, want)
	}
	if err != nil {
		return Changes{}, fmt.Errorf("%s is as it was: %w", dir, err)
	}
	return c, nil
}

// swap writes all new files beside the folder first; then it moves, and moves back if that
// fails. The folder itself stays, with whoever works in it or watches it.
func swap(dir string, c Changes, want files.Set) error {
	parent := filepath.Dir(dir)
	if err := os.MkdirAll(parent, 0o755); err != nil {
		return err
	}
	stage, err := os.MkdirTemp(parent, ".release-*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(stage)
	m := &mover{dir: dir, before: filepath.Join(stage, "before"), after: filepath.Join(stage, "after")}
	for _, name := range c.Written {
		if err := write(m.after, name, want[name]); err != nil {
			return err
		}
	}
	if err := m.move(c); err != nil {
		m.undo()
		return err
	}
	for _, name := range c.Removed {
		removeEmpty(dir, path.Dir(name))
	}
	return nil
}

// WriteAll writes a set into a folder.
func WriteAll(dir string, set files.Set) error {
	for _, name := range set.Paths() {
		if err := write(dir, name, set[name]); err != nil {
			return err
		}
	}
	return nil
}

// write writes a file below dir, executable if it is a script.
func write(dir, name string, data []byte) error {
	target := filepath.Join(dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil {
		return err
	}
	mode := os.FileMode(0o644)
	if bytes.HasPrefix(data, []byte("#!")) {
		mode = 0o755
	}
	return os.WriteFile(target, data, mode)
}

// mover moves files from one folder to another, and remembers how to undo that.
type mover struct {
	dir, before, after string
	done               [][2]string // from, to
}

func (m *mover) move(c Changes) error {
	for _, name := range slices.Concat(c.Written, c.Removed) {
		err := m.rename(m.dir, m.before, name)
		if err != nil && !os.IsNotExist(err) {
			return err
		}
	}
	for _, name := range c.Written {
		if err := m.rename(m.after, m.dir, name); err != nil {
			return err
		}
	}
	return nil
}

func (m *mover) rename(fromDir, toDir, name string) error {
	from, to := filepath.Join(fromDir, filepath.FromSlash(name)), filepath.Join(toDir, filepath.FromSlash(name))
	if _, err := os.Lstat(from); err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
		return err
	}
	if err := os.Rename(from, to); err != nil {
		return err
	}
	m.done = append(m.done, [2]string{from, to})
	return nil
}

func (m *mover) undo() {
	for _, step := range slices.Backward(m.done) {
		_ = os.Rename(step[1], step[0])
	}
}

// removeEmpty removes a folder below dir, and those above it, as far as they are empty.
func removeEmpty(dir, sub string) {
	for ; sub != "."; sub = path.Dir(sub) {
		if os.Remove(filepath.Join(dir, filepath.FromSlash(sub))) != nil {
			return
		}
	}
}
