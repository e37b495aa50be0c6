// Package backup sets copies of files aside before something overwrites or removes them, so
// that nobody's work is ever lost.
package backup

import (
	"fmt"
	"os"
	"path/filepath"
	"time"

	"wsworkshop/scripts/internal/workspace"
)

// Folder is one occasion's folder below .workshop/kept. It comes into being with the first
// file that is added. Not for concurrent use.
type Folder struct {
	root workspace.Root
	now  time.Time
	path string // relative to the root, slashes; "" until there is something in it
}

// New begins an occasion.
func New(root workspace.Root, now time.Time) *Folder {
	return &Folder{root: root, now: now}
}

// Path is the folder relative to the root, with slashes; "" as long as nothing was kept.
func (f *Folder) Path() string { return f.path }

// Copy keeps the file at a path relative to the root, with slashes, under the same path.
// A file that does not exist is nothing to keep: it returns false.
func (f *Folder) Copy(path string) (bool, error) {
	data, err := os.ReadFile(f.root.Path(filepath.FromSlash(path)))
	if os.IsNotExist(err) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("keep a copy: %w", err)
	}
	return true, f.Add(path, data)
}

// Add keeps data under a path of its own.
func (f *Folder) Add(path string, data []byte) error {
	if err := f.create(); err != nil {
		return err
	}
	target := f.root.Path(filepath.FromSlash(f.path), filepath.FromSlash(path))
	if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil {
		return fmt.Errorf("keep a copy: %w", err)
	}
	if err := os.WriteFile(target, data, 0o644); err != nil {
		return fmt.Errorf("keep a copy: %w", err)
	}
	return nil
}

// create makes the folder, under a name that no other occasion has.
func (f *Folder) create() error {
	if f.path != "" {
		return nil
	}
	if err := os.MkdirAll(f.root.Path(".workshop", "kept"), 0o755); err != nil {
		return fmt.Errorf("keep a copy: %w", err)
	}
	name := f.now.Format("2006-01-02_15-04-05")
	for n := 1; ; n++ {
		path := ".workshop/kept/" + name
		if n > 1 {
			path += fmt.Sprintf("_%d", n)
		}
		err := os.Mkdir(f.root.Path(filepath.FromSlash(path)), 0o755)
		if err == nil {
			f.path = path
			return nil
		}
		if !os.IsExist(err) {
			return fmt.Errorf("keep a copy: %w", err)
		}
	}
}
