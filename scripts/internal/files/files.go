// Package files holds a module's files in memory, so that releases, variants and gradings
// are computed before anything on disk is touched.
package files

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Set maps slash-separated paths, relative to a module's folder, to contents.
type Set map[string][]byte

// Read returns all regular files below dir. Folders whose name begins with a dot and the
// paths for which skip is true (a folder's ends in a slash) are left out; skip may be nil.
func Read(dir string, skip func(path string) bool) (Set, error) {
	set := Set{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(dir, path)
		if err != nil || rel == "." {
			return err
		}
		rel = filepath.ToSlash(rel)
		if d.IsDir() {
			if strings.HasPrefix(d.Name(), ".") || (skip != nil && skip(rel+"/")) {
				return filepath.SkipDir
			}
			return nil
		}
		if !d.Type().IsRegular() || (skip != nil && skip(rel)) {
			return nil
		}
		set[rel], err = os.ReadFile(path)
		return err
	})
	return set, err
}

// Paths lists the set's paths in order.
func (s Set) Paths() []string { return slices.Sorted(maps.Keys(s)) }

// Clone is a copy that shares contents, which nobody changes in place.
func (s Set) Clone() Set { return maps.Clone(s) }

// LF is the set with the line ends that the workshop's files have. Editors on Windows may
// write others, which makes no other text of it. Binary files stay as they are.
func (s Set) LF() Set {
	out := s.Clone()
	for name, data := range s {
		out[name] = LF(data)
	}
	return out
}

// LF is a text with "\n" at the end of its lines instead of "\r\n".
func LF(data []byte) []byte {
	if bytes.IndexByte(data, 0) >= 0 {
		return data
	}
	return bytes.ReplaceAll(data, []byte("\r\n"), []byte("\n"))
}

// Write writes the files below a folder, which it makes where it is missing.
func (s Set) Write(dir string) error {
	for name, data := range s {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			return err
		}
		if err := os.WriteFile(path, data, 0o666); err != nil {
			return err
		}
	}
	return nil
}

// Digest names the set by what is in it.
func (s Set) Digest() string {
	h := sha256.New()
	for _, p := range s.Paths() {
		fmt.Fprintf(h, "%q %d\n", p, len(s[p]))
		h.Write(s[p])
	}
	return hex.EncodeToString(h.Sum(nil))
}
