package mutate

import (
	"bytes"
	"path"

	"github.com/aymanbagabas/go-udiff"

	"wsworkshop/scripts/internal/files"
	"wsworkshop/scripts/internal/suite"
)

// lines are those of a text that are new or changed, counted from 1.
type lines map[int]bool

// within reports whether any line from one to another is among them.
func (l lines) within(from, to int) bool {
	for n := from; n <= to; n++ {
		if l[n] {
			return true
		}
	}
	return false
}

// changed finds the lines of a text that the earlier text does not have.
func changed(before, now []byte) lines {
	found := lines{}
	shift := 0 // from offsets in before to those in now
	for _, e := range udiff.Lines(string(before), string(now)) {
		first := 1 + bytes.Count(now[:e.Start+shift], []byte("\n"))
		for n := range bytes.Count([]byte(e.New), []byte("\n")) {
			found[first+n] = true
		}
		shift += len(e.New) - (e.End - e.Start)
	}
	return found
}

// oldFunctions are the functions that a package had in the step before, by their names. So a
// function that has moved to another file is not new.
func oldFunctions(before files.Set, dir string) map[string][]byte {
	all := map[string][]byte{}
	for name, src := range before {
		if path.Dir(name) != dir || path.Ext(name) != ".go" || suite.IsFile(name) {
			continue
		}
		if f, err := readGo(src); err == nil {
			for _, fn := range f.functions() {
				all[f.nameOf(fn)] = f.text(fn)
			}
		}
	}
	return all
}
