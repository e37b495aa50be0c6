package start

import (
	"bytes"
	"go/parser"
	"go/token"
	"path"
	"slices"
	"strings"

	"wsworkshop/scripts/internal/files"
	"wsworkshop/scripts/internal/imports"
	"wsworkshop/scripts/internal/merge"
)

// merge puts her changes of a file and the new step's together. The imports of Go files are
// left out, for nearly every change touches them: they are corrected when all is merged.
func (t *transfer) merge(name string) error {
	if bytes.Equal(t.mine[name], t.done[name]) { // she wrote what the reference has
		return nil
	}
	mine, begun, done, bare := split(name, t.mine[name]), split(name, t.begun[name]), split(name, t.done[name]), split(name, t.bare[name])

	// What she did not touch is as the reference has it.
	filled, err := merge.PreferTheirs(t.ctx, merge.Input{Base: begun.body, Ours: done.body, Theirs: mine.body})
	if err != nil {
		return err
	}
	text, conflicts, err := merge.Three(t.ctx, merge.Input{Base: done.body, Ours: bare.body, Theirs: filled})
	switch {
	case err != nil:
		return err
	case conflicts > 0:
		t.left(name, "you and step %s have changed the same lines", t.step)
	case bytes.Equal(text, bare.body): // nothing of hers is different
	default:
		t.brought(name, slices.Concat(bare.head, text))
	}
	return nil
}

// parts are a file's beginning up to its imports, and the rest.
type parts struct{ head, body []byte }

// split cuts a Go file behind its imports; other files are all body.
func split(name string, src []byte) parts {
	if path.Ext(name) != ".go" {
		return parts{body: src}
	}
	fset := token.NewFileSet()
	file, _ := parser.ParseFile(fset, name, src, parser.ImportsOnly)
	if file == nil || !file.Name.End().IsValid() {
		return parts{body: src}
	}
	end := file.Name.End()
	for _, d := range file.Decls {
		end = max(end, d.End())
	}
	cut := fset.Position(end).Offset
	return parts{head: src[:cut], body: src[cut:]}
}

// imports corrects the imports of the Go files that were brought. A file that is not even Go
// stays as it is: the compiler will say so.
func (t *transfer) imports() {
	for _, name := range t.res.Brought {
		if path.Ext(name) != ".go" {
			continue
		}
		fixed, err := imports.FixFile(name, t.res.Files, t.mine, t.starter)
		if err == nil {
			t.res.Files[name] = fixed
		}
	}
}

// sums adds the checksums of modules that she requires.
func (t *transfer) sums() {
	const name = "go.sum"
	if !slices.Contains(t.res.Brought, "go.mod") || len(t.mine[name]) == 0 {
		return
	}
	lines := slices.Sorted(strings.Lines(string(t.mine[name]) + string(t.starter[name])))
	t.res.Files[name] = []byte(strings.Join(slices.Compact(lines), ""))
}

// without returns the step with the starter's version of some of the files brought.
func (t *transfer) without(names []string) files.Set {
	set := t.res.Files.Clone()
	for _, name := range names {
		if data, ok := t.starter[name]; ok {
			set[name] = data
		} else {
			delete(set, name)
		}
	}
	return set
}
