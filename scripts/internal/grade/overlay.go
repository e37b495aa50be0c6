package grade

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

func sorted(s []string) []string {
	s = slices.Clone(s)
	slices.Sort(s)
	return s
}

// overlay writes what is to be compiled in place of what is on disk, and returns the file
// that tells the go command so. Nothing in the module's folder is touched.
func (g *grading) overlay() (string, error) {
	replace := map[string]string{}
	for p, data := range g.module {
		data = g.compiled(p, data)
		if disk, ok := g.disk[p]; ok && bytes.Equal(disk, data) {
			continue
		}
		copied := filepath.Join(g.job.Work, "overlay", filepath.FromSlash(p))
		if err := writeIfChanged(copied, data); err != nil {
			return "", err
		}
		replace[filepath.Join(g.job.Dir, filepath.FromSlash(p))] = copied
	}
	for p := range g.disk {
		if _, ok := g.module[p]; !ok {
			replace[filepath.Join(g.job.Dir, filepath.FromSlash(p))] = ""
		}
	}
	data, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		return "", err
	}
	file := filepath.Join(g.job.Work, "overlay.json")
	return file, writeIfChanged(file, data)
}

// compiled is what the compiler gets for a file: the server's with the locks of testclient,
// which do not stop a bubble's clock.
func (g *grading) compiled(p string, data []byte) []byte {
	if !strings.HasSuffix(p, ".go") || strings.HasSuffix(p, "_test.go") {
		return data
	}
	rewritten, ok := replaceSync(data)
	if !ok {
		return data
	}
	line := fmt.Sprintf("//line %s:1\n", filepath.Join(g.job.Dir, filepath.FromSlash(p)))
	return append([]byte(line), rewritten...)
}

// writeIfChanged leaves a file that is right alone, so that the go command's caches hold.
func writeIfChanged(file string, data []byte) error {
	if have, err := os.ReadFile(file); err == nil && bytes.Equal(have, data) {
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
		return err
	}
	return os.WriteFile(file, data, 0o666)
}
